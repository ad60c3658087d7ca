//! Which addresses an address that somebody entered may lead to: those of the internet, and those of networks that the
//! operator has named. Everything else belongs to this machine, to the house it stands in, or to nobody.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What of IPv4 is no part of the internet (IANA's registry of special-purpose addresses), or leads out of it again.
const CLOSED_V4: &[([u8; 4], u8)] = &[
    ([0, 0, 0, 0], 8),        // this network
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // shared behind carriers' translators, and some clouds' own services
    ([127, 0, 0, 0], 8),      // this machine
    ([168, 63, 129, 16], 32), // a cloud's own services, within each of its machines
    ([169, 254, 0, 0], 16),   // this link, and most clouds' own services
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocols' own
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 31, 196, 0], 24),  // name servers of nobody's addresses
    ([192, 52, 193, 0], 24),  // tunnels for multicast
    ([192, 88, 99, 0], 24),   // relays of 6to4
    ([192, 168, 0, 0], 16),   // private
    ([192, 175, 48, 0], 24),  // name servers of nobody's addresses
    ([198, 18, 0, 0], 15),    // measuring
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, and everybody on this link
];

/// All of IPv6 that has been given out to the internet. What holds an address of IPv4 (`::ffff:0:0/96`, `64:ff9b::/96`), what is
/// private (`fc00::/7`), of this link (`fe80::/10`), or multicast (`ff00::/8`) lies outside.
const OPEN_V6: ([u16; 8], u8) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What of that is no part of the internet after all.
const CLOSED_V6: &[([u16; 8], u8)] = &[
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // protocols' own, Teredo's tunnels to addresses of IPv4 among them
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32), // documentation
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4: tunnels to addresses of IPv4
    ([0x2620, 0x004f, 0x8000, 0, 0, 0, 0, 0], 48), // name servers of nobody's addresses
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation
];

/// Where to one may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The internet, and the named networks.
    Everywhere,
    /// The named networks alone.
    Inside,
}

/// The networks beside the internet that the operator has named.
#[derive(Clone, Debug, Default)]
pub struct AllowedNets(Vec<IpNet>);

impl AllowedNets {
    pub fn new(nets: Vec<IpNet>) -> Self {
        Self(nets)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the address may be gone to.
    pub fn allow(&self, reach: Reach, address: IpAddr) -> bool {
        let is_named = self.0.iter().any(|net| net.contains(&address));
        is_named || (reach == Reach::Everywhere && is_of_the_internet(address))
    }

    /// Those of a name's addresses that may be gone to.
    pub fn of_name(&self, reach: Reach, addresses: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
        addresses.filter(|address| self.allow(reach, address.ip())).collect()
    }
}

/// Whether an address belongs to somebody on the internet.
fn is_of_the_internet(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !CLOSED_V4.iter().any(|(net, length)| net_v4(*net, *length).contains(&address)),
        IpAddr::V6(address) => {
            let (open, length) = OPEN_V6;
            net_v6(open, length).contains(&address)
                && !CLOSED_V6.iter().any(|(net, length)| net_v6(*net, *length).contains(&address))
        }
    }
}

fn net_v4(net: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::from(net), length)
}

fn net_v6(net: [u16; 8], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from(net), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: &[&str] = &[
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "168.63.129.15",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2400:3200::1",
        "2606:4700::1111",
        "3ffe:ffff::1",
    ];

    const CLOSED: &[&str] = &[
        "0.0.0.0",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.168.1.1",
        "192.175.48.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:1.1.1.1",
        "::ffff:127.0.0.1",
        "64:ff9b::1.1.1.1",
        "64:ff9b:1::1",
        "100::1",
        "1fff::1",
        "2001::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2620:4f:8000::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];

    #[test]
    fn only_addresses_of_the_internet_are_gone_to() {
        let none = AllowedNets::default();
        for (addresses, expected) in [(OPEN, true), (CLOSED, false)] {
            for address in addresses {
                let address = address.parse().unwrap();
                assert_eq!(none.allow(Reach::Everywhere, address), expected, "{address}");
                assert!(!none.allow(Reach::Inside, address), "{address}");
            }
        }
    }

    #[test]
    fn a_named_network_is_gone_to_and_nothing_beside_it() {
        let nets = AllowedNets::new(vec!["10.1.0.0/16".parse().unwrap(), "fd00:1::/32".parse().unwrap()]);
        let table = [
            ("10.1.255.255", true, true),
            ("10.2.0.1", false, false),
            ("127.0.0.1", false, false),
            ("::ffff:10.1.0.1", false, false),
            ("fd00:1::9", true, true),
            ("fd00:2::9", false, false),
            ("1.1.1.1", true, false),
        ];
        for (address, everywhere, inside) in table {
            let address = address.parse().unwrap();
            assert_eq!(nets.allow(Reach::Everywhere, address), everywhere, "{address}");
            assert_eq!(nets.allow(Reach::Inside, address), inside, "{address}");
        }
    }

    #[test]
    fn of_a_name_only_the_open_addresses_are_left() {
        let of = |text: &str| -> SocketAddr { text.parse().unwrap() };
        let addresses = [of("127.0.0.1:443"), of("1.1.1.1:443"), of("[::1]:443")];
        let left = AllowedNets::default().of_name(Reach::Everywhere, addresses.into_iter());
        assert_eq!(left, [of("1.1.1.1:443")]);
    }
}
