//! What may be registered, and for what may not, why.

use super::super::RedirectUriError as Error;
use super::*;

fn refused(text: &str, kind: ClientKind) -> Error {
    RedirectUri::parse(text, kind).expect_err(text)
}

#[test]
fn what_every_kind_may_register() {
    for kind in ClientKind::ALL {
        for text in [
            "https://a.example/cb",
            "https://a.example",
            "https://a.example/",
            "https://a.example?tenant=1",
            "https://a.example:8443/cb",
            "https://a.example/cb?tenant=1&x=a%20b",
            "https://a.example/cb?",
            "https://a.example/caf%C3%A9/~me;v=1",
            "https://xn--mnchen-3ya.example/cb",
            "https://192.0.2.1/cb",
            "https://[2001:db8::1]/cb",
            "https://localhost/cb",
            "http://localhost:3000/cb",
            "http://localhost",
            "http://127.0.0.1:8080/cb",
            "http://[::1]/cb",
        ] {
            accepted(text, kind);
        }
    }
}

#[test]
fn what_only_native_apps_may_register() {
    for text in [
        "com.example.app:/cb",
        "com.example.app://cb",
        "com.example.app://",
        "com.googleusercontent.apps.12-ab:/x?y=1",
    ] {
        accepted(text, Native);
        assert_eq!(refused(text, Confidential), Error::CustomSchemeNotNative);
        assert_eq!(refused(text, Browser), Error::CustomSchemeNotNative);
    }
    for text in OUT_OF_BAND {
        assert!(accepted(text, Native).is_oob());
        assert_eq!(refused(text, Confidential), Error::OobNotNative);
        assert_eq!(refused(text, Browser), Error::OobNotNative);
    }
}

/// Each row is a trick or a slip that has cost somebody a code.
#[test]
fn what_nobody_may_register() {
    for (text, error) in [
        ("", Error::Empty),
        ("a.example/cb", Error::NoScheme),
        ("//a.example/cb", Error::NoScheme),
        ("https:a.example/cb", Error::NoScheme),
        ("1https://a.example/cb", Error::NoScheme),
        ("HTTPS://a.example/cb", Error::Uppercase),
        ("https://A.example/cb", Error::Uppercase),
        ("https://a.example/cb#", Error::Fragment),
        ("https://a.example/cb#x", Error::Fragment),
        ("https://*.a.example/cb", Error::Wildcard),
        ("https://a.example/*", Error::Wildcard),
        (
            "https://a.example\\@b.example/cb",
            Error::Character { position: 18 },
        ),
        ("https://a.example/c b", Error::Character { position: 20 }),
        ("https://a.example/cb\n", Error::Character { position: 21 }),
        ("\thttps://a.example/cb", Error::Character { position: 1 }),
        ("https://a.example/\0", Error::Character { position: 19 }),
        ("https://é.example/cb", Error::Character { position: 9 }),
        (
            "https://a.example/\u{202e}",
            Error::Character { position: 19 },
        ),
        ("https://a.example/<x>", Error::Character { position: 19 }),
        ("https://u@a.example/cb", Error::UserInfo),
        ("https://u:p@a.example/cb", Error::UserInfo),
        ("https://a.example@b.example@c.example/cb", Error::UserInfo),
        ("http://localhost@a.example/cb", Error::UserInfo),
        ("https://@a.example/cb", Error::UserInfo),
        ("https:///cb", Error::Host),
        ("https://-a.example/cb", Error::Host),
        ("https://a..example/cb", Error::Host),
        ("https://a_b.example/cb", Error::Host),
        ("https://a%62.example/cb", Error::Host),
        ("https://xn--/cb", Error::Host),
        ("https://a.example./cb", Error::TrailingDot),
        ("http://localhost./cb", Error::TrailingDot),
        ("http://127.1/cb", Error::Address),
        ("http://0x7f.1/cb", Error::Address),
        ("http://2130706433/cb", Error::Address),
        ("http://0177.0.0.1/cb", Error::Address),
        ("http://127.0.0.1.1/cb", Error::Address),
        ("https://0.0.0.0/cb", Error::Address),
        ("https://[::]/cb", Error::Address),
        ("http://[::ffff:127.0.0.1]/cb", Error::Address),
        ("http://[::ffff:7f00:1]/cb", Error::Address),
        ("http://[0:0:0:0:0:0:0:1]/cb", Error::Address),
        ("http://[::1/cb", Error::Address),
        ("http://[::1]x/cb", Error::Port),
        ("https://a.example:/cb", Error::Port),
        ("https://a.example:0/cb", Error::Port),
        ("https://a.example:08/cb", Error::Port),
        ("https://a.example:65536/cb", Error::Port),
        ("https://a.example:1:2/cb", Error::Port),
        ("https://a.example:443/cb", Error::DefaultPort),
        ("http://localhost:80/cb", Error::DefaultPort),
        ("http://a.example/cb", Error::HttpNotLoopback),
        ("http://127.0.0.2/cb", Error::HttpNotLoopback),
        ("http://localhost.a.example/cb", Error::HttpNotLoopback),
        ("http://127.0.0.1.a.example/cb", Error::HttpNotLoopback),
        ("https://a.example/x/../cb", Error::DotSegment),
        ("https://a.example/./cb", Error::DotSegment),
        ("https://a.example/..", Error::DotSegment),
        ("https://a.example/..;/cb", Error::DotSegment),
        ("https://a.example/..;v=1/cb", Error::DotSegment),
        ("https://a.example/%2e%2e/cb", Error::EscapedSeparator),
        ("https://a.example/x%2Fy", Error::EscapedSeparator),
        ("https://a.example/x%5cy", Error::EscapedSeparator),
        ("https://a.example/x%00", Error::EscapedSeparator),
        ("https://a.example/x%0d%0a", Error::EscapedSeparator),
        ("https://a.example/x%252F", Error::EscapedSeparator),
        ("https://a.example/?next=%2Fhome", Error::EscapedSeparator),
        ("https://a.example/x%", Error::Escape),
        ("https://a.example/x%2", Error::Escape),
        ("https://a.example/x%zz", Error::Escape),
        ("https://a.example/x%C0%AF", Error::Escape),
        ("https://a.example/x[0]", Error::NotCanonical),
        ("https://a.example/cb?it's", Error::NotCanonical),
        (
            "https://a.example/cb?code=1",
            Error::ReservedParameter("code"),
        ),
        (
            "https://a.example/cb?x=1&state",
            Error::ReservedParameter("state"),
        ),
        (
            "https://a.example/cb?st%61te=1",
            Error::ReservedParameter("state"),
        ),
        (
            "https://a.example/cb?State=1",
            Error::ReservedParameter("state"),
        ),
        (
            "https://a.example/cb?state[]=1",
            Error::ReservedParameter("state"),
        ),
        (
            "https://a.example/cb?+iss=1",
            Error::ReservedParameter("iss"),
        ),
        (
            "https://a.example/cb?x=1;iss=1",
            Error::ReservedParameter("iss"),
        ),
        (
            "com.example.app:/cb?code=1",
            Error::ReservedParameter("code"),
        ),
        ("com.example.app:cb", Error::CustomSchemeForm),
        ("com.example.app:", Error::CustomSchemeForm),
        ("com.example.app:?x", Error::CustomSchemeForm),
        ("com.example.app://host:1/cb", Error::CustomSchemeForm),
        ("com.example.app://u@host/cb", Error::UserInfo),
        ("com.example.app:/../cb", Error::DotSegment),
        ("com.Example.app:/cb", Error::Uppercase),
        ("com..app:/cb", Error::CustomSchemeNoDomain),
        ("com.app.:/cb", Error::CustomSchemeNoDomain),
        ("myapp:/cb", Error::CustomSchemeNoDomain),
        ("httpss://a.example/cb", Error::CustomSchemeNoDomain),
        (
            "urn:ietf:wg:oauth:2.0:oob:evil",
            Error::CustomSchemeNoDomain,
        ),
        ("URN:ietf:wg:oauth:2.0:oob", Error::Uppercase),
    ] {
        assert_eq!(refused(text, Native), error, "{text:?}");
    }
    assert_eq!(
        refused(&format!("https://a.example/{}", "x".repeat(1983)), Native),
        Error::TooLong
    );
    accepted(&format!("https://a.example/{}", "x".repeat(1982)), Native);
}

#[test]
fn schemes_that_do_something_else_are_refused_in_any_case() {
    for text in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "javascript://a.example/%0aalert(1)",
        "data:text/html,x",
        "DATA:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "blob:https://a.example/x",
        "about:blank",
        "ws://a.example/cb",
        "wss://a.example/cb",
        "ftp://a.example/cb",
        "Intent://a.example/cb",
        "view-source:https://a.example/",
    ] {
        for kind in ClientKind::ALL {
            let error = refused(text, kind);
            assert!(
                matches!(error, Error::ForbiddenScheme | Error::EscapedSeparator),
                "{text}: {error}"
            );
        }
    }
}
