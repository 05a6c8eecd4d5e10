//! `/account`: who the user is here, their password, where they are signed in.

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::{Field, Frame, Notice, Who};
use super::{
    Place,
    elsewhere::{
        Door,
        list::{self, ElsewhereRow},
    },
    format::isolate,
    page::{Named, Page, ended, html_with, who},
};
use crate::{
    context::{Fields, Upload},
    failure::{Answer, Failure},
    front::see_other,
    language::Language,
    places::Spot,
    sign_in::comes_in_here,
    throttle::CONSOLE_WRITES,
};
use axum::http::StatusCode;
use grantor_store::users::{About, User};
use std::collections::HashMap;

pub mod password;

/// Posts `name` to `/account/profile`; `photo` (a file) with `action=upload`,
/// or `action=remove`, to `/account/photo`; `current_password` (if she has one) and
/// `new_password` to `/account/password`; and nothing but its token to
/// `/account/sessions/<id>/end`, `/account/sessions/end-others` and
/// `/account/identities/<id>/remove`.
#[derive(Template)]
#[template(path = "account.html")]
pub struct Account {
    pub frame: Frame,
    pub who: Who,
    pub name: Field,
    /// Whether her address is known to be hers; `None` where no mail can tell.
    pub verified: Option<bool>,
    pub photo_error: Option<String>,
    /// Whether a password of this server's opens her account, or would: `Some(false)`, she
    /// has none yet.
    pub has_password: Option<bool>,
    pub current_password_error: Option<String>,
    pub new_password_error: Option<String>,
    pub sessions: Vec<SessionRow>,
    /// Accounts elsewhere that she signs in with.
    pub elsewhere: Vec<ElsewhereRow>,
    /// Where she may connect more of them.
    pub doors: Vec<Door>,
}

pub struct SessionRow {
    pub id: String,
    /// As the browser said it; the page puts it into words of our own.
    pub user_agent: String,
    pub spot: Spot,
    pub signed_in: Timestamp,
    pub seen: Timestamp,
    /// Whether it is the one that asks.
    pub this: bool,
    /// The apps that it has signed her in to.
    pub apps: Vec<String>,
}

impl SessionRow {
    /// Their names, in a row.
    fn apps_in(&self, language: Language) -> String {
        match self.apps.as_slice() {
            [one] => one.clone(),
            apps => {
                let apps: Vec<_> = apps.iter().map(|name| isolate(name)).collect();
                language.list(&apps)
            }
        }
    }
}

impl Account {
    pub fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.this)
    }
}

const DONE: &[(&str, &str)] = &[
    ("name", "account-done-name"),
    ("photo", "account-done-photo"),
    ("no-photo", "account-done-no-photo"),
    ("password", "account-done-password"),
    ("restored", "account-done-restored"),
    ("first-password", "account-done-first-password"),
    ("connected", "account-done-connected"),
    ("disconnected", "account-done-disconnected"),
    ("session", "account-done-session"),
    ("sessions", "account-done-sessions"),
];

/// What the address of this page says that was done, for a page on the way to it.
pub fn said_at(address: &str) -> Option<&'static str> {
    let done = address.strip_prefix("/account?done=")?;
    let said = DONE.iter().find(|(name, _)| *name == done);
    said.map(|(_, id)| *id)
}

/// What is wrong with what was typed.
#[derive(Default)]
struct Wrong {
    name: Option<Field>,
    photo: Option<String>,
    current_password: Option<String>,
    new_password: Option<String>,
}

pub async fn show(page: Page) -> Answer {
    answer(&page, StatusCode::OK, Wrong::default()).await
}

async fn answer(page: &Page, status: StatusCode, wrong: Wrong) -> Answer {
    let signed_in = page.signed_in()?;
    let sessions = page
        .app
        .store
        .sessions_of(signed_in.user.id, page.context.now)
        .await?;
    let logins = logins(page, signed_in.user.id).await?;
    let row = |session: grantor_store::sessions::Session| SessionRow {
        apps: logins.get(&session.id).cloned().unwrap_or_default(),
        this: session.id == signed_in.session.id,
        id: session.id.to_string(),
        user_agent: session.user_agent,
        spot: page.app.places.spot(session.address, page.context.language),
        signed_in: session.auth_time,
        seen: session.seen,
    };
    let mut frame = page.frame_telling(Place::Account, DONE);
    if page.query("trouble").is_some() {
        frame.notice = Some(Notice::Trouble(
            page.context.language.text("account-last-way"),
        ));
    }
    let (elsewhere, doors) = list::of(page, signed_in.user.id).await?;
    let account = Account {
        frame,
        elsewhere,
        doors,
        has_password: has_password(page).await?,
        who: who(&signed_in.user),
        verified: page
            .app
            .mailer
            .is_on()
            .then_some(signed_in.user.email_verified)
            .filter(|_| comes_in_here(&page.app, &signed_in.user)),
        name: wrong
            .name
            .unwrap_or_else(|| Field::of(&*signed_in.user.name)),
        photo_error: wrong.photo,
        current_password_error: wrong.current_password,
        new_password_error: wrong.new_password,
        sessions: sessions.into_iter().map(row).collect(),
    };
    html_with(status, &account)
}

async fn has_password(page: &Page) -> Result<Option<bool>, Failure> {
    let user = page.user()?;
    if !comes_in_here(&page.app, user) {
        return Ok(None);
    }
    Ok(Some(page.app.store.password_of(user.id).await?.is_some()))
}

/// The apps that each of her sessions has signed her in to, by name.
async fn logins(page: &Page, user: i64) -> Result<HashMap<i64, Vec<String>>, Failure> {
    let store = &page.app.store;
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for (session, app) in store.logins_of_user(user).await? {
        if let Some(app) = store.app(app).await? {
            names.entry(session).or_default().push(app.name.clone());
        }
    }
    Ok(names)
}

async fn refuse(page: &Page, wrong: Wrong) -> Answer {
    answer(page, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
}

/// As it is.
fn about(user: &User) -> About<'_> {
    About {
        name: &user.name,
        photo: user.photo.as_deref(),
        profile: &user.profile,
    }
}

pub async fn save_profile(page: Page, fields: Fields) -> Answer {
    let user = page.user()?;
    let typed = fields.text("name");
    let language = page.context.language;
    let name = match page
        .app
        .read_display_name(typed, Some(&user.name), language)
    {
        Ok(name) => name,
        Err(error) => {
            let name = Some(Field::wrong(typed, error));
            return refuse(
                &page,
                Wrong {
                    name,
                    ..Wrong::default()
                },
            )
            .await;
        }
    };
    let event = page.event("account.edited")?;
    page.app
        .store
        .set_profile(
            user.id,
            &About {
                name: name.as_str(),
                ..about(user)
            },
            event,
        )
        .await?;
    Ok(see_other("/account?done=name"))
}

pub async fn save_photo(page: Page, fields: Fields, Upload(upload): Upload) -> Answer {
    let user = page.user()?;
    page.app
        .count(CONSOLE_WRITES, &user.id.to_string(), page.context.now)
        .await?;
    let event = page.event("account.edited")?;
    if fields.get("action") == Some("remove") {
        page.app
            .store
            .set_profile(
                user.id,
                &About {
                    photo: None,
                    ..about(user)
                },
                event,
            )
            .await?;
        return Ok(see_other("/account?done=no-photo"));
    }
    let photo = match page.app.icons.make(upload.unwrap_or_default()).await {
        Ok(photo) => photo,
        Err(error) => {
            return refuse(
                &page,
                Wrong {
                    photo: Some(page.context.language.wrong_picture(error)),
                    ..Wrong::default()
                },
            )
            .await;
        }
    };
    page.app
        .store
        .add_image(&photo.name, &photo.png, page.context.now)
        .await?;
    page.app
        .store
        .set_profile(
            user.id,
            &About {
                photo: Some(&photo.name),
                ..about(user)
            },
            event,
        )
        .await?;
    Ok(see_other("/account?done=photo"))
}

pub async fn end_session(page: Page, Named(id): Named<i64>) -> Answer {
    let user = page.user()?.id;
    let event = page.event("session.ended")?;
    let is_done = page.app.store.end_session(id, user, event).await?;
    ended(is_done, "/account", "session")
}

pub async fn end_other_sessions(page: Page) -> Answer {
    let signed_in = page.signed_in()?;
    let event = page.event("session.ended_others")?;
    page.app
        .store
        .end_other_sessions(signed_in.session.id, signed_in.user.id, event)
        .await?;
    Ok(see_other("/account?done=sessions"))
}

#[cfg(test)]
impl Account {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use crate::icons::IconError;
        use grantor_protocol::name::TextError;
        let now = Frame::NOW.0;
        let here = || SessionRow {
            id: "1".into(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
                .into(),
            spot: Spot::sample("192.0.2.7", Some("Vienna, Austria")),
            signed_in: Timestamp(now - 7_200_000),
            seen: Timestamp(now),
            this: true,
            apps: vec!["Clock".into()],
        };
        let hostile = super::tests::HOSTILE;
        let plain = || Self {
            frame: Frame::sample(super::Place::Account),
            who: Who::sample(),
            name: Field::of("Ada Lovelace"),
            verified: None,
            photo_error: None,
            current_password_error: None,
            new_password_error: None,
            sessions: vec![here()],
            elsewhere: Vec::new(),
            doors: Vec::new(),
            has_password: Some(true),
        };
        let others = vec![
            here(),
            SessionRow {
                id: "2".into(),
                user_agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1".into(),
                spot: Spot::sample("2001:db8:85a3:1234:5678:8a2e:370:7334", None),
                signed_in: Timestamp(now - 5 * 86_400_000),
                seen: Timestamp(now - 2 * 86_400_000),
                this: false,
                apps: vec!["Clock".into(), hostile.into()],
            },
            SessionRow { id: "3".into(), user_agent: hostile.into(), spot: Spot::sample(hostile, Some(hostile)), this: false, ..here() },
        ];
        let language = super::spoken();
        let done = Notice::Done(language.text("account-done-password"));
        vec![
            (
                "account",
                Self {
                    sessions: others,
                    verified: Some(true),
                    elsewhere: vec![
                        ElsewhereRow::sample("Example ID"),
                        ElsewhereRow::sample(hostile),
                    ],
                    doors: vec![Door::sample("Example ID"), Door::sample("The other one")],
                    ..plain()
                },
            ),
            (
                "account-no-password",
                Self {
                    has_password: Some(false),
                    elsewhere: vec![ElsewhereRow::sample("Example ID")],
                    ..plain()
                },
            ),
            (
                "account-done",
                Self {
                    frame: plain().frame.saying(done),
                    verified: Some(false),
                    ..plain()
                },
            ),
            (
                "account-wrong",
                Self {
                    frame: Frame {
                        user: Some(Who::hostile()),
                        ..Frame::sample(super::Place::Account)
                    },
                    who: Who::hostile(),
                    name: Field::wrong(
                        hostile,
                        language.wrong_text(TextError::TooLong { max: 100 }),
                    ),
                    photo_error: Some(language.wrong_picture(IconError::OtherFormat)),
                    current_password_error: Some(language.text("account-wrong-current")),
                    new_password_error: Some(
                        language.wrong_password(crate::passwords::Refused::TooShort),
                    ),
                    ..plain()
                },
            ),
        ]
    }
}
