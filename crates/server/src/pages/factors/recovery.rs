//! Recovery codes, on the one page that shows them.

use askama::Template;

use crate::{
    failure::{Answer, Failure},
    pages::{
        Frame, Place,
        page::{Page, html_with},
    },
    recovery,
};
use axum::http::StatusCode;
use grantor_store::recovery::NewRecoveryCode;

#[derive(Template)]
#[template(path = "recovery_codes.html")]
pub struct RecoveryCodes {
    pub frame: Frame,
    pub codes: Vec<String>,
    /// Whether older ones are void by now.
    pub replaces: bool,
    /// Where to go when they are written down.
    pub onward: String,
}

impl RecoveryCodes {
    /// All in one, to be copied.
    pub fn text(&self) -> String {
        self.codes.join("\n")
    }
}

/// The page that shows codes, this one time.
pub fn shown(page: &Page, codes: Vec<String>, onward: &str, replaces: bool) -> Answer {
    html_with(
        StatusCode::CREATED,
        &RecoveryCodes {
            frame: page.frame(Place::Account),
            codes,
            replaces,
            onward: onward.to_owned(),
        },
    )
}

/// New codes for a user who sets up her first factor; nothing for whoever has some, or
/// could not use them.
pub async fn first(page: &Page, user: i64) -> Result<(Vec<String>, Vec<NewRecoveryCode>), Failure> {
    let app = &page.app;
    let has = app.store.factors_of(user).await?;
    let usable = app.config.sign_in.factors.policy().offers_codes();
    match usable && has.recovery_codes == 0 {
        true => Ok(recovery::mint(app, user, page.context.now)),
        false => Ok(Default::default()),
    }
}

/// Uses up a code, if this is one of hers.
pub async fn is_used(page: &Page, user: i64, typed: &str) -> Result<bool, Failure> {
    let Some(digest) = recovery::read(user, typed) else {
        return Ok(false);
    };
    let event = page
        .context
        .event(&page.app, "recovery_code.used", Some(user));
    Ok(page
        .app
        .store
        .use_recovery_code(user, digest, event)
        .await?)
}

#[cfg(test)]
impl RecoveryCodes {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let code = |number: u32| format!("abcd-efgh-jkmn-{:04}", 2222 + number);
        vec![(
            "recovery-codes",
            Self {
                frame: Frame::sample(Place::Account),
                codes: (0..10).map(code).collect(),
                replaces: true,
                onward: "/account/factors".into(),
            },
        )]
    }
}
