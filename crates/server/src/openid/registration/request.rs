//! What was sent, as the app that it would make.

use crate::{app::App, context::Context, failure::Failure, language::Language, names::Naming};
use grantor_protocol::{
    client::ClientSecret,
    openid::registration::{AuthMethod, ClientMetadata, MetadataError, Terms, check_sector},
    secret::Digest,
};
use grantor_store::apps::{self, AppForm};
use serde_json::{Map, Value};

/// The longest document of a sector and the largest logo, in bytes.
const SECTOR_BYTES: usize = 16 * 1024;
const LOGO_BYTES: usize = 64 * 1024;
/// As [`Naming`] has it: no app of the account that answers for it may be imitated either.
const STRANGER: i64 = 0;

/// A registration that may be stored.
pub struct Request {
    pub form: AppForm,
    pub has_secret: bool,
}

/// Reads and checks what was sent, and fetches what it refers to; `present`: the app that
/// it would replace.
pub async fn read(
    app: &App,
    context: &Context,
    sent: &Map<String, Value>,
    present: Option<&apps::App>,
) -> Result<Request, Failure> {
    let outbound = &app.outbound;
    let terms = Terms {
        policy: &app.policy,
        plain_http: &|uri| uri.starts_with("http://") && outbound.check(uri).is_ok(),
    };
    let mut metadata = ClientMetadata::parse(sent, terms)?;
    let naming = Naming {
        owner: STRANGER,
        present: present.map(|present| &*present.name),
    };
    if app
        .check_app_name(&metadata.name, naming, Language::English)
        .await?
        .is_some()
    {
        let reason = "looks like the name of this platform or of a verified app; choose one that nobody takes for it";
        return Err(MetadataError::of("client_name", reason).into());
    }
    check_addresses(app, &metadata)?;
    check_vouched(app, &metadata).await?;
    let icon = logo(app, context, &mut metadata, present).await?;
    // What the owner chose in the console is no part of a registration.
    let of_owner = |chosen: fn(&apps::App) -> bool| present.is_some_and(chosen);
    metadata.registration.id_token_claims =
        of_owner(|present| present.client.registration.id_token_claims);
    Ok(Request {
        has_secret: metadata.has_secret(),
        form: AppForm {
            name: metadata.name.as_str().to_owned(),
            url: metadata.url.as_str().to_owned(),
            kind: metadata.kind,
            icon,
            redirect_uris: metadata.redirect_uris,
            implicit: metadata.implicit,
            stateless: of_owner(|present| present.client.stateless),
            pkce_required: of_owner(|present| present.client.pkce_required),
            registration: metadata.registration,
        },
    })
}

/// An app names itself in what it sends, and cannot choose its secret.
pub fn check_identity(record: &apps::App, sent: &Map<String, Value>) -> Result<(), MetadataError> {
    let client_id = record.client.id.to_string();
    if sent.get("client_id").and_then(Value::as_str) != Some(&*client_id) {
        let reason = "send the client_id of the app that is changed; it stays as it is";
        return Err(MetadataError::of("client_id", reason)); // RFC 7592 §2.2
    }
    let Some(secret) = sent.get("client_secret").filter(|secret| !secret.is_null()) else {
        return Ok(());
    };
    let sent = Digest::of(secret.as_str().unwrap_or_default().as_bytes());
    match record
        .client
        .secrets
        .iter()
        .any(|it| it.digest.proves(&sent))
    {
        true => Ok(()),
        false => Err(MetadataError::of(
            "client_secret",
            "leave it out: an app cannot choose its secret", // RFC 7592 §2.2
        )),
    }
}

/// An update makes no secret: the app goes on with the one that it has.
pub fn check_secret(record: &apps::App, request: &Request) -> Result<(), MetadataError> {
    let method = request.form.registration.token_endpoint_auth_method;
    let signs = method == Some(AuthMethod::ClientSecretJwt);
    // Of others only the digest is kept.
    let serves = |secret: &ClientSecret| !signs || secret.sealed.is_some();
    match request.has_secret && !record.client.secrets.iter().any(serves) {
        false => Ok(()),
        true => Err(MetadataError::of(
            "token_endpoint_auth_method",
            "this needs a client_secret that was made for it, and an update makes none; register the app anew",
        )),
    }
}

/// What this server will be asked to call, it must be able to call.
fn check_addresses(app: &App, metadata: &ClientMetadata) -> Result<(), MetadataError> {
    let chosen = &metadata.registration;
    let requests = chosen.request_uris.iter().map(|uri| ("request_uris", uri));
    let others = [
        ("jwks_uri", &chosen.jwks_uri),
        ("sector_identifier_uri", &chosen.sector_identifier_uri),
        ("backchannel_logout_uri", &chosen.backchannel_logout_uri),
    ];
    let others = others
        .into_iter()
        .filter_map(|(name, uri)| Some((name, uri.as_ref()?)));
    for (name, uri) in others.chain(requests) {
        let checked = app.outbound.check(uri);
        checked.map_err(|error| MetadataError::of(name, error.to_string()))?;
    }
    Ok(())
}

async fn check_vouched(app: &App, metadata: &ClientMetadata) -> Result<(), MetadataError> {
    let Some(uri) = &metadata.registration.sector_identifier_uri else {
        return Ok(());
    };
    let fetched = app.outbound.fetch(uri, "application/json", SECTOR_BYTES);
    let fetched = fetched.await;
    let fetched =
        fetched.map_err(|error| MetadataError::of("sector_identifier_uri", error.to_string()))?;
    check_sector(&fetched.body, &metadata.redirect_uris) // OpenID Connect Dynamic Client Registration §5
}

/// The icon: the logo as it is now, drawn anew, so that no browser ever asks the app for
/// it. One that cannot be had is left out of the registration (RFC 7591 §2).
async fn logo(
    app: &App,
    context: &Context,
    metadata: &mut ClientMetadata,
    present: Option<&apps::App>,
) -> Result<Option<String>, Failure> {
    let before = present.and_then(|present| present.client.registration.logo_uri.as_ref());
    let icon = present.and_then(|present| present.icon.clone());
    let Some(uri) = &metadata.registration.logo_uri else {
        // One that its owner chose in the console stays.
        return Ok(icon.filter(|_| before.is_none()));
    };
    let fetched = app
        .outbound
        .fetch(uri, "image/png, image/jpeg, image/webp", LOGO_BYTES);
    let drawn = match fetched.await {
        Ok(fetched) => app.icons.make(fetched.body.into()).await.ok(),
        Err(_) => None,
    };
    let Some(drawn) = drawn else {
        if before == Some(uri) {
            return Ok(icon);
        }
        metadata.registration.logo_uri = None;
        return Ok(None);
    };
    let store = &app.store;
    store
        .add_image(&drawn.name, &drawn.png, context.now)
        .await?;
    Ok(Some(drawn.name))
}
