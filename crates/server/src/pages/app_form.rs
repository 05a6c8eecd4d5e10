//! `/apps/new` and `/apps/<id>/edit`: what an app is.

use askama::Template;
use grantor_protocol::client::ClientKind;

use super::{Field, Frame};

/// Posts, as multipart/form-data to its own address: `name`, `url`,
/// `redirect_urls` (one per line), `kind`, and where ticked `implicit`,
/// `without_state`, `require_pkce` and `remove_icon`, each with the value 1,
/// and the file `icon`.
#[derive(Template)]
#[template(path = "app_form.html")]
pub struct AppForm {
    pub frame: Frame,
    /// The app being edited; `None` for a new one.
    pub app: Option<Edited>,
    pub name: Field,
    pub url: Field,
    pub redirect_urls: Field,
    pub icon: Option<String>,
    pub icon_error: Option<String>,
    pub kind: Option<ClientKind>,
    pub kind_error: Option<String>,
    pub switches: Switches,
}

/// The app as it is stored, whatever the form says now.
pub struct Edited {
    pub id: String,
    pub name: String,
    pub icon: Option<String>,
    pub kind: ClientKind,
}

/// What departs from today's practice, and what is stricter than required.
#[derive(Clone, Copy, Default)]
pub struct Switches {
    pub implicit: bool,
    pub without_state: bool,
    pub require_pkce: bool,
}

impl AppForm {
    /// Whether anything has to be put right.
    pub fn is_wrong(&self) -> bool {
        let fields = [&self.name, &self.url, &self.redirect_urls];
        fields.iter().any(|field| field.error.is_some())
            || self.icon_error.is_some()
            || self.kind_error.is_some()
    }

    fn is_kind(&self, kind: &ClientKind) -> bool {
        self.kind.as_ref() == Some(kind)
    }

    pub fn action(&self) -> String {
        match &self.app {
            Some(app) => format!("/apps/{}/edit", app.id),
            None => "/apps/new".to_owned(),
        }
    }
}

#[cfg(test)]
impl AppForm {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = super::tests::HOSTILE;
        let new = || Self {
            frame: Frame::sample(super::Place::Apps),
            app: None,
            name: Field::default(),
            url: Field::default(),
            redirect_urls: Field::default(),
            icon: None,
            icon_error: None,
            kind: None,
            kind_error: None,
            switches: Switches::default(),
        };
        let edited = |name: &str| Edited {
            id: "7416".into(),
            name: name.into(),
            icon: Some(super::tests::ICON.into()),
            kind: ClientKind::Confidential,
        };
        vec![
            ("app-new", new()),
            (
                "app-new-wrong",
                Self {
                    name: Field::wrong(hostile, "Up to 64 characters, please."),
                    url: Field::wrong("clock.example", "Begin with https:// or http://."),
                    redirect_urls: Field::wrong(
                        format!("http://clock.example/cb\n</textarea>{hostile}"),
                        "Line 1: a web address must begin with https://.",
                    ),
                    icon_error: Some("This is not a PNG, JPEG or WebP picture.".into()),
                    kind_error: Some("Choose one.".into()),
                    ..new()
                },
            ),
            (
                "app-edit",
                Self {
                    app: Some(edited("Clock")),
                    name: Field::of("Clock"),
                    url: Field::of("https://clock.example/"),
                    redirect_urls: Field::of(
                        "https://clock.example/cb\nhttps://staging.clock.example/cb",
                    ),
                    icon: Some(super::tests::ICON.into()),
                    kind: Some(ClientKind::Confidential),
                    switches: Switches {
                        implicit: true,
                        without_state: false,
                        require_pkce: true,
                    },
                    ..new()
                },
            ),
        ]
    }
}
