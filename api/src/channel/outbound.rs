//! Calls to addresses that somebody entered. They may not lead into the house: an address is looked at when it is connected to,
//! so that a name that leads elsewhere a moment later gains nothing, and redirects and proxies are not followed. Time and
//! answers are bounded. What is said to the other side is not decided here.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use entity::vocab::CertificateFault;
use reqwest::{
    Client, ClientBuilder, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::HeaderMap,
    redirect,
};

use super::address::{AllowedNets, Reach};
use crate::authorities::{Authorities, certificate_fault};

/// How much one call may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Until there is a connection.
    pub connect: Duration,
    /// From looking up the name to the last byte that is read.
    pub whole: Duration,
    /// How much is read of what the other side answers, in bytes.
    pub answer: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), whole: Duration::from_secs(15), answer: 64 * 1024 }
    }
}

/// An address that can't be called, whatever the other side does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("it is not an https URL")]
    Url,
    #[error("a name and password can't be part of the URL")]
    Credentials,
    #[error(
        "it leads to an address that is not of the internet; the operator names such networks with --outbound-allow-net"
    )]
    Closed,
}

/// Why there is no answer. It never holds the address or a word of what was to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    #[error(transparent)]
    Bad(#[from] BadAddress),
    #[error("the other side can't be reached")]
    Unreachable,
    #[error("the other side's certificate can't be believed: {0:?}")]
    Unbelieved(CertificateFault),
    #[error("the other side took too long")]
    TooSlow,
    #[error("this server can't speak TLS; it needs the certificates of authorities (package ca-certificates)")]
    NoClient,
}

/// Calls out. Clones share their connections.
#[derive(Clone)]
pub struct Outbound {
    nets: Arc<AllowedNets>,
    bounds: Bounds,
    authorities: Arc<Authorities>,
    /// Made at the first call: most of what is started never calls anybody.
    clients: Arc<OnceLock<Option<Clients>>>,
}

struct Clients {
    /// Over TLS, to the internet and the named networks.
    secure: Client,
    /// Without TLS too, to the named networks alone.
    inside: Client,
}

impl Outbound {
    pub fn new(nets: AllowedNets, bounds: Bounds) -> Self {
        Self { nets: Arc::new(nets), bounds, authorities: Arc::default(), clients: Arc::default() }
    }

    /// Believes these authorities too.
    #[must_use]
    pub fn trusting(self, authorities: Authorities) -> Self {
        Self { authorities: Arc::new(authorities), clients: Arc::default(), ..self }
    }

    /// Reads an address and refuses it as far as that can be known before its name is looked up.
    pub fn check(&self, url: &str) -> Result<Url, BadAddress> {
        let url = Url::parse(url).map_err(|_| BadAddress::Url)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadAddress::Credentials);
        }
        let reach = reach(&url)?;
        match literal(&url)? {
            Some(address) if !self.nets.allow(reach, address) => Err(BadAddress::Closed),
            // A name may lead into a named network, if there is any.
            None if reach == Reach::Inside && self.nets.is_empty() => Err(BadAddress::Url),
            _ => Ok(url),
        }
    }

    /// Posts a body once.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: impl Into<Bytes>) -> Result<Answer, Unanswered> {
        let url = self.check(url)?;
        let clients = self.clients.get_or_init(|| self.make_clients()).as_ref().ok_or(Unanswered::NoClient)?;
        let client = if url.scheme() == "https" { &clients.secure } else { &clients.inside };
        let request = client.post(url).headers(headers).body(body.into());
        let response = request.send().await.map_err(|error| judge(&error))?;
        Ok(Answer { response, most: self.bounds.answer })
    }

    fn make_clients(&self) -> Option<Clients> {
        let builder = |reach| {
            let guarded = Guarded { nets: Arc::clone(&self.nets), reach };
            self.authorities.trusted_by(builder(guarded, self.bounds))
        };
        let made = builder(Reach::Everywhere).https_only(true).build();
        let made = made.and_then(|secure| Ok(Clients { secure, inside: builder(Reach::Inside).build()? }));
        made.inspect_err(|error| tracing::error!(%error, "calls out can't be made")).ok()
    }
}

/// What the other side answered.
pub struct Answer {
    response: Response,
    most: usize,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// The start of the body, as far as it came in time and is within bounds. Once it is read to the end, the connection is free
    /// for the next call.
    pub async fn body(mut self) -> Vec<u8> {
        let mut body = Vec::new();
        while let Ok(Some(part)) = self.response.chunk().await {
            let room = self.most - body.len();
            body.extend_from_slice(&part[..part.len().min(room)]);
            if part.len() > room {
                break;
            }
        }
        body
    }
}

/// Who is let in depends on how the address wants to be spoken to: what is not encrypted stays inside.
fn reach(url: &Url) -> Result<Reach, BadAddress> {
    match url.scheme() {
        "https" => Ok(Reach::Everywhere),
        "http" => Ok(Reach::Inside),
        _ => Err(BadAddress::Url),
    }
}

/// The address of a URL that names no name. No resolver is ever asked for it.
fn literal(url: &Url) -> Result<Option<IpAddr>, BadAddress> {
    let host = url.host_str().ok_or(BadAddress::Url)?;
    // The library has read each way to write an address of IPv4 already, and puts those of IPv6 into brackets.
    Ok(host.trim_matches(['[', ']']).parse().ok())
}

fn builder(resolver: Guarded, bounds: Bounds) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("Anju/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .dns_resolver(Arc::new(resolver))
        .connect_timeout(bounds.connect)
        .timeout(bounds.whole)
        .pool_max_idle_per_host(2)
}

/// Looks names up, and forgets where it may not go.
struct Guarded {
    nets: Arc<AllowedNets>,
    reach: Reach,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (nets, reach) = (Arc::clone(&self.nets), self.reach);
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let open = nets.of_name(reach, addresses);
            if open.is_empty() {
                return Err(BadAddress::Closed.into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

fn judge(error: &reqwest::Error) -> Unanswered {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if let Some(bad) = this.downcast_ref::<BadAddress>() {
            return Unanswered::Bad(*bad);
        }
        cause = this.source();
    }
    if let Some(fault) = certificate_fault(error) {
        return Unanswered::Unbelieved(fault);
    }
    if error.is_timeout() { Unanswered::TooSlow } else { Unanswered::Unreachable }
}

#[cfg(test)]
#[path = "outbound_tests.rs"]
mod tests;
