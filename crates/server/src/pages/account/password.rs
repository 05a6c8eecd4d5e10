//! `/account/password`: a new one, or the first.

use super::{Wrong, refuse};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::{see_other, set_cookie},
    pages::page::Page,
    passwords::{Password, Refused, Verification, wrong_length},
    sign_in::{Proved, comes_in_here, new_session},
};
use grantor_protocol::email::Email;
use grantor_store::users::NewPassword;

/// Whoever has none, and came in by another way, sets her first one here. Between the
/// look for the present one and the new one nothing can slip: the new one is written only in
/// the place of what was found.
pub async fn change(page: Page, fields: Fields) -> Answer {
    let app = &page.app;
    let signed_in = page.signed_in()?;
    if !comes_in_here(app, &signed_in.user) {
        return Err(Failure::NotFound);
    }
    let user = signed_in.user.id;
    let typed = fields.text("new_password");
    if let Some(refused) = wrong_length(typed) {
        return refuse(&page, wrong_new(&page, refused)).await;
    }
    let key = Email::from_stored(signed_in.user.email.clone()).canonical();
    app.count_login(&page.context, &key).await?;
    let stored = app.store.password_of(user).await?;
    if let Some(stored) = &stored
        && !is_hers(&page, fields.text("current_password"), stored).await?
    {
        return refuse(&page, wrong_current(&page, "account-wrong-current")).await;
    }
    let about = [&*signed_in.user.name, &*signed_in.user.email];
    let hash = match app.hash_new_password(typed, &about).await? {
        Ok(hash) => hash,
        Err(refused) => return refuse(&page, wrong_new(&page, refused)).await,
    };
    let new = NewPassword {
        user,
        hash: &hash,
        proved: stored.as_deref(),
    };
    // No login: what the session rests on stays what it was.
    let proved = Proved {
        user,
        level: signed_in.session.level,
        at: signed_in.session.auth_time,
        password: Some(hash.clone()),
    };
    let (session, cookie) = new_session(app, &page.context, proved);
    let (event, done) = match &stored {
        Some(_) => (page.event("password.changed")?, "password"),
        None => (page.event("password.added")?, "first-password"),
    };
    if !app.store.set_password(&new, Some(&session), event).await? {
        let meanwhile = wrong_current(&page, "account-changed-meanwhile");
        return refuse(&page, meanwhile).await;
    }
    let mut response = see_other(&format!("/account?done={done}"));
    set_cookie(&mut response, &cookie);
    Ok(response)
}

async fn is_hers(page: &Page, typed: &str, stored: &str) -> Result<bool, Failure> {
    let Ok(typed) = Password::new(typed.to_owned()) else {
        return Ok(false);
    };
    let verified = page.app.passwords.verify(typed, Some(stored.to_owned()));
    let verified = verified.await.map_err(|_| Failure::Busy)?;
    Ok(verified != Verification::Mismatch)
}

fn wrong_new(page: &Page, refused: Refused) -> Wrong {
    Wrong {
        new_password: Some(page.context.language.wrong_password(refused)),
        ..Wrong::default()
    }
}

fn wrong_current(page: &Page, id: &'static str) -> Wrong {
    Wrong {
        current_password: Some(page.context.language.text(id)),
        ..Wrong::default()
    }
}
