//! `/login/passkey`: the answer of a passkey, as the first proof or the second; and
//! `/login/passkey/add`, where one has to be made before anybody comes in.

use super::{local, second};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    pages::{factors::passkey, page::Page},
    passkeys::{Passkeys, Proven},
    sign_in::{Proof, after_first, after_second},
};
use axum::{http::HeaderMap, response::Response};
use grantor_protocol::{
    openid::login::{First, Second},
    sign_in::Next,
};

const NONE: Failure = Failure::BadRequest("failure-no-passkeys");
const WRONG: &str = "login-passkey-wrong";

fn passkeys(page: &Page) -> Result<&Passkeys, Failure> {
    page.app.passkeys.as_ref().ok_or(NONE)
}

pub async fn submit(page: Page, headers: HeaderMap, fields: Fields) -> Answer {
    let return_to = local(fields.get("return_to").map(str::to_owned));
    page.app.count_passkey(&page.context).await?;
    let halfway = second::halfway(&page, &headers).await?;
    let proven = passkeys(&page)?.answer(&page, &fields).await?;
    if let (
        Some(halfway),
        Some(Proven {
            user,
            keeper,
            was_named: true,
        }),
    ) = (&halfway, &proven)
        && matches!(halfway.next, Next::Ask(has) if has.passkey)
        && halfway.user.id == *user
    {
        let (proved, second) = (halfway.proved.clone(), Second::Passkey(*keeper));
        let entered = after_second(&page, proved, second, &return_to).await?;
        return Ok(entered.unwrap_or_else(|| second::from_the_start(&return_to)));
    }
    let entered = match &proven {
        Some(proven) => first(&page, proven, &return_to).await?,
        None => None,
    };
    if let Some(response) = entered {
        page.app.metrics.login("accepted");
        return Ok(response);
    }
    page.app.metrics.login("refused");
    if let Some(halfway) = halfway {
        return second::form(&page, &halfway, return_to, Some(WRONG)).await;
    }
    let step_up = page.visitor.signed_in.clone();
    super::form(&page, return_to, step_up, Some((String::new(), WRONG))).await
}

async fn first(page: &Page, proven: &Proven, return_to: &str) -> Result<Option<Response>, Failure> {
    let proof = Proof {
        user: proven.user,
        first: First::Passkey(proven.keeper),
        password: page.app.store.password_of(proven.user).await?,
    };
    after_first(page, proof, return_to).await
}

/// The new passkey of somebody who has proved something, and may not come in without one.
pub async fn add(page: Page, headers: HeaderMap, fields: Fields) -> Answer {
    let return_to = local(fields.get("return_to").map(str::to_owned));
    let Some(halfway) = second::halfway(&page, &headers).await? else {
        return Ok(second::from_the_start(&return_to));
    };
    if halfway.next != Next::SetUp {
        return Ok(second::from_the_start(&return_to));
    }
    match passkey::add(&page, &halfway.user, &fields).await? {
        Some((keeper, codes)) => {
            let at = page.context.now;
            let proved = halfway.proved.with(Second::Passkey(keeper), at);
            second::finish(&page, proved, codes, &return_to).await
        }
        None => second::form(&page, &halfway, return_to, Some(passkey::NOT_MADE)).await,
    }
}
