//! `/apps/new` and `/apps/<id>/edit`: what an app is.

mod typed;

use askama::Template;
use grantor_protocol::client::ClientKind;

use super::{Field, Frame};
use super::{
    Notice, Place,
    app::{detail, own_app},
    carry,
    page::{Named, Page, html, html_with, image_url},
};
use crate::{
    context::{Fields, Upload},
    failure::{Answer, Failure},
    front::see_other,
    throttle::CONSOLE_WRITES,
};
use axum::http::StatusCode;
use grantor_protocol::redirect::RedirectUri;
use grantor_store::apps::{self as records, NewApp};

/// Posts, as multipart/form-data to its own address: `name`, `url`,
/// `redirect_urls` (one per line), `kind`, and where ticked `implicit`,
/// `without_state`, `require_pkce` and `remove_icon`, each with the value 1,
/// the file `icon`, and `kept_icon` for one that came earlier.
#[derive(Template)]
#[template(path = "app_form.html")]
pub struct AppForm {
    pub frame: Frame,
    /// The app being edited; `None` for a new one.
    pub app: Option<Edited>,
    pub name: Field,
    pub url: Field,
    pub redirect_urls: Field,
    /// The address of the picture that saving would leave, or remove.
    pub icon: Option<String>,
    /// The digest of a picture that was sent with a form which was not saved.
    pub kept_icon: Option<String>,
    pub remove_icon: bool,
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
    pub verified: bool,
    /// Whether somebody can be sent back to it; to a resource server nobody has to be.
    pub has_redirect: bool,
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

    fn needs_redirect(&self) -> bool {
        self.app.as_ref().is_none_or(|app| app.has_redirect)
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

/// How many apps a user may register.
pub const APPS: i64 = 100;

pub async fn new(page: Page) -> Answer {
    let mut form = blank(&page, None);
    form.frame = page.frame_telling(Place::Apps, &[]);
    html(&form)
}

/// The app as it is stored; what was typed before a step-up comes back in the query.
pub async fn edit(page: Page, Named(id): Named<i64>) -> Answer {
    let app = own_app(&page, id).await?;
    let mut form = blank(&page, Some(&app));
    form.frame = page.frame_telling(Place::Apps, carry::DONE);
    if let Some(fields) = carry::carried(&page) {
        let kept = typed::kept_icon(&page, &fields).await?;
        form = typed::as_typed(&page, Some(&app), &fields, kept);
        form.frame.notice = Some(Notice::Done(page.context.language.text(carry::BACK)));
    }
    html(&form)
}

/// The form before anything is typed.
fn blank(page: &Page, app: Option<&records::App>) -> AppForm {
    let redirects = |app: &records::App| {
        let uris = app.client.redirect_uris.iter().map(RedirectUri::as_str);
        uris.collect::<Vec<_>>().join("\n")
    };
    AppForm {
        frame: page.frame(Place::Apps),
        app: app.map(|app| Edited {
            id: app.client.id.to_string(),
            name: app.name.clone(),
            icon: app.icon.as_deref().map(image_url),
            kind: app.client.kind,
            verified: app.verified,
            has_redirect: !app.client.redirect_uris.is_empty(),
        }),
        name: app.map_or_else(Field::default, |app| Field::of(&*app.name)),
        url: app.map_or_else(Field::default, |app| Field::of(&*app.url)),
        redirect_urls: app.map_or_else(Field::default, |app| Field::of(redirects(app))),
        icon: app.and_then(|app| app.icon.as_deref()).map(image_url),
        kept_icon: None,
        remove_icon: false,
        icon_error: None,
        kind: app.map(|app| app.client.kind),
        kind_error: None,
        switches: app.map_or_else(Switches::default, |app| Switches {
            implicit: app.client.implicit,
            without_state: app.client.stateless,
            require_pkce: app.client.pkce_required,
        }),
    }
}

/// Pictures are drawn and stored on the way: everything is counted first.
async fn count(page: &Page) -> Result<(), Failure> {
    let user = page.user()?.id.to_string();
    page.app
        .count(CONSOLE_WRITES, &user, page.context.now)
        .await
}

/// Registers an app. Its first secret is shown at once to a user who has just proved
/// who she is; otherwise she makes it on the app's page.
pub async fn create(page: Page, fields: Fields, upload: Upload) -> Answer {
    let owner = page.user()?.id;
    count(&page).await?;
    let form = match typed::parse(&page, None, &fields, upload).await? {
        Ok(form) => form,
        Err(again) => return html_with(StatusCode::UNPROCESSABLE_ENTITY, &*again),
    };
    let with_secret = form.kind != ClientKind::Browser && page.is_recent();
    let secret = with_secret.then(|| crate::client_secret::mint(&page.app, &form.registration));
    let (stored, shown) = secret.unzip();
    let id = page.app.world.new_gid();
    let new = NewApp {
        id,
        owner,
        form: &form,
        secret: stored,
        resource_server: false,
        limit: APPS,
    };
    let mut event = page.event("app.created")?;
    event.actor.form = page.once(&fields)?;
    event.app = Some(id);
    event.detail.clone_from(&form.name);
    if !page.app.store.add_app(&new, event).await? {
        return Err(Failure::Forbidden("failure-apps-full"));
    }
    if shown.is_none() {
        return Ok(see_other(&format!("/apps/{id}?done=created")));
    }
    let app = own_app(&page, id).await?;
    let mut detail = detail(&page, &app, shown.as_ref()).await?;
    detail.frame.notice = Some(Notice::Done(page.context.language.text("app-done-created")));
    html_with(StatusCode::CREATED, &detail)
}

pub async fn save(page: Page, Named(id): Named<i64>, fields: Fields, upload: Upload) -> Answer {
    let app = own_app(&page, id).await?;
    count(&page).await?;
    let form = match typed::parse(&page, Some(&app), &fields, upload).await? {
        Ok(form) => form,
        Err(again) => return html_with(StatusCode::UNPROCESSABLE_ENTITY, &*again),
    };
    let routes_differently = form.kind != app.client.kind
        || form.redirect_uris != app.client.redirect_uris
        || (form.implicit, form.stateless, form.pkce_required)
            != (
                app.client.implicit,
                app.client.stateless,
                app.client.pkce_required,
            );
    if routes_differently && !page.is_recent() {
        let chosen = form.icon.filter(|icon| app.icon.as_ref() != Some(icon));
        return Ok(typed::to_login(&page, page.uri.path(), &fields, chosen));
    }
    let mut event = page.event("app.edited")?;
    event.app = Some(id);
    event.detail = form.name.clone();
    match page.app.store.edit_app(&app, &form, event).await? {
        true => Ok(see_other(&format!("/apps/{id}?done=saved"))),
        false => Err(Failure::Changed),
    }
}

#[cfg(test)]
impl AppForm {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use crate::icons::IconError;
        use grantor_protocol::{app_url::AppUrlError, name::TextError};
        let hostile = super::tests::HOSTILE;
        let language = super::spoken();
        let redirects = format!("http://clock.example/cb\n</textarea>{hostile}");
        let wrong_redirects = typed::parse_redirects(&redirects, ClientKind::Browser, language);
        let wrong_redirects = wrong_redirects.unwrap_err();
        let new = || Self {
            frame: Frame::sample(super::Place::Apps),
            app: None,
            name: Field::default(),
            url: Field::default(),
            redirect_urls: Field::default(),
            icon: None,
            kept_icon: None,
            remove_icon: false,
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
            verified: true,
            has_redirect: true,
        };
        vec![
            ("app-new", new()),
            (
                "app-new-wrong",
                Self {
                    name: Field::wrong(
                        hostile,
                        language.wrong_text(TextError::TooLong { max: 64 }),
                    ),
                    url: Field::wrong("clock.example", language.wrong_url(AppUrlError::Scheme)),
                    redirect_urls: Field::wrong(redirects, wrong_redirects),
                    icon: Some(super::tests::ICON.into()),
                    kept_icon: Some("0f".repeat(32)),
                    icon_error: Some(language.wrong_picture(IconError::OtherFormat)),
                    kind_error: Some(language.text("appform-kind-missing")),
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
