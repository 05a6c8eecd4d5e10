//! `/login/hand-over`: the platform's answer comes back. While hand-over is on, `/login`
//! leads to the platform, and accounts are whatever it says.

use super::{LOST, Refusal, adopt, enter, namesake, new_identity, note_use, refused};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::{see_other, set_cookie},
    hand_over::{HandOver, PATH, VIA, Wrong},
    journey::{self, Facts, Found},
    pages::page::Page,
};
use axum::{http::HeaderMap, response::Response};
use grantor_jose::verify::Compact;
use grantor_protocol::{
    email::Email,
    form::{self, Params},
    hand_over::MAX_BYTES,
    name::DisplayName,
    openid::{
        linking::{self, Situation, Verdict},
        profile::Profile,
    },
};
use grantor_store::{
    identities::{Made, NewIdentity},
    users::{About, NewAddress, NewUser},
};

/// Sends the browser to the platform's login.
pub async fn set_out(page: &Page, platform: &HandOver, return_to: String, anew: bool) -> Answer {
    let facts = Facts {
        via: VIA.into(),
        anew: anew || super::wants_proof(&return_to),
        return_to,
        begun: page.context.now.0,
        connecting: None,
        found: None,
        decided_at: None,
    };
    let (journey, cookie) = journey::begin(&page.app, &page.context, facts).await?;
    let mut response = see_other(&platform.question(&page.app, &journey)?);
    set_cookie(&mut response, &cookie);
    Ok(response)
}

/// An answer that the platform posts comes without our cookies; as a visit it has them.
pub async fn posted(fields: Fields) -> Answer {
    let known = ["answer", "error", "state"];
    let pairs = known.into_iter();
    let pairs = pairs.filter_map(|name| fields.get(name).map(|value| (name, value)));
    Ok(see_other(&format!("{PATH}?{}", form::encode(pairs))))
}

pub async fn back(page: Page, headers: HeaderMap) -> Answer {
    let platform = page.app.hand_over.as_ref().ok_or(Failure::NotFound)?;
    let query = page.uri.query().unwrap_or("");
    let params = Params::parse(query.as_bytes()).map_err(|_| LOST)?;
    let answer = params.get("answer");
    // Which journey it is of. Nothing is believed of it by that.
    let named = answer.and_then(|text| Compact::parse(text, MAX_BYTES).ok());
    let named = named.and_then(|jws| jws.unproved_claim("jti"));
    let state = named.as_deref().or(params.get("state")).ok_or(LOST)?;
    let journey = journey::resume(&page.app, (&headers, &page.context), state).await?;
    let journey = journey.filter(|it| it.facts.via == VIA).ok_or(LOST)?;
    let store = &page.app.store;
    if !store.end_journey(journey.id, page.context.now).await? {
        return Err(LOST);
    }
    let Some(answer) = answer else {
        page.app.metrics.login("refused");
        return Err(Failure::Forbidden("failure-not-signed-in-there"));
    };
    let answer = platform.answer(&page.app, &journey, answer).await;
    let answer = answer.map_err(|wrong| troubled(&page, &wrong))?;
    let who = (platform.platform.as_str(), answer.subject.as_str());
    let found = Found::new(who, answer.about, true);
    let mut response = arrive(&page, &journey.facts.return_to, found).await?;
    set_cookie(&mut response, &journey::forget(&page.app, state));
    Ok(response)
}

fn troubled(page: &Page, wrong: &Wrong) -> Failure {
    let request_id = &page.context.request_id;
    tracing::warn!(%request_id, %wrong, "an answer of the platform is refused");
    page.app.metrics.login("refused");
    Failure::Forbidden("failure-answer-platform")
}

const NAMESAKE: Failure = Failure::Forbidden("failure-namesake");

async fn arrive(page: &Page, return_to: &str, found: Found) -> Result<Response, Failure> {
    let store = &page.app.store;
    let email = found
        .usable()
        .ok_or(Failure::Forbidden("failure-no-address"))?;
    // Whom her other tab makes meanwhile, is found as herself and not as somebody else.
    let namesake = namesake(page, &found).await?;
    let situation = Situation {
        connecting: None,
        holder: store.holder(&found.issuer, &found.subject).await?,
        address: found.address(),
        namesake,
        sign_up: true,
    };
    let identity = new_identity(page, &found);
    let user = match linking::decide(&situation) {
        Verdict::Enter(user) => {
            note_use(page, &found).await?;
            user
        }
        Verdict::Adopt(user) => match adopt(page, user, (&found, &identity)).await? {
            true => user,
            false => return Err(NAMESAKE),
        },
        Verdict::SignUp { vouched } => {
            make(page, (&found, email.clone(), vouched), &identity).await?
        }
        Verdict::Refuse(refusal) => return Err(refused(page, refusal)),
        Verdict::ProveFirst | Verdict::Connect(_) | Verdict::Connected => return Err(NAMESAKE),
    };
    refresh(page, user, (&found, email)).await?;
    enter(page, user, return_to).await
}

/// Her name as the platform has it, or the start of her address.
fn name(found: &Found, email: &Email) -> String {
    let given = found
        .name
        .as_deref()
        .and_then(|name| DisplayName::parse(name).ok());
    given.map_or_else(
        || {
            email
                .as_str()
                .split('@')
                .next()
                .unwrap_or_default()
                .to_owned()
        },
        |name| name.as_str().to_owned(),
    )
}

/// Her language, if the platform says it. Later it is hers to change.
fn profile(found: &Found) -> Profile {
    let said = found.locale.as_deref().unwrap_or("");
    let field = |name| if name == "locale" { said } else { "" };
    Profile::parse(field).unwrap_or_default()
}

async fn make(
    page: &Page,
    (found, email, vouched): (&Found, Email, bool),
    identity: &NewIdentity,
) -> Result<i64, Failure> {
    let user = NewUser {
        id: page.app.world.new_gid(),
        email_key: email.canonical(),
        email_verified: vouched,
        name: name(found, &email),
        email: email.as_str().to_owned(),
        password: None,
        profile: profile(found),
        admin: false,
    };
    let event = page
        .context
        .event(&page.app, "account.created", Some(user.id));
    let store = &page.app.store;
    match store
        .add_user_from_elsewhere(None, (&user, identity), event)
        .await?
    {
        Made::Done => Ok(user.id),
        // Her other tab was first.
        Made::IdentityTaken | Made::Spent => {
            let holder = store.holder(&found.issuer, &found.subject).await?;
            holder.map(|it| it.user).ok_or(LOST)
        }
        Made::AddressTaken => match store.holder(&found.issuer, &found.subject).await? {
            Some(holder) => Ok(holder.user),
            None => Err(NAMESAKE),
        },
    }
}

/// What the platform says of her now is what holds; an address that another account has
/// stays where it is.
async fn refresh(page: &Page, user: i64, (found, email): (&Found, Email)) -> Result<(), Failure> {
    let store = &page.app.store;
    let known = store.user(user).await?;
    let known = known.ok_or_else(|| refused(page, Refusal::Disabled))?;
    let name = name(found, &email);
    if found.name.is_some() && name != known.name {
        let about = About {
            name: &name,
            photo: known.photo.as_deref(),
            profile: &known.profile,
        };
        let event = page.context.event(&page.app, "account.edited", Some(user));
        store.set_profile(user, &about, event).await?;
    }
    if email.as_str() != known.email || found.vouched != known.email_verified {
        let mut event = page.context.event(&page.app, "address.changed", Some(user));
        event.detail = email.as_str().to_owned();
        let address = NewAddress {
            email: email.as_str(),
            email_key: &email.canonical(),
            verified: found.vouched,
        };
        if !store.follow_address(user, &address, event).await? {
            tracing::warn!(
                user,
                "the platform's address for a user is another account's here"
            );
        }
    }
    Ok(())
}
