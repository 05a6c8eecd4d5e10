mod register;

use super::*;
use ClientKind::{Browser, Confidential, Native};
use proptest::prelude::*;
use url::Url;

fn accepted(text: &str, kind: ClientKind) -> RedirectUri {
    let uri = RedirectUri::parse(text, kind).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(uri.as_str(), text, "kept as given");
    uri
}

#[test]
fn matching_is_byte_for_byte() {
    let uri = accepted("https://a.example/cb?x=1", Native);
    assert!(uri.matches("https://a.example/cb?x=1", Confidential));
    for asked in [
        "https://a.example/cb",
        "https://a.example/cb?x=1&y=2",
        "https://a.example/cb/?x=1",
        "https://A.example/cb?x=1",
        "https://a.example/cb?X=1",
        "https://a.example:443/cb?x=1",
        "https://a.example:8443/cb?x=1",
        "http://a.example/cb?x=1",
        "https://a.example/cb?x=1#",
        "https://a.example/cb?x=%31",
        " https://a.example/cb?x=1",
        "https://u@a.example/cb?x=1",
        "",
    ] {
        for kind in ClientKind::ALL {
            assert!(!uri.matches(asked, kind), "{asked}");
        }
    }
}

/// RFC 8252 §7.3.
#[test]
fn only_the_port_of_a_native_apps_loopback_address_varies() {
    for head in LOOPBACK {
        for port in ["", ":1", ":8080"] {
            let uri = RedirectUri::from_registered(format!("{head}{port}/cb?x=1"));
            assert!(uri.is_loopback());
            for asked in ["", ":1", ":80", ":51004", ":65535"] {
                let asked = format!("{head}{asked}/cb?x=1");
                assert!(uri.matches(&asked, Native), "{asked}");
                assert_eq!(uri.admit(&asked, Native).unwrap().as_str(), asked);
                assert_eq!(uri.matches(&asked, Browser), asked == uri.as_str());
                assert_eq!(uri.matches(&asked, Confidential), asked == uri.as_str());
            }
            for middle in [
                ":0",
                ":",
                ":080",
                ":65536",
                ":99999999999",
                ":+1",
                ":-1",
                ":1a",
                ":1:2",
                ":1@evil.example",
                "@evil.example",
                ":1#@evil.example",
                ".evil.example",
                ":1.evil.example",
                "/x",
                ":1/cb",
                ":１",
                "\\@evil.example",
                ":1\t",
            ] {
                assert!(
                    !uri.matches(&format!("{head}{middle}/cb?x=1"), Native),
                    "{middle}"
                );
            }
            for tail in [
                "",
                "/",
                "/cb",
                "/cb?x=2",
                "/cb?x=1&y",
                "/cb?x=1#",
                "/CB?x=1",
                "/cb/../cb?x=1",
            ] {
                assert!(!uri.matches(&format!("{head}:1{tail}"), Native), "{tail}");
            }
        }
    }
}

#[test]
fn no_port_varies_where_a_name_is_looked_up() {
    for text in [
        "http://localhost:3000/cb",
        "https://127.0.0.1:3000/cb",
        "https://a.example:3000/cb",
    ] {
        let uri = accepted(text, Native);
        assert!(!uri.is_loopback());
        assert!(
            !uri.matches(&text.replace("3000", "3001"), Native),
            "{text}"
        );
    }
    let bare = accepted("http://127.0.0.1", Native);
    assert!(bare.matches("http://127.0.0.1:5", Native));
    assert!(!bare.matches("http://127.0.0.1:5/", Native));
    assert!(!bare.matches("http://127.0.0.1.evil.example", Native));
    let evil = RedirectUri::from_registered("http://127.0.0.1.evil.example/cb".into());
    assert!(!evil.is_loopback() && !evil.matches("http://127.0.0.1:5.evil.example/cb", Native));
}

#[test]
fn what_pages_and_headers_need_to_know() {
    for (text, target, source, origin) in [
        (
            "https://a.example/cb",
            RedirectTarget::Host("a.example"),
            Some("https://a.example"),
            Some("https://a.example"),
        ),
        (
            "https://a.example:8443?x",
            RedirectTarget::Host("a.example:8443"),
            Some("https://a.example:8443"),
            Some("https://a.example:8443"),
        ),
        (
            "http://127.0.0.1:90/",
            RedirectTarget::Host("127.0.0.1:90"),
            Some("http://127.0.0.1:90"),
            Some("http://127.0.0.1:90"),
        ),
        (
            "http://[::1]:90/",
            RedirectTarget::Host("[::1]:90"),
            Some("http:"),
            Some("http://[::1]:90"),
        ),
        (
            "https://192.0.2.1/",
            RedirectTarget::Host("192.0.2.1"),
            Some("https:"),
            Some("https://192.0.2.1"),
        ),
        (
            "com.example.app:/cb",
            RedirectTarget::Scheme("com.example.app"),
            Some("com.example.app:"),
            None,
        ),
        (
            "com.example.app://cb",
            RedirectTarget::Scheme("com.example.app"),
            Some("com.example.app:"),
            None,
        ),
        (OUT_OF_BAND[0], RedirectTarget::Screen, None, None),
        (OUT_OF_BAND[1], RedirectTarget::Screen, None, None),
    ] {
        let uri = accepted(text, Native);
        assert_eq!(uri.target(), target);
        assert_eq!(uri.csp_source().as_deref(), source);
        assert_eq!(uri.origin().as_deref(), origin);
    }
}

fn any_kind() -> impl Strategy<Value = ClientKind> {
    prop::sample::select(ClientKind::ALL.to_vec())
}

proptest! {
    #[test]
    fn browsers_read_what_we_accept_as_we_do(
        text in "(https|http|com\\.a)://?[a-z0-9.:@%\\[\\]-]{0,12}[/?a-z.;=&%2-]{0,12}",
        kind in any_kind(),
    ) {
        if let Ok(uri) = RedirectUri::parse(&text, kind) {
            let url = Url::parse(&text).unwrap();
            if let Some(origin) = uri.origin() {
                prop_assert_eq!(url.origin().ascii_serialization(), origin);
            }
            prop_assert!(uri.matches(&text, kind));
        }
    }

    #[test]
    fn a_loopback_match_stays_on_the_device(middle in "(:[0-9]{1,6})?[0-9:@./#?\\\\a-z\\[\\]]{0,4}") {
        for head in LOOPBACK {
            let uri = RedirectUri::from_registered(format!("{head}/cb"));
            let asked = format!("{head}{middle}/cb");
            if uri.matches(&asked, Native) {
                let url = Url::parse(&asked).unwrap();
                prop_assert_eq!(url.host().unwrap().to_string(), head.trim_start_matches("http://"));
                prop_assert_eq!(url.path(), "/cb");
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}", kind in any_kind()) {
        let _ = RedirectUri::parse(&text, kind);
        let uri = RedirectUri::from_registered(text.clone());
        let _ = (uri.target(), uri.csp_source(), uri.origin(), uri.near_miss("https://a.example"), uri.matches("http://127.0.0.1:1", kind));
    }
}
