//! A developer and her app: registered, edited, given a second secret, deleted.

use crate::{
    chromium::{Scripts, browse},
    person::Person,
    process::App,
    stage::{GRACE, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_registers_edits_and_deletes_an_app() {
    let stage = Stage::new();
    browse(Scripts::On, async |grace| {
        grace.allow_clipboard().await;
        stage.sign_in(grace, GRACE).await;
        let first = register(&stage, grace, Scripts::On).await;
        let copied = grace
            .long_script("navigator.clipboard.readText().then(arguments[0])", vec![])
            .await;
        assert_eq!(copied.as_str(), first.client_secret.as_deref());
        edit(grace).await;
        change_the_secret(&stage, grace, &first).await;
        delete(&stage, grace, Scripts::On).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_needs_no_script() {
    let stage = Stage::new();
    browse(Scripts::Off, async |grace| {
        stage.sign_in(grace, GRACE).await;
        let first = register(&stage, grace, Scripts::Off).await;
        edit(grace).await;
        change_the_secret(&stage, grace, &first).await;
        delete(&stage, grace, Scripts::Off).await;
    })
    .await;
}

async fn register(stage: &Stage, grace: &Person, scripts: Scripts) -> App {
    grace.press("Developer").await;
    grace.see("Register your first app").await;
    grace.press("New app").await;
    grace.fill("Name", "Clock").await;
    grace.fill("App URL", "https://clock.example/").await;
    grace.choose("Server app").await;
    grace.choose("Require PKCE").await;
    grace.fill("Redirect URLs", "http://clock.example/cb").await;
    let icon = stage.picture("icon.png", [138, 59, 18]);
    grace.attach("Icon", &icon).await;
    if scripts == Scripts::On {
        grace.wait_for("#icon-preview[src^='data:image/png']").await;
    }
    grace.press("Register app").await;

    grace.see("Nothing is saved yet").await;
    let beside = grace.text("#redirect_urls-error").await;
    assert!(beside.contains("https"), "{beside}");
    assert_eq!(grace.typed("Name").await, "Clock");
    assert_eq!(grace.typed("App URL").await, "https://clock.example/");
    assert_eq!(
        grace.typed("Redirect URLs").await,
        "http://clock.example/cb"
    );
    assert!(grace.shows("[name=kind][value=confidential]:checked").await);
    assert!(grace.shows("[name=require_pkce]:checked").await);

    // The picture is not chosen a second time.
    assert!(grace.shows("#icon-preview[src^='/images/']").await);
    grace
        .fill("Redirect URLs", "https://clock.example/cb")
        .await;
    grace.press("Register app").await;
    grace.see("The app was registered.").await;
    let app = App {
        client_id: grace.text("#client-id").await,
        client_secret: Some(grace.text("#fresh").await),
    };
    assert!(app.client_secret.as_deref().unwrap().starts_with("gr_cs_"));
    match scripts {
        Scripts::On => {
            grace.press("Copy the client secret").await;
            grace.see("Copied").await;
        }
        Scripts::Off => assert!(!grace.shows("button.copy").await),
    }
    app
}

async fn edit(grace: &Person) {
    grace.press("Settings").await;
    // The secret was shown for the first and the last time.
    grace.miss("The client secret").await;
    grace.fill("Name", "Wall clock").await;
    grace.press("Save").await;
    grace.see("The app was saved.").await;
    grace.see("Wall clock").await;
    assert!(!grace.shows("#fresh").await);
    assert!(grace.shows(".app-head img[src^='/images/']").await);
}

async fn change_the_secret(stage: &Stage, grace: &Person, first: &App) {
    grace.choose("7 days").await;
    grace.press("New secret").await;
    let second = App {
        client_secret: Some(grace.text("#fresh").await),
        ..first.clone()
    };
    grace.see("Two at a time is the limit").await;
    assert_eq!(works(stage, first).await, 200);
    assert_eq!(works(stage, &second).await, 200);

    // Which one may go is told by its last use.
    grace.press("Overview").await;
    grace.see("Stops working in 7 days").await;
    grace.miss("not used yet").await;
    let old = first.client_secret.as_deref().unwrap();
    grace.press_beside(&old[old.len() - 4..], "Remove").await;
    grace.see("The secret was removed.").await;
    assert_eq!(works(stage, first).await, 401);
    assert_eq!(works(stage, &second).await, 200);
}

/// What the server says to an app with this secret.
async fn works(stage: &Stage, app: &App) -> u16 {
    let secret = app.client_secret.as_deref().unwrap();
    let pairs = [
        ("client_id", app.client_id.as_str()),
        ("client_secret", secret),
        ("token", "unknown"),
    ];
    stage.post("/-/oauth_introspect", &pairs).await.status
}

async fn delete(stage: &Stage, grace: &Person, scripts: Scripts) {
    grace.press("Settings").await;
    grace.press("Delete this app…").await;
    grace.see("Delete this app?").await;
    grace.fill("To confirm", "Clock").await;
    match scripts {
        Scripts::On => assert!(grace.shows("button.danger:disabled").await),
        Scripts::Off => {
            grace.press("Delete this app").await;
            grace.see("This is not the app’s name.").await;
        }
    }
    grace.fill("To confirm", "Wall clock").await;
    grace.press("Delete this app").await;
    grace.see("Register your first app").await;
    grace.see("was deleted").await;
    assert_eq!(grace.url().await, stage.url("/apps?done=deleted"));
}
