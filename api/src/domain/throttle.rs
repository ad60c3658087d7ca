//! How much one may ask for in how much time, and how long whoever guesses has to wait. Who asks, and what it is that
//! costs, is not known here.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};

/// A unit is counted in millionths, one a microsecond for each that a second gives back: no rounding lets anything through.
const UNIT: u64 = 1_000_000;

/// So much at once, and so much again each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub burst: NonZeroU32,
    pub per_second: NonZeroU32,
}

impl Rate {
    fn whole(self) -> u64 {
        u64::from(self.burst.get()) * UNIT
    }
}

/// What is left for somebody, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    left: u64,
    at: DateTime<Utc>,
}

impl Bucket {
    /// For somebody who has not asked before, or not for long.
    pub fn full(rate: Rate, now: DateTime<Utc>) -> Self {
        Self { left: rate.whole(), at: now }
    }

    /// What is left after this, or how long to wait until there is enough. What costs more than a whole bucket takes a whole
    /// bucket, so that there is nothing one waits for in vain. A clock that was set back gives nothing back meanwhile.
    pub fn take(self, rate: Rate, cost: u64, now: DateTime<Utc>) -> Result<Self, TimeDelta> {
        let elapsed = (now - self.at).num_microseconds().unwrap_or(i64::MAX);
        let per_second = u64::from(rate.per_second.get());
        let given_back = u64::try_from(elapsed).unwrap_or(0).saturating_mul(per_second);
        let left = self.left.saturating_add(given_back).min(rate.whole());
        let cost = cost.saturating_mul(UNIT).min(rate.whole());
        match left.checked_sub(cost) {
            Some(left) => Ok(Self { left, at: now }),
            None => {
                let wait = (cost - left).div_ceil(per_second);
                Err(TimeDelta::microseconds(i64::try_from(wait).unwrap_or(i64::MAX)))
            }
        }
    }
}

/// How often something may be tried in vain, and for how long one who tries more often is shut out.
#[derive(Clone, Copy, Debug)]
pub struct Tries {
    pub most: i32,
    pub window: TimeDelta,
    /// The wait doubles from one window to the next, up to this.
    pub longest_wait: TimeDelta,
}

impl Tries {
    /// The wait after this many windows full of wrong tries on end.
    pub fn wait(&self, windows: i32) -> TimeDelta {
        // More doublings are beyond any bound, and would overflow.
        let doublings = windows.saturating_sub(1).clamp(0, 16);
        (self.window * (1 << doublings)).min(self.longest_wait)
    }
}

/// What counts as one address. Of version 6 a household is given a network of 2⁶⁴, so that is one.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(burst: u32, per_second: u32) -> Rate {
        Rate { burst: NonZeroU32::new(burst).unwrap(), per_second: NonZeroU32::new(per_second).unwrap() }
    }

    fn start() -> DateTime<Utc> {
        "2026-11-23T01:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_bucket_gives_what_it_holds_and_says_when_there_will_be_more() {
        let rate = rate(100, 10);
        // After so many milliseconds so much is asked for; it is given, or one has to wait so many milliseconds.
        let table = [
            (0, 60, Ok(())),
            (0, 40, Ok(())),
            (0, 1, Err(100)),
            (50, 1, Err(50)),
            (100, 1, Ok(())),
            (1_000, 10, Err(100)),
            (1_100, 10, Ok(())),
            (100_000, 100, Ok(())),
            (100_000, 100, Err(10_000)),
            (110_000, 5_000, Ok(())),
            (110_000, 5_000, Err(10_000)),
            (60_000, 1, Err(100)),
        ];
        let mut bucket = Bucket::full(rate, start());
        for (at, cost, expected) in table {
            let taken = bucket.take(rate, cost, start() + TimeDelta::milliseconds(at));
            let outcome = taken.map(|_| ()).map_err(|wait| wait.num_milliseconds());
            assert_eq!(outcome, expected, "{cost} after {at}");
            bucket = taken.unwrap_or(bucket);
        }
    }

    #[test]
    fn a_wait_doubles_with_each_window_up_to_its_bound() {
        let (window, longest_wait) = (TimeDelta::minutes(15), TimeDelta::hours(4));
        let tries = Tries { most: 10, window, longest_wait };
        let table = [(i32::MIN, 15), (0, 15), (1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 240), (i32::MAX, 240)];
        for (windows, minutes) in table {
            assert_eq!(tries.wait(windows), TimeDelta::minutes(minutes), "{windows}");
        }
    }

    #[test]
    fn a_network_of_version_6_is_one_neighbour_and_an_address_of_version_4_another() {
        let table = [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::", "2001:db8:1:2::"),
            ("::1", "::"),
        ];
        for (address, expected) in table {
            assert_eq!(neighbourhood(address.parse().unwrap()), expected.parse::<IpAddr>().unwrap(), "{address}");
        }
    }

    proptest! {
        #[test]
        fn never_more_is_let_through_than_the_burst_and_what_time_gave_back(
            (burst, per_second) in (1u32..5_000, 1u32..2_000),
            asked in proptest::collection::vec((0i64..3_000_000, 0u64..6_000), 1..200),
        ) {
            let rate = rate(burst, per_second);
            let (mut bucket, mut now) = (Bucket::full(rate, start()), start());
            let mut taken: Vec<(DateTime<Utc>, u64)> = Vec::new();
            for (pause, cost) in asked {
                now += TimeDelta::microseconds(pause);
                match bucket.take(rate, cost, now) {
                    Ok(next) => {
                        bucket = next;
                        taken.push((now, cost.min(u64::from(burst))));
                    }
                    Err(wait) => {
                        prop_assert!(wait > TimeDelta::zero());
                        prop_assert!(bucket.take(rate, cost, now + wait).is_ok(), "{wait} is long enough");
                        let sooner = now + wait - TimeDelta::microseconds(1);
                        prop_assert!(bucket.take(rate, cost, sooner).is_err(), "{wait} is longer than it need be");
                    }
                }
                // In every stretch of time that ends now, wherever it began.
                let mut sum = 0;
                for (since, cost) in taken.iter().rev() {
                    sum += cost;
                    let elapsed = u64::try_from((now - *since).num_microseconds().unwrap()).unwrap();
                    let most = u64::from(burst) * UNIT + elapsed * u64::from(per_second);
                    prop_assert!(sum * UNIT <= most, "{sum} within {elapsed} µs");
                }
            }
        }
    }
}
