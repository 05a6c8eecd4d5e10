//! Input: the kind of app (one byte), a URI to register, a newline, a URI that
//! a request asks for.
//!
//! - What is accepted, the URL Standard's parser reads as we do.
//! - What matches leads to the same scheme, host, path and query as `url` sees them.
//! - An answer's parameters arrive, and move nothing else.
#![no_main]

use grantor_protocol::client::ClientKind;
use grantor_protocol::redirect::{Place, RedirectTarget, RedirectUri, with_params};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = str::from_utf8(rest) else {
        return;
    };
    let (registered, asked) = text.split_once('\n').unwrap_or((text, text));
    let kind = ClientKind::ALL[usize::from(first) % ClientKind::ALL.len()];
    let Ok(uri) = RedirectUri::parse(registered, kind) else {
        return;
    };

    assert_eq!(uri.as_str(), registered);
    assert!(uri.matches(registered, kind));
    assert_eq!(uri.near_miss(registered), None);
    accepted_means_plain(&uri, kind);
    answers_arrive(&uri, asked);
    if uri.matches(asked, kind) {
        match_stays_in_place(&uri, asked, kind);
    }
    let _ = uri.near_miss(asked);
});

fn accepted_means_plain(uri: &RedirectUri, kind: ClientKind) {
    let url = Url::parse(uri.as_str()).expect("an accepted URI is a URL");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
    match uri.target() {
        RedirectTarget::Host(host) => {
            assert!(matches!(url.scheme(), "http" | "https"));
            let port = url.port().map_or(String::new(), |port| format!(":{port}"));
            assert_eq!(host, format!("{}{port}", url.host_str().expect("a host")));
            assert_eq!(uri.origin(), Some(url.origin().ascii_serialization()));
            let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
            assert!(url.scheme() == "https" || local);
        }
        RedirectTarget::Scheme(scheme) => {
            assert_eq!(kind, ClientKind::Native);
            assert_eq!(scheme, url.scheme());
            assert!(scheme.contains('.'));
            assert_eq!(uri.origin(), None);
        }
        RedirectTarget::Screen => assert!(uri.is_oob() && kind == ClientKind::Native),
    }
    if let Some(source) = uri.csp_source() {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b":/.+-".contains(&b);
        assert!(
            source.bytes().all(plain),
            "{source} would be more than one source"
        );
    }
}

fn match_stays_in_place(uri: &RedirectUri, asked: &str, kind: ClientKind) {
    if asked == uri.as_str() {
        return;
    }
    assert_eq!(kind, ClientKind::Native);
    let (a, b) = (
        Url::parse(uri.as_str()).expect("a URL"),
        Url::parse(asked).expect("a URL"),
    );
    assert!(matches!(b.host_str(), Some("127.0.0.1" | "[::1]")));
    assert_eq!(
        (a.scheme(), a.host(), a.path(), a.query()),
        (b.scheme(), b.host(), b.path(), b.query())
    );
    assert!(b.username().is_empty() && b.password().is_none() && b.fragment().is_none());
    assert!(
        uri.admit(asked, kind)
            .is_some_and(|admitted| admitted.is_loopback())
    );
}

fn answers_arrive(uri: &RedirectUri, state: &str) {
    if uri.is_oob() {
        return;
    }
    let before = Url::parse(uri.as_str()).expect("a URL");
    let answer = with_params(
        uri.as_str(),
        &[("code", "c"), ("state", state)],
        Place::Query,
    );
    let after = Url::parse(&answer).expect("an answer is a URL");
    assert_eq!(
        (before.scheme(), before.host(), before.port()),
        (after.scheme(), after.host(), after.port())
    );
    assert_eq!((before.path(), after.fragment()), (after.path(), None));
    assert_eq!(
        after
            .query_pairs()
            .filter(|(name, _)| name == "code")
            .count(),
        1
    );
    let found = after.query_pairs().find(|(name, _)| name == "state");
    assert_eq!(found.expect("a state").1, state);

    let answer = with_params(uri.as_str(), &[("state", state)], Place::Fragment);
    let after = Url::parse(&answer).expect("an answer is a URL");
    assert_eq!(
        (before.path(), before.query()),
        (after.path(), after.query())
    );
    assert!(
        after
            .fragment()
            .is_some_and(|fragment| fragment.starts_with("state="))
    );
}
