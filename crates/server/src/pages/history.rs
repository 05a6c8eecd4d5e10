//! `/account/history`: what happened to the account, in words that its user knows.

use askama::Template;
use grantor_protocol::{
    openid::login::{First, Level, Second},
    time::Timestamp,
};

use super::Frame;
use super::{
    Place,
    page::{Page, html},
};
use crate::{
    cli::COMMAND_LINE,
    failure::{Answer, Failure},
    sign_in,
};
use grantor_store::audit::Remembered;

#[derive(Template)]
#[template(path = "history.html")]
pub struct History {
    pub frame: Frame,
    pub events: Vec<EventLine>,
    /// Where the events before these are, if there are more.
    pub earlier: Option<String>,
    /// Whether there are later ones than these.
    pub is_later_page: bool,
    /// After how many days an event is forgotten.
    pub kept_days: i64,
}

pub struct EventLine {
    pub at: Timestamp,
    pub what: &'static str,
    /// What it was about, in the words of whoever named it.
    pub about: Option<String>,
    pub app: Option<String>,
    pub by: By,
}

pub enum By {
    /// At the command line, or an administrator.
    Operator,
    /// From this address.
    Address(String),
    /// The server itself.
    Nobody,
}

/// Events on a page.
const PAGE: usize = 50;

/// Each kind of event, what it means to the user, and whether its detail is for her.
#[rustfmt::skip]
const WORDS: &[(&str, &str, bool)] = &[
    ("account.asked_for", "Somebody asked for an account with your address.", false),
    ("account.created", "Your account was made.", false),
    ("account.imported", "Your account was brought here from another system.", false),
    ("account.provisioned", "Your account was made by your organisation’s directory.", false),
    ("account.set_up", "Your account was made, by the set-up link.", false),
    ("account.edited", "Your name, photo or details were changed.", false),
    ("account.disabled", "Your account was disabled.", true),
    ("account.enabled", "Your account was enabled again.", false),
    ("role.given", "You were given a role in the administration, and signed out everywhere.", true),
    ("role.taken", "Your role in the administration was taken.", false),
    ("session.ended_all", "All your sessions were ended by the operator.", false),
    ("password.changed", "Your password was changed, and all other sessions were ended.", false),
    (SIGN_IN, "A sign-in with your password.", true),
    ("second_factor.refused", "After your password, a wrong code was typed.", false),
    ("totp.added", "An authenticator app was set up.", false),
    ("totp.removed", "The authenticator app was removed.", false),
    ("recovery_codes.made", "New recovery codes were made; older ones no longer work.", false),
    ("recovery_code.used", "A recovery code was used.", false),
    ("factors.reset", "The operator removed your passkeys, authenticator app and recovery codes, and ended all your sessions.", false),
    ("passkey.added", "A passkey was added.", true),
    ("passkey.renamed", "A passkey was given another name.", true),
    ("passkey.removed", "A passkey was removed.", true),
    ("identity.added", "Another account of yours was connected: it signs you in here too.", true),
    ("identity.removed", "An account elsewhere was disconnected: it signs you in here no more.", true),
    ("session.ended", "A session was ended, by signing out or in the list of sessions.", false),
    ("session.expired", "You were signed out, because you had been away for long or signed in long ago.", false),
    ("session.ended_others", "All other sessions were ended.", false),
    ("login.refused", "An attempt to sign in to your account was refused.", false),
    (CONSENT, "An app was allowed to act for you.", true),
    ("consent.denied", "An app was not allowed to act for you.", false),
    ("grant.ended", "The access of an app was ended.", false),
    ("token.revoked", "An app gave back a token that it had for you.", false),
    ("family.replayed", "A code or token of an app was used twice and may have been stolen; what hangs from it was ended.", false),
    ("password.reset_asked", "A link to set a new password was asked for.", false),
    ("password.reset", "A new password was set by a link that was mailed to you, and all sessions were ended.", false),
    ("address.verification_asked", "A link to verify your email address was asked for.", true),
    ("address.change_asked", "A link to change your email address was mailed to the new one.", true),
    ("address.verified", "Your email address was verified.", true),
    ("address.changed", "Your email address was changed.", true),
    ("address.restored", "The change of your email address was undone, with a new password; all sessions were ended.", true),
    ("mail.undelivered", "A mail to you could not be delivered.", true),
    ("token.expiring", "A personal access token expires soon.", true),
    ("token.created", "A personal access token was made.", true),
    ("token.deauthorized", "A personal access token was deauthorized.", true),
    ("token.deauthorized_all", "All personal access tokens were deauthorized.", false),
    ("app.created", "An app was registered in your name.", true),
    ("app.registered", "An app registered itself; you answer for it.", true),
    ("app.edited", "An app of yours was changed.", true),
    ("app.deleted", "An app of yours was deleted.", true),
    ("app.suspended", "An app of yours was suspended.", true),
    ("app.resumed", "An app of yours is suspended no more.", true),
    ("app.verified", "An app of yours was verified.", true),
    ("app.unverified", "An app of yours is verified no more.", true),
    ("app.handed_over", "An app of yours was handed over to another owner by the operator.", true),
    ("app.received", "An app became yours: the operator handed it over to you.", true),
    ("keys.rotated", "A key of this server was made anew.", true),
    ("throttle.lifted", "Somebody who had been blocked was let go on.", true),
    ("app.locked", "The token by which an app of yours changed its registration was ended.", true),
    ("app.secret_added", "A client secret was made for an app of yours.", true),
    ("registration.token_added", "A token was made by which apps register themselves in your name.", true),
    ("registration.token_ended", "A token by which apps registered themselves in your name was ended.", true),
    ("app.secret_removed", "A client secret of an app of yours was removed.", true),
];
const CONSENT: &str = "consent.granted";
const SIGN_IN: &str = "session.started";

/// By what a session was started.
fn signed_in_by(level: Option<Level>) -> &'static str {
    let Some(level) = level else {
        return words(SIGN_IN).0;
    };
    match (level.first, level.second) {
        (First::Password, None) => words(SIGN_IN).0,
        (First::Password, Some(Second::Code)) => {
            "A sign-in with your password and a code of your authenticator app."
        }
        (First::Password, Some(Second::Recovery)) => {
            "A sign-in with your password and a recovery code."
        }
        (First::Password, Some(Second::Passkey(_))) => {
            "A sign-in with your password and a passkey."
        }
        (First::Elsewhere, None) => "A sign-in with your account elsewhere.",
        (First::Elsewhere, Some(_)) => "A sign-in with your account elsewhere and a second factor.",
        (First::Passkey(_), _) => "A sign-in with a passkey.",
    }
}

pub(super) fn words(kind: &str) -> (&'static str, bool) {
    let found = WORDS.iter().find(|(known, ..)| *known == kind);
    // Written by a later version.
    let unknown = ("Something that this version has no words for.", false);
    found.map_or(unknown, |(_, what, shown)| (what, *shown))
}

pub async fn show(page: Page) -> Answer {
    let user = page.user()?.id;
    let before = page.query("before");
    let cursor = match &before {
        None => i64::MAX,
        Some(text) => text.parse().map_err(|_| Failure::NotFound)?,
    };
    let store = &page.app.store;
    let mut found = store.events_of(user, cursor, PAGE as i64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more);
    let earlier = last.map(|last| format!("/account/history?before={}", last.id));
    let mut events = Vec::with_capacity(found.len());
    for event in found {
        events.push(line(&page, user, event).await?);
    }
    html(&History {
        frame: page.frame(Place::Account),
        events,
        earlier,
        is_later_page: before.is_some(),
        kept_days: page.app.config.storage.audit_retention.as_seconds() / 86_400,
    })
}

async fn line(page: &Page, user: i64, event: Remembered) -> Result<EventLine, Failure> {
    let (mut what, shows_detail) = words(&event.kind);
    if event.kind == SIGN_IN {
        what = signed_in_by(sign_in::told(&event.detail).0);
    }
    let app = match event.app {
        Some(id) => page.app.store.app(id).await?,
        None => None,
    };
    let by_another = event.actor.is_some_and(|actor| actor != user);
    let by = match event.address {
        Some(address) if address == COMMAND_LINE => By::Operator,
        _ if by_another => By::Operator,
        Some(address) => By::Address(address),
        None => By::Nobody,
    };
    let app = app.map(|app| app.name.clone());
    let detail = match event.kind.as_str() {
        CONSENT => sentences(page, &event.detail),
        SIGN_IN => sign_in::told(&event.detail).1.to_owned(),
        _ => event.detail,
    };
    let about = Some(detail).filter(|it| shows_detail && !it.is_empty());
    Ok(EventLine {
        at: event.at,
        what,
        about: about.filter(|about| app.as_ref() != Some(about)),
        app,
        by,
    })
}

/// What each of these scopes allows.
fn sentences(page: &Page, scopes: &str) -> String {
    let sentences = scopes
        .split(' ')
        .map(|scope| page.app.scope_sentence(scope, page.context.language));
    sentences.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
impl History {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hour = 3_600_000;
        let event = |hours: i64, kind, by| EventLine {
            at: Timestamp(Frame::NOW.0 - hours * hour),
            what: words(kind).0,
            about: None,
            app: None,
            by,
        };
        let address = |text: &str| By::Address(text.into());
        let hostile = || super::tests::HOSTILE.to_owned();
        let allowed = EventLine {
            app: Some("Clock".into()),
            about: Some("Know that it is you who signs in · See your email address".into()),
            ..event(2, "consent.granted", address("192.0.2.7"))
        };
        let bad = EventLine {
            app: Some(hostile()),
            about: Some(hostile()),
            ..event(30, "app.edited", address(super::tests::HOSTILE))
        };
        let events = vec![
            allowed,
            event(3, "session.started", address("192.0.2.7")),
            event(
                4,
                "login.refused",
                address("2001:db8:85a3:1234:5678:8a2e:370:7334"),
            ),
            bad,
            event(90, "family.replayed", address("198.51.100.4")),
            event(900, "account.enabled", By::Operator),
            event(9000, "account.created", By::Nobody),
        ];
        let page = |events, earlier: Option<&str>, is_later_page| Self {
            frame: Frame::sample(super::Place::Account),
            events,
            earlier: earlier.map(str::to_owned),
            is_later_page,
            kept_days: 400,
        };
        vec![
            (
                "history",
                page(events, Some("/account/history?before=9"), true),
            ),
            ("history-none", page(vec![], None, false)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    /// Of the server, not of a user, or of one who cannot read it any more.
    const NOBODYS: [&str; 2] = ["epoch.begun", "user.deleted"];

    /// Every kind that the sources make an event of: the first text after `event(`, after
    /// `kind:`, or what an operation is.
    fn emitted(folder: &Path, kinds: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                emitted(&path, kinds);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            for (opening, end) in [("event(", ')'), ("kind: ", ','), (" => \"app", ',')] {
                for rest in source.split(opening).skip(1) {
                    let argument = rest.split(end).next().unwrap_or_default();
                    let text = match opening.split_once('"') {
                        Some((_, begun)) => {
                            argument.strip_suffix('"').map(|it| format!("{begun}{it}"))
                        }
                        None => argument.split('"').nth(1).map(str::to_owned),
                    };
                    let Some(text) = text else {
                        continue;
                    };
                    let (before, after) = text.split_once('.').unwrap_or_default();
                    let is_word = |it: &str| !it.is_empty() && it.bytes().all(is_plain);
                    if is_word(before) && is_word(after) {
                        kinds.insert(text);
                    }
                }
            }
        }
    }

    fn is_plain(byte: u8) -> bool {
        byte.is_ascii_lowercase() || byte == b'_'
    }

    #[test]
    fn every_kind_of_event_has_its_words() {
        let mut kinds = BTreeSet::new();
        emitted(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut kinds,
        );
        for nobodys in NOBODYS {
            assert!(kinds.remove(nobodys), "the search finds what there is");
        }
        let worded: BTreeSet<_> = WORDS.iter().map(|(kind, ..)| (*kind).to_owned()).collect();
        assert_eq!(kinds, worded);
    }
}
