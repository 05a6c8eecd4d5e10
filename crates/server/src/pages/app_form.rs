//! `/apps/new` and `/apps/<id>/edit`: what an app is.

use askama::Template;
use grantor_protocol::client::ClientKind;

use super::{Field, Frame};
use super::{
    Notice, Place,
    app::{detail, new_secret, own_app},
    page::{Named, Page, html, html_with, image_url},
};
use crate::{
    context::{Fields, Upload},
    failure::{Answer, Failure},
    front::see_other,
    throttle::CONSOLE_WRITES,
};
use axum::http::StatusCode;
use grantor_protocol::{
    app_url::AppUrl,
    form::encode,
    name::{AppName, confusable_with},
    redirect::RedirectUri,
};
use grantor_store::apps::{self as records, AppEdit, NewApp};

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

/// How many apps a user may register.
pub const APPS: i64 = 100;
const REDIRECTS: usize = 20;

pub async fn new(page: Page) -> Answer {
    let blank = [Field::default(), Field::default(), Field::default()];
    html(&form(&page, None, blank))
}

fn form(
    page: &Page,
    app: Option<&records::App>,
    [name, url, redirect_urls]: [Field; 3],
) -> AppForm {
    AppForm {
        frame: page.frame(Place::Apps),
        app: app.map(|app| Edited {
            id: app.client.id.to_string(),
            name: app.name.clone(),
            icon: app.icon.as_deref().map(image_url),
            kind: app.client.kind,
        }),
        name,
        url,
        redirect_urls,
        icon: app.and_then(|app| app.icon.as_deref()).map(image_url),
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

pub async fn edit(page: Page, Named(id): Named<i64>) -> Answer {
    let app = own_app(&page, id).await?;
    let redirects: Vec<_> = app
        .client
        .redirect_uris
        .iter()
        .map(ToString::to_string)
        .collect();
    let fields = [
        Field::of(&*app.name),
        Field::of(&*app.url),
        Field::of(redirects.join("\n")),
    ];
    html(&form(&page, Some(&app), fields))
}

/// What the form says, or the form again with what is wrong with it.
async fn parse(
    page: &Page,
    app: Option<&records::App>,
    fields: &Fields,
    Upload(upload): Upload,
) -> Result<records::AppForm, Box<AppForm>> {
    let kind = ClientKind::parse(fields.text("kind"));
    let name = parse_name(page, app, fields.text("name"));
    let url = AppUrl::parse(fields.text("url").trim()).map_err(|error| error.to_string());
    let redirects = parse_redirects(
        fields.text("redirect_urls"),
        kind.unwrap_or(ClientKind::Confidential),
    );
    let kept = app
        .and_then(|app| app.icon.clone())
        .filter(|_| !fields.is_on("remove_icon"));
    let icon = match upload {
        None => Ok(kept),
        Some(upload) => match page.app.icons.make(upload).await {
            Ok(icon) => match page
                .app
                .store
                .add_image(&icon.name, &icon.png, page.context.now)
                .await
            {
                Ok(()) => Ok(Some(icon.name)),
                Err(_) => Err("The icon could not be stored; please try again.".to_owned()),
            },
            Err(error) => Err(error.to_string()),
        },
    };
    let switches = Switches {
        implicit: fields.is_on("implicit"),
        without_state: fields.is_on("without_state"),
        require_pkce: fields.is_on("require_pkce"),
    };
    match (name, url, redirects, kind, icon) {
        (Ok(name), Ok(url), Ok(redirect_uris), Some(kind), Ok(icon)) => Ok(records::AppForm {
            name: name.as_str().to_owned(),
            url: url.as_str().to_owned(),
            kind,
            icon,
            redirect_uris,
            implicit: switches.implicit,
            stateless: switches.without_state,
            pkce_required: switches.require_pkce,
        }),
        (name, url, redirects, kind, icon) => {
            let field = |value: &str, error: Option<String>| Field {
                value: value.to_owned(),
                error,
            };
            let typed = [
                field(fields.text("name"), name.err()),
                field(fields.text("url"), url.err()),
                field(fields.text("redirect_urls"), redirects.err()),
            ];
            let mut form = form(page, app, typed);
            form.kind = kind;
            form.kind_error = kind
                .is_none()
                .then(|| "Choose what kind of app this is.".to_owned());
            form.icon_error = icon.err();
            form.switches = switches;
            Err(Box::new(form))
        }
    }
}

fn parse_name(page: &Page, app: Option<&records::App>, text: &str) -> Result<AppName, String> {
    let name = AppName::parse(text).map_err(|error| error.to_string())?;
    let reserved = [page.app.config.service.brand.as_str(), "Grantor"];
    let unchanged = app.is_some_and(|app| app.name == name.as_str());
    match reserved
        .iter()
        .any(|reserved| confusable_with(reserved, name.as_str()))
        && !unchanged
    {
        true => Err("This name looks like the platform’s own; choose another.".into()),
        false => Ok(name),
    }
}

/// One a line, each with its own error.
fn parse_redirects(text: &str, kind: ClientKind) -> Result<Vec<RedirectUri>, String> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return Err("At least one redirect URL is needed: where users come back to.".into());
    }
    if lines.len() > REDIRECTS {
        return Err(format!("An app has {REDIRECTS} redirect URLs at most."));
    }
    let (mut uris, mut wrong) = (Vec::new(), Vec::new());
    for line in lines {
        match RedirectUri::parse(line, kind) {
            Ok(uri) if uris.contains(&uri) => {}
            Ok(uri) => uris.push(uri),
            Err(error) => wrong.push(format!("“{line}”: {error}.")),
        }
    }
    if wrong.is_empty() {
        Ok(uris)
    } else {
        Err(wrong.join("\n"))
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
    let form = match parse(&page, None, &fields, upload).await {
        Ok(form) => form,
        Err(again) => return html_with(StatusCode::UNPROCESSABLE_ENTITY, &*again),
    };
    let with_secret = form.kind != ClientKind::Browser && page.is_recent();
    let secret = with_secret.then(|| new_secret(&page));
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
    event.app = Some(id);
    event.detail.clone_from(&form.name);
    if !page.app.store.add_app(&new, event).await? {
        return Err(Failure::Forbidden(
            "You have as many apps as one account may have; delete one that you no longer need.",
        ));
    }
    if shown.is_none() {
        return Ok(see_other(&format!("/apps/{id}?done=created")));
    }
    let app = own_app(&page, id).await?;
    let mut detail = detail(&page, &app, shown.as_ref()).await?;
    detail.frame.notice = Some(Notice::Done("The app was registered.".into()));
    html_with(StatusCode::CREATED, &detail)
}

pub async fn save(page: Page, Named(id): Named<i64>, fields: Fields, upload: Upload) -> Answer {
    let app = own_app(&page, id).await?;
    count(&page).await?;
    let form = match parse(&page, Some(&app), &fields, upload).await {
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
        let back = format!("/apps/{id}/edit");
        return Ok(see_other(&format!(
            "/login?{}",
            encode([("return_to", back.as_str()), ("confirm", "1")])
        )));
    }
    let shows_differently = form.name != app.name
        || form.url != app.url
        || form.icon != app.icon
        || form.kind != app.client.kind
        || form.redirect_uris != app.client.redirect_uris;
    let mut event = page.event("app.edited")?;
    event.app = Some(id);
    event.detail = form.name.clone();
    let edit = AppEdit {
        form: &form,
        shows_differently,
    };
    match page.app.store.edit_app(id, app.owner, &edit, event).await? {
        true => Ok(see_other(&format!("/apps/{id}?done=saved"))),
        false => Err(Failure::NotFound),
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
