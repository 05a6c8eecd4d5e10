//! Requests that mean one thing to one reader and another to the next.

use crate::support::{App, Call, Site, encoded};

const REGISTERED: &str = "https://clock.example/a/callback?x=1";

/// Of a server app that has registered [`REGISTERED`].
const WEB: &[&str] = &[
    "https://clock.example/a/callback",
    "https://clock.example/a/callback?x=1&y=2",
    "https://clock.example/a/callback?x=1#",
    "https://clock.example/a/callback/?x=1",
    "https://clock.example/a/Callback?x=1",
    "https://CLOCK.example/a/callback?x=1",
    "HTTPS://clock.example/a/callback?x=1",
    "https://clock.example:443/a/callback?x=1",
    "https://clock.example./a/callback?x=1",
    "https://clock.example/a/../a/callback?x=1",
    "https://clock.example/a/..;/a/callback?x=1",
    "https://clock.example/a/%2e%2e/a/callback?x=1",
    "https://clock.example/a/%252e%252e/a/callback?x=1",
    "https://clock.example/a%2fcallback?x=1",
    "https://clock.example\\@evil.example/a/callback?x=1",
    "https://clock.example@evil.example/a/callback?x=1",
    "https://a@b@clock.example/a/callback?x=1",
    "https://clock.example.evil.example/a/callback?x=1",
    "https://clockxexample/a/callback?x=1",
    "http://clock.example/a/callback?x=1",
    "//clock.example/a/callback?x=1",
    " https://clock.example/a/callback?x=1",
    "https://clock.example/a/callback?x=1\n",
    "https://clock.example/a/callback?x=1\0",
    "javascript:alert(1)//https://clock.example/a/callback?x=1",
];

/// Of a native app that has registered `http://127.0.0.1/callback`.
const LOOPBACK: &[&str] = &[
    "http://127.0.0.1:80:80/callback",
    "http://127.0.0.1:/callback",
    "http://127.0.0.1:65536/callback",
    "http://127.0.0.1:8a/callback",
    "http://127.0.0.1:1@evil.example/callback",
    "http://127.0.0.1.evil.example/callback",
    "http://127.0.0.1:80/callback?x",
    "http://127.0.0.1:80/other",
    "http://127.0.0.2/callback",
    "http://localhost/callback",
    "http://[::1]/callback",
    "http://2130706433/callback",
    "https://127.0.0.1/callback",
];

/// Everything that looks like the registered redirect to some reader.
#[tokio::test]
async fn a_redirect_is_compared_byte_for_byte() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").redirect(REGISTERED).of(&dora).await;
    let tool = site.app("Tool").native().of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    let of = |app: &App, uri: &str| (app.ask().with("redirect_uri", uri).url(), uri.to_owned());
    let all = WEB.iter().map(|uri| of(&clock, uri));
    let all = all.chain(LOOPBACK.iter().map(|uri| of(&tool, uri)));
    for (url, uri) in all {
        let reply = alice.get(&url).await;
        assert_eq!((reply.code(), reply.location()), (400, ""), "{uri:?}");
        assert!(reply.header("content-type").starts_with("text/plain"));
    }
    assert_eq!(alice.get(&clock.ask().url()).await.code(), 200);
    assert_eq!(
        alice
            .get(&of(&tool, "http://127.0.0.1:65535/callback").0)
            .await
            .code(),
        200
    );
}

/// The server's address is a setting: no header changes what it says of itself.
#[tokio::test]
async fn the_public_address_is_configured_not_received() {
    let site = Site::open().await;
    for path in [
        "/.well-known/oauth-authorization-server",
        "/login",
        "/signup",
        "/api/1.0/openapi.json",
    ] {
        let call = Call::get(path)
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "http")
            .header("forwarded", "host=evil.example;proto=http")
            .header("x-original-url", "/admin")
            .header("x_forwarded_host", "evil.example");
        let reply = site.send(call).await;
        assert!(!reply.body.contains("evil.example"), "{path}");
        assert!(
            !format!("{:?}", reply.headers).contains("evil.example"),
            "{path}"
        );
    }
}

/// Only listed proxies say whose request it is.
#[tokio::test]
async fn a_forwarded_header_of_a_stranger_moves_no_counter() {
    let site = Site::open().await;
    let info = async |number: usize| {
        let address = format!("198.51.100.{number}");
        let call = Call::post("/-/token_info").form(&[("token", "x")]);
        let call = call.header("x-forwarded-for", &*address);
        let call = call.header("x_forwarded_for", &*address);
        let call = call.header("x-real-ip", &*address);
        site.send(call.header("forwarded", format!("for={address}")))
            .await
    };
    for number in 0..120 {
        assert_eq!(info(number).await.code(), 200);
    }
    assert_eq!(info(200).await.code(), 429);
}

/// Nothing of a request is kept at the browser but an address to come back to.
#[tokio::test]
async fn no_request_parameter_gets_into_a_cookie() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let visitor = site.visitor();
    let ask = clock
        .ask()
        .with("state", "find-me")
        .with("client_secret", "find-me-too");
    let login = visitor.get(&ask.url()).await;
    visitor.get(login.location()).await;
    let cookies = visitor.cookie_header().unwrap();
    assert!(!cookies.contains("find-me") && !cookies.contains(&clock.client_id()));
}

/// Parameters that a request repeats in another place or case are not added up.
#[tokio::test]
async fn one_request_is_read_in_one_way() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    for twice in [
        "scope=email&scope=default",
        "prompt=none&prompt=login",
        "state=a&stat%65=b",
    ] {
        let bare = clock.ask().without("state");
        let url = format!("{}&{twice}", bare.url());
        assert_eq!(alice.get(&url).await.code(), 400, "{twice}");
    }
    // The token endpoint reads its body, not its query.
    let tokens = alice.connect(&clock).await;
    let secret = clock.secret.clone().unwrap();
    let query = encoded(&[
        ("client_id", &clock.client_id()),
        ("client_secret", &secret),
    ]);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*tokens.refresh),
    ];
    let call = Call::post(format!("/-/oauth_token?{query}")).form(&fields);
    assert_eq!(site.send(call).await.member("error"), "invalid_client");
}
