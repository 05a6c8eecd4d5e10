//! Passkeys (Web Authentication Level 3): what a browser is asked for, and what it answers.
//!
//! The question travels with the page, signed for this browser, so that any node can read
//! the answer; that it is answered but once, the database sees to. Of the library the two
//! checks are used (§7.1, §7.2); what is kept of a passkey are columns of our own.

mod stored;

use crate::{config::Service, context::Fields, failure::Failure, pages::page::Page};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::{
    openid::login::Keeper,
    secret::Digest,
    time::{Millis, Timestamp},
};
use grantor_store::{
    passkeys::{Answered, Passkey, Use},
    users::User,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

/// How long a question may be answered.
const LIFETIME: Millis = Millis::minutes(5);

pub struct Passkeys(Webauthn);

/// A question, for the script of the page, and how to read the answer.
pub struct Ceremony {
    /// The options, as JSON.
    pub options: String,
    /// Comes back with the answer.
    pub state: String,
}

/// What is behind a question.
#[derive(Serialize, Deserialize)]
struct Asked<T> {
    at: i64,
    /// Who is to answer; `None`: whoever can.
    user: Option<i64>,
    state: T,
}

/// A passkey that has proved its user, and the challenge by which.
pub struct Proven {
    pub user: i64,
    pub keeper: Keeper,
    /// Whether nobody else could have answered.
    pub was_named: bool,
}

const ASK: &[u8] = b"passkey-ask";
const REGISTER: &[u8] = b"passkey-register";

impl Passkeys {
    /// `None`: at an address of numbers, no browser makes a passkey.
    pub fn at(service: &Service) -> Option<Self> {
        let url = &service.public_url;
        let origin = Url::parse(url.origin()).ok()?;
        origin.domain()?;
        let builder = WebauthnBuilder::new(url.host(), &origin).ok()?;
        let webauthn = builder.rp_name(service.brand.as_str()).build().ok()?;
        Some(Self(webauthn))
    }

    /// Asks for one of these passkeys of a user, or for any of anybody.
    pub fn ask(&self, page: &Page, named: Option<(i64, &[Passkey])>) -> Result<Ceremony, Failure> {
        let (options, state) = self.0.start_discoverable_authentication().map_err(defect)?;
        let mut options = json!(options)["publicKey"].take();
        if let Some((_, passkeys)) = named {
            options["allowCredentials"] = list(passkeys);
        }
        // No extension of ours is of use to us.
        options["extensions"] = json!({});
        let user = named.map(|(user, _)| user);
        seal(page, ASK, options, user, state)
    }

    /// Asks for a new passkey, on a device that has none of these.
    pub fn register(
        &self,
        page: &Page,
        user: &User,
        known: &[Passkey],
    ) -> Result<Ceremony, Failure> {
        let known = known.iter().map(|it| it.credential.clone()).collect();
        let handle = Uuid::from_bytes(handle(page, user.id));
        let (mut options, state) = self
            .0
            .start_passkey_registration(handle, &user.email, &user.name, Some(known))
            .map_err(defect)?;
        if let Some(wanted) = &mut options.public_key.authenticator_selection {
            // One that is found without a name typed first.
            wanted.require_resident_key = true;
        }
        let mut options = json!(options)["publicKey"].take();
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["extensions"] = json!({ "credProps": true });
        seal(page, REGISTER, options, Some(user.id), state)
    }

    /// Reads the answer to [`Self::ask`]. `None`: it proves nothing.
    pub async fn answer(&self, page: &Page, fields: &Fields) -> Result<Option<Proven>, Failure> {
        let sent = fields.text("state");
        let Some(asked) = open::<DiscoverableAuthentication>(page, ASK, sent) else {
            return Ok(None);
        };
        let credential = serde_json::from_str::<PublicKeyCredential>(fields.text("credential"));
        let Ok(credential) = credential else {
            return Ok(None);
        };
        let store = &page.app.store;
        let Some(passkey) = store.passkey(&credential.raw_id).await? else {
            return Ok(None);
        };
        // Whose it is says the database; the answer and the question must agree.
        let named = asked.user.is_none_or(|user| user == passkey.user);
        let handled = match &credential.response.user_handle {
            Some(said) => *said == handle(page, passkey.user),
            None => asked.user.is_some(),
        };
        let Some(key) = stored::read(&passkey).filter(|_| named && handled) else {
            return Ok(None);
        };
        let checked = self
            .0
            .finish_discoverable_authentication_v2(&credential, asked.state, &key);
        let Ok(result) = checked else {
            return Ok(None);
        };
        let used = Use {
            passkey: passkey.id,
            sign_count: result.counter().into(),
            synced: result.backup_state(),
        };
        let now = page.context.now;
        let once = once(page, sent, asked.at);
        let first = store.use_passkey(&used, &once, now).await?;
        Ok((first && result.user_verified()).then_some(Proven {
            user: passkey.user,
            keeper: keeper(&passkey),
            was_named: asked.user.is_some(),
        }))
    }

    /// Reads the answer to [`Self::register`]: a passkey to be of this user, and the
    /// challenge that it answers. `None`: it is none.
    pub fn registered(
        &self,
        page: &Page,
        user: i64,
        fields: &Fields,
    ) -> Option<(Passkey, Answered)> {
        let sent = fields.text("state");
        let asked = open::<PasskeyRegistration>(page, REGISTER, sent)?;
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(fields.text("credential")).ok()?;
        let made = self.0.finish_passkey_registration(&answer, &asked.state);
        let made = made.ok().filter(|_| asked.user == Some(user))?;
        let id = page.app.world.new_id(page.context.now);
        let new = stored::of(made, (id, user), page.context.now)?;
        Some((new, once(page, sent, asked.at)))
    }
}

/// What a passkey says of where it is kept: without attestation it is its own word.
pub fn keeper(passkey: &Passkey) -> Keeper {
    match passkey.syncs {
        true => Keeper::Synced,
        false => Keeper::Device,
    }
}

fn list(passkeys: &[Passkey]) -> Value {
    let entry = |passkey: &Passkey| {
        let id = BASE64_URL_SAFE_NO_PAD.encode(&passkey.credential);
        json!({ "type": "public-key", "id": id })
    };
    passkeys.iter().map(entry).collect()
}

/// By which a device names a user to us; it says nothing to anybody else.
fn handle(page: &Page, user: i64) -> [u8; 16] {
    let keys = page.app.keys.now();
    let named = keys.subjects.subject(user, Some("passkeys of this server"));
    let sum = digest(&SHA256, named.as_bytes());
    let mut handle = [0; 16];
    handle.copy_from_slice(&sum.as_ref()[..16]);
    handle
}

fn seal(
    page: &Page,
    purpose: &[u8],
    options: Value,
    user: Option<i64>,
    state: impl Serialize,
) -> Result<Ceremony, Failure> {
    let at = page.context.now.0;
    let asked = serde_json::to_vec(&Asked { at, user, state }).map_err(defect)?;
    let text = BASE64_URL_SAFE_NO_PAD.encode(asked);
    let tag = page.app.keys.now().sign(&message(page, purpose, &text));
    Ok(Ceremony {
        options: options.to_string(),
        state: format!("{text}.{tag}"),
    })
}

/// What [`seal`] sent to this browser, if its time is not up.
fn open<T: DeserializeOwned>(page: &Page, purpose: &[u8], sent: &str) -> Option<Asked<T>> {
    let (text, tag) = sent.split_once('.')?;
    let message = message(page, purpose, text);
    let signed = page.app.keys.now().verify(&message, tag);
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .filter(|_| signed)?;
    let asked: Asked<T> = serde_json::from_slice(&bytes).ok()?;
    let age = page.context.now - Timestamp(asked.at);
    (age <= LIFETIME).then_some(asked)
}

fn message<'a>(page: &'a Page, purpose: &'a [u8], text: &'a str) -> [&'a [u8]; 3] {
    [purpose, page.visitor.browser.as_bytes(), text.as_bytes()]
}

fn once(page: &Page, sent: &str, at: i64) -> Answered {
    Answered {
        id: page.app.world.new_id(page.context.now),
        digest: Digest::of(sent.as_bytes()),
        expires: Timestamp(at) + LIFETIME,
    }
}

fn defect(error: impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("no passkey can be asked for: {error}"))
}
