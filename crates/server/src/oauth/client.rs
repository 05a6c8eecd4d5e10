//! Client authentication at the token, revocation and introspection endpoints.

use crate::{
    app::App,
    client_address, client_secret,
    context::{Context, Fields},
    failure::Failure,
    openid::keys,
    refusals::Refused,
    routes::TOKEN,
};
use axum::http::{HeaderMap, header};
use grantor_jose::verify::VerifyingKey;
use grantor_protocol::{
    basic::{self, AuthorizationError},
    client::{
        Authenticated, Client, ClientSecret, Credential, Proof,
        assertion::{self, Agreed, Assertion},
        authenticate,
    },
    error::Cause,
    openid::registration::AuthMethod,
    time::Timestamp,
};
use grantor_store::{apps, usage::Used};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Who says to be which app, as it was sent.
pub struct Claim {
    pub app: Option<Arc<apps::App>>,
    sent: Sent,
    /// By HTTP Basic, whose refusals carry a challenge.
    basic: bool,
}

/// What came as proof, nothing of it judged.
enum Sent {
    Nothing,
    Secret(Zeroizing<String>, AuthMethod),
    /// Type and text.
    Assertion(Option<String>, String),
}

/// Reads the credentials, from the header or the body but not both, and finds the
/// app (RFC 6749 §2.3.1, RFC 7523 §2.2).
pub async fn claim(
    app: &App,
    context: &Context,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Claim, Failure> {
    let (client_id, sent, basic) = match read(headers, fields) {
        Ok(read) => read,
        Err(failure) => {
            let named = fields.get("client_id");
            Box::pin(note_unread(app, context, headers, named, &failure)).await?;
            return Err(failure);
        }
    };
    let found = match client_id.parse() {
        Ok(id) => app.store.app(id).await?,
        Err(_) => None,
    };
    Ok(Claim {
        app: found,
        sent,
        basic,
    })
}

/// Lets the owner of the app that a request names know of what is wrong with its form or
/// credentials. `named`: in the body; the header may name it, too.
pub async fn note_unread(
    app: &App,
    context: &Context,
    headers: &HeaderMap,
    named: Option<&str>,
    failure: &Failure,
) -> Result<(), Failure> {
    let (Failure::OAuth(cause) | Failure::OAuthBasic(cause)) = failure else {
        return Ok(());
    };
    let header = headers.get(header::AUTHORIZATION);
    let header = header.and_then(|line| basic::credentials(line.as_bytes()).ok());
    let named = named.or(header.as_ref().map(|it| it.client_id.as_str()));
    let Some(id) = named.and_then(|id| id.parse().ok()) else {
        return Ok(());
    };
    if let Some(found) = app.store.app(id).await? {
        note(app, context, found.client.id, *cause);
    }
    Ok(())
}

fn note(app: &App, context: &Context, client: i64, cause: Cause) {
    let kind = Refused {
        app: client,
        endpoint: "token",
        cause: cause.name(),
        received: String::new(),
    };
    app.note_refusal(kind, context.now);
}

/// The client ID, the proof, and whether they came by HTTP Basic.
fn read(headers: &HeaderMap, fields: &Fields) -> Result<(String, Sent, bool), Failure> {
    let from_body = || in_body(fields).map(|(client_id, sent)| (client_id, sent, false));
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let credentials = match (lines.next(), lines.next()) {
        (None, _) => return from_body(),
        (Some(_), Some(_)) => return Err(Cause::ClientTwice.into()),
        (Some(line), None) => match basic::credentials(line.as_bytes()) {
            Ok(credentials) => credentials,
            Err(AuthorizationError::OtherScheme) => return from_body(),
            Err(_) => return Err(Failure::OAuthBasic(Cause::ClientMalformed)),
        },
    };
    let other_id = fields
        .get("client_id")
        .is_some_and(|id| id != credentials.client_id);
    let also = ["client_secret", "client_assertion"].map(|name| fields.get(name));
    if other_id || also.iter().any(Option::is_some) {
        return Err(Cause::ClientTwice.into());
    }
    let sent = credentials.client_secret.map_or(Sent::Nothing, |secret| {
        Sent::Secret(secret, AuthMethod::ClientSecretBasic)
    });
    Ok((credentials.client_id, sent, true))
}

fn in_body(fields: &Fields) -> Result<(String, Sent), Failure> {
    let client_id = fields.get("client_id");
    let sent = match (fields.get("client_secret"), fields.get("client_assertion")) {
        (Some(_), Some(_)) => return Err(Cause::ClientTwice.into()),
        (None, None) => Sent::Nothing,
        (Some(secret), None) => {
            let secret = Zeroizing::new(secret.to_owned());
            Sent::Secret(secret, AuthMethod::ClientSecretPost)
        }
        (None, Some(text)) => {
            let kind = fields.get("client_assertion_type");
            // Whose it says to be; the proof follows.
            let jws = assertion::read(kind, text)?;
            let claimed = jws.unproved_claim("sub");
            let named = client_id.map(str::to_owned).or(claimed);
            let sent = Sent::Assertion(kind.map(str::to_owned), text.to_owned());
            return Ok((named.ok_or(Cause::AssertionIncomplete)?, sent));
        }
    };
    let client_id = client_id.ok_or(Failure::OAuth(Cause::ClientMissing))?;
    Ok((client_id.to_owned(), sent))
}

impl Claim {
    /// Judges the claim, and uses an assertion up; failures are counted by app and address.
    pub async fn authenticate(
        &self,
        app: &App,
        context: &Context,
    ) -> Result<Authenticated<'_>, Failure> {
        let client = self.app.as_ref().map(|app| &app.client);
        // Loads what the proof needs; nothing for an app that is refused in any case.
        let acting = client.filter(|client| !client.suspended);
        let assertion = match (&self.sent, acting) {
            (Sent::Assertion(kind, text), Some(client)) => {
                let sent = (kind.as_deref(), text.as_str());
                Some(verify(app, client, sent, context.now).await)
            }
            _ => None,
        };
        let assertion = match assertion.transpose() {
            Ok(assertion) => assertion,
            Err(cause) => return Err(self.refuse(app, context, (cause, None)).await?),
        };
        let (token_endpoint, audiences);
        let credential = match (&self.sent, &assertion) {
            (Sent::Secret(text, by), _) => Credential::Secret { text, by: *by },
            (_, Some(assertion)) => {
                token_endpoint = format!("{}{TOKEN}", app.config.service.public_url.origin());
                audiences = [app.policy.issuer.as_str(), &token_endpoint];
                Credential::Assertion {
                    assertion,
                    audiences: &audiences,
                }
            }
            (_, None) => Credential::Nothing,
        };
        let verdict = authenticate(client, &credential, context.now);
        let cause = match verdict {
            Ok(proof) if self.use_up(app, context, &proof).await? => return Ok(proof),
            Ok(_) => Cause::AssertionReused, // RFC 7523 §3, OpenID Connect Core §9
            Err(cause) => cause,
        };
        Err(self.refuse(app, context, (cause, None)).await?)
    }

    /// Notes what proved the app. `false`: it was an assertion that somebody has used.
    async fn use_up(
        &self,
        app: &App,
        context: &Context,
        proof: &Authenticated<'_>,
    ) -> Result<bool, Failure> {
        if let Some(once) = &proof.once {
            let id = app.world.new_id(context.now);
            if !app.store.use_assertion(id, once).await? {
                return Ok(false);
            }
        }
        if let Proof::Secret(secret) = proof.proof {
            let used = Used::ClientSecret(secret);
            app.store.usage.note(used, context.now, None);
        }
        Ok(true)
    }

    /// Counts a refusal and lets the app's owner know of it. Nothing is counted against an
    /// app that proved itself, whose users' ended grants are no guesses; and whatever was
    /// counted, nobody is refused who is right.
    pub async fn refuse(
        &self,
        app: &App,
        context: &Context,
        (cause, proof): (Cause, Option<&Authenticated<'_>>),
    ) -> Result<Failure, Failure> {
        if proof.is_none_or(|proof| !proof.is_proved()) {
            // Whoever makes ids up shares one counter, and writes none of them anywhere.
            let who = self.app.as_ref().map_or(0, |found| found.client.id);
            let key = format!("{who} {}", client_address::prefix(context.address));
            // 190 random bits are beyond guessing: the limit guards the log and the processor.
            app.count_token_error(cause, &key, context.now).await?;
        }
        if let Some(found) = &self.app {
            note(app, context, found.client.id, cause);
        }
        app.metrics.refused("token", cause.name());
        Ok(match self.basic {
            true => Failure::OAuthBasic(cause),
            false => Failure::OAuth(cause),
        })
    }
}

/// Proves an assertion by what the app has registered.
async fn verify(
    app: &App,
    client: &Client,
    (kind, text): (Option<&str>, &str),
    now: Timestamp,
) -> Result<Assertion, Cause> {
    let jws = assertion::read(kind, text)?;
    let keys = match assertion::agreed(client, &jws)? {
        Agreed::Secret => secrets(app, client, now)?,
        Agreed::Key(algorithm) => {
            let key = keys::to_verify(app, client, jws.kid(), algorithm).await?;
            vec![(None, key.ok_or(Cause::AssertionKeyUnknown)?)]
        }
    };
    assertion::verify(&jws, &keys)
}

/// The live secrets of an app that signs with them.
fn secrets(
    app: &App,
    client: &Client,
    now: Timestamp,
) -> Result<Vec<(Option<i64>, VerifyingKey)>, Cause> {
    let keys = app.keys.now();
    let open = |secret: &ClientSecret| {
        let text = keys.secrets.open(
            &client_secret::context(secret.id),
            secret.sealed.as_deref()?,
        )?;
        Some((Some(secret.id), VerifyingKey::from_secret(&text)?))
    };
    let live = client.secrets.iter().filter(|secret| secret.is_live(now));
    let opened: Vec<_> = live.filter_map(open).collect();
    match opened.is_empty() {
        true => Err(Cause::SecretNotKept),
        false => Ok(opened),
    }
}
