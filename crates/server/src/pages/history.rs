//! `/account/history`: what happened to the account, in words that its user knows.

use askama::Template;
use grantor_protocol::{
    openid::login::{First, Level, Second},
    role::Role,
    time::Timestamp,
};

use super::Frame;
use super::{
    Place,
    format::device_said,
    page::{Page, html},
};
use crate::{
    cli::COMMAND_LINE,
    failure::{Answer, Failure},
    language::Language,
    places::Spot,
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
    /// A message.
    pub what: &'static str,
    /// What it was about.
    pub about: Option<About>,
    pub app: Option<String>,
    pub by: By,
}

pub enum About {
    /// In the page's language.
    Ours(String),
    /// In the words of whoever named it.
    Theirs(String),
}

pub enum By {
    /// At the command line, or an administrator.
    Operator,
    /// From this address.
    Address(Spot),
    /// The server itself.
    Nobody,
}

/// Events on a page.
const PAGE: usize = 50;

/// Each kind of event, the message that says what it means to the user, and whether its
/// detail is for her.
#[rustfmt::skip]
const WORDS: &[(&str, &str, bool)] = &[
    ("account.asked_for", "event-account-asked-for", false),
    ("account.created", "event-account-created", false),
    ("account.imported", "event-account-imported", false),
    ("account.provisioned", "event-account-provisioned", false),
    ("account.set_up", "event-account-set-up", false),
    ("account.edited", "event-account-edited", false),
    ("account.disabled", "event-account-disabled", true),
    ("account.enabled", "event-account-enabled", false),
    (ROLE, "event-role-given", true),
    ("role.taken", "event-role-taken", false),
    ("session.ended_all", "event-session-ended-all", false),
    ("password.added", "event-password-added", false),
    ("password.changed", "event-password-changed", false),
    (SIGN_IN, "event-signed-in-password", true),
    ("second_factor.refused", "event-second-factor-refused", false),
    ("totp.added", "event-totp-added", false),
    ("totp.removed", "event-totp-removed", false),
    ("recovery_codes.made", "event-recovery-codes-made", false),
    ("recovery_code.used", "event-recovery-code-used", false),
    ("factors.reset", "event-factors-reset", false),
    ("passkey.added", "event-passkey-added", true),
    ("passkey.renamed", "event-passkey-renamed", true),
    ("passkey.removed", "event-passkey-removed", true),
    ("identity.added", "event-identity-added", true),
    ("identity.removed", "event-identity-removed", true),
    ("session.ended", "event-session-ended", false),
    ("session.expired", "event-session-expired", false),
    ("session.ended_others", "event-session-ended-others", false),
    ("login.refused", "event-login-refused", false),
    (CONSENT, "event-consent-granted", true),
    ("consent.denied", "event-consent-denied", false),
    ("grant.ended", "event-grant-ended", false),
    ("token.revoked", "event-token-revoked", false),
    ("family.replayed", "event-family-replayed", false),
    ("password.reset_asked", "event-password-reset-asked", false),
    ("password.reset", "event-password-reset", false),
    ("address.verification_asked", "event-address-verification-asked", true),
    ("address.change_asked", "event-address-change-asked", true),
    ("address.verified", "event-address-verified", true),
    ("address.changed", "event-address-changed", true),
    ("address.restored", "event-address-restored", true),
    ("mail.undelivered", "event-mail-undelivered", true),
    ("token.expiring", "event-token-expiring", true),
    ("token.created", "event-token-created", true),
    ("token.deauthorized", "event-token-deauthorized", true),
    ("token.deauthorized_all", "event-token-deauthorized-all", false),
    ("app.created", "event-app-created", true),
    ("app.registered", "event-app-registered", true),
    ("app.edited", "event-app-edited", true),
    ("app.deleted", "event-app-deleted", true),
    ("app.suspended", "event-app-suspended", true),
    ("app.resumed", "event-app-resumed", true),
    ("app.verified", "event-app-verified", true),
    ("app.unverified", "event-app-unverified", true),
    ("app.introspection_given", "event-app-introspection-given", true),
    ("app.introspection_taken", "event-app-introspection-taken", true),
    ("app.handed_over", "event-app-handed-over", true),
    ("app.received", "event-app-received", true),
    ("keys.rotated", "event-keys-rotated", false),
    ("throttle.lifted", "event-throttle-lifted", true),
    ("app.locked", "event-app-locked", true),
    ("app.secret_added", "event-app-secret-added", true),
    ("registration.token_added", "event-registration-token-added", true),
    ("registration.token_ended", "event-registration-token-ended", true),
    ("app.secret_removed", "event-app-secret-removed", true),
];
const CONSENT: &str = "consent.granted";
const SIGN_IN: &str = "session.started";

const ROLE: &str = "role.given";

/// By what a session was started.
fn signed_in_by(level: Option<Level>) -> &'static str {
    let Some(level) = level else {
        return words(SIGN_IN).0;
    };
    match (level.first, level.second) {
        (First::Password, None) => words(SIGN_IN).0,
        (First::Password, Some(Second::Code)) => "event-signed-in-code",
        (First::Password, Some(Second::Recovery)) => "event-signed-in-recovery",
        (First::Password, Some(Second::Passkey(_))) => "event-signed-in-second-passkey",
        (First::Elsewhere, None) => "event-signed-in-elsewhere",
        (First::Elsewhere, Some(_)) => "event-signed-in-elsewhere-second",
        (First::Passkey(_), _) => "event-signed-in-passkey",
    }
}

/// Of the server, not of a user, or of one who cannot read it any more.
const NOBODYS: [&str; 2] = ["epoch.begun", "user.deleted"];

/// Every kind of event that this version writes.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(kind, ..)| *kind).chain(NOBODYS)
}

/// The message of a kind, and whether its detail is for the user.
pub(super) fn words(kind: &str) -> (&'static str, bool) {
    let found = WORDS.iter().find(|(known, ..)| *known == kind);
    // Written by a later version.
    let unknown = ("event-unknown", false);
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
        Some(address) => By::Address(page.app.places.spot(address, page.context.language)),
        None => By::Nobody,
    };
    let app = app.map(|app| app.name.clone());
    let ours = [CONSENT, SIGN_IN, ROLE].contains(&event.kind.as_str());
    let detail = match event.kind.as_str() {
        CONSENT => {
            let language = page.context.language;
            sentences(&event.detail, |it| page.app.scope_sentence(it, language))
        }
        SIGN_IN => device_said(sign_in::told(&event.detail).1, page.context.language),
        ROLE => role(&event.detail, page.context.language),
        _ => event.detail,
    };
    let about = Some(detail).filter(|it| shows_detail && !it.is_empty());
    let about = about.filter(|about| app.as_ref() != Some(about));
    let said = if ours { About::Ours } else { About::Theirs };
    Ok(EventLine {
        at: event.at,
        what,
        about: about.map(said),
        app,
        by,
    })
}

/// What each of these scopes allows.
fn sentences(scopes: &str, say: impl Fn(&str) -> String) -> String {
    let sentences = scopes.split(' ').map(say);
    sentences.collect::<Vec<_>>().join(" · ")
}

fn role(name: &str, language: Language) -> String {
    match Role::parse(name) {
        Some(Role::Admin) => language.text("history-role-admin"),
        Some(Role::Support) => language.text("history-role-support"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
impl History {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::ScopeLine;
        let hour = 3_600_000;
        let event = |hours: i64, kind, by| EventLine {
            at: Timestamp(Frame::NOW.0 - hours * hour),
            what: words(kind).0,
            about: None,
            app: None,
            by,
        };
        let address = |text: &str| By::Address(Spot::sample(text, None));
        let hostile = || super::tests::HOSTILE.to_owned();
        let allowed = EventLine {
            app: Some("Clock".into()),
            about: Some(About::Ours(sentences("openid email", |it| {
                ScopeLine::sample(it).sentence
            }))),
            ..event(2, "consent.granted", address("192.0.2.7"))
        };
        let bad = EventLine {
            app: Some(hostile()),
            about: Some(About::Theirs(hostile())),
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

    fn all_emitted() -> BTreeSet<String> {
        let mut kinds = BTreeSet::new();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        emitted(&sources, &mut kinds);
        kinds
    }

    /// The rows of a table of `docs/audit.md`, by their first cell.
    fn documented(title: &str) -> Vec<Vec<&'static str>> {
        let document = include_str!("../../../../docs/audit.md");
        let (_, table) = document.split_once(title).unwrap();
        let rows = table.lines().skip_while(|line| !line.starts_with("|---"));
        let rows = rows.skip(1).take_while(|line| line.starts_with("| "));
        let cells = |row: &'static str| {
            let cells = row.trim_matches('|').split(" | ");
            cells.map(|cell| cell.trim().trim_matches('`')).collect()
        };
        rows.map(cells).collect()
    }

    /// Once each, and with a word on whether it is mailed.
    #[test]
    fn every_kind_of_event_is_in_the_document() {
        let rows = documented("## Kinds");
        let kinds: BTreeSet<_> = rows.iter().map(|row| row[0].to_owned()).collect();
        assert_eq!(kinds, all_emitted());
        assert_eq!(kinds.len(), rows.len());
        for row in rows {
            let mailed = grantor_store::mails::TOLD.contains(&row[0]);
            assert_eq!(row[3].starts_with("yes"), mailed, "{row:?}");
        }
    }

    #[test]
    fn every_field_of_an_event_is_in_the_document() {
        let event = grantor_protocol::audit::Recorded {
            id: 1,
            at: Timestamp(0),
            kind: SIGN_IN.into(),
            user: None,
            actor: None,
            app: None,
            address: None,
            request_id: None,
            detail: String::new(),
        };
        let written = crate::audit::object(&event);
        let fields = written.as_object().unwrap().keys().map(String::as_str);
        let fields: BTreeSet<_> = fields.chain(["seq", "digest"]).collect();
        let rows = documented("## An event");
        assert_eq!(
            rows.iter().map(|row| row[0]).collect::<BTreeSet<_>>(),
            fields
        );
    }

    #[test]
    fn every_kind_of_event_has_its_words() {
        let mut kinds = all_emitted();
        for nobodys in NOBODYS {
            assert!(kinds.remove(nobodys), "the search finds what there is");
        }
        let worded: BTreeSet<_> = WORDS.iter().map(|(kind, ..)| (*kind).to_owned()).collect();
        assert_eq!(kinds, worded);
    }
}
