//! What was typed into the form of an app: read, and brought back whole after a mistake or
//! a proof of who she is.

use super::{AppForm, Switches, blank};
use crate::{
    context::{Fields, Upload},
    failure::Failure,
    language::{Language, Say},
    names::Naming,
    pages::{
        Field, carry,
        page::{Page, image_url},
    },
};
use axum::response::Response;
use grantor_protocol::{
    app_url::AppUrl,
    client::ClientKind,
    name::AppName,
    openid::registration::{Registration, form::methods, only_host},
    redirect::RedirectUri,
};
use grantor_store::apps as records;

const REDIRECTS: usize = 20;

/// What the form says, or the form again with what is wrong with it.
pub async fn parse(
    page: &Page,
    app: Option<&records::App>,
    fields: &Fields,
    upload: Upload,
) -> Result<Result<records::AppForm, Box<AppForm>>, Failure> {
    let language = page.context.language;
    let kind = ClientKind::parse(fields.text("kind"));
    let name = parse_name(page, app, fields.text("name")).await?;
    let url = AppUrl::parse(fields.text("url").trim()).map_err(|error| language.wrong_url(error));
    let typed = fields.text("redirect_urls").trim();
    let redirects = match (app, typed) {
        // A resource server that nobody connects.
        (Some(app), "") if app.client.redirect_uris.is_empty() => Ok(Vec::new()),
        _ => parse_redirects(typed, kind.unwrap_or(ClientKind::Confidential), language),
    };
    let redirects =
        redirects.and_then(|uris| within_sector(app, uris, language).map_err(|said| said.plain()));
    let (chosen, icon_error) = match upload {
        Upload(None) => (kept_icon(page, fields).await?, None),
        Upload(Some(upload)) => match draw(page, upload).await? {
            Ok(name) => (Some(name), None),
            Err(error) => (kept_icon(page, fields).await?, Some(error)),
        },
    };
    let switches = switches(fields);
    match (name, url, redirects, kind, &icon_error) {
        (Ok(name), Ok(url), Ok(redirect_uris), Some(kind), None) => Ok(Ok(records::AppForm {
            name: name.as_str().to_owned(),
            url: url.as_str().to_owned(),
            kind,
            icon: match fields.is_on("remove_icon") {
                true => None,
                false => chosen.or_else(|| app.and_then(|app| app.icon.clone())),
            },
            redirect_uris,
            implicit: switches.implicit,
            stateless: switches.without_state,
            pkce_required: switches.require_pkce,
            registration: registration(app, kind),
        })),
        (name, url, redirects, kind, _) => {
            let mut form = as_typed(page, app, fields, chosen);
            form.name.error = name.err();
            form.url.error = url.err();
            form.redirect_urls.error = redirects.err();
            form.kind_error = kind
                .is_none()
                .then(|| language.text("appform-kind-missing"));
            form.icon_error = icon_error;
            Ok(Err(Box::new(form)))
        }
    }
}

/// What it has chosen of OpenID Connect, as far as it fits its kind.
fn registration(app: Option<&records::App>, kind: ClientKind) -> Registration {
    let chosen = app.map(|app| app.client.registration.clone());
    let mut chosen = chosen.unwrap_or_default();
    let method = chosen.token_endpoint_auth_method;
    chosen.token_endpoint_auth_method = method.filter(|it| methods(kind).contains(it));
    chosen
}

/// Ids that an app alone knows its users by are made for its host: at another host it
/// would get those of somebody else's app (OpenID Connect Core §8.1).
fn within_sector(
    app: Option<&records::App>,
    uris: Vec<RedirectUri>,
    language: Language,
) -> Result<Vec<RedirectUri>, Say> {
    let Some(client) = app.map(|app| &app.client) else {
        return Ok(uris);
    };
    let chosen = &client.registration;
    if let Some(list) = &chosen.sector_identifier_uri {
        return match uris.iter().all(|uri| client.redirect_uris.contains(uri)) {
            true => Ok(uris),
            false => Err(language.say("appform-sector-list").code("list", list)),
        };
    }
    match chosen.sector() {
        Some(host) if only_host(&uris).as_deref() != Some(host) => {
            Err(language.say("appform-sector-host").code("host", host))
        }
        _ => Ok(uris),
    }
}

fn switches(fields: &Fields) -> Switches {
    Switches {
        implicit: fields.is_on("implicit"),
        without_state: fields.is_on("without_state"),
        require_pkce: fields.is_on("require_pkce"),
    }
}

/// The form with what was typed in it; `chosen`: a picture that is not the app's yet.
pub fn as_typed(
    page: &Page,
    app: Option<&records::App>,
    fields: &Fields,
    chosen: Option<String>,
) -> AppForm {
    let before = blank(page, app);
    AppForm {
        name: Field::of(fields.text("name")),
        url: Field::of(fields.text("url")),
        redirect_urls: Field::of(fields.text("redirect_urls")),
        icon: chosen.as_deref().map(image_url).or(before.icon),
        kept_icon: chosen,
        remove_icon: fields.is_on("remove_icon"),
        kind: ClientKind::parse(fields.text("kind")),
        switches: switches(fields),
        ..before
    }
}

async fn parse_name(
    page: &Page,
    app: Option<&records::App>,
    text: &str,
) -> Result<Result<AppName, String>, Failure> {
    let language = page.context.language;
    let name = match AppName::parse(text) {
        Ok(name) => name,
        Err(error) => return Ok(Err(language.wrong_text(error))),
    };
    let naming = Naming {
        owner: page.user()?.id,
        present: app.map(|app| app.name.as_str()),
    };
    Ok(
        match page.app.check_app_name(&name, naming, language).await? {
            Some(error) => Err(error),
            None => Ok(name),
        },
    )
}

/// One a line, each with its own error.
pub fn parse_redirects(
    text: &str,
    kind: ClientKind,
    language: Language,
) -> Result<Vec<RedirectUri>, String> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return Err(language.text("appform-return-missing"));
    }
    if lines.len() > REDIRECTS {
        let many = language.say("appform-return-many");
        return Err(many.number("max", REDIRECTS).plain());
    }
    let (mut uris, mut wrong) = (Vec::new(), Vec::new());
    for line in lines {
        match RedirectUri::parse(line, kind) {
            Ok(uri) if uris.contains(&uri) => {}
            Ok(uri) => uris.push(uri),
            Err(error) => {
                let said = language.say("appform-return-wrong").name("line", line);
                wrong.push(
                    said.words("problem", &language.wrong_redirect(&error))
                        .plain(),
                );
            }
        }
    }
    if wrong.is_empty() {
        Ok(uris)
    } else {
        Err(wrong.join("\n"))
    }
}

/// Draws and stores a picture, whatever becomes of the form: its digest.
async fn draw(page: &Page, upload: bytes::Bytes) -> Result<Result<String, String>, Failure> {
    let icon = match page.app.icons.make(upload).await {
        Ok(icon) => icon,
        Err(error) => return Ok(Err(page.context.language.wrong_picture(error))),
    };
    let (store, now) = (&page.app.store, page.context.now);
    store.add_image(&icon.name, &icon.png, now).await?;
    Ok(Ok(icon.name))
}

/// The picture that came with an earlier try. Its digest needs no signature: whoever can
/// name a picture has it, and pictures are public.
pub async fn kept_icon(page: &Page, fields: &Fields) -> Result<Option<String>, Failure> {
    let Some(name) = fields.get("kept_icon") else {
        return Ok(None);
    };
    let store = &page.app.store;
    let Some(png) = store.image(name).await? else {
        return Ok(None);
    };
    // Young again, or the sweeper could take it before it is saved.
    store.add_image(name, &png, page.context.now).await?;
    Ok(Some(name.to_owned()))
}

/// What travels through a step-up. The file itself cannot, its digest can.
const TRAVELLING: [&str; 8] = [
    "name",
    "url",
    "redirect_urls",
    "kind",
    "implicit",
    "without_state",
    "require_pkce",
    "remove_icon",
];

/// To the login and back to the form, with what was typed.
pub fn to_login(page: &Page, path: &str, fields: &Fields, chosen: Option<String>) -> Response {
    let typed = TRAVELLING
        .iter()
        .filter_map(|name| Some((*name, fields.get(name)?)));
    let chosen = chosen.as_deref().map(|name| ("kept_icon", name));
    carry::to_login(page, path, typed.chain(chosen))
}
