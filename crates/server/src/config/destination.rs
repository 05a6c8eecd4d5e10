//! Where the server may send requests although it is no public address.

use super::values::network;
use ipnet::IpNet;
use std::{net::IpAddr, str::FromStr};
use url::{Host, Url};

/// A network, or a host whatever its addresses are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    Network(IpNet),
    /// Without a port: all of its ports.
    Host(Host<String>, Option<u16>),
}

impl Destination {
    /// Whether a URL with this host and port leads there, before any name is resolved.
    pub fn is_named(&self, host: &Host<&str>, port: u16) -> bool {
        match (self, host) {
            (Self::Network(network), Host::Ipv4(address)) => {
                network.contains(&IpAddr::V4(*address))
            }
            (Self::Network(network), Host::Ipv6(address)) => {
                network.contains(&IpAddr::V6(*address))
            }
            (Self::Network(_), Host::Domain(_)) => false,
            (Self::Host(ours, only), host) => {
                ours.to_string() == host.to_string() && only.is_none_or(|only| only == port)
            }
        }
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        matches!(self, Self::Network(network) if network.contains(&address))
    }
}

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(network) = network(text) {
            return Ok(Self::Network(network));
        }
        // As an https URL, but 443 stays a port that was named.
        let url = Url::parse(&format!("https://{text}/")).ok();
        let whole = !text.contains(['/', '?', '#', '@', '\\', '*']);
        let host = url.as_ref().and_then(Url::host).map(|host| host.to_owned());
        let named = text
            .rsplit_once(':')
            .and_then(|(_, port)| port.parse().ok());
        let port = url.and_then(|url| url.port()).or(named);
        host.filter(|_| whole)
            .map(|host| Self::Host(host, port))
            .ok_or_else(|| {
                "must be hosts or networks, like intranet.example, 127.0.0.1:9000 or 10.0.0.0/8"
                    .to_owned()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(destination: &str, url: &str) -> bool {
        let destination: Destination = destination.parse().unwrap();
        let url = Url::parse(url).unwrap();
        destination.is_named(&url.host().unwrap(), url.port_or_known_default().unwrap())
    }

    #[test]
    fn a_destination_is_a_host_with_or_without_port_or_a_network() {
        for (destination, url) in [
            ("intranet.example", "https://intranet.example/a"),
            ("intranet.example", "https://INTRANET.example:8443/a"),
            ("intranet.example:443", "https://intranet.example/a"),
            ("127.0.0.1:9000", "http://127.0.0.1:9000/a"),
            ("127.0.0.0/8", "http://127.1:9000/a"),
            ("[::1]:9000", "http://[::1]:9000/a"),
            ("::1", "http://[0:0::1]/a"),
        ] {
            assert!(named(destination, url), "{destination} {url}");
        }
        for (destination, url) in [
            ("intranet.example", "https://a.intranet.example/"),
            ("intranet.example:443", "https://intranet.example:8443/"),
            ("127.0.0.1:9000", "http://127.0.0.1:9001/"),
            ("127.0.0.0/8", "http://localhost/"),
            ("10.0.0.0/8", "http://11.0.0.1/"),
        ] {
            assert!(!named(destination, url), "{destination} {url}");
        }
        for wrong in [
            "",
            "a b",
            "https://a.example",
            "a.example/path",
            "*.example",
            "a@b",
            "10.0.0.0/33",
        ] {
            assert!(wrong.parse::<Destination>().is_err(), "{wrong}");
        }
    }
}
