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
    (
        "rotated",
        "The next key was made. Older ones are accepted for their time.",
    ),
    (
        "retired",
        "The next key was made, and older ones are accepted no more.",
    ),
];

fn purpose(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Seal => "Access tokens",
        KeyKind::Refresh => "Refresh tokens",
        KeyKind::Forms => "Forms and addresses of our own",
        KeyKind::Ids => "Numbers inside of tokens; one for ever",
        KeyKind::Subjects => "What users are called to apps; one for ever",
        KeyKind::Audit => "Seals of the audit log; one for ever",
        KeyKind::Secrets => "Kept secrets of apps that sign with them",
        KeyKind::SignRs256 => "ID tokens by RS256",
        KeyKind::SignPs256 => "ID tokens by PS256",
        KeyKind::SignEs256 => "ID tokens by ES256",
        KeyKind::SignEdDsa => "ID tokens by EdDSA",
        KeyKind::OpenRsa => "Request objects encrypted to us by RSA",
        KeyKind::OpenEc => "Request objects encrypted to us by elliptic curves",
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
    html(&question(&page, keys::kind(&name)?, Field::default()))
}

fn question(page: &Page, kind: KeyKind, field: Field) -> Confirm {
    let loss = kind.loss().unwrap_or_default();
    Confirm {
        frame: page.frame(Place::Admin),
        title: "Retire the older keys at once?".into(),
        subject: Some(purpose(kind).into()),
        consequences: vec![
            "This is for an emergency: a key has leaked. It cannot be undone.".into(),
            format!("From that moment on, {loss}."),
            "A new key is made and used at once.".into(),
        ],
        action: format!("/admin/keys/{}/retire", kind.as_str()),
        button: "Retire them now".into(),
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
        let field = Field::wrong(typed, "This is not the kind of the keys.");
        let page = question(&page, kind, field);
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    keys::rotate(&desk, kind, true).await?;
    Ok(see_other("/admin/keys?done=retired"))
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
