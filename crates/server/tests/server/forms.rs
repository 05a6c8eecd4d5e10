//! Forms of our own pages: nobody else can send one.

use crate::{
    routes::access::{Caller, Scene, is_own_form},
    support::{Call, Reply},
};
use grantor::routes::{Body, Route, routes};
use grantor_protocol::time::Millis;

fn own_forms() -> impl Iterator<Item = Route> {
    routes().into_iter().filter(is_own_form)
}

/// Every row, with everything that can be wrong about where a form comes from.
#[tokio::test]
async fn a_form_from_elsewhere_is_refused_and_changes_nothing() {
    let scene = Scene::new().await;
    let phone = scene.owner.elsewhere();
    scene.owner.sign_in_at(&phone).await;
    for route in own_forms() {
        let owner = scene.whose(&route);
        let path = scene.case(&route).0;
        let token = owner.form_token(&path).await;
        let foreign = [
            ("no token", String::new()),
            ("a made-up token", "A".repeat(32)),
            ("a stranger's token", scene.stranger.form_token(&path).await),
            (
                "her token of another session",
                phone.form_token(&path).await,
            ),
            (
                "a visitor's token",
                scene.visitor.form_token("/login").await,
            ),
            ("half a token", token[..16].to_owned()),
        ];
        let before = scene.site.contents();
        for (what, token) in foreign {
            let reply = owner.send(scene.call(&route, &token), &[]).await;
            assert_eq!(reply.code(), 403, "{what} at {}", route.path);
        }
        let origins = [
            ("sec-fetch-site", "cross-site", 403),
            ("sec-fetch-site", "same-site", 403),
            ("origin", "https://evil.example", 403),
            ("origin", "http://auth.example", 403),
            ("origin", "https://auth.example.evil.example", 403),
            ("host", "evil.example", 400),
            ("host", "auth.example:8443", 400),
        ];
        for (name, value, code) in origins {
            let call = scene.call(&route, &token).header(name, value);
            let reply = owner.send(call, &[]).await;
            assert_eq!(reply.code(), code, "{name}: {value} at {}", route.path);
        }
        assert_eq!(scene.site.contents(), before, "{}", route.path);
    }
}

/// The control: what browsers send with a form of the same page.
#[tokio::test]
async fn a_form_of_our_own_is_taken() {
    for route in own_forms() {
        let scene = Scene::of(&route).await;
        let token = scene.whose(&route).form_token(&scene.case(&route).0).await;
        let call = scene.call(&route, &token);
        // `Referrer-Policy: no-referrer` makes the origin of our own forms null.
        let call = call
            .header("sec-fetch-site", "same-origin")
            .header("origin", "null");
        let reply = scene.whose(&route).send(call, &[]).await;
        let refused = reply.code() == 400 || reply.code() == 403;
        assert!(!refused, "{} {}", reply.status, route.path);
    }
}

/// Whoever proves herself again comes back to a page, not to an address that only
/// takes forms.
#[tokio::test]
async fn an_expired_session_leads_back_to_the_page_of_the_form() {
    let scene = Scene::new().await;
    scene.site.pass(Millis::hours(9));
    for route in own_forms() {
        let owner = scene.whose(&route);
        let again = owner.elsewhere();
        owner.sign_in_at(&again).await;
        let reply = owner.send(scene.call(&route, ""), &[]).await;
        let Some(to) = reply.sent("return_to") else {
            continue;
        };
        let page = again.get(&to).await;
        // Who waits to be connected waits at one browser, and not for long.
        let code = if route.path.ends_with("{way}") {
            403
        } else {
            200
        };
        assert_eq!(page.code(), code, "{} leads to {to}", route.path);
        for secret in ["password", "csrf", "token="] {
            assert!(!to.contains(secret), "{to}");
        }
    }
}

/// At consent the token holds for the very request that was read.
#[tokio::test]
async fn consent_to_one_request_is_not_consent_to_another() {
    let scene = Scene::new().await;
    let ask = scene.app.ask().with("scope", "profile");
    let page = scene.owner.get(&ask.url()).await;
    let token = page.csrf().unwrap().to_owned();
    let decide = async |url: String| -> Reply {
        let fields = [("decision", "allow"), ("csrf", &*token)];
        scene.owner.send(Call::post(url).form(&fields), &[]).await
    };
    let before = scene.site.contents();
    for (name, value) in [
        ("scope", "default"),
        ("state", "abc"),
        ("redirect_uri", "https://evil.example/"),
        ("client_id", "1234567890123"),
        ("response_type", "token"),
        ("prompt", "consent"),
    ] {
        let other = ask.clone().with(name, value);
        assert_eq!(decide(other.url()).await.code(), 403, "{name}");
    }
    assert_eq!(
        decide(format!("{}&scope=profile", ask.url())).await.code(),
        403
    );
    assert_eq!(scene.site.contents(), before);
    assert!(decide(ask.url()).await.sent("code").is_some());
}

#[tokio::test]
async fn a_consent_token_serves_no_other_form_nor_the_reverse() {
    let scene = Scene::new().await;
    let url = scene.app.ask().with("scope", "profile").url();
    let general = scene.owner.form_token("/account").await;
    let fields = [("decision", "allow"), ("csrf", &*general)];
    let reply = scene.owner.send(Call::post(&*url).form(&fields), &[]).await;
    assert_eq!(reply.code(), 403);
    let consent = scene.owner.get(&url).await.csrf().unwrap().to_owned();
    let fields = [("name", "Olga"), ("csrf", &*consent)];
    let call = Call::post("/account/profile").form(&fields);
    assert_eq!(scene.owner.send(call, &[]).await.code(), 403);
}

/// The token is in the body: a query cannot bring it.
#[tokio::test]
async fn a_decision_in_the_query_is_none() {
    let scene = Scene::new().await;
    let ask = scene.app.ask().with("scope", "profile");
    let ask = ask.with("decision", "allow");
    let reply = scene.owner.get(&ask.url()).await;
    assert_eq!(reply.code(), 200, "the user is asked");
    let row = routes().into_iter().find(|row| row.body == Body::Decision);
    assert!(scene.ask(&row.unwrap(), Caller::Nobody).await.code() == 403);
}
