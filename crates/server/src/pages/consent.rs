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
use crate::{
    failure::{Answer, Failure},
    language::{Language, Say},
};
use grantor_protocol::{
    app_url::AppUrl,
    authorize::{Approval, Request},
    openid::claims::{Claim, ClaimSet},
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
    /// What it may do, beside learning who the user is.
    pub scopes: Vec<ScopeLine>,
    pub purpose: Purpose,
    pub learns: Learns,
    pub goes_to: Destination,
    /// Since when the app has been connected with fewer scopes.
    pub since: Option<Timestamp>,
    /// In a small window (`display=popup`).
    pub popup: bool,
}

/// What the app is after.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To act for the user.
    Connect,
    /// To act for her, and to know that it is her.
    ConnectAndKnow,
    /// Only to know who she is, while she is here.
    Login,
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
    /// The host of the app's own page, as text. Only what it promises is linked, and
    /// opens elsewhere.
    pub url_host: String,
    pub policies: Policies,
}

/// Pages of the app's own about what it does with what it gets.
#[derive(Clone, Default)]
pub struct Policies {
    pub policy: Option<String>,
    pub terms: Option<String>,
}

impl Policies {
    pub fn of(app: &App) -> Self {
        let chosen = &app.client.registration;
        Self {
            policy: chosen.policy_uri.clone(),
            terms: chosen.tos_uri.clone(),
        }
    }

    /// What there is of them, each with its host; they open elsewhere.
    pub fn links(&self, language: Language) -> Option<Say> {
        let id = match (&self.policy, &self.terms) {
            (Some(_), Some(_)) => "policy-and-terms",
            (Some(_), None) => "policy-only",
            (None, Some(_)) => "terms-only",
            (None, None) => return None,
        };
        let (policy, terms) = (self.policy.as_deref(), self.terms.as_deref());
        let (policy, terms) = (policy.unwrap_or_default(), terms.unwrap_or_default());
        let links = language.say(id).away("policy", policy).away("terms", terms);
        Some(
            links
                .code("policy-host", host(policy))
                .code("terms-host", host(terms)),
        )
    }
}

fn host(url: &str) -> &str {
    let after = url.split_once("://").map_or("", |(_, rest)| rest);
    after.split(['/', '?', '#']).next().unwrap_or_default()
}

impl Consent {
    /// What is said of an app that nobody has checked.
    fn warning(&self) -> &'static str {
        let login = self.purpose == Purpose::Login;
        match (self.app.registered_itself.is_some(), login) {
            (false, false) => "consent-unchecked-connect",
            (false, true) => "consent-unchecked-login",
            (true, false) => "consent-registered-connect",
            (true, true) => "consent-registered-login",
        }
    }
}

/// As links begin with it.
pub fn scheme(name: &str) -> String {
    format!("{name}:")
}

/// What the app learns of the user.
#[derive(Clone, Copy)]
pub struct Learns {
    /// It knows her by an id that no other app has.
    pub pairwise: bool,
    pub claims: ClaimSet,
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

impl Learns {
    /// "your account ID, your name and your email address"
    pub fn words(&self, language: Language) -> String {
        language.list(&self.parts(language))
    }

    /// Each of it.
    pub fn parts(&self, language: Language) -> Vec<String> {
        self.ids().into_iter().map(|id| language.text(id)).collect()
    }

    fn ids(&self) -> Vec<&'static str> {
        let id = match self.pairwise {
            true => "learns-pairwise",
            false => "learns-id",
        };
        let whole = Claim::ALL
            .iter()
            .filter(|claim| claim.scope() == scope::PROFILE);
        let profile: ClaimSet = whole.copied().collect();
        let whole = profile.is_subset_of(self.claims);
        let within = |claim: &Claim| !whole || *claim == Claim::Name || !profile.contains(*claim);
        let said = |claim: &Claim| self.claims.contains(*claim) && within(claim);
        let one = ORDER.iter().filter(|(claim, _)| said(claim));
        let rest = whole.then_some("learns-whole-profile");
        let ones = one.filter(|(claim, _)| !self.is_said_by_another(*claim));
        [id].into_iter()
            .chain(ones.map(|(_, words)| *words))
            .chain(rest)
            .collect()
    }

    /// Whoever gets an address is told whether it is checked.
    fn is_said_by_another(&self, claim: Claim) -> bool {
        match claim {
            Claim::EmailVerified => self.claims.contains(Claim::Email),
            Claim::PhoneNumberVerified => self.claims.contains(Claim::PhoneNumber),
            _ => false,
        }
    }
}

/// Every claim in words, in the order in which they are read.
#[rustfmt::skip]
const ORDER: [(Claim, &str); 19] = [
    (Claim::Name, "learns-name"),
    (Claim::GivenName, "learns-given_name"),
    (Claim::MiddleName, "learns-middle_name"),
    (Claim::FamilyName, "learns-family_name"),
    (Claim::Nickname, "learns-nickname"),
    (Claim::PreferredUsername, "learns-preferred_username"),
    (Claim::Email, "learns-email"),
    (Claim::EmailVerified, "learns-email_verified"),
    (Claim::PhoneNumber, "learns-phone_number"),
    (Claim::PhoneNumberVerified, "learns-phone_number_verified"),
    (Claim::Address, "learns-address"),
    (Claim::Birthdate, "learns-birthdate"),
    (Claim::Gender, "learns-gender"),
    (Claim::Profile, "learns-profile"),
    (Claim::Website, "learns-website"),
    (Claim::Locale, "learns-locale"),
    (Claim::Zoneinfo, "learns-zoneinfo"),
    (Claim::UpdatedAt, "learns-updated_at"),
    (Claim::Picture, "learns-picture"),
];

/// Asks the user for what `request` asks.
pub async fn answer(page: Page, app: &App, request: &Request, before: Option<&Approval>) -> Answer {
    let owner = page.app.store.user(app.owner).await?;
    let owner = owner.ok_or_else(|| Failure::Internal("an app without its owner".into()))?;
    let scopes = &request.scopes;
    let purpose = match (scope::are_login(scopes), scopes.contains(scope::OPENID)) {
        (true, _) => Purpose::Login,
        (false, true) => Purpose::ConnectAndKnow,
        (false, false) => Purpose::Connect,
    };
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
            registered_itself: app.registered_itself.then_some(app.created),
            verified: app.verified,
            url_host: AppUrl::from_stored(app.url.clone()).host().to_owned(),
            policies: Policies::of(app),
        },
        account: who(page.user()?),
        scopes: page.scope_lines(scopes),
        purpose,
        learns: Learns {
            // The API names the account whatever it is called elsewhere.
            pairwise: app.client.registration.sector().is_some()
                && !scopes.contains(scope::DEFAULT),
            claims: ClaimSet::known_by(scopes).union(request.claims.all()),
        },
        goes_to: destination(request.return_to.uri()),
        since: before
            .filter(|before| !request.scopes.is_subset_of(&before.scopes))
            .map(|before| before.approved),
        popup: page.query("display").as_deref() == Some("popup"),
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
                policies: Policies::default(),
            },
            account: Who::sample(),
            scopes: ScopeLine::samples().drain(..1).collect(),
            purpose: Purpose::Connect,
            learns: Learns {
                pairwise: false,
                claims: known_by("default"),
            },
            goes_to: Destination::Web("app.clock.example".into()),
            since: None,
            popup: false,
        };
        let policies = |end: &str| Policies {
            policy: Some(format!("https://clock.example/privacy{end}")),
            terms: Some(format!("https://clock.example/terms{end}")),
        };
        let login = |scopes| Self {
            scopes: vec![],
            purpose: Purpose::Login,
            learns: Learns {
                pairwise: false,
                claims: known_by(scopes),
            },
            ..clock()
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
                    purpose: Purpose::ConnectAndKnow,
                    learns: Learns { pairwise: false, claims: known_by("default openid email profile") },
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
                        policies: policies(&format!("?{hostile}")),
                    },
                    account: Who::hostile(),
                    goes_to: Destination::Program("com.example.\"><script>".into()),
                    learns: Learns { pairwise: false, claims: ClaimSet::default() },
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
            (
                "consent-login",
                Self {
                    app: AskingApp { policies: policies(""), ..clock().app },
                    ..login("openid profile email")
                },
            ),
            (
                "consent-login-popup",
                Self {
                    learns: Learns {
                        pairwise: true,
                        claims: Claim::ALL.iter().copied().filter(|it| *it != Claim::Name).collect(),
                    },
                    popup: true,
                    ..login("openid")
                },
            ),
            (
                "consent-login-more",
                Self {
                    app: AskingApp { name: "ساعة الحائط".into(), owner: "عمر الخيام".into(), verified: true, ..clock().app },
                    since: Some(Timestamp(Frame::NOW.0 - 86_400_000 * 90)),
                    ..login("openid phone address")
                },
            ),
        ]
    }
}

#[cfg(test)]
fn known_by(scopes: &str) -> ClaimSet {
    ClaimSet::known_by(&scope::ScopeSet::parse(scopes).unwrap())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pairwise: bool, scopes: &str) -> String {
        let claims = known_by(scopes);
        Learns { pairwise, claims }.words(Language::English)
    }

    #[test]
    fn what_goes_out_in_words() {
        assert_eq!(words(false, "openid"), "your account ID");
        assert_eq!(
            words(false, "email"),
            "your account ID and your email address"
        );
        assert_eq!(
            words(false, "default"),
            "your account ID, your name, your email address and your photo"
        );
        assert_eq!(
            words(false, "openid profile phone"),
            "your account ID, your name, your phone number and your profile with photo"
        );
        assert_eq!(
            words(true, "openid"),
            "your ID at this app, which other apps cannot compare"
        );
    }

    #[test]
    fn every_claim_has_words() {
        for claim in Claim::ALL {
            let claims = [*claim].into_iter().collect();
            let learns = Learns {
                pairwise: false,
                claims,
            };
            assert_eq!(learns.ids().len(), 2, "{}", claim.name());
        }
    }
}
