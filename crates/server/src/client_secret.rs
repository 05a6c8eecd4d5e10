//! A client secret in the making, for the console, the command line and registration.

use crate::app::App;
use grantor_protocol::{
    openid::registration::{AuthMethod, Registration},
    secret::{Kind, Secret},
};
use grantor_store::apps::NewSecret;

/// A secret to be stored, and its text. The text itself is kept, encrypted, only of an
/// app that signs with it: for all others its digest is enough.
pub fn mint(app: &App, registration: &Registration) -> (NewSecret, Secret) {
    let keys = app.keys.now();
    let id = app.world.new_id(app.world.now());
    let entropy = app.world.random();
    let secret = keys.format.mint(Kind::ClientSecret, id, &entropy);
    let signs = registration.token_endpoint_auth_method == Some(AuthMethod::ClientSecretJwt);
    let text = secret.reveal_for_response();
    let seal = || {
        let nonce = app.world.random();
        keys.secrets.seal(&context(id), text.as_bytes(), nonce)
    };
    let new = NewSecret {
        id,
        digest: secret.digest(),
        hint: secret.hint(),
        sealed: signs.then(seal).flatten(),
    };
    (new, secret)
}

/// What a stored text of a client secret is encrypted as.
pub fn context(id: i64) -> String {
    format!("client-secret:{id}")
}
