//! `id_token_hint`: an ID token of ours that comes back to say whom it is about.

use crate::{app::App, context::SignedIn};
use grantor_jose::{
    claims::Claims,
    verify::{Compact, ExpectedType},
};
use grantor_protocol::client::Client;

/// The longest hint, in bytes.
const MAX_BYTES: usize = 8192;

/// What a hint says. It may have expired: it is no proof of anything but that this
/// server once said so (OpenID Connect RP-Initiated Logout §4).
pub struct Hint {
    pub subject: String,
    /// Of the session it came from. What else this server signs for apps has none.
    pub sid: String,
    /// The app it was issued to.
    pub audience: i64,
}

/// Reads an ID token that this server signed; `None` for everything else.
pub fn read(app: &App, text: &str) -> Option<Hint> {
    let token = Compact::parse(text, MAX_BYTES).ok()?;
    let key = app.keys.now().verifying(token.kid()?)?;
    let payload = key.verify(&token, ExpectedType::AbsentOr(&["JWT"])).ok()?;
    let claims = Claims::parse(payload, MAX_BYTES).ok()?;
    claims.check_issuer(&app.policy.issuer).ok()?;
    let text = |name| claims.text(name).ok().flatten().map(str::to_owned);
    let [audience] = claims.audience().ok()?[..] else {
        return None;
    };
    Some(Hint {
        subject: text("sub")?,
        sid: text("sid")?,
        audience: audience.parse().ok()?,
    })
}

impl Hint {
    /// Whether it tells of this very login: of this user, in this session.
    pub fn is_of(&self, app: &App, client: &Client, signed_in: &SignedIn) -> bool {
        let subjects = &app.keys.now().subjects;
        let sid = subjects.sid(signed_in.session.id, client.id);
        let sector = client.registration.sector();
        self.audience == client.id
            && subjects.is(&self.subject, signed_in.user.id, sector)
            && self.sid == sid
    }
}

/// The same, of an ID token for this very app.
pub fn read_for(app: &App, client: &Client, text: &str) -> Option<Hint> {
    read(app, text).filter(|hint| hint.audience == client.id)
}
