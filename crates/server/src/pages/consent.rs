//! The consent page of `/-/oauth_authorize`: may this app act for you?
//!
//! No button has an id and none takes the focus: a link with a fragment must
//! not be able to aim the visitor's next key press at "Allow".

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::{Frame, ScopeLine, Who};
use super::{
    Place,
    page::{Page, allow_form_target, html, image_url, who},
};
use crate::failure::{Answer, Failure};
use grantor_protocol::{
    app_url::AppUrl,
    authorize::{Approval, Request},
    redirect::{RedirectTarget, RedirectUri},
    scope,
};
use grantor_store::apps::App;

/// Posts `decision=allow`, `decision=deny` or `decision=switch` to `action`.
/// The Content-Security-Policy of this page must name the redirect's origin in
/// `form-action`: Chromium applies it to the redirect after the post.
#[derive(Template)]
#[template(path = "consent.html")]
pub struct Consent {
    pub frame: Frame,
    /// This very request again: path and query.
    pub action: String,
    pub app: AskingApp,
    /// Who would be connecting.
    pub account: Who,
    pub scopes: Vec<ScopeLine>,
    pub data: Data,
    pub goes_to: Destination,
    /// Since when the app has been connected with fewer scopes.
    pub since: Option<Timestamp>,
}

pub struct AskingApp {
    pub name: String,
    pub icon: Option<String>,
    /// The name of the user who registered it.
    pub owner: String,
    /// When it registered itself, if it did: then nobody here made it.
    pub registered_itself: Option<Timestamp>,
    /// Whether an administrator vouches for it.
    pub verified: bool,
    /// The host of the app's own page. Text, not a link: nothing on this page
    /// leads to where the app wants it.
    pub url_host: String,
}

/// What of the account goes out with the token; the id always does.
#[derive(Clone, Copy)]
pub struct Data {
    pub name: bool,
    pub email: bool,
    pub photo: bool,
}

/// Where the answer goes.
pub enum Destination {
    /// A web server, by its host.
    Web(String),
    /// A program on this device, by its own URL scheme (`com.example.app`).
    Program(String),
    /// A program on this device that listens on a loopback address.
    Loopback(String),
    /// Onto the screen, to be copied by hand.
    Shown,
}

impl Data {
    /// "your account id, name and email address"
    pub fn words(&self) -> String {
        let mut parts = vec!["account id"];
        let rest = [
            (self.name, "name"),
            (self.email, "email address"),
            (self.photo, "photo"),
        ];
        parts.extend(rest.iter().filter(|(on, _)| *on).map(|(_, word)| *word));
        match parts.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, first)) => format!("{} and {last}", first.join(", ")),
            None => String::new(),
        }
    }
}

/// Asks the user for what `request` asks.
pub async fn answer(page: Page, app: &App, request: &Request, before: Option<&Approval>) -> Answer {
    let owner = page.app.store.user(app.owner).await?;
    let owner = owner.ok_or_else(|| Failure::Internal("an app without its owner".into()))?;
    let scopes = &request.scopes;
    let all = scopes.contains(scope::DEFAULT);
    let consent = Consent {
        frame: page.frame(Place::Elsewhere),
        action: page
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        app: AskingApp {
            name: app.name.clone(),
            icon: app.icon.as_deref().map(image_url),
            owner: owner.name.clone(),
            registered_itself: app.registered_itself().then_some(app.created),
            verified: app.verified,
            url_host: AppUrl::from_stored(app.url.clone()).host().to_owned(),
        },
        account: who(page.user()?),
        scopes: page.scope_lines(scopes),
        data: Data {
            name: all || scopes.contains(scope::PROFILE),
            email: all || scopes.contains(scope::EMAIL),
            photo: all || scopes.contains(scope::PROFILE),
        },
        goes_to: destination(request.return_to.uri()),
        since: before
            .filter(|before| !request.scopes.is_subset_of(&before.scopes))
            .map(|before| before.approved),
    };
    let mut response = html(&consent)?;
    allow_form_target(&mut response, request.return_to.uri().csp_source());
    Ok(response)
}

fn destination(uri: &RedirectUri) -> Destination {
    match uri.target() {
        RedirectTarget::Host(host) if uri.is_loopback() => Destination::Loopback(host.to_owned()),
        RedirectTarget::Host(host) => Destination::Web(host.to_owned()),
        RedirectTarget::Scheme(scheme) => Destination::Program(scheme.to_owned()),
        RedirectTarget::Screen => Destination::Shown,
    }
}

#[cfg(test)]
impl Consent {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let clock = || Self {
            frame: Frame::sample(super::Place::Elsewhere),
            action: "/-/oauth_authorize?client_id=7416&scope=default&state=a%26b".into(),
            app: AskingApp {
                name: "Clock".into(),
                icon: None,
                owner: "Grace Hopper".into(),
                registered_itself: None,
                verified: false,
                url_host: "clock.example".into(),
            },
            account: Who::sample(),
            scopes: ScopeLine::samples().drain(..1).collect(),
            data: Data {
                name: true,
                email: true,
                photo: false,
            },
            goes_to: Destination::Web("app.clock.example".into()),
            since: None,
        };
        let hostile = super::tests::HOSTILE;
        vec![
            ("consent", clock()),
            (
                "consent-more",
                Self {
                    app: AskingApp {
                        icon: Some(super::tests::ICON.into()),
                        verified: true,
                        ..clock().app
                    },
                    scopes: ScopeLine::samples().drain(1..).collect(),
                    data: Data { name: true, email: true, photo: true },
                    since: Some(Timestamp(Frame::NOW.0 - 86_400_000 * 90)),
                    ..clock()
                },
            ),
            (
                "consent-registered",
                Self {
                    app: AskingApp {
                        registered_itself: Some(Timestamp(Frame::NOW.0 - 86_400_000 * 3)),
                        ..clock().app
                    },
                    ..clock()
                },
            ),
            ("consent-loopback", Self { goes_to: Destination::Loopback("127.0.0.1".into()), ..clock() }),
            ("consent-oob", Self { goes_to: Destination::Shown, ..clock() }),
            (
                "consent-hostile",
                Self {
                    action: hostile.into(),
                    app: AskingApp {
                        name: hostile.into(),
                        icon: Some("/icons/\"><script>alert(1)</script>".into()),
                        owner: hostile.into(),
                        registered_itself: None,
                        verified: false,
                        url_host: "a-very-long-host-name-that-never-seems-to-end.subdomain.of.clock.example".into(),
                    },
                    account: Who::hostile(),
                    goes_to: Destination::Program("com.example.\"><script>".into()),
                    data: Data { name: false, email: false, photo: false },
                    ..clock()
                },
            ),
            (
                "consent-rtl",
                Self {
                    app: AskingApp { name: "ساعة الحائط".into(), owner: "عمر الخيام".into(), ..clock().app },
                    ..clock()
                },
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::Data;

    #[test]
    fn what_goes_out_in_words() {
        let words = |name, email, photo| Data { name, email, photo }.words();
        assert_eq!(words(false, false, false), "account id");
        assert_eq!(words(false, true, false), "account id and email address");
        assert_eq!(
            words(true, true, true),
            "account id, name, email address and photo"
        );
    }
}
