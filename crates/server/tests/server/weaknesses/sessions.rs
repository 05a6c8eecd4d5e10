//! Sessions that end, or change hands, at the wrong moment.

use crate::{
    routes::{access::Scene, setup_link},
    support::{
        Asked, Authenticator, Browser, Call, Device, PASSWORD, Person, Reply, STALE, Site, encoded,
        hidden, join_all,
    },
};
use grantor::routes::{AUTHORIZE, Access, Body, Route, routes};
use grantor_protocol::time::Millis;
use grantor_store::audit::Actor;
use std::{
    cell::Cell,
    sync::{Arc, Mutex},
};

fn with_cookies(browser: &Browser, call: Call) -> Call {
    call.header("cookie", browser.cookie_header().unwrap())
}

/// The rows that take a session's word, each with what its owner sends.
async fn forms(scene: &Scene, route: &Route) -> Option<Call> {
    let by_session = matches!(route.access, Access::SignedIn | Access::Recent);
    if route.method != "POST" || !(by_session || route.path == AUTHORIZE) {
        return None;
    }
    let token = scene.owner.form_token(&scene.case(route).0).await;
    let mut call = scene.call(route, &token);
    if route.path == AUTHORIZE {
        let fields = [("decision", "allow"), ("csrf", &*token)];
        call.body = encoded(&fields).into_bytes();
    }
    Some(with_cookies(&scene.owner, call))
}

/// What counts is what holds when the form has arrived.
#[tokio::test]
async fn a_session_that_ends_while_its_form_arrives_does_nothing() {
    for route in routes() {
        let scene = Scene::new().await;
        let Some(call) = forms(&scene, &route).await else {
            continue;
        };
        let left = Arc::new(Mutex::new(String::new()));
        let (site, owner, seen) = (scene.site.clone(), scene.owner.id, left.clone());
        let end = async move {
            let now = site.world.now();
            let event = site
                .app
                .event("session.ended_others", now, Actor::default());
            let store = &site.app.store;
            store.end_other_sessions(0, owner, event).await.unwrap();
            *seen.lock().unwrap() = site.contents();
        };
        let reply = scene.site.send_slowly(call, end).await;
        let refused = reply.brief().starts_with("303 ") || reply.code() == 403;
        assert!(refused, "{}: {}", route.path, reply.brief());
        let now = scene.site.contents();
        assert_eq!(*left.lock().unwrap(), now, "{}", route.path);
    }
}

/// A password that was typed long enough ago is no proof for what arrives only now.
#[tokio::test]
async fn a_proof_that_grows_old_while_the_form_arrives_is_none() {
    let scene = Scene::new().await;
    let rows = routes();
    let tokens = |row: &&Route| (row.method, row.path) == ("POST", "/tokens");
    let route = rows.iter().find(tokens).unwrap();
    let call = forms(&scene, route).await.unwrap();
    let site = scene.site.clone();
    let wait = async move { site.pass(STALE) };
    let reply = scene.site.send_slowly(call, wait).await;
    assert_eq!(reply.brief(), "303 confirm");
}

#[tokio::test]
async fn a_code_that_expires_while_its_exchange_arrives_buys_nothing() {
    let scene = Scene::new().await;
    let (owner, clock) = (&scene.owner, &scene.app);
    let code = owner.decide(&clock.ask(), "allow").await.sent("code");
    let code = code.unwrap();
    let credentials = clock.credentials();
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", &*clock.redirect),
    ];
    fields.extend(credentials.iter().map(|(name, it)| (&**name, &**it)));
    let call = Call::post("/-/oauth_token").form(&fields);
    let site = scene.site.clone();
    let wait = async move { site.pass(Millis::seconds(61)) };
    let reply = scene.site.send_slowly(call, wait).await;
    assert_eq!(
        (reply.code(), &*reply.member("error")),
        (400, "invalid_grant")
    );
}

/// A megabyte is kept for whoever is signed in, and for nobody else.
#[tokio::test]
async fn a_strangers_upload_is_not_read() {
    let scene = Scene::new().await;
    for route in routes() {
        if route.body != Body::OwnUpload {
            continue;
        }
        let call = scene.call(&route, "x");
        let read = async { panic!("it was read") };
        let reply = scene.site.send_slowly(call, read).await;
        assert_eq!(reply.brief(), "303 login", "{}", route.path);
    }
}

/// All but sessions and counters.
fn substance(site: &Site) -> Vec<String> {
    let contents = site.contents();
    let rest = contents
        .lines()
        .filter(|row| !row.starts_with("sessions ") && !row.starts_with("throttles "));
    rest.map(str::to_owned).collect()
}

/// Sends a request whose session ends after the server has looked at it, and before it
/// writes: another process holds the database meanwhile.
async fn send_while_the_session_ends(site: &Site, user: i64, call: Call) -> Reply {
    let other = rusqlite::Connection::open(site.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let counts = || site.app.store.write_counts().batches;
    let (before, answered) = (counts(), Cell::new(false));
    let request = async {
        let reply = site.send(call).await;
        answered.set(true);
        reply
    };
    let end = async {
        while counts() == before && !answered.get() {
            tokio::task::yield_now().await;
        }
        let end = "UPDATE sessions SET ended_at = 1 WHERE user_id = ?1";
        other.execute(end, [user]).unwrap();
        other.execute_batch("COMMIT").unwrap();
    };
    tokio::join!(request, end).0
}

/// Every form of a signed-in user: none wins against the end of its session.
#[tokio::test]
async fn a_session_that_ends_before_the_write_writes_nothing() {
    // It writes nothing in any case; and these need more than a form, see below.
    const OTHERS: [&str; 4] = [
        "/apps/inspect",
        "/account/password",
        "/account/factors/code",
        "/account/factors/passkey",
    ];
    for route in routes() {
        let scene = Scene::new().await;
        let Some(call) = forms(&scene, &route).await else {
            continue;
        };
        if OTHERS.contains(&route.path) {
            continue;
        }
        let (site, url) = (&scene.site, call.target.clone());
        let before = substance(site);
        let reply = send_while_the_session_ends(site, scene.owner.id, call).await;
        match route.path {
            // Evaluated afresh, which leads to the login.
            AUTHORIZE => assert_eq!(reply.location(), url),
            path => assert!(
                reply.location().ends_with("&ended=1"),
                "{path}: {}",
                reply.brief()
            ),
        }
        assert_eq!(substance(site), before, "{}", route.path);
    }
}

#[tokio::test]
async fn a_remembered_approval_gives_an_ended_session_no_code() {
    let scene = Scene::new().await;
    let (site, owner) = (&scene.site, &scene.owner);
    let url = scene.app.ask().url();
    site.pass(Millis::seconds(1));
    owner.allow(&scene.app).await;
    owner
        .get(&url)
        .await
        .sent("code")
        .expect("it is remembered");
    let before = substance(site);
    let call = with_cookies(owner, Call::get(url.as_str()));
    let reply = send_while_the_session_ends(site, owner.id, call).await;
    assert_eq!(reply.brief(), "303 login");
    assert_eq!(owner.get(&url).await.brief(), "303 login");
    assert_eq!(substance(site), before);
}

const NEW: &str = "an even better one";

async fn alice(site: &Site) -> Person {
    let alice = site.user("alice").await.with_password().await;
    alice.signed_in().await
}

#[tokio::test]
async fn an_ended_session_sets_up_no_factor() {
    for path in ["/account/factors/code", "/account/factors/passkey"] {
        let site = Site::open().await;
        let alice = alice(&site).await;
        let page = alice.get(path).await;
        let token = page.csrf().unwrap();
        let call = match path.ends_with("code") {
            true => {
                let code = Authenticator::scan(&page).code(&alice);
                let setup = hidden(&page, "setup");
                let fields = [("code", &*code), ("setup", &*setup), ("csrf", token)];
                Call::post(path).form(&fields)
            }
            false => {
                let asked = Asked::of(&page);
                let credential = Device::new().create(&asked);
                let fields = [
                    ("state", &*asked.state),
                    ("credential", &*credential),
                    ("csrf", token),
                ];
                Call::post(path).form(&fields)
            }
        };
        let (call, before) = (with_cookies(&alice, call), substance(&site));
        let reply = send_while_the_session_ends(&site, alice.id, call).await;
        assert!(reply.location().ends_with("&ended=1"), "{}", reply.brief());
        assert_eq!(substance(&site), before);
    }
}

#[tokio::test]
async fn an_ended_session_sets_no_password() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let token = alice.form_token("/account/password").await;
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", NEW),
        ("csrf", &token),
    ];
    let call = with_cookies(&alice, Call::post("/account/password").form(&fields));
    let before = substance(&site);
    let reply = send_while_the_session_ends(&site, alice.id, call).await;
    assert_eq!(
        reply.location(),
        "/login?return_to=%2Faccount&confirm=1&ended=1"
    );
    assert_eq!(substance(&site), before);
    // She is told, also where another session is there by now.
    let page = alice.get(reply.location()).await;
    assert!(page.notice().contains("nothing was changed"));
    let again = alice.signed_in().await;
    let page = again.get(reply.location()).await;
    assert!(page.notice().contains("nothing was changed"));
}

/// Both prove the password of before. One of them sets the next one, the other is told.
#[tokio::test]
async fn of_parallel_changes_of_one_password_one_holds() {
    let site = Site::open().await;
    let alice = alice(&site).await;
    let phone = alice.elsewhere();
    alice.sign_in_at(&phone).await;
    for browser in [&*alice, &phone] {
        browser.form_token("/account/password").await;
    }
    let changes = [(&*alice, "the first of two"), (&phone, "the second of two")];
    let replies = join_all(changes.iter().map(async |(browser, new)| {
        let fields = [("current_password", PASSWORD), ("new_password", *new)];
        browser.post("/account/password", &fields).await
    }))
    .await;
    let won = |reply: &&Reply| reply.location() == "/account?done=password";
    assert_eq!(replies.iter().filter(won).count(), 1);
    assert!(replies.iter().any(|it| it.location().ends_with("&ended=1")));
    let winner = replies.iter().position(|it| won(&it)).unwrap();
    for (number, (_, new)) in changes.iter().enumerate() {
        let login = alice.elsewhere().log_in(&alice.email, new).await;
        assert_eq!(login.code() == 303, number == winner);
    }
}

/// Whoever holds the cookie of before holds nothing after.
#[tokio::test]
async fn every_change_of_privilege_rotates_the_session() {
    let site = Site::open().await;
    let link = setup_link(&site).await;
    for what in ["login", "step-up", "sign-up", "set-up", "password"] {
        let person = site.user(&what.replace('-', "")).await;
        let person = person.with_password().await.signed_in().await;
        let thief = person.elsewhere();
        let name = site.app.cookies().session_name();
        thief.take_cookie(&format!("{name}={}", person.session_cookie().unwrap()));
        assert!(thief.is_signed_in().await);
        let email = format!("{what}@example.com");
        let account = [("name", "A"), ("email", &*email), ("password", PASSWORD)];
        let mut set_up = account.to_vec();
        set_up.push(("token", &*link));
        let password = [("current_password", PASSWORD), ("new_password", NEW)];
        let reply = match what {
            "login" => person.log_in(&person.email, PASSWORD).await,
            "step-up" => {
                person.get("/login?return_to=/tokens&confirm=1").await;
                person.log_in_to("/tokens", &person.email, PASSWORD).await
            }
            "sign-up" => person.post("/signup", &account).await,
            "set-up" => person.post("/setup", &set_up).await,
            _ => person.post("/account/password", &password).await,
        };
        assert_eq!(reply.code(), 303, "{what}");
        assert!(person.is_signed_in().await, "{what}");
        assert_ne!(person.session_cookie(), thief.session_cookie(), "{what}");
        assert!(!thief.is_signed_in().await, "{what}");
    }
}
