//! `/signup/upstream/<way>`: an account for somebody who came from a provider, with what it says
//! of her filled in.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};

use super::{LOST, enter, new_identity, provider_name, waiting};
use crate::{
    client_address,
    config::SignUp,
    context::Fields,
    failure::Answer,
    front::set_cookie,
    journey::{self, Found},
    pages::{
        Field, Frame, Place,
        login::asking_app,
        page::{Named, Page, allow_form_target, html_with},
    },
    throttle::SIGN_UP,
};
use grantor_protocol::{email::Email, name::DisplayName};
use grantor_store::{identities::Made, users::NewUser};

pub const PATH: &str = "/signup/upstream/";

/// Posts `name` and `email` (unless it is fixed) to its own path.
#[derive(Template)]
#[template(path = "signup_upstream.html")]
pub struct SignUpElsewhere {
    pub frame: Frame,
    pub provider: String,
    pub name: Field,
    pub email: Field,
    /// Whether the account begins with this address and no other.
    pub fixed: bool,
    pub way: String,
}

pub async fn show(page: Page, headers: HeaderMap, Named(way): Named<String>) -> Answer {
    let (journey, found) = waiting(&page, &headers, (PATH, &way)).await?;
    let name = found.name.clone().unwrap_or_default();
    let name: String = name.chars().take(100).collect();
    let typed = (
        Field::of(name),
        Field::of(found.email.clone().unwrap_or_default()),
    );
    let form = form(&page, &found, way, typed);
    answer(&page, StatusCode::OK, &form, &journey.facts.return_to).await
}

fn form(page: &Page, found: &Found, way: String, (name, email): (Field, Field)) -> SignUpElsewhere {
    SignUpElsewhere {
        frame: page.frame(Place::Elsewhere),
        provider: provider_name(page, &found.issuer),
        name,
        email,
        fixed: fixed(page, found).is_some(),
        way,
    }
}

/// Where accounts begin with an address that somebody has checked, it is the provider's.
fn fixed(page: &Page, found: &Found) -> Option<Email> {
    let by_mail = page.app.config.service.sign_up == SignUp::Mail;
    found.usable().filter(|_| by_mail)
}

async fn answer(
    page: &Page,
    status: StatusCode,
    form: &SignUpElsewhere,
    return_to: &str,
) -> Answer {
    let asking = asking_app(page, return_to).await?;
    let mut response = html_with(status, form)?;
    allow_form_target(&mut response, asking.and_then(|asking| asking.target));
    Ok(response)
}

pub async fn submit(
    page: Page,
    headers: HeaderMap,
    Named(way): Named<String>,
    fields: Fields,
) -> Answer {
    let app = &page.app;
    let (journey, found) = waiting(&page, &headers, (PATH, &way)).await?;
    let return_to = journey.facts.return_to.clone();
    let fixed = fixed(&page, &found);
    let sound = match page.app.config.service.sign_up {
        SignUp::Closed => false,
        SignUp::Mail => fixed.is_some() && found.vouched,
        SignUp::Open => true,
    };
    let (name, email) = match parse(&page, &fields, fixed.as_ref()) {
        // It has changed meanwhile what accounts begin with.
        Ok(_) if !sound => return Err(LOST),
        Ok(typed) => typed,
        Err(typed) => {
            let form = form(&page, &found, way, typed);
            return answer(&page, StatusCode::UNPROCESSABLE_ENTITY, &form, &return_to).await;
        }
    };
    let from = client_address::prefix(page.context.address).to_string();
    app.count(SIGN_UP, &from, page.context.now).await?;
    let same = found
        .usable()
        .is_some_and(|known| known.canonical() == email.canonical());
    let user = NewUser {
        id: app.world.new_gid(),
        email_key: email.canonical(),
        email_verified: found.vouched && same,
        email: email.as_str().to_owned(),
        name: name.as_str().to_owned(),
        password: None,
        profile: page.newcomer(),
        admin: false,
    };
    let event = page.context.event(app, "account.created", Some(user.id));
    let identity = new_identity(&page, &found);
    let made = app
        .store
        .add_user_from_elsewhere(Some(journey.id), (&user, &identity), event);
    match made.await? {
        Made::Done => {
            let mut response = enter(&page, user.id, &return_to).await?;
            set_cookie(&mut response, &journey::forget(app, &way));
            Ok(response)
        }
        Made::AddressTaken => {
            let taken = page.context.language.text("signup-upstream-taken");
            let typed = (Field::of(user.name), Field::wrong(user.email, taken));
            let form = form(&page, &found, way, typed);
            answer(&page, StatusCode::UNPROCESSABLE_ENTITY, &form, &return_to).await
        }
        Made::Spent | Made::IdentityTaken => Err(LOST),
    }
}

/// What was typed, or the fields with what is wrong in them.
fn parse(
    page: &Page,
    fields: &Fields,
    fixed: Option<&Email>,
) -> Result<(DisplayName, Email), (Field, Field)> {
    let typed_name = fields.text("name");
    let typed_email = fixed.map_or(fields.text("email"), Email::as_str);
    let language = page.context.language;
    let name = page.app.read_display_name(typed_name, None, language);
    let email = Email::parse(typed_email.trim()).map_err(|error| language.wrong_email(error));
    match (name, email) {
        (Ok(name), Ok(email)) => Ok((name, email)),
        (name, email) => {
            let field = |value: &str, error: Option<String>| Field {
                value: value.to_owned(),
                error,
            };
            Err((
                field(typed_name, name.err()),
                field(typed_email, email.err()),
            ))
        }
    }
}

#[cfg(test)]
impl SignUpElsewhere {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        let taken = crate::pages::spoken().text("signup-upstream-taken");
        let sample = |provider: &str, name, email| Self {
            frame: Frame::sample_out(),
            provider: provider.into(),
            name,
            email,
            fixed: false,
            way: provider.into(),
        };
        vec![
            (
                "signup-upstream",
                sample(
                    "Example ID",
                    Field::of("Ada Lovelace"),
                    Field::of("ada@example.org"),
                ),
            ),
            (
                "signup-upstream-wrong",
                sample(hostile, Field::of(hostile), Field::wrong(hostile, taken)),
            ),
        ]
    }
}
