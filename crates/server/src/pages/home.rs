//! `/`: what this place is; for a user, the way to everything that is theirs.

use askama::Template;

use super::Frame;
use super::{
    Place,
    page::{Page, html},
    signup,
};
use crate::{config::SignUp, failure::Answer};

#[derive(Template)]
#[template(path = "home.html")]
pub struct Home {
    pub frame: Frame,
    /// Whether a visitor may make an account.
    pub sign_up: bool,
    /// For the signed-in user.
    pub overview: Option<Overview>,
}

/// How many there are.
pub struct Overview {
    pub apps: u64,
    pub authorizations: u64,
    pub tokens: u64,
    pub sessions: u64,
}

const DONE: &[(&str, &str)] = &[("deleted", "account-deleted")];

pub async fn show(page: Page) -> Answer {
    let store = &page.app.store;
    let overview = match &page.visitor.signed_in {
        None => None,
        Some(signed_in) => {
            let user = signed_in.user.id;
            Some(Overview {
                apps: store.apps_of(user).await?.len() as u64,
                authorizations: store.grants_of(user).await?.len() as u64,
                tokens: store.personal_tokens_of(user).await?.len() as u64,
                sessions: store.sessions_of(user, page.context.now).await?.len() as u64,
            })
        }
    };
    let sign_up = signup::policy(&page) != SignUp::Closed;
    html(&Home {
        frame: page.frame_telling(Place::Elsewhere, DONE),
        sign_up,
        overview,
    })
}

#[cfg(test)]
impl Home {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let overview = Overview {
            apps: 2,
            authorizations: 1,
            tokens: 0,
            sessions: 3,
        };
        vec![
            (
                "home",
                Self {
                    frame: Frame::sample_out(),
                    sign_up: true,
                    overview: None,
                },
            ),
            (
                "home-signed-in",
                Self {
                    frame: Frame::sample(super::Place::Elsewhere),
                    sign_up: false,
                    overview: Some(overview),
                },
            ),
        ]
    }
}
