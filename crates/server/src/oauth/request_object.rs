//! Request objects on their way into an authorization request (OpenID Connect Core §6).

use crate::{
    app::App,
    openid::keys,
    outbound::kept::{Kept, Wanted},
    routes::AUTHORIZE,
};
use grantor_protocol::{
    authorize::request_object::{self, MAX_BYTES, Sent, Unproved},
    client::Client,
    error::Cause,
    form::Params,
    time::{Millis, Timestamp},
};
use std::sync::Arc;

/// The objects behind `request_uri`, for the moment in which several visits want one. One
/// fetch at a time for each place, whatever versions of it strangers ask for.
pub type RequestObjects = Kept<Fetched>;

#[derive(Clone)]
pub struct Fetched {
    /// That it was fetched as.
    version: Arc<str>,
    text: Arc<str>,
}

pub fn request_objects() -> RequestObjects {
    Kept::new(200, Millis::minutes(1))
}

/// The longest address that carries an object: it travels through the login, in the
/// query of another one.
const MAX_URL_BYTES: usize = MAX_BYTES + 512;

/// What becomes of a request that may have an object.
pub enum Reading {
    /// Parameters to be checked, and what was wrong with the object.
    Params(Params, Option<Cause>),
    /// The same request with the object in it, to be visited instead: what the user is
    /// shown cannot change any more before she answers.
    Visit(String),
}

/// Reads the object of a request, if there is one; `at` is the moment by which its age
/// is judged.
pub async fn read(app: &App, client: Option<&Client>, params: Params, at: Timestamp) -> Reading {
    // Nothing is read or fetched for an app that is refused in any case.
    let Some(client) = client.filter(|client| !client.suspended) else {
        return Reading::Params(params, None);
    };
    let refused = |cause| Reading::Params(request_object::without_object(&params), Some(cause));
    match Sent::of(&params) {
        Ok(None) => Reading::Params(params, None),
        Ok(Some(Sent::Value(text))) => match by_value(app, client, (&params, text), at).await {
            Ok(params) => Reading::Params(params, None),
            Err(cause) => refused(cause),
        },
        Ok(Some(Sent::Reference(uri))) => match by_reference(app, client, uri).await {
            Ok(text) => {
                let query = request_object::by_value(&params, &text);
                let url = format!("{AUTHORIZE}?{query}");
                match url.len() > MAX_URL_BYTES {
                    true => refused(Cause::RequestObjectTooLong),
                    false => Reading::Visit(url),
                }
            }
            Err(cause) => refused(cause),
        },
        Err(cause) => refused(cause),
    }
}

async fn by_value(
    app: &App,
    client: &Client,
    (params, text): (&Params, &str),
    at: Timestamp,
) -> Result<Params, Cause> {
    let inside = request_object::decrypt(text, app.keys.now().opening())?;
    let object = match request_object::read(client, inside.as_deref().unwrap_or(text))? {
        Unproved::Nothing(object) => object,
        Unproved::Signature(jws, algorithm) => {
            let key = keys::to_verify(app, client, jws.kid(), algorithm).await;
            // What is wrong with the keys is told where the app authenticates itself.
            let key = key.map_err(|_| Cause::RequestObjectKeys)?;
            let key = key.ok_or(Cause::RequestObjectKeys)?;
            request_object::verify(&jws, &key)?
        }
    };
    object.merge(params, client, (&app.policy.issuer, at.seconds()))
}

async fn by_reference(app: &App, client: &Client, uri: &str) -> Result<Arc<str>, Cause> {
    if !app.outbound.is_on() {
        return Err(Cause::RequestUri);
    }
    let (place, version) = request_object::place_of(uri);
    if !request_object::is_registered(client, place) {
        return Err(Cause::RequestUriUnregistered);
    }
    let (kept, key, now) = (&app.request_objects, (client.id, place), app.world.now());
    let wanted = async || fetch(app, client.id, place, version).await;
    let object = kept.get(key, Wanted::Kept, now, wanted).await?;
    if &*object.version == version {
        return Ok(object.text);
    }
    let wanted = async || fetch(app, client.id, place, version).await;
    let object = kept.get(key, Wanted::Another, now, wanted).await?;
    match &*object.version == version {
        true => Ok(object.text),
        false => Err(Cause::RequestUriUnreachable),
    }
}

/// The object that is there now, and for how long it may be kept.
async fn fetch(
    app: &App,
    client: i64,
    place: &str,
    version: &str,
) -> Result<(Fetched, Option<Millis>), Cause> {
    let accept = "application/oauth-authz-req+jwt, application/jwt";
    let fetched = app.outbound.fetch(place, accept, MAX_BYTES).await;
    let fetched = fetched.map_err(|error| {
        tracing::info!(client, %error, "cannot fetch an app's request_uri");
        Cause::RequestUriUnreachable
    })?;
    let text = String::from_utf8(fetched.body);
    let text = text.map_err(|_| Cause::RequestObjectMalformed)?;
    let object = Fetched {
        version: version.into(),
        text: text.trim().into(),
    };
    Ok((object, fetched.fresh_for))
}
