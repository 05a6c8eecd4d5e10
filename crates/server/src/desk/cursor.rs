//! Where a list goes on: a text that only this server can make and that is good for the
//! list that gave it alone. What it says are parameters of a statement all the same.

use crate::{app::App, failure::Failure};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

const UNKNOWN: Failure = Failure::BadRequest("desk-cursor");

pub fn seal<T: Serialize>(app: &App, list: &str, next: &T) -> String {
    let body = serde_json::to_vec(next).unwrap_or_default();
    let tag = app.keys.now().sign(&message(list, &body));
    format!("{}.{tag}", BASE64_URL_SAFE_NO_PAD.encode(body))
}

pub fn open<T: DeserializeOwned>(app: &App, list: &str, text: &str) -> Result<T, Failure> {
    let (body, tag) = text.split_once('.').ok_or(UNKNOWN)?;
    let body = BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| UNKNOWN)?;
    if !app.keys.now().verify(&message(list, &body), tag) {
        return Err(UNKNOWN);
    }
    serde_json::from_slice(&body).map_err(|_| UNKNOWN)
}

fn message<'a>(list: &'a str, body: &'a [u8]) -> [&'a [u8]; 3] {
    [b"cursor", list.as_bytes(), body]
}
