//! Pages that a stranger writes on, or aims at.

use crate::support::{PASSWORD, Site};
use grantor_protocol::time::Millis;

const HOSTILE: &str = "<img src=x onerror=alert(1)>";

/// Whatever a developer calls her app and herself, it is text wherever it stands.
#[tokio::test]
async fn an_apps_name_is_text_wherever_it_stands() {
    let site = Site::open().await;
    let dora = site.user("dora").await.signed_in().await;
    dora.post("/account/profile", &[("name", HOSTILE)]).await;
    let clock = site.app("Clock").of(&dora).await;
    let clock = clock.edit(|form| form.name = HOSTILE.to_owned()).await;
    site.pass(Millis::seconds(1));
    let alice = site
        .user("alice")
        .await
        .with_password()
        .await
        .signed_in()
        .await;
    let ask = clock.ask();
    let visitor = site.visitor();
    let login = visitor.get(&ask.url()).await;
    let mut pages = vec![
        visitor.get(login.location()).await,
        alice.get(&ask.url()).await,
    ];
    alice.connect(&clock).await;
    pages.push(alice.get("/authorizations").await);
    for path in ["", "/edit", "/requests", "/delete"] {
        pages.push(dora.get(&format!("/apps/{}{path}", clock.id)).await);
    }
    pages.extend([dora.get("/apps").await, dora.get("/account").await]);
    for page in pages {
        assert_eq!(page.code(), 200);
        assert!(page.body.contains("onerror=alert(1)") && !page.body.contains("<img src=x"));
    }
}

/// A link with a fragment must not be able to aim the next key press at "Allow".
#[tokio::test]
async fn no_button_of_the_consent_page_can_be_aimed_at() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let clock = site.app("Clock").of(&dora).await;
    let alice = site.user("alice").await.signed_in().await;
    let page = alice.get(&clock.ask().url()).await;
    let tags = page.body.split('<').filter_map(|tag| tag.split_once('>'));
    for (tag, _) in tags {
        assert!(
            !tag.contains("autofocus") && !tag.contains("accesskey"),
            "{tag}"
        );
        let control = ["button", "form", "input"]
            .iter()
            .any(|it| tag.starts_with(it));
        assert!(!(control && tag.contains(" id=")), "{tag}");
    }
    // Nor does a press of Enter allow: the first button of the form denies.
    let (_, form) = page.body.split_once("class=\"choices\"").unwrap();
    let deny = form.find("value=\"deny\"").unwrap();
    assert!(deny < form.find("value=\"allow\"").unwrap());
}

/// The page that shows a code repeats nothing of the request but the app's own name.
#[tokio::test]
async fn an_out_of_band_page_repeats_nothing() {
    let site = Site::open().await;
    let dora = site.user("dora").await;
    let shown = "urn:ietf:wg:oauth:2.0:oob";
    let script = site.app("Script").native().redirect(shown).of(&dora).await;
    let alice = site.user("alice").await.with_password().await;
    let state = "</code><script>alert(1)</script>";
    let ask = script.ask().with("state", state);
    let login = alice.get(&ask.url()).await;
    let to = login.sent("return_to").unwrap();
    alice.log_in_to(&to, &alice.email, PASSWORD).await;
    let code = alice.post(&to, &[("decision", "allow")]).await;
    assert!(code.secret("gr_ac_").is_some());
    let refused = alice.get(&ask.clone().with("scope", HOSTILE).url()).await;
    assert!(refused.body.contains("invalid_scope"));
    for page in [code, refused] {
        assert_eq!(page.code(), 200);
        assert!(!page.body.contains("alert(1)"), "{}", page.body);
    }
    // A NUL never gets that far.
    let url = format!("{}&x=%00", ask.url());
    assert_eq!(alice.get(&url).await.code(), 400);
}
