//! What every answer says beside its body.

use crate::{
    routes::access::{Caller, Scene},
    support::{Call, Reply, Site},
};
use grantor::{
    failure::Format,
    routes::{Cache, Cors, Route, routes},
};

fn has(reply: &Reply, name: &str, value: &str, what: &str) {
    assert_eq!(reply.header(name), value, "{name} of {what}");
}

/// What every page needs, whoever asks and whatever came of it.
fn check_page(reply: &Reply, what: &str) {
    let policy = reply.header("content-security-policy");
    let directives: Vec<_> = policy.split("; ").collect();
    for needed in [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ] {
        assert!(directives.contains(&needed), "{needed} of {what}");
    }
    assert!(
        !policy.contains("unsafe-") && !policy.contains('*'),
        "{what}"
    );
    has(reply, "x-frame-options", "DENY", what);
    has(reply, "cross-origin-opener-policy", "same-origin", what);
    has(reply, "cross-origin-resource-policy", "same-origin", what);
    has(reply, "cache-control", "no-store", what);
    if reply.is_html() {
        check_markup(&reply.body, what);
    }
}

/// Nothing runs but our own files, and nothing is loaded from elsewhere.
fn check_markup(body: &str, what: &str) {
    for source in body.split("src=\"").skip(1) {
        assert!(
            source.starts_with('/') && !source.starts_with("//"),
            "{what}"
        );
    }
    for script in body.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').unwrap();
        assert!(
            attributes.contains("src=\"/") && rest.starts_with("</script>"),
            "{what}"
        );
    }
    let tags = body.split('<').filter_map(|tag| tag.split_once('>'));
    for (tag, _) in tags {
        let inline = [
            " style=",
            " onclick=",
            " onload=",
            " onsubmit=",
            " onerror=",
        ];
        assert!(!inline.iter().any(|it| tag.contains(it)), "{tag} of {what}");
    }
    assert!(
        !body.contains("<style") && !body.contains("javascript:"),
        "{what}"
    );
}

fn check(route: &Route, reply: &Reply, what: &str) {
    has(reply, "x-content-type-options", "nosniff", what);
    has(reply, "referrer-policy", "no-referrer", what);
    let transport = "max-age=63072000; includeSubDomains";
    has(reply, "strict-transport-security", transport, what);
    assert_eq!(reply.header("x-request-id").len(), 16, "{what}");
    if route.format == Format::Page {
        check_page(reply, what);
    }
    let refused = reply.status.is_client_error() || reply.status.is_server_error();
    if route.cache == Cache::Never || refused {
        has(reply, "cache-control", "no-store", what);
    }
    if reply.status.is_redirection() && route.method == "POST" {
        assert_eq!(reply.code(), 303, "{what}");
    }
}

#[tokio::test]
async fn every_answer_is_dressed() {
    for route in routes() {
        let scene = Scene::new().await;
        for (caller, name) in [
            (Caller::Nobody, "nobody"),
            (Caller::Stranger, "a stranger"),
            (Caller::Owner, "the owner"),
        ] {
            let reply = scene.ask(&route, caller).await;
            check(
                &route,
                &reply,
                &format!("{} {} for {name}", route.method, route.path),
            );
        }
        let wrong = Call::new("DELETE", scene.case(&route).0);
        let reply = scene.owner.send(wrong, &[]).await;
        check(&route, &reply, &format!("DELETE {}", route.path));
    }
}

/// What is said of a method that a path does not know, and to other origins, is the path's.
#[test]
fn the_rows_of_a_path_agree() {
    let rows = routes();
    for (number, row) in rows.iter().enumerate() {
        let of_path = rows[number + 1..].iter().filter(|it| it.path == row.path);
        for other in of_path {
            assert_eq!(
                (row.cors, row.format),
                (other.cors, other.format),
                "{row:?}"
            );
            assert_ne!(row.method, other.method, "{row:?}");
        }
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_is_dressed_too() {
    let site = Site::open().await;
    for path in [
        "/nothing",
        "/apps/",
        "/-/",
        "/../etc/passwd",
        "/%2e%2e/x",
        "//x",
    ] {
        let reply = site.send(Call::get(path)).await;
        assert_eq!(reply.code(), 404, "{path}");
        assert!(reply.is_html());
        check_page(&reply, path);
    }
}

/// Plain http is for loopback: a browser must not be told to insist on https there.
#[tokio::test]
async fn transport_security_is_promised_only_over_https() {
    let site = Site::with(|config| {
        config.service.public_url = "http://127.0.0.1:8080".parse().unwrap();
    })
    .await;
    for path in ["/", "/login", "/healthz", "/api/1.0/users/me"] {
        let reply = site.send(Call::get(path)).await;
        has(&reply, "strict-transport-security", "", path);
        has(&reply, "x-content-type-options", "nosniff", path);
    }
}

/// What is served as a picture, a script or a style never is anything else.
#[tokio::test]
async fn files_are_what_they_say() {
    let site = Site::open().await;
    let page = site.send(Call::get("/login")).await;
    let style = page.between("rel=\"stylesheet\" href=\"", "\"").unwrap();
    let reply = site.send(Call::get(style)).await;
    has(&reply, "content-type", "text/css; charset=utf-8", style);
    has(
        &reply,
        "cache-control",
        "public, max-age=31536000, immutable",
        style,
    );
    let missing = format!("/images/{}.png", "0".repeat(64));
    for path in [
        &*missing,
        "/images/x.png",
        "/images/..%2f..%2fx",
        "/assets/0/nothing.css",
    ] {
        let reply = site.send(Call::get(path)).await;
        assert_eq!(reply.code(), 404, "{path}");
        has(&reply, "cache-control", "no-store", path);
    }
}

const ORIGINS: [(&str, &str); 4] = [
    ("its own page", "https://page.example"),
    ("a server app's", "https://clock.example"),
    ("a stranger's", "https://evil.example"),
    ("null", "null"),
];

/// Who may read what from a page of another origin. Credentials never go along.
#[tokio::test]
async fn pages_of_other_origins() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let page = site.app("Page").browser().of(&dora).await;
    let clock = site.app("Clock").of(&dora).await;
    let mut table = String::new();
    let mut note = |what: &str, reply: &Reply| {
        has(reply, "access-control-allow-credentials", "", what);
        let allowed = reply.header("access-control-allow-origin");
        let vary = reply.header("vary");
        table += &format!("{what:<72}{allowed} {vary}\n");
    };
    for (name, origin) in ORIGINS {
        for path in ["/-/oauth_token", "/-/oauth_revoke"] {
            for app in [&page, &clock] {
                let id = app.client_id();
                let call = Call::post(path).form(&[("client_id", &id)]);
                let reply = site.send(call.header("origin", origin)).await;
                note(&format!("POST {path} for {} from {name}", app.name), &reply);
            }
        }
        for path in [
            "/api/1.0/users/me",
            "/api/1.0/nothing",
            "/.well-known/oauth-authorization-server",
            "/-/oauth_authorize",
            "/login",
            "/account",
        ] {
            let reply = site.send(Call::get(path).header("origin", origin)).await;
            note(&format!("GET {path} from {name}"), &reply);
        }
        for path in ["/-/oauth_introspect", "/-/token_info"] {
            let call = Call::post(path).form(&[("token", "x")]);
            let reply = site.send(call.header("origin", origin)).await;
            note(&format!("POST {path} from {name}"), &reply);
        }
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn a_preflight_lets_browser_libraries_ask() {
    let scene = Scene::new().await;
    for route in routes() {
        let (path, _) = scene.case(&route);
        let call = Call::new("OPTIONS", path).header("origin", "https://page.example");
        let call = call.header("access-control-request-method", route.method);
        let reply = scene.site.send(call).await;
        let allowed = reply.header("access-control-allow-origin");
        match route.cors {
            Cors::None => assert_eq!(allowed, "", "{}", route.path),
            Cors::Public => assert_eq!(allowed, "*", "{}", route.path),
            Cors::Apps => assert_eq!(allowed, "https://page.example", "{}", route.path),
        }
        if route.cors != Cors::None {
            assert_eq!(reply.code(), 204);
            let headers =
                "Authorization, Content-Type, X-Asana-Client-Lib, Asana-Enable, Asana-Disable";
            has(&reply, "access-control-allow-headers", headers, route.path);
            has(
                &reply,
                "access-control-allow-methods",
                "GET, POST, PUT, DELETE",
                route.path,
            );
        }
    }
}
