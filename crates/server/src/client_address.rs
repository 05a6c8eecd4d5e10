//! Whose request is it? Behind proxies the peer is the nearest of them, and
//! the headers in which they name the hop before are believed only from
//! proxies that the operator has listed.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use http::header::FORWARDED;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client: from the right, the first hop that is not one
/// of `trusted`.
///
/// A proxy that knows only one of the two headers hands the other one through
/// as the client wrote it. So when both are there and differ, neither is
/// believed and the request counts as the proxy's own.
pub fn client_address(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.ip().to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let x_forwarded_for = x_forwarded_for(headers).map(|hops| walk(peer, &hops, trusted));
    let forwarded = forwarded(headers).map(|hops| walk(peer, &hops, trusted));
    match (x_forwarded_for, forwarded) {
        (Some(one), Some(other)) if one != other => peer,
        (Some(address), _) | (None, Some(address)) => address,
        (None, None) => peer,
    }
}

/// The unit that limits count by: an IPv6 client owns at least its /64.
pub fn prefix(address: IpAddr) -> IpNet {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Net::from(address).into(),
        IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).trunc().into(),
    }
}

/// The address as everybody writes it. Each request has it in its log line, and by the
/// formatter that is a twentieth of what a small one costs.
pub fn text(address: IpAddr) -> String {
    let IpAddr::V4(address) = address else {
        return address.to_string();
    };
    let mut text = String::with_capacity("255.255.255.255".len());
    for (place, octet) in address.octets().into_iter().enumerate() {
        if place > 0 {
            text.push('.');
        }
        text.push_str(itoa::Buffer::new().format(octet));
    }
    text
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// Each hop was written by the one to its right, so it is worth as much as
/// that one. A hop that is no address ends the walk at the proxy that wrote it.
fn walk(peer: IpAddr, hops: &[Option<IpAddr>], trusted: &[IpNet]) -> IpAddr {
    let mut client = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(client, trusted) {
            break;
        }
        match hop {
            Some(address) => client = *address,
            None => break,
        }
    }
    client
}

fn x_forwarded_for(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    let lines = headers.get_all(X_FORWARDED_FOR);
    hops(lines.iter().map(|line| line.to_str().ok()), parse_hop)
}

fn forwarded(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    let lines = headers.get_all(FORWARDED);
    hops(lines.iter().map(|line| line.to_str().ok()), |element| {
        let pairs = element
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='));
        let mut names = pairs.filter(|(key, _)| key.eq_ignore_ascii_case("for"));
        match (names.next(), names.next()) {
            (Some((_, name)), None) => parse_hop(name.trim().trim_matches('"')),
            _ => None,
        }
    })
}

/// All lines of a header, in order, as one list; `None` when there is no line.
fn hops<'a>(
    lines: impl Iterator<Item = Option<&'a str>>,
    parse: impl Fn(&str) -> Option<IpAddr>,
) -> Option<Vec<Option<IpAddr>>> {
    let mut hops = Vec::new();
    for line in lines {
        match line {
            Some(line) => hops.extend(line.split(',').map(|element| parse(element.trim()))),
            None => hops.push(None),
        }
    }
    (!hops.is_empty()).then_some(hops)
}

/// An address as proxies write it: bare, with a port, or `[IPv6]` with or
/// without one.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let bare = || {
        text.strip_prefix('[')?
            .strip_suffix(']')?
            .parse()
            .map(IpAddr::V6)
            .ok()
    };
    let address = text.parse().ok().or_else(bare);
    let address = address.or_else(|| text.parse().ok().map(|it: SocketAddr| it.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_the_standard_library_does() {
        for octet in 0..=u8::MAX {
            let address = IpAddr::from([octet, 0, 255 - octet, 7]);
            assert_eq!(text(address), address.to_string());
        }
        let address: IpAddr = "2001:db8::1".parse().unwrap();
        assert_eq!(text(address), "2001:db8::1");
    }

    /// peer | X-Forwarded-For | Forwarded | client, with 10.0.0.0/8 and fd00::/8 trusted.
    const TABLE: &[(&str, &[&str], &[&str], &str)] = &[
        // No proxy: headers are the client's own words.
        ("192.0.2.1:1", &[], &[], "192.0.2.1"),
        ("192.0.2.1:1", &["198.51.100.9"], &[], "192.0.2.1"),
        ("192.0.2.1:1", &[], &["for=198.51.100.9"], "192.0.2.1"),
        // One trusted proxy.
        ("10.0.0.1:1", &[], &[], "10.0.0.1"),
        ("10.0.0.1:1", &["198.51.100.9"], &[], "198.51.100.9"),
        ("10.0.0.1:1", &["198.51.100.9:4711"], &[], "198.51.100.9"),
        ("10.0.0.1:1", &["2001:db8::1"], &[], "2001:db8::1"),
        ("10.0.0.1:1", &["[2001:db8::1]"], &[], "2001:db8::1"),
        ("10.0.0.1:1", &["[2001:db8::1]:443"], &[], "2001:db8::1"),
        (
            "10.0.0.1:1",
            &[],
            &["for=198.51.100.9;proto=https"],
            "198.51.100.9",
        ),
        (
            "10.0.0.1:1",
            &[],
            &["proto=https; For=\"[2001:db8::1]:80\""],
            "2001:db8::1",
        ),
        // What the client prepends is left of what the proxy wrote.
        (
            "10.0.0.1:1",
            &["203.0.113.7, 198.51.100.9"],
            &[],
            "198.51.100.9",
        ),
        (
            "10.0.0.1:1",
            &["203.0.113.7", "198.51.100.9"],
            &[],
            "198.51.100.9",
        ),
        (
            "10.0.0.1:1",
            &["10.9.9.9, 198.51.100.9"],
            &[],
            "198.51.100.9",
        ),
        (
            "10.0.0.1:1",
            &[],
            &["for=10.9.9.9, for=198.51.100.9"],
            "198.51.100.9",
        ),
        // A chain of trusted proxies.
        (
            "10.0.0.1:1",
            &["203.0.113.7, 10.0.0.3, 10.0.0.2"],
            &[],
            "203.0.113.7",
        ),
        (
            "10.0.0.1:1",
            &["6.6.6.6, 203.0.113.7, 10.0.0.2"],
            &[],
            "203.0.113.7",
        ),
        ("10.0.0.1:1", &["10.0.0.3, 10.0.0.2"], &[], "10.0.0.3"),
        ("[fd00::1]:1", &["2001:db8::1, fd00::2"], &[], "2001:db8::1"),
        // IPv4 in IPv6 clothes.
        (
            "[::ffff:10.0.0.1]:1",
            &["198.51.100.9"],
            &[],
            "198.51.100.9",
        ),
        (
            "10.0.0.1:1",
            &["198.51.100.9, ::ffff:10.0.0.2"],
            &[],
            "198.51.100.9",
        ),
        ("[::ffff:192.0.2.1]:1", &["198.51.100.9"], &[], "192.0.2.1"),
        // A hop that is no address: its writer is the last that we know.
        ("10.0.0.1:1", &["198.51.100.9, unknown"], &[], "10.0.0.1"),
        ("10.0.0.1:1", &["198.51.100.9, , 10.0.0.2"], &[], "10.0.0.2"),
        ("10.0.0.1:1", &["garbage"], &[], "10.0.0.1"),
        ("10.0.0.1:1", &[""], &[], "10.0.0.1"),
        ("10.0.0.1:1", &[], &["for=_hidden"], "10.0.0.1"),
        ("10.0.0.1:1", &[], &["by=10.0.0.1"], "10.0.0.1"),
        (
            "10.0.0.1:1",
            &[],
            &["for=6.6.6.6;for=198.51.100.9"],
            "10.0.0.1",
        ),
        // Both headers: believed only when they agree.
        (
            "10.0.0.1:1",
            &["198.51.100.9"],
            &["for=198.51.100.9"],
            "198.51.100.9",
        ),
        (
            "10.0.0.1:1",
            &["198.51.100.9"],
            &["for=6.6.6.6"],
            "10.0.0.1",
        ),
    ];

    #[test]
    fn truth_table() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        for (peer, x_forwarded_for, forwarded, expected) in TABLE {
            let mut headers = HeaderMap::new();
            for line in *x_forwarded_for {
                headers.append(X_FORWARDED_FOR, line.parse().unwrap());
            }
            for line in *forwarded {
                headers.append(FORWARDED, line.parse().unwrap());
            }
            let client = client_address(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(
                client.to_string(),
                *expected,
                "{peer} {x_forwarded_for:?} {forwarded:?}"
            );
        }
    }

    #[test]
    fn nothing_is_trusted_unless_listed() {
        let mut headers = HeaderMap::new();
        headers.insert(X_FORWARDED_FOR, "198.51.100.9".parse().unwrap());
        let peer = "127.0.0.1:1".parse().unwrap();
        assert_eq!(client_address(peer, &headers, &[]).to_string(), "127.0.0.1");
    }

    #[test]
    fn limits_count_ipv4_addresses_and_ipv6_networks() {
        let prefix = |text: &str| prefix(text.parse().unwrap()).to_string();
        assert_eq!(prefix("192.0.2.1"), "192.0.2.1/32");
        assert_eq!(prefix("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(prefix("::ffff:192.0.2.1"), "192.0.2.1/32");
    }
}
