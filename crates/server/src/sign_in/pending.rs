//! Between the first proof and the second there is no session, only this: a cookie that
//! says what was proved, signed for this browser and for the password of that moment. It
//! opens nothing but the page that asks for the rest.

use super::Proved;
use crate::{context::Cookies, failure::Failure, pages::page::Page};
use axum::http::HeaderMap;
use grantor_protocol::{
    openid::login::Level,
    time::{Millis, Timestamp},
};

const LIFETIME: Millis = Millis::minutes(5);

/// The cookie that remembers `proved` until the rest is proved, too.
pub fn cookie(page: &Page, proved: &Proved) -> String {
    let said = format!("{}.{}.{}", proved.user, proved.level.name(), proved.at.0);
    let tag = page.app.keys.now().sign(&message(page, &said, proved));
    let cookies = page.app.cookies();
    cookies.set(
        cookies.pending_name(),
        &format!("{said}.{tag}"),
        Some(LIFETIME),
    )
}

/// Takes it back.
pub fn forget(cookies: Cookies) -> String {
    cookies.set(cookies.pending_name(), "", Some(Millis(0)))
}

/// What was proved at this browser in the last minutes, if the password is still the one
/// of then.
pub async fn load(page: &Page, headers: &HeaderMap) -> Result<Option<Proved>, Failure> {
    let cookies = page.app.cookies();
    let Some(text) = cookies.find(headers, cookies.pending_name())? else {
        return Ok(None);
    };
    let Some((said, tag)) = text.rsplit_once('.') else {
        return Ok(None);
    };
    let Some((user, level, at)) = parse(said) else {
        return Ok(None);
    };
    let proved = Proved {
        user,
        level,
        at,
        password: page.app.store.password_of(user).await?,
    };
    let message = message(page, said, &proved);
    let signed = page.app.keys.now().verify(&message, tag);
    let age = page.context.now - at;
    Ok((signed && age <= LIFETIME).then_some(proved))
}

fn parse(said: &str) -> Option<(i64, Level, Timestamp)> {
    let mut parts = said.split('.');
    let (user, level, at) = (parts.next()?, parts.next()?, parts.next()?);
    Some((
        user.parse().ok()?,
        Level::parse(level)?,
        Timestamp(at.parse().ok()?),
    ))
}

fn message<'a>(page: &'a Page, said: &'a str, proved: &'a Proved) -> [&'a [u8]; 4] {
    let browser = page.visitor.browser.as_bytes();
    let password = proved.password.as_deref().unwrap_or("").as_bytes();
    [b"pending-login", browser, said.as_bytes(), password]
}
