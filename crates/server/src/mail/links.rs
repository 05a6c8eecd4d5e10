//! Links in mails: made with a secret of their own, found again by it.

use crate::{app::App, failure::Failure, language::Language};
use grantor_protocol::{
    email::Email,
    form::encode,
    secret::Secret,
    time::{Millis, Timestamp},
};
use grantor_store::{
    user_links::{Link, NewLink, Purpose, WAY_BACK},
    users::User,
};

/// How long a link works.
pub fn lifetime(purpose: Purpose) -> Millis {
    match purpose {
        Purpose::Verify | Purpose::Change => Millis::days(1),
        Purpose::Restore => WAY_BACK,
        Purpose::Reset => Millis::hours(1),
    }
}

/// The account that a link is for, as it is now, and the language of whoever asks for it.
#[derive(Clone, Copy)]
pub struct For<'a> {
    pub user: i64,
    pub email: &'a str,
    pub password: Option<&'a str>,
    pub language: Language,
}

impl<'a> For<'a> {
    pub fn user(user: &'a User, language: Language) -> Self {
        Self {
            user: user.id,
            email: &user.email,
            password: None,
            language,
        }
    }
}

/// A link about the address `about`, and to be mailed there.
pub fn make(
    app: &App,
    purpose: Purpose,
    account: For<'_>,
    about: &Email,
    now: Timestamp,
) -> Result<NewLink, Failure> {
    let keys = app.keys.now();
    let id = app.world.new_id(now);
    let secret: Secret = keys.format.mint(purpose.kind(), id, &app.world.random());
    let text = secret.reveal_for_response();
    let sealed = seal(app, id, text);
    let address_key = Email::from_stored(account.email.to_owned()).canonical();
    Ok(NewLink {
        id,
        digest: secret.digest(),
        purpose,
        user: account.user,
        email: about.as_str().to_owned(),
        email_key: about.canonical(),
        made_for: NewLink::made_for(purpose, &address_key, account.password),
        expires: now + lifetime(purpose),
        sealed: sealed.ok_or_else(|| Failure::Internal("no key for links".into()))?,
        mail_to: about.as_str().to_owned(),
        language: Some(account.language.tag()),
    })
}

/// What a mail carries that only its reader may know, for the outbox. `None`: there is no key.
pub fn seal(app: &App, mail: i64, text: &str) -> Option<Vec<u8>> {
    let keys = app.keys.now();
    keys.secrets
        .seal(&context(mail), text.as_bytes(), app.world.random())
}

pub fn open(app: &App, mail: i64, sealed: &[u8]) -> Option<String> {
    let opened = app.keys.now().secrets.open(&context(mail), sealed)?;
    String::from_utf8(opened.to_vec()).ok()
}

fn context(mail: i64) -> String {
    format!("mail:{mail}")
}

/// The link behind this text, if it still works.
pub async fn find(
    app: &App,
    text: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Link>, Failure> {
    let presented = app.keys.now().format.parse(text);
    let Some(presented) = presented.filter(|it| it.kind == purpose.kind()) else {
        return Ok(None);
    };
    let found = app
        .store
        .user_link(presented.id, &presented.digest, purpose, now);
    Ok(found.await?)
}

/// The path behind the button of a mail.
pub fn path(purpose: Purpose, secret: &str) -> String {
    let page = match purpose {
        Purpose::Verify | Purpose::Change => "/address/confirm",
        Purpose::Restore => "/address/restore",
        Purpose::Reset => "/password/reset",
    };
    format!("{page}?{}", encode([("token", secret)]))
}
