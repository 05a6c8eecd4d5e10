//! Parameters appended to a redirect URI: the only place where that is done.

use crate::percent;

/// Where an answer puts its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// After `?`, or after `&` when a query is there already (RFC 6749 §4.1.2).
    Query,
    /// After `#` (RFC 6749 §4.2.2).
    Fragment,
}

/// `base` with `params` appended, every name and value percent-encoded. The
/// query that was registered stays as it is. A fragment in `base`, which no
/// registered URI has, is dropped: behind it nothing would be a query.
pub fn with_params(base: &str, params: &[(&str, &str)], place: Place) -> String {
    let base = base.split('#').next().unwrap_or_default();
    let mut out = String::with_capacity(base.len() + 64 * params.len());
    out.push_str(base);
    if params.is_empty() {
        return out;
    }
    let query = base.split_once('?').map(|(_, query)| query);
    match (place, query) {
        (Place::Fragment, _) => out.push('#'),
        (Place::Query, None) => out.push('?'),
        (Place::Query, Some(query)) if query.is_empty() || query.ends_with('&') => {}
        (Place::Query, Some(_)) => out.push('&'),
    }
    percent::push_pairs(params.iter().copied(), &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use url::Url;

    #[test]
    fn the_registered_query_stays() {
        let params = [("code", "c d"), ("state", "a&b=c#d\r\n")];
        let answer = "code=c%20d&state=a%26b%3Dc%23d%0D%0A";
        for (base, place, expected) in [
            (
                "https://a.example/cb",
                Place::Query,
                "https://a.example/cb?",
            ),
            ("https://a.example", Place::Query, "https://a.example?"),
            (
                "https://a.example/cb?",
                Place::Query,
                "https://a.example/cb?",
            ),
            (
                "https://a.example/cb?x=%20+y",
                Place::Query,
                "https://a.example/cb?x=%20+y&",
            ),
            (
                "https://a.example/cb?x?",
                Place::Query,
                "https://a.example/cb?x?&",
            ),
            (
                "https://a.example/cb?x=y&",
                Place::Query,
                "https://a.example/cb?x=y&",
            ),
            (
                "https://a.example/cb?x=y",
                Place::Fragment,
                "https://a.example/cb?x=y#",
            ),
            ("com.example.app:/cb", Place::Query, "com.example.app:/cb?"),
            (
                "https://a.example/cb#old",
                Place::Query,
                "https://a.example/cb?",
            ),
        ] {
            assert_eq!(
                with_params(base, &params, place),
                format!("{expected}{answer}")
            );
        }
        assert_eq!(
            with_params("https://a.example/cb", &[], Place::Query),
            "https://a.example/cb"
        );
    }

    proptest! {
        #[test]
        fn every_value_arrives_and_nothing_else_moves(state in ".*", name in "[a-z_]{1,10}") {
            let answer = with_params("https://a.example/cb?x=1", &[(&name, &state), ("iss", "i")], Place::Query);
            let url = Url::parse(&answer).unwrap();
            prop_assert_eq!(url.as_str(), &answer);
            prop_assert_eq!(url.host_str(), Some("a.example"));
            prop_assert_eq!(url.fragment(), None);
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            prop_assert_eq!(&pairs[1], &(name, state));
            prop_assert_eq!(pairs.len(), 3);
        }
    }
}
