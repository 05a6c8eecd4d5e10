//! A URI cut at its separators (RFC 3986 §3) without judging or changing anything.

/// The pieces of a URI, each exactly as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub scheme: &'a str,
    /// Between `//` and the path: user-info, host and port.
    pub authority: Option<&'a str>,
    /// Empty without an authority. An IPv6 address keeps its brackets.
    pub host: &'a str,
    pub port: Option<&'a str>,
    pub path: &'a str,
    pub query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// `None` only when there is no colon, so no scheme.
    pub fn of(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        let (authority, rest) = match rest.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                (Some(&rest[..end]), &rest[end..])
            }
            None => (None, rest),
        };
        let (host, port) = host_and_port(authority.unwrap_or_default());
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        Some(Self {
            scheme,
            authority,
            host,
            port,
            path,
            query,
        })
    }

    pub fn is_web(&self) -> bool {
        matches!(self.scheme, "http" | "https")
    }

    /// `scheme://host[:port]`.
    pub fn origin(&self) -> Option<String> {
        Some(format!("{}://{}", self.scheme, self.authority?))
    }

    pub fn is_address_unknown_to_csp(&self) -> bool {
        self.host.starts_with('[')
            || (self.host != "127.0.0.1" && self.host.parse::<std::net::Ipv4Addr>().is_ok())
    }
}

fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    let end = match authority.starts_with('[') {
        true => authority.find(']').map(|at| at + 1),
        false => authority.find(':'),
    };
    let (host, rest) = authority.split_at(end.unwrap_or(authority.len()));
    // After a `]` anything may stand; as a port it is no number and so refused.
    (
        host,
        (!rest.is_empty()).then(|| rest.strip_prefix(':').unwrap_or(rest)),
    )
}

/// 1 to 65535, digits only, no leading zero.
pub(super) fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
        && !text.starts_with('0')
        && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_where_the_text_says_so() {
        let parts = Parts::of("https://a.example:8443/cb/x?a=b?c").unwrap();
        assert_eq!(
            (parts.scheme, parts.host, parts.port),
            ("https", "a.example", Some("8443"))
        );
        assert_eq!((parts.path, parts.query), ("/cb/x", Some("a=b?c")));
        assert_eq!(parts.origin().unwrap(), "https://a.example:8443");
        let parts = Parts::of("http://[::1]:80?q").unwrap();
        assert_eq!(
            (parts.host, parts.port, parts.path, parts.query),
            ("[::1]", Some("80"), "", Some("q"))
        );
        let parts = Parts::of("com.example.app:/cb").unwrap();
        assert_eq!((parts.authority, parts.host, parts.path), (None, "", "/cb"));
        assert_eq!(Parts::of("https://a.example:").unwrap().port, Some(""));
        assert_eq!(Parts::of("http://[::1]x").unwrap().port, Some("x"));
        assert_eq!(Parts::of("no scheme"), None);
    }

    #[test]
    fn a_port_is_a_plain_number() {
        for good in ["1", "80", "65535"] {
            assert!(is_port(good), "{good}");
        }
        for bad in [
            "",
            "0",
            "080",
            "65536",
            "999999999999",
            "+80",
            "-1",
            "8 0",
            "80a",
            "８０",
        ] {
            assert!(!is_port(bad), "{bad}");
        }
    }
}
