//! Answers in JSON.

use crate::failure::Failure;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Most answers fit, so that they are written where they stay.
const ROOM: usize = 512;

/// A JSON answer. The framework's own writes each comma through a shared buffer that may
/// have to move, which costs more than what is said.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut text = Vec::with_capacity(ROOM);
        match serde_json::to_writer(&mut text, &self.0) {
            Ok(()) => {
                let mut response = Response::new(text.into());
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json);
                response
            }
            Err(error) => Failure::Internal(error.to_string()).into_response(),
        }
    }
}
