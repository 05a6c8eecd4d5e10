//! `/admin/keys`: the server's keys, their succession, and the emergency.

use super::Tabs;
use crate::{
    context::Fields,
    desk::{Desk, keys},
    failure::Answer,
    front::see_other,
    keys::KeyKind,
    pages::{
        Field, Frame, Place,
        confirm::{Confirm, Typed},
        page::{Named, Page, html, html_with},
    },
};
use askama::Template;
use axum::http::StatusCode;
use grantor_protocol::{role::Act, time::Timestamp};
use grantor_store::keys::StoredKey;

/// Posts nothing but its token to `/admin/keys/<kind>/rotate`; the page
/// `/admin/keys/<kind>/retire` asks first.
#[derive(Template)]
#[template(path = "admin_keys.html")]
pub struct AdminKeys {
    pub frame: Frame,
    pub tabs: Tabs,
    pub kinds: Vec<Kind>,
    pub may_rotate: bool,
}

/// What keys of one kind are for, and those that there are, the newest first.
pub struct Kind {
    pub name: &'static str,
    /// A message.
    pub purpose: &'static str,
    /// Whether one can follow another.
    pub succession: bool,
    pub keys: Vec<Key>,
}

pub struct Key {
    pub id: i64,
    pub created: Timestamp,
    pub active: Timestamp,
    pub retires: Option<Timestamp>,
}

const DONE: &[(&str, &str)] = &[
    ("rotated", "admin-done-rotated"),
    ("retired", "admin-done-retired"),
];

fn purpose(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Seal => "admin-keys-seal",
        KeyKind::Refresh => "admin-keys-refresh",
        KeyKind::Forms => "admin-keys-forms",
        KeyKind::Ids => "admin-keys-ids",
        KeyKind::Subjects => "admin-keys-subjects",
        KeyKind::Audit => "admin-keys-audit",
        KeyKind::Secrets => "admin-keys-secrets",
        KeyKind::SignRs256 => "admin-keys-rs256",
        KeyKind::SignPs256 => "admin-keys-ps256",
        KeyKind::SignEs256 => "admin-keys-es256",
        KeyKind::SignEdDsa => "admin-keys-eddsa",
        KeyKind::OpenRsa => "admin-keys-open-rsa",
        KeyKind::OpenEc => "admin-keys-open-ec",
    }
}

/// What stops working when every older key of the kind is retired at once.
fn loss(kind: KeyKind) -> Option<&'static str> {
    match kind {
        KeyKind::Seal => Some("admin-retire-seal"),
        KeyKind::Refresh => Some("admin-retire-refresh"),
        KeyKind::Forms => Some("admin-retire-forms"),
        KeyKind::Secrets => Some("admin-retire-secrets"),
        KeyKind::SignRs256 | KeyKind::SignPs256 | KeyKind::SignEs256 | KeyKind::SignEdDsa => {
            Some("admin-retire-sign")
        }
        KeyKind::OpenRsa | KeyKind::OpenEc => Some("admin-retire-open"),
        KeyKind::Ids | KeyKind::Subjects | KeyKind::Audit => None,
    }
}

pub async fn list(page: Page, desk: Desk) -> Answer {
    let all = keys::list(&desk).await?;
    let of = |kind: KeyKind| Kind {
        name: kind.as_str(),
        purpose: purpose(kind),
        succession: kind.loss().is_some(),
        keys: all
            .iter()
            .rev()
            .filter(|key| key.kind == kind.as_str())
            .map(line)
            .collect(),
    };
    html(&AdminKeys {
        frame: page.admin_frame(DONE),
        tabs: Tabs::of(&desk, "keys"),
        kinds: KeyKind::ALL.into_iter().map(of).collect(),
        may_rotate: desk.may(Act::RotateKeys, None),
    })
}

fn line(key: &StoredKey) -> Key {
    Key {
        id: key.id,
        created: key.created,
        active: key.active,
        retires: key.retires,
    }
}

pub async fn rotate(desk: Desk, Named(name): Named<String>) -> Answer {
    keys::rotate(&desk, keys::kind(&name)?, false).await?;
    Ok(see_other("/admin/keys?done=rotated"))
}

pub async fn confirm(page: Page, Named(name): Named<String>) -> Answer {
    let frame = page.frame(Place::Admin);
    html(&question(frame, keys::kind(&name)?, Field::default()))
}

fn question(frame: Frame, kind: KeyKind, field: Field) -> Confirm {
    let language = frame.language;
    let text = |id| language.text(id);
    let consequences = [
        Some("admin-retire-emergency"),
        loss(kind),
        Some("admin-retire-new"),
    ];
    Confirm {
        frame,
        title: text("admin-retire"),
        subject: Some(text(purpose(kind))),
        consequences: consequences.into_iter().flatten().map(text).collect(),
        action: format!("/admin/keys/{}/retire", kind.as_str()),
        button: text("admin-retire-now"),
        back: "/admin/keys".into(),
        typed: Some(Typed {
            wanted: kind.as_str().into(),
            field,
        }),
    }
}

pub async fn retire(page: Page, desk: Desk, Named(name): Named<String>, fields: Fields) -> Answer {
    let kind = keys::kind(&name)?;
    let typed = fields.text("confirm").trim();
    if typed != kind.as_str() {
        let field = Field::wrong(typed, page.context.language.text("admin-retire-wrong"));
        let page = question(page.frame(Place::Admin), kind, field);
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    keys::rotate(&desk, kind, true).await?;
    Ok(see_other("/admin/keys?done=retired"))
}

#[cfg(test)]
pub fn confirm_samples() -> Vec<(&'static str, Confirm)> {
    let wrong = Field::wrong("sea", crate::pages::spoken().text("admin-retire-wrong"));
    let frame = Frame::sample(Place::Admin);
    vec![("admin-keys-retire", question(frame, KeyKind::Seal, wrong))]
}

#[cfg(test)]
impl AdminKeys {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let key = |id, retires| Key {
            id,
            created: Frame::NOW,
            active: Timestamp(Frame::NOW.0 + 600_000),
            retires,
        };
        let kinds = KeyKind::ALL.map(|kind| Kind {
            name: kind.as_str(),
            purpose: purpose(kind),
            succession: kind.loss().is_some(),
            keys: vec![key(2, None), key(1, Some(Frame::NOW))],
        });
        vec![(
            "admin-keys",
            Self {
                frame: Frame::sample(Place::Admin),
                tabs: Tabs::sample("keys"),
                kinds: kinds.into(),
                may_rotate: true,
            },
        )]
    }
}
