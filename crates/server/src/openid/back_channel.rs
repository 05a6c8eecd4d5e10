//! Telling apps, from server to server, that a login has ended (OpenID Connect
//! Back-Channel Logout).
//!
//! 1. Whatever ends a session writes whom to tell, in the same batch.
//! 2. A node takes a notice, and with it the time of the next attempt.
//! 3. It posts the logout token, and forgets the notice when the app has accepted it.

use super::protect::Protection;
use crate::{
    app::{App, Shared},
    failure::Failure,
    refusals::{LOGOUT_UNHEARD, Refused},
};
use grantor_jose::algorithm::Algorithm;
use grantor_protocol::{
    client::Client,
    openid::{logout::LogoutToken, registration::Signing},
};
use grantor_store::{apps, logins::Notice};
use std::{collections::HashMap, sync::Arc};
use tokio::{
    task::JoinSet,
    time::{Duration, Instant},
};

/// Notices of one round.
const AT_ONCE: i64 = 200;
/// After so long an app is told nothing more in a round, for the next round waits for it.
const TURN: Duration = Duration::from_secs(5);

/// Where an app is told; `None`: it is not.
pub fn address<'a>(app: &App, client: &'a Client) -> Option<&'a str> {
    let uri = client.registration.backchannel_logout_uri.as_deref()?;
    (app.outbound.is_on() && !client.suspended).then_some(uri)
}

/// Tries what is due, each app by itself: neither a dead nor a slow one holds up others.
///
/// # Errors
/// The database cannot say what is due.
pub async fn tell_due(app: &Shared) -> grantor_store::Result<()> {
    let due = app.store.due_notices(app.world.now(), AT_ONCE).await?;
    let mut by_app: HashMap<i64, Vec<Notice>> = HashMap::new();
    for notice in due {
        by_app.entry(notice.app).or_default().push(notice);
    }
    let mut tasks = JoinSet::new();
    for notices in by_app.into_values() {
        tasks.spawn(tell_one(app.clone(), notices));
    }
    while let Some(told) = tasks.join_next().await {
        match told {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot note which apps were told of a logout")
            }
            Err(error) => tracing::error!(%error, "a defect"),
        }
    }
    Ok(())
}

/// Tells one app of several logouts, until its time is up. After a failure the rest waits
/// for its next turn.
async fn tell_one(app: Shared, notices: Vec<Notice>) -> grantor_store::Result<()> {
    let (mut fails, begun) = (false, Instant::now());
    for notice in notices {
        if begun.elapsed() > TURN {
            break; // The rest stays due.
        }
        if !app.store.claim_notice(&notice, app.world.now()).await? {
            continue;
        }
        let record = app.store.app(notice.app).await?;
        let there = record.as_ref().and_then(|record| {
            let uri = address(&app, &record.client)?;
            Some((record, uri))
        });
        let done = match there {
            None => true,
            Some(_) if fails => false,
            Some((record, uri)) => {
                let told = tell(&app, record, uri, &notice).await;
                fails = told.is_err();
                note(&app, &notice, told)
            }
        };
        if done || notice.attempts + 1 >= Notice::ATTEMPTS {
            app.store.forget_notice(&notice).await?;
        }
    }
    Ok(())
}

/// For the operator and the app's owner; whether the app was told.
fn note(app: &App, notice: &Notice, told: Result<(), String>) -> bool {
    let Err(reason) = told else {
        app.metrics.logout_notice("accepted");
        return true;
    };
    app.metrics.logout_notice("failed");
    let (id, attempt) = (notice.app, notice.attempts + 1);
    tracing::warn!(
        app.id = id,
        attempt,
        reason,
        "an app cannot be told of a logout"
    );
    let kind = Refused {
        app: id,
        endpoint: "logout",
        cause: LOGOUT_UNHEARD,
        received: String::new(),
    };
    app.note_refusal(kind, app.world.now());
    false
}

/// `Err`: why not, in words for the log.
async fn tell(
    app: &App,
    record: &Arc<apps::App>,
    uri: &str,
    notice: &Notice,
) -> Result<(), String> {
    let token = logout_token(app, record, notice).await;
    let token = token.map_err(|failure| failure.sentence().into_owned())?;
    let fields = [("logout_token", token.as_str())];
    let posted = app.outbound.post_form(uri, &fields).await;
    posted.map_err(|error| error.to_string())
}

/// Protected as the app's ID tokens are, but never unsigned.
async fn logout_token(app: &App, record: &apps::App, notice: &Notice) -> Result<String, Failure> {
    let client = &record.client;
    let chosen = &client.registration;
    let signing = match chosen.id_token_signing() {
        Signing::Unsigned => Signing::Signed(Algorithm::Rs256), // OpenID Connect Back-Channel Logout §2.6
        signed => signed,
    };
    let encryption = chosen.id_token_encryption.as_ref();
    let protection = Protection::find(app, client, Some(signing), encryption).await?;
    let claims = {
        let subjects = &app.keys.now().subjects;
        LogoutToken {
            issuer: &app.policy.issuer,
            subject: &subjects.subject(notice.user, chosen.sector()),
            client_id: &client.id.to_string(),
            sid: &subjects.sid(notice.session, client.id),
            issued: app.world.now(),
            id: &app.world.random_hex::<16>(),
        }
        .claims()
    };
    protection.apply(app, Some("logout+jwt"), claims).await
}
