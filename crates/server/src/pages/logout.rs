//! `/-/logout`: the end of this browser's session.

use super::{
    confirm::Confirm,
    error::SignedOut,
    page::{Page, html},
};
use crate::failure::Answer;
use axum::{
    extract::State,
    http::{HeaderValue, header},
};

/// Asks first: a link on another site must not sign anybody out.
pub async fn show(page: Page) -> Answer {
    if page.visitor.signed_in.is_none() {
        return html(&SignedOut {
            frame: page.frame(super::Place::Elsewhere),
        });
    }
    html(&Confirm::log_out(page.frame(super::Place::Elsewhere)))
}

pub async fn submit(State(app): State<crate::app::Shared>, page: Page) -> Answer {
    if let Some(signed_in) = &page.visitor.signed_in {
        let event = page
            .context
            .event(&app, "session.ended", Some(signed_in.user.id));
        app.store
            .end_session(signed_in.session.id, signed_in.user.id, event)
            .await?;
    }
    let mut gone = page.clone();
    gone.visitor.signed_in = None;
    let mut response = html(&SignedOut {
        frame: gone.frame(super::Place::Elsewhere),
    })?;
    let cookies = app.cookies();
    let cookie = cookies.set(
        cookies.session_name(),
        "",
        Some(grantor_protocol::time::Millis(0)),
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
