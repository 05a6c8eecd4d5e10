//! What an almost matching redirect URI got wrong. Diagnosis only.

use super::parts::{Parts, is_port};

/// The one thing in which a URI differs from a registered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NearMiss {
    /// A slash more or less at the end of the path.
    Slash,
    /// Only the port.
    Port,
    /// `http` for `https` or the reverse.
    Scheme,
    /// `localhost` for `127.0.0.1` or `[::1]`, or the reverse.
    Localhost,
    /// Upper and lower case.
    Case,
    /// A query more, less or different.
    Query,
}

/// The difference between the two, if it is a single one that has a name.
pub(super) fn between(asked: &str, registered: &str) -> Option<NearMiss> {
    if asked == registered {
        return None;
    }
    if asked.eq_ignore_ascii_case(registered) {
        return Some(NearMiss::Case);
    }
    let (a, b) = (Parts::of(asked)?, Parts::of(registered)?);
    if !a.is_web() || !b.is_web() || has_false_port(&a) {
        return None;
    }
    let differences = [
        (a.scheme != b.scheme, NearMiss::Scheme),
        (a.host != b.host, NearMiss::Localhost),
        (a.port != b.port, NearMiss::Port),
        (a.path != b.path, NearMiss::Slash),
        (a.query != b.query, NearMiss::Query),
    ];
    let differing: Vec<NearMiss> = differences
        .iter()
        .filter(|(differs, _)| *differs)
        .map(|(_, miss)| *miss)
        .collect();
    match differing[..] {
        // On an address the port may vary, so the host alone is to blame.
        [NearMiss::Localhost] | [NearMiss::Localhost, NearMiss::Port] => {
            (is_local(a.host) && is_local(b.host)).then_some(NearMiss::Localhost)
        }
        [NearMiss::Slash] => {
            let same = a.path.trim_end_matches('/') == b.path.trim_end_matches('/');
            same.then_some(NearMiss::Slash)
        }
        [one] => Some(one),
        _ => None,
    }
}

/// Whether both lead to the same place: the same host, whatever the port and path, or the
/// same private scheme. Either may be a slip of the same developer; a stranger's host is none.
pub(super) fn is_near(asked: &str, registered: &str) -> bool {
    let (Some(a), Some(b)) = (Parts::of(asked), Parts::of(registered)) else {
        return false;
    };
    let same_place = match a.is_web() && b.is_web() {
        true => a.host.eq_ignore_ascii_case(b.host) && !has_false_port(&a),
        false => a.scheme == b.scheme && a.authority == b.authority,
    };
    same_place || between(asked, registered).is_some()
}

/// `https://a.example:x@b.example/` leads to b.
fn has_false_port(parts: &Parts<'_>) -> bool {
    parts.port.is_some_and(|port| !is_port(port))
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_one_difference() {
        for (asked, registered, miss) in [
            (
                "https://a.example/cb/",
                "https://a.example/cb",
                Some(NearMiss::Slash),
            ),
            (
                "https://a.example",
                "https://a.example/",
                Some(NearMiss::Slash),
            ),
            (
                "http://localhost:3001/cb",
                "http://localhost:3000/cb",
                Some(NearMiss::Port),
            ),
            (
                "https://a.example/cb",
                "https://a.example:8443/cb",
                Some(NearMiss::Port),
            ),
            (
                "http://a.example/cb",
                "https://a.example/cb",
                Some(NearMiss::Scheme),
            ),
            (
                "http://127.0.0.1:80/cb",
                "http://localhost:80/cb",
                Some(NearMiss::Localhost),
            ),
            (
                "http://localhost:5/cb",
                "http://127.0.0.1/cb",
                Some(NearMiss::Localhost),
            ),
            (
                "https://a.example/CB",
                "https://a.example/cb",
                Some(NearMiss::Case),
            ),
            (
                "com.Example.app:/cb",
                "com.example.app:/cb",
                Some(NearMiss::Case),
            ),
            (
                "https://a.example/cb?x=1",
                "https://a.example/cb",
                Some(NearMiss::Query),
            ),
            ("https://a.example/cb", "https://a.example/cb", None),
            ("https://b.example/cb", "https://a.example/cb", None),
            ("https://a.example/other", "https://a.example/cb", None),
            ("http://a.example/cb/", "https://a.example/cb", None),
            ("", "https://a.example/cb", None),
            ("com.example.app:/b", "com.example.app:/a", None),
            (
                "https://a.example:x@b.example/cb",
                "https://a.example/cb",
                None,
            ),
        ] {
            assert_eq!(between(asked, registered), miss, "{asked} for {registered}");
        }
    }

    #[test]
    fn another_place_is_never_near() {
        let registered = "https://a.example/cb";
        for near in [
            "https://a.example/cb/",
            "https://a.example/other?x=1",
            "http://a.example/cb",
            "https://A.example/login",
            "https://a.example:8443/x",
        ] {
            assert!(is_near(near, registered), "{near}");
        }
        for foreign in [
            "https://b.example/cb",
            "https://staging.a.example/cb",
            "https://a.example.b.example/cb",
            "https://a.example@b.example/cb",
            "https://a.example:x@b.example/cb",
            "https://a.example:@b.example/cb",
            "https://a.example\\@b.example/cb",
            "http://localhost/cb",
            "com.example.app:/cb",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!is_near(foreign, registered), "{foreign}");
        }
        assert!(is_near("com.example.app:/b", "com.example.app:/a"));
        assert!(is_near("http://localhost:5/cb", "http://127.0.0.1/cb"));
        assert!(!is_near("org.example.app:/a", "com.example.app:/a"));
    }
}
