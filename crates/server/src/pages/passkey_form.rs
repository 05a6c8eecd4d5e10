//! The form by which a page asks for a passkey, with the help of a script.

use crate::{
    failure::Failure,
    pages::page::Page,
    passkeys::{Ceremony, Passkeys},
};
use grantor_store::{passkeys::Passkey, users::User};

/// Posts `state`, `credential` and what the page adds to `action`.
pub struct PasskeyForm {
    pub action: &'static str,
    /// `get` or `create`, for the script.
    pub way: &'static str,
    pub options: String,
    pub state: String,
}

pub const ANSWER: &str = "/login/passkey";

impl PasskeyForm {
    /// Asks for one of these, or for any. `None`: there are no passkeys here.
    pub fn ask(page: &Page, named: Option<(i64, &[Passkey])>) -> Result<Option<Self>, Failure> {
        let ask = |passkeys: &Passkeys| {
            let ceremony = passkeys.ask(page, named)?;
            Ok(Self::of(ceremony, ANSWER, "get"))
        };
        page.app.passkeys.as_ref().map(ask).transpose()
    }

    /// Asks for a new one.
    pub async fn create(
        page: &Page,
        user: &User,
        action: &'static str,
    ) -> Result<Option<Self>, Failure> {
        let Some(passkeys) = &page.app.passkeys else {
            return Ok(None);
        };
        let known = page.app.store.passkeys_of(user.id).await?;
        let ceremony = passkeys.register(page, user, &known)?;
        Ok(Some(Self::of(ceremony, action, "create")))
    }

    fn of(ceremony: Ceremony, action: &'static str, way: &'static str) -> Self {
        Self {
            action,
            way,
            options: ceremony.options,
            state: ceremony.state,
        }
    }

    #[cfg(test)]
    pub fn sample(way: &'static str) -> Self {
        Self {
            action: ANSWER,
            way,
            options: r#"{"challenge":"c2FtcGxl"}"#.into(),
            state: "sample.state".into(),
        }
    }
}
