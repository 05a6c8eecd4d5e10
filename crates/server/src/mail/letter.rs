//! What a mail says: one table from what happened to words, which are in the language of
//! whoever reads it.

use super::links;
use crate::{
    app::App,
    cli::COMMAND_LINE,
    language::{Language, Say},
    look::Look,
    pages::format::{date_time, device_said, isolate},
    sign_in,
};
use askama::Template;
use grantor_protocol::{form::encode, role::Role};
use grantor_store::{Result, audit::Remembered, mails::Mail, user_links::Purpose};
use std::sync::Arc;

/// A mail in words, in two forms.
#[derive(Clone, Debug)]
pub struct Letter {
    pub brand: String,
    /// Where the service is.
    pub home: String,
    look: Arc<Look>,
    language: Language,
    words: Words,
    facts: Vec<Fact>,
    url: String,
}

/// What there is to know of what happened.
#[derive(Clone, Debug)]
struct Fact {
    /// The id of a message.
    name: &'static str,
    value: String,
    /// Whether the value is in the mail's language; others keep their own direction.
    ours: bool,
}

impl Fact {
    fn ours(name: &'static str, value: impl Into<String>) -> Self {
        Self {
            ours: true,
            ..Self::theirs(name, value)
        }
    }

    fn theirs(name: &'static str, value: impl Into<String>) -> Self {
        Self {
            name,
            value: value.into(),
            ours: false,
        }
    }
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

/// How something is told, by the ids of messages.
#[derive(Clone, Copy, Debug)]
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

const HISTORY: (&str, &str) = ("mail-see-history", "/account/history");
const APPS: (&str, &str) = ("mail-see-apps", "/authorizations");
const TOKENS: (&str, &str) = ("mail-see-tokens", "/tokens");
const ACCOUNT: (&str, &str) = ("mail-see-account", "/account");
const SERVICE: (&str, &str) = ("mail-see-service", "/");
const NOT_YOU: &str = "mail-if-not-you";

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
const WORDS: [Words; 22] = [
    told("account.disabled", ["mail-account-disabled", "mail-account-disabled-lead"],
        None, SERVICE, "mail-account-disabled-close"),
    told("account.enabled", ["mail-account-enabled", "mail-account-enabled-lead"],
        None, ACCOUNT, "mail-account-enabled-close"),
    told("address.restored", ["mail-address-restored", "mail-address-restored-lead"],
        Some("mail-address"), HISTORY, "mail-address-restored-close"),
    told("consent.granted", ["mail-consent-granted", "mail-consent-granted-lead"],
        Some("mail-it-may"), APPS, "mail-consent-granted-close"),
    told("factors.reset", ["mail-factors-reset", "mail-factors-reset-lead"],
        None, ACCOUNT, "mail-factors-reset-close"),
    told("family.replayed", ["mail-family-replayed", "mail-family-replayed-lead"],
        None, APPS, "mail-family-replayed-close"),
    told("identity.added", ["mail-identity-added", "mail-identity-added-lead"],
        Some("mail-account"), ACCOUNT, NOT_YOU),
    told("identity.removed", ["mail-identity-removed", "mail-identity-removed-lead"],
        Some("mail-account"), ACCOUNT, NOT_YOU),
    told("passkey.added", ["mail-passkey-added", "mail-passkey-added-lead"],
        Some("mail-passkey"), ACCOUNT, NOT_YOU),
    told("passkey.removed", ["mail-passkey-removed", "mail-passkey-removed-lead"],
        Some("mail-passkey"), ACCOUNT, NOT_YOU),
    told("password.added", ["mail-password-added", "mail-password-added-lead"],
        None, HISTORY, "mail-password-changed-close"),
    told("password.changed", ["mail-password-changed", "mail-password-changed-lead"],
        None, HISTORY, "mail-password-changed-close"),
    told("password.reset", ["mail-password-reset", "mail-password-reset-lead"],
        None, HISTORY, "mail-password-reset-close"),
    told("recovery_code.used", ["mail-recovery-code-used", "mail-recovery-code-used-lead"],
        None, ACCOUNT, NOT_YOU),
    told("recovery_codes.made", ["mail-recovery-codes-made", "mail-recovery-codes-made-lead"],
        None, ACCOUNT, NOT_YOU),
    told("role.given", ["mail-role-given", "mail-role-given-lead"],
        Some("mail-role"), ACCOUNT, "mail-role-given-close"),
    told("session.started", ["mail-session-started", "mail-session-started-lead"],
        Some("mail-browser"), HISTORY, NOT_YOU),
    told("token.created", ["mail-token-created", "mail-token-created-lead"],
        Some("mail-token"), TOKENS, "mail-token-created-close"),
    told("token.expiring", ["mail-token-expiring", "mail-token-expiring-lead"],
        Some("mail-token"), TOKENS, "mail-token-expiring-close"),
    told("totp.added", ["mail-totp-added", "mail-totp-added-lead"],
        None, ACCOUNT, NOT_YOU),
    told("totp.removed", ["mail-totp-removed", "mail-totp-removed-lead"],
        None, ACCOUNT, NOT_YOU),
    told("user.deleted", ["mail-user-deleted", "mail-user-deleted-lead"],
        None, SERVICE, "mail-user-deleted-close"),
];

const FINISH: &str = "/signup/finish";

/// To whoever asked for an account, without one and with one.
#[rustfmt::skip]
const SIGN_UPS: [Words; 2] = [
    told("sign_up", ["mail-sign-up", "mail-sign-up-lead"],
        None, ("mail-sign-up", FINISH), "mail-sign-up-close"),
    told("sign_up.known", ["mail-sign-up-known", "mail-sign-up-known-lead"],
        None, ("mail-sign-in", "/login"), "mail-sign-up-known-close"),
];

/// Of mails with a link, whose path it is.
fn of_link(purpose: Purpose) -> Words {
    let (texts, button, close) = match purpose {
        Purpose::Verify => (
            ["mail-verify", "mail-verify-lead"],
            "mail-verify-button",
            "mail-verify-close",
        ),
        Purpose::Change => (
            ["mail-change", "mail-change-lead"],
            "mail-change-button",
            "mail-change-close",
        ),
        Purpose::Reset => (
            ["mail-reset", "mail-reset-lead"],
            "mail-reset",
            "mail-reset-close",
        ),
        Purpose::Restore => (
            ["mail-restore", "mail-restore-lead"],
            "mail-restore-button",
            "mail-restore-close",
        ),
    };
    told(purpose.as_str(), texts, None, (button, ""), close)
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
        let language = language(app, mail).await?;
        let facts = match event {
            Some(event) => facts(app, mail, (&words, language), event).await?,
            None => Vec::new(),
        };
        let home = app.config.service.public_url.origin();
        Ok(Some(Self {
            brand: app.config.service.brand.as_str().to_owned(),
            home: home.to_owned(),
            look: app.look.clone(),
            language,
            words,
            facts,
            url: format!("{home}{path}"),
        }))
    }

    pub fn text(&self) -> askama::Result<String> {
        Text { letter: self }.render()
    }

    pub fn html(&self) -> askama::Result<String> {
        Html { letter: self }.render()
    }

    pub fn subject(&self) -> String {
        self.language.text(self.words.subject)
    }

    /// For what is kept of it.
    pub fn english_subject(&self) -> String {
        Language::English.text(self.words.subject)
    }

    fn say(&self, id: &'static str) -> Say {
        self.language.say(id)
    }

    fn lead(&self) -> String {
        self.language.text(self.words.lead)
    }

    fn button(&self) -> String {
        self.language.text(self.words.button)
    }

    fn close(&self) -> String {
        self.language.text(self.words.close)
    }

    fn is_right_to_left(&self) -> bool {
        self.language.direction() == "rtl"
    }

    fn line(&self, name: &str, value: &str) -> String {
        let said = self.say("mail-fact").words("name", name);
        said.code("value", value).plain()
    }

    fn fact_lines(&self) -> impl Iterator<Item = String> {
        self.facts.iter().map(|fact| {
            let name = self.language.text(fact.name);
            match self.is_right_to_left() && !fact.ours {
                true => self.line(&name, &isolate(&fact.value)),
                false => self.line(&name, &fact.value),
            }
        })
    }

    fn legal_lines(&self) -> impl Iterator<Item = String> {
        self.legal().map(|(name, url)| self.line(&name, url))
    }

    /// What introduces the link.
    fn link_follows(&self) -> String {
        let said = self.say("mail-link-follows");
        said.words("button", &self.button()).plain()
    }

    fn legal(&self) -> impl Iterator<Item = (String, &str)> {
        let said = |(id, url)| (self.language.text(id), url);
        self.look.legal().map(said)
    }
}

fn secret(app: &App, mail: &Mail) -> Option<String> {
    links::open(app, mail.id, mail.link.as_deref()?)
}

/// Hers, if she says which; that of whoever asked for the mail; the service's.
async fn language(app: &App, mail: &Mail) -> Result<Language> {
    let offered = &app.config.service.languages;
    let user = match mail.known_user() {
        Some(user) => app.store.user(user).await?,
        None => None,
    };
    let own = || offered.of_profile(&user?.profile);
    let asked = || offered.of_tag(mail.language.as_deref()?);
    Ok(own().or_else(asked).unwrap_or_else(|| offered.first()))
}

async fn facts(
    app: &App,
    mail: &Mail,
    (words, language): (&Words, Language),
    event: Remembered,
) -> Result<Vec<Fact>> {
    let mut facts = vec![Fact::ours("mail-when", date_time(event.at, language))];
    let by_another = event.actor.is_some_and(|actor| actor != mail.user);
    let operator = || Fact::ours("mail-by", language.text("mail-operator"));
    match event.address {
        Some(address) if address == COMMAND_LINE => facts.push(operator()),
        _ if by_another => facts.push(operator()),
        Some(address) => {
            let spot = app.places.spot(address, language);
            facts.push(Fact::theirs("mail-from-address", spot.plain()));
        }
        None => {}
    }
    if let Some(id) = event.app
        && let Some(app) = app.store.app(id).await?
    {
        facts.push(Fact::theirs("mail-app", app.name.clone()));
    }
    let Some(name) = words.detail.filter(|_| !event.detail.is_empty()) else {
        return Ok(facts);
    };
    facts.push(match event.kind.as_str() {
        "consent.granted" => {
            let scopes = event.detail.split(' ');
            let sentences = scopes.map(|scope| app.scope_sentence(scope, language));
            Fact::ours(name, sentences.collect::<Vec<_>>().join(" · "))
        }
        "session.started" => {
            let device = sign_in::told(&event.detail).1;
            Fact::ours(name, device_said(device, language))
        }
        "role.given" => match Role::parse(&event.detail) {
            Some(Role::Admin) => Fact::ours(name, language.text("mail-role-admin")),
            Some(Role::Support) => Fact::ours(name, language.text("mail-role-support")),
            None => Fact::theirs(name, event.detail),
        },
        _ => Fact::theirs(name, event.detail),
    });
    Ok(facts)
}

#[cfg(test)]
mod tests;
