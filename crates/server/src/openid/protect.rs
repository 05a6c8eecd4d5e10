//! What is signed for an app, and encrypted to it where it wants that (OpenID Connect
//! Core §10).

use crate::{app::App, failure::Failure};
use aws_lc_rs::rand::SystemRandom;
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{ContentEncryption, EncryptingKey, KeyManagement},
    sign::SigningKey,
    unsecured,
};
use grantor_protocol::{
    client::Client,
    error::Cause,
    openid::registration::{Encryption, Signing},
};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The keys for one document, found before anything is written: an app whose keys
/// cannot be had loses no code.
pub struct Protection {
    form: Form,
    encryption: Option<EncryptingKey>,
}

enum Form {
    /// The claims themselves, as JSON.
    Plain,
    /// A JWT that nobody signed, as the app wants it.
    Unsigned,
    Signed(Arc<SigningKey>),
}

impl Protection {
    /// `signing`: `None` for what is no token unless it is encrypted.
    ///
    /// # Errors
    /// The app's keys are out of reach or do not fit what it registered.
    pub async fn find(
        app: &App,
        client: &Client,
        signing: Option<Signing>,
        encryption: Option<&Encryption>,
    ) -> Result<Self, Failure> {
        let form = match signing {
            None => Form::Plain,
            Some(Signing::Unsigned) => Form::Unsigned,
            Some(Signing::Signed(algorithm)) => {
                let key = app.keys.now().signing(algorithm).cloned();
                let missing = || Failure::Internal(format!("no key for {algorithm}"));
                Form::Signed(key.ok_or_else(missing)?)
            }
        };
        let encryption = match encryption {
            None => None,
            Some(wanted) => Some(encrypting_key(app, client, wanted).await?),
        };
        Ok(Self { form, encryption })
    }

    pub fn algorithm(&self) -> Option<Algorithm> {
        match &self.form {
            Form::Signed(key) => Some(key.algorithm()),
            Form::Plain | Form::Unsigned => None,
        }
    }

    /// The claims in their form, in a JWE where the app wants one.
    pub async fn apply(
        &self,
        app: &App,
        typ: Option<&'static str>,
        claims: Map<String, Value>,
    ) -> Result<String, Failure> {
        let payload = Value::Object(claims).to_string();
        let (cty, token) = match &self.form {
            Form::Plain => (None, payload),
            Form::Unsigned => (
                Some("JWT"),
                unsecured::write_proved_by_nothing(payload.as_bytes()),
            ),
            Form::Signed(key) => (Some("JWT"), sign(app, key, typ, payload).await?),
        };
        let Some(key) = &self.encryption else {
            return Ok(token);
        };
        let encrypted = key.encrypt(cty, token.as_bytes(), &SystemRandom::new());
        encrypted.map_err(|error| Failure::Internal(error.to_string()))
    }
}

async fn sign(
    app: &App,
    key: &Arc<SigningKey>,
    typ: Option<&'static str>,
    payload: String,
) -> Result<String, Failure> {
    let signed = match key.algorithm() {
        Algorithm::Es256 | Algorithm::EdDsa => key.sign(typ, payload.as_bytes()),
        _ => app.signers.sign(key.clone(), typ, payload).await,
    };
    signed.map_err(|error| Failure::Internal(error.to_string()))
}

async fn encrypting_key(
    app: &App,
    client: &Client,
    wanted: &Encryption,
) -> Result<EncryptingKey, Failure> {
    let unfit = || Failure::OAuth(Cause::EncryptionKeyMissing);
    let alg = KeyManagement::parse(&wanted.alg).ok_or_else(unfit)?;
    let enc = ContentEncryption::parse(&wanted.enc).ok_or_else(unfit)?;
    let keys = super::keys::of_client(app, client).await?;
    let key = keys.to_encrypt(alg).map_err(|_| unfit())?;
    EncryptingKey::from_jwk(key, alg, enc).map_err(|_| unfit())
}
