//! Every page, in the states that people meet.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    person::Person,
    process::{App, PASSWORD},
    stage::{ADA, GRACE, Stage},
};

/// A platform with scopes of its own.
const PLATFORM: &str = r#"
[[scopes]]
name = "projects:read"
description = "See your projects and the tasks in them"

[[scopes]]
name = "projects:write"
description = "Create, change and delete your projects and tasks"
"#;
const REDIRECT: &str = "https://clock.example/cb";
/// What the browser says at the app, which is not there.
const GONE: &str = "This site can’t be reached";
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_visitor() {
    let stage = Stage::new();
    let app = stage.named_app("Clock", REDIRECT, &[]);
    browse(Scripts::On, async |person| {
        for (name, path) in [
            ("home", "/"),
            ("login", "/login"),
            ("login-ended", "/login?ended=1"),
            ("signup", "/signup"),
            ("error", "/no/such/page"),
            ("signed-out", "/-/logout"),
            ("docs", "/docs"),
        ] {
            person.open(&stage.url(path)).await;
            audit(person, name).await;
        }
        person.open(&stage.authorize(&app, REDIRECT, &[])).await;
        person.fill("Email address", ADA).await;
        person.fill("Password", "not my password").await;
        audit(person, "login-app").await;
        person.press_in("//main", "Sign in").await;
        person.see("do not belong together").await;
        audit(person, "login-wrong").await;

        person.open(&stage.url("/signup")).await;
        person.fill("Your name", "Ada").await;
        person.fill("Email address", ADA).await;
        person.fill("Password", PASSWORD).await;
        person.press("Create account").await;
        person.see("There is an account").await;
        audit(person, "signup-wrong").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_operator() {
    let stage = Stage::empty();
    let link = stage.set_up_link().await;
    browse(Scripts::On, async |person| {
        person.open(&link).await;
        audit(person, "setup").await;
        person.fill("Your name", "Olga").await;
        person.fill("Email address", "olga@example.org").await;
        person.fill("Password", PASSWORD).await;
        person.press("Create administrator").await;
        person.see("Overview").await;
        person.open(&link).await;
        audit(person, "setup-spent").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_consent() {
    let stage = Stage::with_config(PLATFORM);
    let web = stage.named_app("Clock", REDIRECT, &[]);
    let native = stage.named_app("Clock for the terminal", OUT_OF_BAND, &["--kind", "native"]);
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.open(&stage.authorize(&web, REDIRECT, &[])).await;
        audit(ada, "consent").await;
        let some = [("scope", "email projects:read")];
        ada.open(&stage.authorize(&web, REDIRECT, &some)).await;
        audit(ada, "consent-scopes").await;
        ada.press("Allow").await;
        ada.see(GONE).await;
        ada.open(&stage.authorize(&web, REDIRECT, &[("scope", "projects:write profile")]))
            .await;
        audit(ada, "consent-more").await;

        ada.open(&stage.authorize(&native, OUT_OF_BAND, &[])).await;
        audit(ada, "confirm-password").await;
        stage.confirm(ada).await;
        ada.see("Did somebody send you here?").await;
        audit(ada, "consent-out-of-band").await;
        ada.press("Allow").await;
        ada.see("No one may ask you").await;
        audit(ada, "out-of-band").await;
        ada.open(&stage.authorize(&native, OUT_OF_BAND, &[])).await;
        stage.confirm(ada).await;
        ada.press("Deny").await;
        ada.see("Nothing was shared").await;
        audit(ada, "out-of-band-denied").await;

        ada.open(&stage.url("/authorizations")).await;
        audit(ada, "authorizations").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_user() {
    let stage = Stage::with_config(PLATFORM);
    browse(Scripts::On, async |ada| {
        stage.sign_in(ada, ADA).await;
        for (name, path) in [
            ("overview", "/"),
            ("authorizations-none", "/authorizations"),
            ("tokens-none", "/tokens"),
            ("sign-out", "/-/logout"),
        ] {
            ada.open(&stage.url(path)).await;
            audit(ada, name).await;
        }
        tokens(&stage, ada).await;

        ada.forget_cookies().await;
        stage.sign_in(ada, ADA).await;
        ada.open(&stage.url("/account")).await;
        audit(ada, "account").await;
        ada.press("Security history").await;
        ada.see("newest first").await;
        audit(ada, "history").await;
        ada.open(&stage.url("/account/history?before=1")).await;
        audit(ada, "history-end").await;
        ada.open(&stage.url("/account")).await;
        ada.fill("Current password", "not my password").await;
        ada.fill("New password", "staple battery horse").await;
        ada.press("Change password").await;
        ada.see("This is not your current password.").await;
        audit(ada, "account-wrong").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_ways_to_sign_in() {
    let stage = Stage::at_a_name("");
    browse(Scripts::On, async |ada| {
        let device = ada.plug_in_a_device().await;
        ada.recognise(&device, false).await;
        ada.open(&stage.url("/login")).await;
        audit(ada, "login-passkey").await;
        stage.fill_login(ada, ADA).await;
        ada.see("Overview").await;
        ada.open(&stage.url("/account/factors")).await;
        audit(ada, "factors-none").await;
        ada.press("Set up an app…").await;
        ada.fill("Code", "000000").await;
        ada.press("Use this app").await;
        ada.see("This is not the code of this moment.").await;
        audit(ada, "factor-code").await;
        ada.open(&stage.url("/account/factors/passkey")).await;
        audit(ada, "factor-passkey").await;
        ada.recognise(&device, true).await;
        ada.press_in("//form", "Add a passkey").await;
        ada.see("Write these codes down").await;
        audit(ada, "recovery-codes").await;
        ada.press("I have them").await;
        audit(ada, "factors").await;
        ada.press("Sign out").await;
        ada.recognise(&device, false).await;
        ada.open(&stage.url("/login")).await;
        stage.fill_login(ada, ADA).await;
        ada.see("One more step").await;
        audit(ada, "login-second").await;
    })
    .await;
    let stage = Stage::at_a_name("factors = \"required\"");
    browse(Scripts::On, async |ada| {
        ada.open(&stage.url("/login")).await;
        stage.fill_login(ada, ADA).await;
        ada.see("Set up a second way to sign in").await;
        audit(ada, "login-set-up").await;
    })
    .await;
}

async fn tokens(stage: &Stage, ada: &Person) {
    ada.open(&stage.url("/tokens")).await;
    ada.fill("What is it for?", "Nightly export").await;
    ada.press("Make token").await;
    ada.see("Choose what the token may do.").await;
    audit(ada, "tokens-wrong").await;
    ada.choose("projects:read").await;
    ada.choose("email").await;
    ada.press("Make token").await;
    ada.see("Your new token").await;
    ada.fill("What is it for?", "Laptop").await;
    ada.choose("default").await;
    ada.press("Make token").await;
    ada.see("Your new token: Laptop").await;
    stage.me(&ada.text("#fresh").await).await;
    audit(ada, "tokens-fresh").await;
    ada.open(&stage.url("/tokens")).await;
    audit(ada, "tokens").await;
    ada.press("Deauthorize all…").await;
    ada.see("Deauthorize all your tokens?").await;
    audit(ada, "tokens-deauthorize").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_developer() {
    let stage = Stage::with_config(PLATFORM);
    browse(Scripts::On, async |grace| {
        stage.sign_in(grace, GRACE).await;
        grace.open(&stage.url("/apps")).await;
        audit(grace, "apps-none").await;
        let app = register(&stage, grace).await;
        connect(&stage, grace, &app).await;
        stage.named_app(
            "Weather on your desk",
            "http://127.0.0.1/cb",
            &["--kind", "native"],
        );
        for (name, path) in [("apps", "/apps"), ("inspect", "/apps/inspect")] {
            grace.open(&stage.url(path)).await;
            audit(grace, name).await;
        }
        let path = format!("/apps/{}", app.client_id);
        grace.open(&stage.url(&path)).await;
        audit(grace, "app").await;
        grace.press("Settings").await;
        grace.choose("implicit flow").await;
        grace.press("Save").await;
        grace.see("The app was saved.").await;
        audit(grace, "app-saved").await;
        refusals(&stage, grace, &app).await;
        suspended(&stage, grace, &app).await;
        delete(grace).await;
        inspect(&stage, grace).await;
    })
    .await;
}

async fn register(stage: &Stage, grace: &Person) -> App {
    grace.press("New app").await;
    audit(grace, "app-new").await;
    grace.fill("Name", "Clock").await;
    grace.fill("App URL", "https://clock.example/").await;
    grace.choose("Server app").await;
    grace.fill("Redirect URLs", "http://clock.example/cb").await;
    let broken = stage.home.path().join("notes.txt");
    std::fs::write(&broken, "no picture").unwrap();
    grace.attach("Icon", &broken).await;
    grace.press("Register app").await;
    grace.see("Nothing is saved yet").await;
    audit(grace, "app-new-wrong").await;
    grace.fill("Redirect URLs", REDIRECT).await;
    grace
        .attach("Icon", &stage.picture("icon.png", [138, 59, 18]))
        .await;
    grace.press("Register app").await;
    grace.see("The app was registered.").await;
    audit(grace, "app-registered").await;
    let app = App {
        client_id: grace.text("#client-id").await,
        client_secret: Some(grace.text("#fresh").await),
    };
    grace.press("New secret").await;
    grace.see("Two at a time").await;
    audit(grace, "app-two-secrets").await;
    app
}

/// Grace tries her own app, without PKCE.
async fn connect(stage: &Stage, grace: &Person, app: &App) {
    let ask = format!(
        "/-/oauth_authorize?client_id={}&redirect_uri={REDIRECT}&response_type=code&state=1",
        app.client_id
    );
    grace.open(&stage.url(&ask)).await;
    grace.see("Connect Clock").await;
    audit(grace, "consent-icon").await;
    grace.press("Allow").await;
    grace.see(GONE).await;
}

async fn refusals(stage: &Stage, grace: &Person, app: &App) {
    grace.press("Refused requests").await;
    grace.see("Nothing was refused").await;
    audit(grace, "requests-none").await;
    for redirect in [
        "https://clock.example/cb/",
        "https://clock.example/cb/",
        "https://clock.example/new",
        "https://elsewhere.example/cb",
    ] {
        grace.open(&stage.authorize(app, redirect, &[])).await;
        grace.see("Received").await;
    }
    stage.exchange(app, REDIRECT, "gr_ac_nonsense").await;
    grace
        .open(&stage.url(&format!("/apps/{}/requests", app.client_id)))
        .await;
    audit(grace, "requests").await;
}

/// By the operator, who has vouched for it before.
async fn suspended(stage: &Stage, grace: &Person, app: &App) {
    let id = app.client_id.as_str();
    stage.home.run(&["app", "verify", id], "");
    let reason = "It sends people mail that they did not ask for.";
    stage
        .home
        .run(&["app", "suspend", id, "--reason", reason], "");
    let path = stage.url(&format!("/apps/{id}"));
    grace.open(&path).await;
    // The server hears of it within a second.
    while !grace.shows(".notice.bad").await {
        grace.open(&path).await;
    }
    audit(grace, "app-suspended").await;
    for (name, path) in [
        ("apps-suspended", "/apps"),
        ("authorizations-suspended", "/authorizations"),
    ] {
        grace.open(&stage.url(path)).await;
        grace.see("Suspended").await;
        audit(grace, name).await;
    }
    stage.home.run(&["app", "resume", id], "");
    grace.open(&path).await;
}

async fn delete(grace: &Person) {
    grace.press("Settings").await;
    audit(grace, "app-edit").await;
    grace.press("Delete this app…").await;
    grace.see("Delete this app?").await;
    audit(grace, "app-delete").await;
    grace.fill("To confirm", "Cloc").await;
    grace.press_enter_in("To confirm").await;
}

async fn inspect(stage: &Stage, grace: &Person) {
    let arguments = ["token", "add", "--user", ADA, "--description", "Export"];
    let made = stage.home.run(&arguments, "");
    for (token, name) in [
        (made["token"].as_str().unwrap(), "active"),
        ("x", "inactive"),
    ] {
        grace.open(&stage.url("/apps/inspect")).await;
        grace.fill("Token", token).await;
        grace.press("Inspect").await;
        grace.see("Another token").await;
        audit(grace, &format!("inspect-{name}")).await;
    }
}
