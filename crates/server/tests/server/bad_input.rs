//! Nonsense, to every endpoint: a clear refusal, and no trace of it.

use crate::{
    routes::access::Scene,
    support::{Call, Reply},
};
use grantor::{
    failure::Format,
    routes::{Access, Body, Route, routes},
};

/// What a form can look like that is none.
fn forms() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let many: Vec<_> = (0..65).map(|number| format!("p{number}=x")).collect();
    let long = [&b"a="[..], &[b'x'; 64 * 1024]].concat();
    vec![
        ("duplicate", FORM, b"a=1&a=2".to_vec()),
        (
            "hidden duplicate",
            FORM,
            b"client_id=1&client%5Fid=2".to_vec(),
        ),
        ("not UTF-8", FORM, b"a=%ff%fe".to_vec()),
        ("raw bytes", FORM, b"a=\xff\xfe".to_vec()),
        ("NUL", FORM, b"a=%00".to_vec()),
        ("bad escape", FORM, b"a=%zz".to_vec()),
        ("65 parameters", FORM, many.join("&").into_bytes()),
        ("64 KiB", FORM, long),
        ("JSON", "application/json", b"{\"a\":1}".to_vec()),
        ("text", "text/plain", b"a=1".to_vec()),
        ("no type", "", b"a=1".to_vec()),
        (
            "another prefix",
            "application/x-www-form-urlencodedx",
            b"a=1".to_vec(),
        ),
    ]
}

/// A refusal in the words of its route.
fn is_clear(route: &Route, reply: &Reply) -> bool {
    match route.format {
        Format::Page => !reply.heading().is_empty(),
        Format::OAuth => !reply.member("error").is_empty(),
        Format::Api => reply.json()["errors"].is_array(),
        Format::Scim => reply.json()["detail"].is_string(),
        Format::Plain => !reply.body.is_empty(),
    }
}

#[tokio::test]
async fn forms_that_are_none() {
    let scene = Scene::new().await;
    let rows = routes();
    // Without a token, a directory is nobody: its routes have tests of their own.
    let other = [Body::None, Body::OwnUpload, Body::BearerForm, Body::Scim];
    let takes = |row: &&Route| !other.contains(&row.body);
    for route in rows.iter().filter(takes) {
        let before = scene.site.contents();
        for (what, kind, body) in forms() {
            if route.body == Body::Json && kind == "application/json" {
                continue;
            }
            let mut call = Call::new(route.method, scene.case(route).0);
            if !kind.is_empty() {
                call = call.header("content-type", kind);
            }
            call.body = body;
            if matches!(route.access, Access::AdminBearer(_)) {
                call = call.bearer(&scene.administering);
            }
            let reply = scene.whose(route).send(call, &[]).await;
            assert_eq!(reply.code(), 400, "{what} to {}", route.path);
            assert!(
                is_clear(route, &reply),
                "{what} to {}: {}",
                route.path,
                reply.body
            );
        }
        assert_eq!(scene.site.contents(), before, "{}", route.path);
    }
}

#[tokio::test]
async fn uploads_that_are_none() {
    let scene = Scene::new().await;
    let edge = "multipart/form-data; boundary=x";
    let part =
        |name: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n1\r\n");
    let twice = format!("{}{}--x--\r\n", part("name"), part("name"));
    let bytes = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\xfe\r\n--x--\r\n";
    let cases: [(&str, &str, Vec<u8>); 7] = [
        (
            "no boundary",
            "multipart/form-data",
            twice.clone().into_bytes(),
        ),
        ("duplicate", edge, twice.into_bytes()),
        ("unfinished", edge, part("name").into_bytes()),
        ("not UTF-8", edge, bytes.to_vec()),
        (
            "a form",
            "application/x-www-form-urlencoded",
            b"name=x".to_vec(),
        ),
        ("nothing", "", Vec::new()),
        ("too long", edge, vec![b'x'; 1_200_000]),
    ];
    for route in routes().iter().filter(|row| row.body == Body::OwnUpload) {
        let before = scene.site.contents();
        for (what, kind, body) in cases.clone() {
            let mut call = Call::post(scene.case(route).0).header("content-type", kind);
            call.body = body;
            let reply = scene.owner.send(call, &[]).await;
            let refused = reply.status.is_client_error() && is_clear(route, &reply);
            assert!(refused, "{what} to {}: {}", route.path, reply.status);
        }
        assert_eq!(scene.site.contents(), before);
    }
}

/// A query is read by few, and by those strictly.
#[tokio::test]
async fn queries_that_are_none() {
    let scene = Scene::new().await;
    let long = format!("a={}", "x".repeat(60_000));
    let many: Vec<_> = (0..65).map(|number| format!("p{number}=x")).collect();
    let many = many.join("&");
    let before = scene.site.contents();
    for query in [
        "a=1&a=2", "a=%ff", "a=%00", "a=%", "%", "&&==&", &long, &many,
    ] {
        for route in routes().iter().filter(|row| row.method == "GET") {
            let path = scene.case(route).0;
            let path = path.split('?').next().unwrap();
            let call = Call::get(format!("{path}?{query}")).bearer(&scene.tokens.access);
            let reply = scene.owner.send(call, &[]).await;
            assert!(
                !reply.status.is_server_error(),
                "{path}?{query:.20}: {}",
                reply.status
            );
            let strict = ["/-/oauth_authorize", "/api/1.0/users/me"].contains(&path);
            if strict && !query.starts_with('&') && query.len() < 60_000 {
                assert_eq!(reply.code(), 400, "{path}?{query:.20}");
            }
        }
    }
    assert_eq!(scene.site.contents(), before);
}

/// What was received is said again only where a developer needs it, as plain text.
#[tokio::test]
async fn markup_comes_back_as_text_or_not_at_all() {
    let scene = Scene::new().await;
    let markup = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let ask = scene.app.ask();
    for name in [
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "prompt",
        "response_type",
    ] {
        let reply = scene.owner.get(&ask.clone().with(name, markup).url()).await;
        assert!(
            !reply.is_html() || !reply.body.contains("<script>alert"),
            "{name}"
        );
        assert!(!reply.location().contains('<'), "{name}");
    }
    let query = crate::support::encoded(&[("return_to", markup), ("done", markup)]);
    for path in ["/login", "/signup", "/account", "/tokens", "/apps"] {
        for browser in [&scene.visitor, &*scene.owner] {
            let reply = browser.get(&format!("{path}?{query}")).await;
            assert!(!reply.body.contains("alert(1)"), "{path}");
        }
    }
    let fields = [
        ("description", markup),
        ("scope", markup),
        ("expires_in", markup),
    ];
    let reply = scene.owner.post("/tokens", &fields).await;
    assert!(reply.code() == 422 && !reply.body.contains("<img src=x"));
}

/// Headers that no library sends.
#[tokio::test]
async fn headers_that_are_none() {
    let scene = Scene::new().await;
    let long = "x".repeat(9_000);
    for (name, value) in [
        ("authorization", "Bearer \u{fc}\u{fc}"),
        ("authorization", "Basic !!!"),
        ("authorization", "Basic ="),
        ("authorization", ""),
        ("authorization", &*long),
        ("cookie", "\u{fc}"),
        ("cookie", "__Host-grantor=\u{fc}"),
        ("cookie", &*long),
        ("origin", "\u{fc}"),
        ("if-none-match", "\u{fc}"),
        ("x-forwarded-for", "\u{fc}"),
        ("user-agent", "\u{fc}\u{fc}"),
    ] {
        for route in routes() {
            let call = scene.call(&route, "").header(name, value);
            let reply = scene.site.send(call).await;
            assert!(!reply.status.is_server_error(), "{name} to {}", route.path);
        }
    }
}
