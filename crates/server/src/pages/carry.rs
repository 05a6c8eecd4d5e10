//! What was typed into a long form, brought back after a proof of who she is.

use super::page::Page;
use crate::{context::Fields, front::see_other};
use axum::response::Response;
use grantor_protocol::form::{Params, encode};
use std::sync::Arc;

const SIGNATURE: &str = "&typed=";
/// Addresses have a limit of 8 KiB.
const LONGEST: usize = 7_000;

/// The messages for a form that carries.
pub const DONE: &[(&str, &str)] = &[("too-long", "carry-too-long")];
/// For a form that came back.
pub const BACK: &str = "carry-back";

/// To the login and back to the form at `path`, with what was typed. Signed for this
/// browser and form: a link made elsewhere puts no address into anybody's form.
pub fn to_login<'a>(
    page: &Page,
    path: &str,
    typed: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Response {
    let typed = encode(typed);
    let tag = page.app.keys.now().sign(&message(page, path, &typed));
    let login = |back: &str| format!("/login?{}", encode([("return_to", back), ("confirm", "1")]));
    let whole = login(&format!("{path}?{typed}{SIGNATURE}{tag}"));
    match whole.len() <= LONGEST {
        true => see_other(&whole),
        false => see_other(&login(&format!("{path}?done=too-long"))),
    }
}

/// What [`to_login`] sent with the user, if it did.
pub fn carried(page: &Page) -> Option<Fields> {
    let (typed, tag) = page.uri.query()?.rsplit_once(SIGNATURE)?;
    let path = page.uri.path();
    let signed = page.app.keys.now().verify(&message(page, path, typed), tag);
    let params = Params::parse(typed.as_bytes()).ok().filter(|_| signed)?;
    Some(Fields(Arc::new(params)))
}

fn message<'a>(page: &'a Page, path: &'a str, typed: &'a str) -> [&'a [u8]; 4] {
    let browser = page.visitor.browser.as_bytes();
    [b"typed-form", browser, path.as_bytes(), typed.as_bytes()]
}
