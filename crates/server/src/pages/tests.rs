//! Renders every sample of every page, looks for what a hostile name could have
//! broken, and leaves the pages in `target/pages` to be looked at.

use std::path::PathBuf;

use crate::language::Language;
use askama::Template;

use super::*;

mod words;

/// What somebody would call an app, a token or themselves to break a page.
pub const HOSTILE: &str = "<script>alert('x')</script>\"'><b onload=\"x\">&amp; {{ x }}";

/// A picture that needs no server.
pub const ICON: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGPg4OAQEhJiWLBgwX///gUAG8oFGb2d2bgAAAAASUVORK5CYII=";

fn rendered() -> Vec<(&'static str, String)> {
    let mut pages = Vec::new();
    macro_rules! render {
        ($($page:ty),* $(,)?) => {$(
            for (name, page) in <$page>::samples() {
                pages.push((name, page.render().expect(name)));
            }
        )*};
    }
    render!(
        login::Login,
        login::second::Second,
        login::second::SetUpFactor,
        factors::Factors,
        factors::code::FactorCode,
        factors::passkey::FactorPasskey,
        factors::recovery::RecoveryCodes,
        consent::Consent,
        out_of_band::OutOfBand,
        error::ErrorPage,
        form_post::FormPost,
        logout::LogOut,
        logout::SignedOut,
        home::Home,
        signup::SignUp,
        join::Join,
        forgot::Forgot,
        new_password::NewPassword,
        elsewhere::connect::Connect,
        elsewhere::sign_up::SignUpElsewhere,
        confirm::Confirm,
        docs::Docs,
        tokens::Tokens,
        authorizations::Authorizations,
        account::Account,
        address::Address,
        address::ConfirmAddress,
        details::Details,
        history::History,
        apps::Apps,
        app_form::AppForm,
        app_openid::AppOpenid,
        app::App,
        app_requests::AppRequests,
        inspect::Inspect,
        admin::users::AdminUsers,
        admin::user::AdminUser,
        admin::apps::AdminApps,
        admin::app::AdminApp,
        admin::tokens::AdminTokens,
        admin::keys::AdminKeys,
        admin::settings::AdminSettings,
        admin::audit::AdminAudit,
    );
    pages
}

fn rendered_in(language: Language) -> Vec<(&'static str, String)> {
    frame::SPOKEN.set(language);
    let pages = rendered();
    frame::SPOKEN.set(Language::English);
    pages
}

fn in_every_language() -> impl Iterator<Item = (Language, &'static str, String)> {
    Language::ALL.into_iter().flat_map(|language| {
        let pages = rendered_in(language).into_iter();
        pages.map(move |(name, html)| (language, name, html))
    })
}

/// The tags of a page, without what stands between them. No value holds a bare
/// `<` or `>`, or the next test has found it.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag))
}

/// A tag's names alone: what stands in quotes is taken out.
fn names(tag: &str) -> String {
    tag.split('"').step_by(2).collect::<Vec<_>>().join("")
}

#[test]
fn every_page_renders_and_no_name_breaks_out() {
    for (language, name, html) in in_every_language() {
        let name = format!("{name} ({})", language.tag());
        for bad in [
            "<b onload",
            "<b>",
            "<img src=x",
            "alert('x')<",
            "onload=\"x\"",
            "<script>",
        ] {
            assert!(!html.contains(bad), "{name}: {bad} came through\n{html}");
        }
        for tag in tags(&html) {
            assert_eq!(tag.matches('"').count() % 2, 0, "{name}: <{tag}>");
            for attribute in names(tag).split_whitespace().skip(1) {
                let inline = attribute.starts_with("on") || attribute == "style=";
                assert!(!inline && attribute != "autofocus", "{name}: <{tag}>");
            }
            if tag.starts_with("script") {
                // The pages that send the browser on have one for old browsers, too.
                let ours = [
                    "script type=\"module\" src=\"/assets/",
                    "script src=\"/assets/",
                ];
                assert!(ours.iter().any(|it| tag.starts_with(it)), "{name}: <{tag}>");
            }
            if tag.starts_with("style") {
                panic!("{name}: <{tag}>: the policy allows no inline style");
            }
        }
    }
}

#[test]
fn every_form_of_ours_posts_its_token_and_no_other_does() {
    for (name, html) in rendered() {
        for form in html.split("<form").skip(1) {
            let (form, _) = form.split_once("</form>").expect("a form's end");
            // A question goes into the address, where no token may.
            if form.contains("role=\"search\"") {
                assert!(
                    form.contains("method=\"get\"") && !form.contains("csrf"),
                    "{name}: <form{form}"
                );
                continue;
            }
            assert!(form.contains("method=\"post\""), "{name}: <form{form}");
            let token =
                form.contains("<input type=\"hidden\" name=\"csrf\" value=\"c5rf-sample\">");
            // An app's answer goes to the app, which must not learn the token.
            assert_eq!(token, !name.starts_with("form-post"), "{name}: <form{form}");
        }
    }
}

#[test]
fn login_and_consent_need_no_script() {
    for (name, html) in rendered() {
        if name.starts_with("login") || name.starts_with("consent") {
            // A passkey is asked for by a script, and by no other means.
            let scripts = html.matches("<script").count();
            let passkeys = html.matches("/passkey.js\"></script>").count();
            assert_eq!(scripts, passkeys, "{name}");
            assert!(passkeys == 0 || name.starts_with("login"), "{name}");
        }
    }
}

#[test]
fn automation_finds_its_names() {
    let page = |wanted: &str| {
        let (_, html) = rendered()
            .into_iter()
            .find(|(name, _)| *name == wanted)
            .expect(wanted);
        html
    };
    let login = page("login");
    for part in [
        "name=\"email\"",
        "name=\"password\"",
        "name=\"action\" value=\"login\"",
        "name=\"return_to\"",
    ] {
        assert!(login.contains(part), "{part}");
    }
    let consent = page("consent");
    for part in [
        "name=\"decision\" value=\"allow\"",
        "name=\"decision\" value=\"deny\"",
    ] {
        assert!(consent.contains(part), "{part}");
    }
    assert!(page("out-of-band").contains("id=\"code\""));
}

/// A name keeps its own direction, wherever it stands.
#[test]
fn foreign_names_are_isolated() {
    let (_, html) = rendered()
        .into_iter()
        .find(|(name, _)| *name == "consent-rtl")
        .unwrap();
    for name in ["ساعة الحائط", "عمر الخيام"] {
        let before: Vec<_> = html.split(name).collect();
        assert!(before.len() > 2, "{name} is nowhere");
        for text in &before[..before.len() - 1] {
            assert!(
                text.ends_with("<bdi>") || text.ends_with('\u{2068}'),
                "{text}{name}"
            );
        }
    }
}

/// Neither answer is the one we would rather have, and no address can aim at one.
#[test]
fn both_answers_look_alike() {
    for (name, html) in rendered()
        .into_iter()
        .filter(|(name, _)| name.starts_with("consent"))
    {
        for value in ["allow", "deny"] {
            let tag = format!(
                "<button class=\"choice\" type=\"submit\" name=\"decision\" value=\"{value}\">"
            );
            assert!(html.contains(&tag), "{name}: {tag}");
        }
    }
}

/// The code of an out-of-band page is in its text once, and in no title.
#[test]
fn a_code_is_shown_once() {
    let (_, html) = rendered()
        .into_iter()
        .find(|(name, _)| *name == "out-of-band")
        .unwrap();
    assert_eq!(html.matches("gr_ac_").count(), 1);
    let (head, _) = html.split_once("</head>").unwrap();
    assert!(!head.contains("gr_ac_"));
}

/// Lays the pages and the assets out as files, so that a plain file server can
/// show them. A page that is gone must not linger from an earlier run.
#[test]
fn pages_are_left_to_be_looked_at() {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    let folder = target.join("pages");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (language, name, html) in in_every_language() {
        let folder = folder.join(language.tag());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
    for (url, bytes) in crate::assets::all() {
        let path = folder.join(url.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
