//! `/signup`, and `/setup` for the first administrator.

use askama::Template;

use super::{Field, Frame};
use super::{
    Place,
    join::{self, Invitation},
    login::{asking_app, local},
    page::{Page, allow_form_target, html_with},
};
use crate::{
    client_address,
    config::SignUp as SignUpPolicy,
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    mail::links::{self, For},
    passwords::wrong_length,
    sign_in::{Proof, after_first},
    throttle::{PASSWORD_CHOICES, SIGN_UP},
};
use axum::http::StatusCode;
use grantor_protocol::{
    email::Email,
    form::encode,
    name::DisplayName,
    openid::login::First,
    secret::{Kind, Presented},
};
use grantor_store::{links::SetUp, user_links::Purpose, users::NewUser};

/// Posts `name`, `email`, `password` and, by its door, `return_to` to `/signup`
/// or `token` to `/setup`.
#[derive(Template)]
#[template(path = "signup.html")]
pub struct SignUp {
    pub frame: Frame,
    pub door: Door,
    pub name: Field,
    pub email: Field,
    /// What is wrong with the password; it is never sent back.
    pub password: Option<String>,
}

pub enum Door {
    /// Open to everyone.
    Open {
        return_to: String,
        /// The login page, with the way back in it.
        sign_in: String,
    },
    /// By the link that was mailed to this address.
    Mailed { address: String, token: String },
    /// By the one-time link that the first start printed: an administrator.
    SetUp { token: String },
}

const TOO_OLD: Failure = Failure::Forbidden("failure-invitation");
const TAKEN: Failure = Failure::Forbidden("failure-address-has-account");

/// A message: the account was made by the mailed link, or in another way.
pub const USED: &str = "signup-link-used";

/// Where the platform logs users in, it makes their accounts too.
pub fn policy(page: &Page) -> SignUpPolicy {
    match page.app.hand_over {
        Some(_) => SignUpPolicy::Closed,
        None => page.app.config.service.sign_up,
    }
}

fn closed(page: &Page) -> Failure {
    match page.app.hand_over {
        Some(_) => Failure::Forbidden("failure-sign-up-platform"),
        None => Failure::Forbidden("failure-sign-up-closed"),
    }
}

pub async fn show(page: Page) -> Answer {
    let return_to = local(page.query("return_to"));
    let policy = policy(&page);
    if policy == SignUpPolicy::Closed {
        return Err(closed(&page));
    }
    if page.visitor.signed_in.is_some() {
        return Ok(see_other(&return_to));
    }
    match policy {
        SignUpPolicy::Mail => join::show(page, return_to),
        _ => Form::default().answer(&page, open(return_to)).await,
    }
}

fn open(return_to: String) -> Door {
    let sign_in = format!("/login?{}", encode([("return_to", return_to.as_str())]));
    Door::Open { return_to, sign_in }
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Form {
    name: Field,
    email: Field,
    password: Option<String>,
}

impl Form {
    async fn answer(self, page: &Page, door: Door) -> Answer {
        let wrong =
            self.name.error.is_some() || self.email.error.is_some() || self.password.is_some();
        let status = if wrong {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        let asking = match &door {
            Door::Open { return_to, .. } => asking_app(page, return_to).await?,
            Door::Mailed { .. } | Door::SetUp { .. } => None,
        };
        let Self {
            name,
            email,
            password,
        } = self;
        let frame = page.frame(Place::Elsewhere);
        let mut response = html_with(
            status,
            &SignUp {
                frame,
                door,
                name,
                email,
                password,
            },
        )?;
        allow_form_target(&mut response, asking.and_then(|asking| asking.target));
        Ok(response)
    }

    /// The form of an account whose address has another one.
    fn taken(page: &Page, user: NewUser, id: &'static str) -> Self {
        let sentence = page.context.language.text(id);
        Self {
            name: Field::of(user.name),
            email: Field::wrong(user.email, sentence),
            password: None,
        }
    }

    /// The account that was typed, or the form with what is wrong.
    fn parse(fields: &Fields, page: &Page) -> Result<(DisplayName, Email), Self> {
        Self::parse_with(fields, fields.text("email").trim(), page)
    }

    fn parse_with(fields: &Fields, email: &str, page: &Page) -> Result<(DisplayName, Email), Self> {
        let language = page.context.language;
        let name = page
            .app
            .read_display_name(fields.text("name"), None, language);
        let typed = email;
        let email = Email::parse(email);
        let password = wrong_length(fields.text("password"));
        let field = |value: &str, error: Option<String>| Field {
            value: value.to_owned(),
            error,
        };
        match (name, email, password) {
            (Ok(name), Ok(email), None) => Ok((name, email)),
            (name, email, password) => Err(Self {
                name: field(fields.text("name"), name.err()),
                email: field(typed, email.err().map(|error| language.wrong_email(error))),
                password: password.map(|refused| language.wrong_password(refused)),
            }),
        }
    }
}

/// The account, or the form with what is wrong with its password.
async fn new_user(
    page: &Page,
    (name, email): (DisplayName, Email),
    password: &str,
) -> Result<Result<NewUser, Form>, Failure> {
    let app = &page.app;
    let about = [name.as_str(), email.as_str()];
    let hash = match app.hash_new_password(password, &about).await? {
        Ok(hash) => hash,
        Err(refused) => {
            return Ok(Err(Form {
                name: Field::of(name.as_str()),
                email: Field::of(email.as_str()),
                password: Some(page.context.language.wrong_password(refused)),
            }));
        }
    };
    Ok(Ok(NewUser {
        id: app.world.new_gid(),
        email_key: email.canonical(),
        email_verified: false,
        email: email.as_str().to_owned(),
        name: name.as_str().to_owned(),
        password: Some(hash),
        profile: page.newcomer(),
        admin: false,
    }))
}

pub async fn submit(page: Page, fields: Fields) -> Answer {
    let (app, context) = (&page.app, &page.context);
    let return_to = local(fields.get("return_to").map(str::to_owned));
    match policy(&page) {
        SignUpPolicy::Closed => return Err(closed(&page)),
        SignUpPolicy::Mail => return join::submit(page, fields, return_to).await,
        SignUpPolicy::Open => {}
    }
    let typed = match Form::parse(&fields, &page) {
        Ok(typed) => typed,
        Err(form) => return form.answer(&page, open(return_to)).await,
    };
    let address = client_address::prefix(context.address).to_string();
    app.count(PASSWORD_CHOICES, &address, context.now).await?;
    let user = match new_user(&page, typed, fields.text("password")).await? {
        Ok(user) => user,
        Err(form) => return form.answer(&page, open(return_to)).await,
    };
    app.count(SIGN_UP, &address, context.now).await?;
    let event = context.event(app, "account.created", Some(user.id));
    let added = match app.mailer.is_on() {
        true => {
            let email = Email::from_stored(user.email.clone());
            let account = For {
                user: user.id,
                email: &user.email,
                password: None,
                language: context.language,
            };
            let link = links::make(app, Purpose::Verify, account, &email, context.now)?;
            app.store.sign_up(&user, &link, event).await?
        }
        false => app.store.add_user(&user, event).await?,
    };
    if !added {
        let form = Form::taken(&page, user, "signup-taken");
        return form.answer(&page, open(return_to)).await;
    }
    enter(&page, user, &return_to).await
}

/// What a mailed link brings, as long as accounts can be made at all.
fn invitation(page: &Page, token: &str) -> Result<Invitation, Failure> {
    if policy(page) == SignUpPolicy::Closed {
        return Err(closed(page));
    }
    Invitation::read(&page.app, token, page.context.now).ok_or(TOO_OLD)
}

fn mailed(invitation: &Invitation, token: &str) -> Door {
    Door::Mailed {
        address: invitation.email.as_str().to_owned(),
        token: token.to_owned(),
    }
}

pub async fn show_finish(page: Page) -> Answer {
    let Some(token) = page.query("token") else {
        return show(page).await;
    };
    let invitation = invitation(&page, &token)?;
    let key = invitation.email.canonical();
    if page.app.store.user_by_email(&key).await?.is_some() {
        let to = [("return_to", &*invitation.return_to), ("made", "1")];
        return match page.visitor.signed_in {
            Some(_) => Err(Failure::Forbidden(USED)),
            None => Ok(see_other(&format!("/login?{}", encode(to)))),
        };
    }
    Form::default()
        .answer(&page, mailed(&invitation, &token))
        .await
}

/// Whoever has the link reads at the address. It makes one account: there is none after that.
pub async fn finish(page: Page, fields: Fields) -> Answer {
    let token = fields.text("token");
    let invitation = invitation(&page, token)?;
    let typed = match Form::parse_with(&fields, invitation.email.as_str(), &page) {
        Ok(typed) => typed,
        Err(form) => return form.answer(&page, mailed(&invitation, token)).await,
    };
    let mut user = match new_user(&page, typed, fields.text("password")).await? {
        Ok(user) => user,
        Err(form) => return form.answer(&page, mailed(&invitation, token)).await,
    };
    user.email_verified = true;
    let event = page
        .context
        .event(&page.app, "account.created", Some(user.id));
    match page.app.store.add_user(&user, event).await? {
        true => enter(&page, user, &invitation.return_to).await,
        false => Err(TAKEN),
    }
}

async fn enter(page: &Page, user: NewUser, to: &str) -> Answer {
    let proof = Proof {
        user: user.id,
        first: First::Password,
        password: user.password,
    };
    let entered = after_first(page, proof, to).await?;
    entered.ok_or_else(|| Failure::Internal("a new account is not active".into()))
}

const SPENT: Failure = Failure::Forbidden("failure-set-up-link");

/// The one-time link, if it still works.
async fn set_up_link(page: &Page, token: &str) -> Result<Presented, Failure> {
    let presented = page
        .app
        .keys
        .now()
        .format
        .parse(token)
        .filter(|it| it.kind == Kind::SetUp)
        .ok_or(SPENT)?;
    match page
        .app
        .store
        .set_up_link_works(presented.id, &presented.digest, page.context.now)
        .await?
    {
        true => Ok(presented),
        false => Err(SPENT),
    }
}

pub async fn show_set_up(page: Page) -> Answer {
    let token = page.query("token").unwrap_or_default();
    set_up_link(&page, &token).await?;
    Form::default().answer(&page, Door::SetUp { token }).await
}

pub async fn submit_set_up(page: Page, fields: Fields) -> Answer {
    let token = fields.text("token").to_owned();
    let link = set_up_link(&page, &token).await?;
    let typed = match Form::parse(&fields, &page) {
        Ok(typed) => typed,
        Err(form) => return form.answer(&page, Door::SetUp { token }).await,
    };
    let mut user = match new_user(&page, typed, fields.text("password")).await? {
        Ok(user) => user,
        Err(form) => return form.answer(&page, Door::SetUp { token }).await,
    };
    user.admin = true;
    let event = page
        .context
        .event(&page.app, "account.set_up", Some(user.id));
    match page.app.store.set_up(link.id, &user, event).await? {
        SetUp::Done => enter(&page, user, "/").await,
        SetUp::Spent => Err(SPENT),
        SetUp::AddressTaken => {
            Form::taken(&page, user, "setup-taken")
                .answer(&page, Door::SetUp { token })
                .await
        }
    }
}

#[cfg(test)]
impl SignUp {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use crate::passwords::Refused;
        use grantor_protocol::email::EmailError;
        let language = super::spoken();
        let hostile = super::tests::HOSTILE;
        vec![
            (
                "signup",
                Self {
                    frame: Frame::sample_out(),
                    door: Door::Open {
                        return_to: "/".into(),
                        sign_in: "/login".into(),
                    },
                    name: Field::default(),
                    email: Field::default(),
                    password: None,
                },
            ),
            (
                "signup-wrong",
                Self {
                    frame: Frame::sample_out(),
                    door: Door::Open {
                        return_to: hostile.into(),
                        sign_in: "/login".into(),
                    },
                    name: Field::of(hostile),
                    email: Field::wrong("ada@", language.wrong_email(EmailError::At)),
                    password: Some(language.wrong_password(Refused::TooShort)),
                },
            ),
            (
                "signup-mailed",
                Self {
                    frame: Frame::sample_out(),
                    door: Door::Mailed {
                        address: hostile.into(),
                        token: "1.a.b".into(),
                    },
                    name: Field::default(),
                    email: Field::default(),
                    password: None,
                },
            ),
            (
                "setup",
                Self {
                    frame: Frame::sample_out(),
                    door: Door::SetUp {
                        token: "gr_su_0a1B2c3D".into(),
                    },
                    name: Field::default(),
                    email: Field::default(),
                    password: None,
                },
            ),
        ]
    }
}
