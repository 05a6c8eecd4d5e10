//! Making ID tokens.

use super::protect::Protection;
use crate::{app::App, context::Context, failure::Failure, pages::page::image_url};
use grantor_protocol::{
    authorize::ResponseType,
    openid::{
        id_token::{IdToken, wanted},
        login::Login,
        profile::Person,
    },
    scope::ScopeSet,
};
use grantor_store::{apps, users::User};

/// What an ID token is made for.
pub struct Occasion<'a> {
    pub user: &'a User,
    pub login: &'a Login,
    pub scopes: &'a ScopeSet,
    /// `None` at the token endpoint.
    pub response: Option<ResponseType>,
    pub access_token: Option<&'a str>,
    pub code: Option<&'a str>,
}

/// The keys for the ID tokens of an app.
pub async fn protection(app: &App, record: &apps::App) -> Result<Protection, Failure> {
    let chosen = &record.client.registration;
    let encryption = chosen.id_token_encryption.as_ref();
    Protection::find(
        app,
        &record.client,
        Some(chosen.id_token_signing()),
        encryption,
    )
    .await
}

/// One ID token.
pub async fn make(
    app: &App,
    context: &Context,
    record: &apps::App,
    protection: &Protection,
    it: Occasion<'_>,
) -> Result<String, Failure> {
    let client = &record.client;
    let claims = {
        let subjects = &app.keys.now().subjects;
        let subject = subjects.subject(it.user.id, client.registration.sector());
        let sid = subjects.sid(it.login.session, client.id);
        let all = client.registration.id_token_claims;
        let picture = picture(app, it.user);
        let about = person(it.user, picture.as_deref()).claims(wanted(
            it.login,
            it.scopes,
            it.response,
            all,
        ));
        let token = IdToken {
            issuer: &app.policy.issuer,
            subject: &subject,
            client_id: &client.id.to_string(),
            login: it.login,
            sid: &sid,
            issued: context.now,
            access_token: it.access_token,
            code: it.code,
        };
        token.claims(about, protection.algorithm())
    };
    protection.apply(app, Some("JWT"), claims).await
}

/// A user, as far as claims are made of her.
pub fn person<'a>(user: &'a User, picture: Option<&'a str>) -> Person<'a> {
    Person {
        name: &user.name,
        email: &user.email,
        email_verified: user.email_verified,
        picture,
        profile: &user.profile,
        updated: user.updated,
    }
}

/// Where her photo is served.
pub fn picture(app: &App, user: &User) -> Option<String> {
    let origin = app.config.service.public_url.origin();
    let photo = user.photo.as_deref()?;
    Some(format!("{origin}{}", image_url(photo)))
}
