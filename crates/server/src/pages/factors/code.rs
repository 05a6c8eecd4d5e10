//! Setting up an authenticator app: the secret travels in the form, encrypted, and is
//! stored when the first code shows that the app has it.

use askama::Template;

use super::{LIST, event};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    pages::{
        Frame, Place,
        factors::recovery,
        page::{Page, ended, html, html_with},
    },
    totp::{self, SharedSecret},
};
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::{totp::NewTotp, users::User};
use zeroize::Zeroizing;

/// A secret that is not stored by then is another next time.
const LIFETIME: Millis = Millis::minutes(15);

/// Posts `code` and `setup`.
pub struct CodeSetup {
    /// In groups of four, to be typed.
    pub secret: String,
    /// What the picture says: a link that opens an app on the same device.
    pub uri: String,
    /// SVG.
    pub picture: String,
    /// The secret once more, encrypted.
    pub setup: String,
    pub error: Option<String>,
}

/// Posts as [`CodeSetup`] to `/account/factors/code`.
#[derive(Template)]
#[template(path = "factor_code.html")]
pub struct FactorCode {
    pub frame: Frame,
    pub code: CodeSetup,
}

impl CodeSetup {
    pub fn begin(page: &Page, user: &User) -> Result<Self, Failure> {
        Self::with(page, user, &SharedSecret::new(&page.app.world), None)
    }

    fn with(
        page: &Page,
        user: &User,
        secret: &SharedSecret,
        error: Option<&'static str>,
    ) -> Result<Self, Failure> {
        let uri = secret.uri(page.app.config.service.brand.as_str(), &user.email);
        let at = page.context.now.0.to_be_bytes();
        let plain = Zeroizing::new([&at[..], secret.bytes()].concat());
        let keys = page.app.keys.now();
        let nonce = page.app.world.random();
        let sealed = keys.secrets.seal(&context(user.id), &plain, nonce);
        let sealed = sealed.ok_or_else(|| Failure::Internal("no key for secrets".into()))?;
        Ok(Self {
            secret: secret.text(),
            picture: totp::picture(&uri)
                .map_err(|error| Failure::Internal(format!("no picture of a secret: {error}")))?,
            uri,
            setup: BASE64_URL_SAFE_NO_PAD.encode(sealed),
            error: error.map(|id| page.context.language.text(id)),
        })
    }

    /// Stores the app if its code is right; recovery codes, if she had none. `Err`: the
    /// form again.
    pub async fn confirm(
        page: &Page,
        user: &User,
        fields: &Fields,
    ) -> Result<Result<Vec<String>, Self>, Failure> {
        let (app, now) = (&page.app, page.context.now);
        let Some(secret) = opened(page, user.id, fields.text("setup")) else {
            let secret = SharedSecret::new(&app.world);
            let again = Self::with(page, user, &secret, Some("factor-code-late"))?;
            return Ok(Err(again));
        };
        app.count_second_factor(user.id, now).await?;
        let typed = fields.text("code");
        let code: String = typed.chars().filter(|it| !it.is_whitespace()).collect();
        let Some(step) = secret.step(&code, now) else {
            let again = Self::with(page, user, &secret, Some("factor-code-wrong"))?;
            return Ok(Err(again));
        };
        app.forgive_second_factor(user.id).await?;
        let (codes, recovery) = recovery::first(page, user.id).await?;
        let new = NewTotp {
            user: user.id,
            sealed: totp::seal(app, user.id, &secret)
                .ok_or_else(|| Failure::Internal("no key for secrets".into()))?,
            step,
            recovery,
        };
        let event = event(page, user.id, "totp.added")?;
        match app.store.add_totp(&new, event).await? {
            true => Ok(Ok(codes)),
            false => Err(Failure::Changed),
        }
    }

    #[cfg(test)]
    pub fn sample(error: Option<&'static str>) -> Self {
        let uri = "otpauth://totp/Grantor:ada@example.org?secret=GEZDGNBVGY3TQOJQ&issuer=Grantor";
        Self {
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
            picture: totp::picture(uri).unwrap(),
            uri: uri.into(),
            setup: "sample".into(),
            error: error.map(|id| crate::pages::spoken().text(id)),
        }
    }
}

/// The secret that the form brought back, if it is this user's and not old.
fn opened(page: &Page, user: i64, setup: &str) -> Option<SharedSecret> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(setup).ok()?;
    let plain = page.app.keys.now().secrets.open(&context(user), &sealed)?;
    let (at, secret) = plain.split_first_chunk::<8>()?;
    let age = page.context.now - Timestamp(i64::from_be_bytes(*at));
    SharedSecret::from_bytes(secret).filter(|_| age <= LIFETIME)
}

/// What is being set up opens as nothing else.
fn context(user: i64) -> String {
    format!("totp-setup:{user}")
}

pub async fn show(page: Page) -> Answer {
    super::offered(&page, true)?;
    let user = page.user()?;
    html(&FactorCode {
        frame: page.frame(Place::Account),
        code: CodeSetup::begin(&page, user)?,
    })
}

pub async fn submit(page: Page, fields: Fields) -> Answer {
    super::offered(&page, true)?;
    if page.app.store.totp_of(page.user()?.id).await?.is_some() {
        return ended(false, LIST, "code");
    }
    match CodeSetup::confirm(&page, page.user()?, &fields).await? {
        Ok(codes) if codes.is_empty() => Ok(see_other("/account/factors?done=code")),
        Ok(codes) => recovery::shown(&page, codes, "/account/factors?done=code", false),
        Err(code) => html_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &FactorCode {
                frame: page.frame(Place::Account),
                code,
            },
        ),
    }
}

#[cfg(test)]
impl FactorCode {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let with = |error| Self {
            frame: Frame::sample(Place::Account),
            code: CodeSetup::sample(error),
        };
        vec![
            ("factor-code", with(None)),
            ("factor-code-wrong", with(Some("factor-code-wrong"))),
        ]
    }
}
