//! What a mail says: one table from what happened to words.

use super::links;
use crate::{app::App, cli::COMMAND_LINE, language::Language, pages::format::date_time, sign_in};
use askama::Template;
use grantor_protocol::form::encode;
use grantor_store::{Result, audit::Remembered, mails::Mail, user_links::Purpose};

/// A mail in words, in two forms.
#[derive(Clone, Debug)]
pub struct Letter {
    pub brand: String,
    /// Where the service is.
    pub home: String,
    pub subject: String,
    pub lead: String,
    /// What there is to know of it: a name and a value.
    pub facts: Vec<(&'static str, String)>,
    pub button: &'static str,
    pub url: String,
    pub close: String,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    letter: &'a Letter,
}

/// How something is told.
struct Words {
    kind: &'static str,
    subject: &'static str,
    lead: &'static str,
    /// What the event's detail is, if it is for the user.
    detail: Option<&'static str>,
    button: &'static str,
    path: &'static str,
    close: &'static str,
}

const HISTORY: (&str, &str) = ("Look at your security history", "/account/history");
const APPS: (&str, &str) = ("See the apps that you allowed", "/authorizations");
const TOKENS: (&str, &str) = ("See your tokens", "/tokens");
const ACCOUNT: (&str, &str) = ("Look at your account", "/account");
const HERS: &str = "If this was you, there is nothing to do. If it was not, change your password now and end all other sessions.";

const fn told(
    kind: &'static str,
    [subject, lead]: [&'static str; 2],
    detail: Option<&'static str>,
    (button, path): (&'static str, &'static str),
    close: &'static str,
) -> Words {
    Words {
        kind,
        subject,
        lead,
        detail,
        button,
        path,
        close,
    }
}

/// Of events. Those with links stand below.
#[rustfmt::skip]
const WORDS: [Words; 20] = [
    told("account.disabled", ["Your account was disabled",
        "Nobody can sign in to your account any more, and apps that you connected have no access."],
        None, ("Go to the service", "/"), "If you do not know why, ask the operator of the service."),
    told("account.enabled", ["Your account was enabled again",
        "You can sign in to your account again."],
        None, ACCOUNT, "Sessions from before do not come back."),
    told("address.restored", ["Your email address was put back",
        "The change of your email address was undone, a new password was set, and all sessions were ended."],
        Some("Address"), HISTORY, "Look at your security history, your apps and your tokens: end what you do not know."),
    told("consent.granted", ["A new app is connected to your account",
        "You allowed an app to act for you."],
        Some("It may"), APPS, "If this was not you, end its access and change your password."),
    told("factors.reset", ["Your second factors were removed",
        "The second factors of your account were removed, and all sessions were ended."],
        None, ACCOUNT, "If you did not ask for that, write to the operator of the service."),
    told("family.replayed", ["An app’s access was ended for your safety",
        "A code or token of an app was used twice and may have been stolen. What hung from it was ended."],
        None, APPS, "You can connect the app again if you still want it. Its developer should look into this."),
    told("identity.added", ["Another way to sign in was added",
        "An account of yours at another service was connected: from now on it signs you in here, too."],
        Some("Account"), ACCOUNT, HERS),
    told("identity.removed", ["A way to sign in was removed",
        "An account at another service was disconnected: it does not sign you in here any more."],
        Some("Account"), ACCOUNT, HERS),
    told("passkey.added", ["A passkey was added to your account",
        "From now on this passkey signs in to your account."],
        Some("Passkey"), ACCOUNT, HERS),
    told("passkey.removed", ["A passkey was removed from your account",
        "This passkey does not sign in to your account any more."],
        Some("Passkey"), ACCOUNT, HERS),
    told("password.changed", ["Your password was changed",
        "The password of your account was changed, and all other sessions were ended."],
        None, HISTORY, "If this was you, there is nothing to do. If it was not, set a new password by “Forgot your password?” on the login page now."),
    told("password.reset", ["A new password was set",
        "A new password was set for your account by a link that was mailed to you, and all sessions were ended."],
        None, HISTORY, "If this was not you, somebody else reads your mail: secure your mailbox first, then set a new password."),
    told("recovery_code.used", ["A recovery code was used",
        "Somebody signed in to your account with a recovery code. Each works once."],
        None, ACCOUNT, HERS),
    told("recovery_codes.made", ["New recovery codes were made",
        "New recovery codes were made for your account; older ones do not work any more."],
        None, ACCOUNT, HERS),
    told("role.given", ["You were given a role in the administration",
        "Your account has a role in the administration of the service from now on, and you were signed out everywhere."],
        Some("Role"), ACCOUNT, "If you did not expect that, write to the operator of the service."),
    told("session.started", ["New sign-in to your account",
        "Somebody signed in to your account from a network or a browser that was not seen before."],
        Some("Browser"), HISTORY, HERS),
    told("token.created", ["A personal access token was made",
        "A personal access token was made for your account. Whoever has it can act for you, as far as its scopes go."],
        Some("Token"), TOKENS, "If this was not you, deauthorize the token and change your password."),
    told("token.expiring", ["A personal access token expires soon",
        "A personal access token of yours works for seven more days at most."],
        Some("Token"), TOKENS, "If a script still needs it, make a new one and put it in its place."),
    told("totp.added", ["Codes of an app are asked for at sign-in",
        "A second factor was added to your account: a code that an app on your device shows."],
        None, ACCOUNT, HERS),
    told("totp.removed", ["A second factor was removed",
        "Codes of an app are not asked for any more when you sign in."],
        None, ACCOUNT, HERS),
];

const FINISH: &str = "/signup/finish";

/// To whoever asked for an account, without one and with one.
#[rustfmt::skip]
const SIGN_UPS: [Words; 2] = [
    told("sign_up", ["Create your account",
        "Somebody wants to have an account here with this address. If it is you, go on."],
        None, ("Create your account", FINISH), "The link works for a day. If it was not you, ignore this mail: no account is made."),
    told("sign_up.known", ["You have an account already",
        "Somebody wanted to make an account here with this address, which has one."],
        None, ("Sign in", "/login"), "Forgot the password? The login page mails you a link. If it was not you, ignore this mail: nothing was changed."),
];

/// Of mails with a link, whose path it is.
fn of_link(purpose: Purpose) -> Words {
    let (kind, path) = (purpose.as_str(), "");
    let [subject, lead, button, close] = match purpose {
        Purpose::Verify => [
            "Verify your email address",
            "Somebody has an account here with this address. If it is you, verify that the address is yours.",
            "Verify this address",
            "The link works once, for a day. If it was not you, ignore this mail: the address stays unverified.",
        ],
        Purpose::Change => [
            "Confirm your new email address",
            "Somebody wants to use this address for an account here. If it is you, confirm it.",
            "Use this address",
            "The link works once, for a day. If it was not you, ignore this mail: nothing is changed.",
        ],
        Purpose::Reset => [
            "Set a new password",
            "Somebody asked for a link to set a new password for your account.",
            "Set a new password",
            "The link works once, for an hour, and all sessions end with it. If it was not you, ignore this mail: your password stays as it is.",
        ],
        Purpose::Restore => [
            "Your email address was changed",
            "Your account has another email address from now on, and mails go there.",
            "This was not me: undo it",
            "If this was you, there is nothing to do. If it was not, the link brings this address back, asks you for a new password, and ends all sessions and what was connected since. It works once, for seven days.",
        ],
    };
    Words {
        kind,
        subject,
        lead,
        detail: None,
        button,
        path,
        close,
    }
}

impl Letter {
    /// `None`: what the mail tells of is not known any more, or not by this version.
    pub async fn of(app: &App, mail: &Mail) -> Result<Option<Self>> {
        let event = match mail.event {
            Some(id) => match app.store.remembered(id).await? {
                Some(event) => Some(event),
                None => return Ok(None),
            },
            None => None,
        };
        let purpose = Purpose::parse(&mail.kind);
        let mut all = WORDS.into_iter().chain(SIGN_UPS);
        let words = match purpose {
            Some(purpose) => Some(of_link(purpose)),
            None => all.find(|words| words.kind == mail.kind),
        };
        let (Some(words), secret) = (words, secret(app, mail)) else {
            return Ok(None);
        };
        let path = match (purpose, secret) {
            (Some(purpose), Some(secret)) => links::path(purpose, &secret),
            (Some(_), None) => return Ok(None),
            (None, Some(secret)) if words.path == FINISH => {
                format!("{FINISH}?{}", encode([("token", secret.as_str())]))
            }
            (None, _) => words.path.to_owned(),
        };
        let facts = match event {
            Some(event) => facts(app, mail, &words, event).await?,
            None => Vec::new(),
        };
        let home = app.config.service.public_url.origin();
        Ok(Some(Self {
            brand: app.config.service.brand.as_str().to_owned(),
            home: home.to_owned(),
            subject: words.subject.to_owned(),
            lead: words.lead.to_owned(),
            facts,
            button: words.button,
            url: format!("{home}{path}"),
            close: words.close.to_owned(),
        }))
    }

    pub fn text(&self) -> askama::Result<String> {
        Text { letter: self }.render()
    }

    pub fn html(&self) -> askama::Result<String> {
        Html { letter: self }.render()
    }
}

fn secret(app: &App, mail: &Mail) -> Option<String> {
    links::open(app, mail.id, mail.link.as_deref()?)
}

async fn facts(
    app: &App,
    mail: &Mail,
    words: &Words,
    event: Remembered,
) -> Result<Vec<(&'static str, String)>> {
    let mut facts = vec![("When", date_time(event.at, Language::English))];
    let by_another = event.actor.is_some_and(|actor| actor != mail.user);
    match event.address {
        Some(address) if address == COMMAND_LINE => {
            facts.push(("By", "The operator of the service".into()));
        }
        _ if by_another => facts.push(("By", "The operator of the service".into())),
        Some(address) => facts.push(("From the address", address)),
        None => {}
    }
    if let Some(id) = event.app
        && let Some(app) = app.store.app(id).await?
    {
        facts.push(("App", app.name.clone()));
    }
    let detail = match event.kind.as_str() {
        "consent.granted" => {
            let sentences = event
                .detail
                .split(' ')
                .map(|scope| app.scope_sentence(scope, Language::English));
            sentences.collect::<Vec<_>>().join(" · ")
        }
        "session.started" => sign_in::told(&event.detail).1.to_owned(),
        _ => event.detail,
    };
    if let Some(name) = words.detail.filter(|_| !detail.is_empty()) {
        facts.push((name, detail));
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use grantor_store::mails::TOLD;

    const HOSTILE: &str = "<script>alert('x')</script>\"><img src=https://evil.example/x>";

    fn letters() -> Vec<Letter> {
        let purposes = [
            Purpose::Verify,
            Purpose::Change,
            Purpose::Reset,
            Purpose::Restore,
        ];
        let all = WORDS.into_iter().chain(SIGN_UPS);
        let all = all.chain(purposes.map(of_link));
        let letter = |words: Words| Letter {
            brand: HOSTILE.into(),
            home: "https://auth.example".into(),
            subject: words.subject.into(),
            lead: words.lead.into(),
            facts: vec![("App", HOSTILE.into())],
            button: words.button,
            url: format!("https://auth.example{}", words.path),
            close: words.close.into(),
        };
        all.map(letter).collect()
    }

    #[test]
    fn whatever_is_told_has_words() {
        let worded: Vec<_> = WORDS.iter().map(|words| words.kind).collect();
        assert_eq!(worded, TOLD);
    }

    /// Nothing breaks out, and nothing is fetched by whoever opens the mail.
    #[test]
    fn a_mail_brings_only_itself() {
        for letter in letters() {
            let (text, html) = (letter.text().unwrap(), letter.html().unwrap());
            for part in [&letter.lead, &letter.url, &letter.close] {
                assert!(text.contains(part), "{part} is missing in\n{text}");
            }
            for bad in [
                "<script", "<img", "src=\"", "url(", "@import", "<link", "onload",
            ] {
                assert!(!html.contains(bad), "{bad} in\n{html}");
            }
            assert_eq!(html.matches("href=").count(), 2, "{html}");
            assert!(text.contains(HOSTILE), "text is not escaped:\n{text}");
        }
    }

    /// For whoever wants to look at them.
    #[test]
    fn mails_are_left_to_be_looked_at() {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
            Into::into,
        );
        let folder = target.join("mails");
        std::fs::create_dir_all(&folder).unwrap();
        for (number, letter) in letters().into_iter().enumerate() {
            let letter = Letter {
                brand: "Example".into(),
                facts: vec![
                    ("When", "27 Nov 2026, 09:00 UTC".into()),
                    ("App", "Clock".into()),
                ],
                ..letter
            };
            let path = folder.join(format!("{number:02}"));
            std::fs::write(path.with_extension("html"), letter.html().unwrap()).unwrap();
            std::fs::write(path.with_extension("txt"), letter.text().unwrap()).unwrap();
        }
    }
}
