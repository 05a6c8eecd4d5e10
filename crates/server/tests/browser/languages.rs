//! Every language: the main pages of a visitor, a user, a developer and an administrator, and
//! no sentence of English in another.

use crate::{
    admin::{OLGA, with_administrator},
    audit::glance,
    chromium::{Scripts, browse, browse_in},
    person::Person,
    stage::{ADA, Stage},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const REDIRECT: &str = "https://clock.example/cb";
/// What the browser says at the app, which is not there.
const GONE: &str = "This site can’t be reached";

/// Of a visitor.
const OUTSIDE: [(&str, &str); 5] = [
    ("home", "/"),
    ("login", "/login"),
    ("signup", "/signup"),
    ("docs", "/docs"),
    ("error", "/no/such/page"),
];
/// Of a user who builds apps and administers.
const INSIDE: [(&str, &str); 16] = [
    ("overview", "/"),
    ("authorizations", "/authorizations"),
    ("tokens", "/tokens"),
    ("account", "/account"),
    ("factors", "/account/factors"),
    ("sign-out", "/-/logout"),
    ("apps", "/apps"),
    ("app-new", "/apps/new"),
    ("admin-users", "/admin/users"),
    ("admin-apps", "/admin/apps"),
    ("admin-tokens", "/admin/tokens"),
    ("admin-keys", "/admin/keys"),
    ("admin-keys-retire", "/admin/keys/seal/retire"),
    ("admin-settings", "/admin/settings"),
    ("admin-audit", "/admin/audit"),
    ("admin-audit-wrong", "/admin/audit?user=x"),
];

/// The sentences of each page.
type Said = BTreeMap<String, Vec<String>>;

#[tokio::test(flavor = "multi_thread")]
async fn the_main_pages_in_every_language() {
    let stage = with_administrator();
    let inside = settle(&stage).await;
    let tour = async |language: &'static str| tour(&stage, &inside, language).await;
    let (english, german, french, spanish, arabic) =
        tokio::join!(tour("en"), tour("de"), tour("fr"), tour("es"), tour("ar"));
    let sentences = english.values().map(Vec::len).sum::<usize>();
    assert!(sentences > 100, "only {sentences} were found");
    let mut left = BTreeSet::new();
    for (page, sentences) in [german, french, spanish, arabic].into_iter().flatten() {
        let same = sentences
            .into_iter()
            .filter(|it| english[&page].contains(it));
        left.extend(same.map(|it| (page.clone(), it)));
    }
    assert!(left.is_empty(), "English in other languages: {left:#?}");
}

/// Olga has an app, a token and a grant; the names and addresses of all her pages.
async fn settle(stage: &Stage) -> Vec<(String, String)> {
    let app = stage.home.add_app(OLGA, REDIRECT, &[]);
    let token = ["token", "add", "--user", OLGA, "--description", "Export"];
    stage.home.run(&token, "");
    browse(Scripts::On, async |olga| {
        stage.sign_in(olga, OLGA).await;
        olga.open(&stage.authorize(&app, REDIRECT, &[])).await;
        olga.press("Allow").await;
        olga.see(GONE).await;
    })
    .await;
    let id = &app.client_id;
    let ada = stage.home.run(&["user", "find", ADA], "");
    let ada = ada[0]["gid"].as_str().expect("a gid");
    let found = [
        ("app", format!("/apps/{id}")),
        ("app-edit", format!("/apps/{id}/edit")),
        ("app-openid", format!("/apps/{id}/openid")),
        ("app-requests", format!("/apps/{id}/requests")),
        ("app-delete", format!("/apps/{id}/delete")),
        ("admin-app", format!("/admin/apps/{id}")),
        ("admin-user", format!("/admin/users/{ada}")),
    ];
    let mut pages: Vec<_> = INSIDE
        .map(|(name, path)| (name.to_owned(), stage.url(path)))
        .into();
    pages.extend(found.map(|(name, path)| (name.to_owned(), stage.url(&path))));
    let more = [("scope", "default email profile")];
    pages.push(("consent".to_owned(), stage.authorize(&app, REDIRECT, &more)));
    pages
}

async fn tour(stage: &Stage, inside: &[(String, String)], language: &str) -> Said {
    let mut said = Said::new();
    browse_in(language, async |olga| {
        for (name, path) in OUTSIDE {
            olga.open(&stage.url(path)).await;
            said.insert(name.to_owned(), look(olga, language, name).await);
        }
        // By the words that stand there in English.
        olga.open(&stage.url("/login?ui_locales=en")).await;
        stage.fill_login(olga, OLGA).await;
        olga.wait_for(".cards").await;
        for (name, url) in inside {
            olga.open(url).await;
            said.insert(name.clone(), look(olga, language, name).await);
        }
    })
    .await;
    said
}

/// Looks at the page in view; its sentences, without what people and machines call things.
async fn look(person: &Person, language: &str, name: &str) -> Vec<String> {
    const SENTENCES: &str = "const names = 'code, pre, bdi, time, [translate=no]';
        const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
        const said = [...document.querySelectorAll('[aria-label]')].map(it => it.ariaLabel);
        while (texts.nextNode())
            if (!texts.currentNode.parentElement.closest(names)) said.push(texts.currentNode.data);
        return [document.documentElement.lang,
            ...said.map(it => it.trim()).filter(it => it.split(/\\s+/).length > 2)]";
    // The gallery looks at the English pages.
    if language != "en" {
        glance(person, &format!("{language}-{name}")).await;
    }
    let found = person.script(SENTENCES, vec![]).await;
    let found = found.as_array().expect("a list").iter();
    let mut found = found.filter_map(Value::as_str);
    assert_eq!(found.next(), Some(language), "{name}");
    found.map(str::to_owned).collect()
}
