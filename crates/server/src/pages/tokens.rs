//! `/tokens`: personal access tokens.

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::{Field, Frame, ScopeLine};
use super::{
    Notice, Place,
    confirm::Confirm,
    page::{Named, Page, ended, html, html_with},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    language::Language,
    throttle::CONSOLE_WRITES,
};
use axum::http::StatusCode;
use grantor_protocol::{
    form::Params,
    name::Description,
    scope::{self, Scope, ScopeSet},
    secret::Kind,
    time::Millis,
};
use grantor_store::pats::NewPersonalToken;

/// The form posts `description`, `scope` (once for each), `expires_in` (days,
/// or `never`) to `/tokens`. One is ended by a post to
/// `/tokens/<id>/deauthorize`, all by way of the page `/tokens/deauthorize`.
#[derive(Template)]
#[template(path = "tokens.html")]
pub struct Tokens {
    pub frame: Frame,
    pub tokens: Vec<TokenRow>,
    /// How many a user may have.
    pub limit: u32,
    /// The token just made: the one time that its text is shown.
    pub fresh: Option<FreshToken>,
    pub form: TokenForm,
}

pub struct TokenRow {
    pub id: String,
    pub description: String,
    pub scopes: Vec<String>,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    pub last_used: Option<LastUse>,
}

pub struct LastUse {
    pub at: Timestamp,
    pub address: String,
}

pub struct FreshToken {
    pub description: String,
    pub text: String,
}

pub struct TokenForm {
    pub description: Field,
    pub scopes: Vec<ScopeChoice>,
    pub scopes_error: Option<String>,
    /// As it was chosen: a number of days, or `never`.
    pub expires_in: String,
    /// The longest life that the operator allows; `None`: even for ever.
    pub longest_days: Option<u32>,
    /// Of the API, without a slash at its end.
    pub api_url: String,
}

pub struct ScopeChoice {
    pub scope: ScopeLine,
    pub chosen: bool,
}

impl TokenForm {
    /// The select's (value, words, chosen).
    pub fn expiries(&self, language: Language) -> Vec<(String, String, bool)> {
        let longest = self.longest_days.unwrap_or(u32::MAX);
        let mut days: Vec<u32> = [7, 30, 90, 365]
            .into_iter()
            .filter(|d| *d <= longest)
            .collect();
        if days.is_empty() {
            days.push(longest);
        }
        let mut all: Vec<_> = days
            .iter()
            .map(|d| {
                let words = language.say("tokens-days").number("n", *d).plain();
                (d.to_string(), words)
            })
            .collect();
        if self.longest_days.is_none() {
            all.push(("never".into(), language.text("tokens-never")));
        }
        all.into_iter()
            .map(|(value, words)| {
                let chosen = value == self.expires_in;
                (value, words, chosen)
            })
            .collect()
    }
}

impl Tokens {
    pub fn is_full(&self) -> bool {
        self.tokens.len() >= self.limit as usize
    }
}

const DONE: &[(&str, &str)] = &[("one", "tokens-done-one"), ("all", "tokens-done-all")];

/// What was typed before a step-up comes back in the query.
pub async fn list(page: Page) -> Answer {
    let query = page.uri.query().unwrap_or("").as_bytes();
    let form = match Params::parse_with_lists(query, &["scope"]) {
        Ok(typed) if typed.get("expires_in").is_some() => {
            let scopes: Vec<&str> = typed.get_all("scope").collect();
            let description = Field::of(typed.get("description").unwrap_or(""));
            form(
                &page,
                description,
                &scopes,
                typed.get("expires_in").unwrap_or(""),
            )
        }
        _ => blank(&page),
    };
    html(&listing(&page, None, form).await?)
}

fn days(lifetime: Millis) -> u32 {
    (lifetime.as_seconds() / 86_400).unsigned_abs() as u32
}

/// Everything is chosen where nothing less of the API is on offer; else whoever adds what she
/// needs would get all the rest with it.
fn blank(page: &Page) -> TokenForm {
    let lifetime = days(page.app.config.tokens.pat_default_lifetime).to_string();
    let mut blank = form(page, Field::default(), &[], &lifetime);
    let less = |it: &ScopeChoice| it.scope.name != scope::DEFAULT && !scope::tells(&it.scope.name);
    if !blank.scopes.iter().any(less) {
        let all = blank.scopes.iter_mut();
        all.for_each(|it| it.chosen = it.scope.name == scope::DEFAULT);
    }
    blank
}

fn form(page: &Page, description: Field, chosen: &[&str], expires_in: &str) -> TokenForm {
    let app = &page.app;
    let choice = |name: &str| ScopeChoice {
        scope: ScopeLine {
            name: name.to_owned(),
            sentence: app.scope_sentence(name, page.context.language),
        },
        chosen: chosen.contains(&name),
    };
    TokenForm {
        description,
        scopes: app
            .policy
            .scopes
            .iter()
            .map(Scope::as_str)
            .chain([scope::SCIM])
            .filter(|scope| offers(page, scope))
            .map(choice)
            .collect(),
        scopes_error: None,
        expires_in: expires_in.to_owned(),
        longest_days: (!app.config.tokens.pat_never_expires)
            .then_some(days(app.config.tokens.pat_max_lifetime)),
        api_url: format!("{}/api/1.0", app.config.service.public_url.origin()),
    }
}

/// Whether a token of this user may have it.
fn offers(page: &Page, scope: &str) -> bool {
    let role = page.user().ok().and_then(|user| user.role());
    page.app.policy.offers_personally(scope) && scope::is_for(scope, role)
}

async fn listing(
    page: &Page,
    fresh: Option<FreshToken>,
    form: TokenForm,
) -> Result<Tokens, Failure> {
    let tokens = page.app.store.personal_tokens_of(page.user()?.id).await?;
    let row = |token: grantor_store::pats::PersonalToken| TokenRow {
        id: token.id.to_string(),
        description: token.description,
        scopes: token.scopes.iter().map(str::to_owned).collect(),
        created: token.created,
        expires: token.expires,
        last_used: token.last_used.map(|at| LastUse {
            at,
            address: token.last_used_from.unwrap_or_default(),
        }),
    };
    Ok(Tokens {
        frame: page.frame_telling(Place::Tokens, DONE),
        tokens: tokens.into_iter().map(row).collect(),
        limit: page.app.config.tokens.pat_limit,
        fresh,
        form,
    })
}

/// When a token ends: a number of days within the operator's bounds, or never
/// where she allows it.
fn parse_expiry(page: &Page, text: &str) -> Option<Option<Millis>> {
    let config = &page.app.config;
    if text == "never" {
        return config.tokens.pat_never_expires.then_some(None);
    }
    let asked: i64 = text.parse().ok()?;
    let longest = if config.tokens.pat_never_expires {
        3650
    } else {
        i64::from(days(config.tokens.pat_max_lifetime))
    };
    (1..=longest)
        .contains(&asked)
        .then_some(Some(Millis::days(asked)))
}

pub async fn create(page: Page, fields: Fields) -> Answer {
    let (app, context) = (page.app.clone(), page.context.clone());
    let user = page.user()?.id;
    let description = Description::parse(fields.text("description"));
    let chosen: Vec<&str> = fields.0.get_all("scope").collect();
    let scopes = ScopeSet::collect(chosen.iter().copied()).unwrap_or_default();
    let offered = |scope| offers(&page, scope);
    let known = !scopes.is_empty() && scopes.iter().all(offered);
    let expires_in = fields.text("expires_in");
    let (Ok(description), true, Some(expiry)) =
        (&description, known, parse_expiry(&page, expires_in))
    else {
        let language = context.language;
        let error = description.err().map(|error| language.wrong_text(error));
        let typed = Field {
            value: fields.text("description").to_owned(),
            error,
        };
        let mut form = form(&page, typed, &chosen, expires_in);
        form.scopes_error = (!known).then(|| language.text("tokens-choose-scope"));
        return html_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &listing(&page, None, form).await?,
        );
    };
    app.count(CONSOLE_WRITES, &user.to_string(), context.now)
        .await?;
    let id = app.world.new_id(context.now);
    let secret = app
        .keys
        .now()
        .format
        .mint(Kind::PersonalAccess, id, &app.world.random());
    let token = NewPersonalToken {
        id,
        digest: secret.digest(),
        user,
        description: description.as_str().to_owned(),
        scopes,
        hint: secret.hint(),
        expires: expiry.map(|length| context.now + length),
        limit: i64::from(app.config.tokens.pat_limit),
    };
    let mut event = page.event("token.created")?;
    event.actor.form = page.once(&fields)?;
    event.detail.clone_from(&token.description);
    if !app.store.add_personal_token(&token, event).await? {
        let mut full = listing(&page, None, blank(&page)).await?;
        let sentence = context.language.say("tokens-limit");
        let sentence = sentence.number("n", app.config.tokens.pat_limit).plain();
        full.frame.notice = Some(Notice::Trouble(sentence));
        return html_with(StatusCode::CONFLICT, &full);
    }
    let fresh = FreshToken {
        description: token.description,
        text: secret.reveal_for_response().to_owned(),
    };
    html_with(
        StatusCode::CREATED,
        &listing(&page, Some(fresh), blank(&page)).await?,
    )
}

pub async fn deauthorize(page: Page, Named(id): Named<i64>) -> Answer {
    let user = page.user()?.id;
    let event = page.event("token.deauthorized")?;
    let is_done = page.app.store.end_personal_token(id, user, event).await?;
    ended(is_done, "/tokens", "one")
}

pub async fn confirm_all(page: Page) -> Answer {
    html(&question(page.frame(Place::Tokens)))
}

fn question(frame: Frame) -> Confirm {
    let language = frame.language;
    Confirm {
        frame,
        title: language.text("tokens-end-title"),
        subject: None,
        consequences: vec![language.text("tokens-end-scripts")],
        action: "/tokens/deauthorize".into(),
        button: language.text("tokens-end-button"),
        back: "/tokens".into(),
        typed: None,
    }
}

#[cfg(test)]
pub fn confirm_samples() -> Vec<(&'static str, Confirm)> {
    let frame = Frame::sample(Place::Tokens);
    vec![("tokens-deauthorize", question(frame))]
}

pub async fn deauthorize_all(page: Page) -> Answer {
    let user = page.user()?.id;
    let event = page.event("token.deauthorized_all")?;
    page.app.store.end_personal_tokens(user, event).await?;
    Ok(see_other("/tokens?done=all"))
}

#[cfg(test)]
impl Tokens {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use grantor_protocol::name::TextError;
        let language = super::spoken();
        let day = 86_400_000;
        let now = Frame::NOW.0;
        let form = || TokenForm {
            description: Field::default(),
            scopes: ScopeLine::samples()
                .into_iter()
                .map(|scope| ScopeChoice {
                    chosen: scope.name == "default",
                    scope,
                })
                .collect(),
            scopes_error: None,
            expires_in: "90".into(),
            longest_days: Some(365),
            api_url: "https://auth.example.org/api/1.0".into(),
        };
        let row = |id: &str, description: &str| TokenRow {
            id: id.into(),
            description: description.into(),
            scopes: vec!["default".into(), "email".into()],
            created: Timestamp(now - 40 * day),
            expires: Some(Timestamp(now + 50 * day)),
            last_used: Some(LastUse {
                at: Timestamp(now - 180_000),
                address: "2001:db8::17".into(),
            }),
        };
        let rows = || {
            vec![
                row("1", "Nightly export"),
                TokenRow {
                    last_used: None,
                    expires: None,
                    ..row("2", super::tests::HOSTILE)
                },
                TokenRow {
                    expires: Some(Timestamp(now - day)),
                    ..row("3", "Old laptop")
                },
            ]
        };
        let page = |tokens, limit, fresh, form| Self {
            frame: Frame::sample(super::Place::Tokens),
            tokens,
            limit,
            fresh,
            form,
        };
        let fresh = FreshToken {
            description: super::tests::HOSTILE.into(),
            text: "gr_pat_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z".into(),
        };
        let wrong = TokenForm {
            description: Field::wrong("", language.wrong_text(TextError::Empty)),
            scopes_error: Some(language.text("tokens-choose-scope")),
            longest_days: None,
            expires_in: "never".into(),
            ..form()
        };
        vec![
            ("tokens", page(rows(), 50, None, form())),
            ("tokens-none", page(vec![], 50, None, form())),
            ("tokens-fresh", page(rows(), 50, Some(fresh), form())),
            ("tokens-wrong", page(rows(), 50, None, wrong)),
            ("tokens-full", page(rows(), 3, None, form())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_bounds_the_expiries() {
        let offered = |longest_days| {
            let (_, page) = Tokens::samples().remove(0);
            let form = TokenForm {
                longest_days,
                ..page.form
            };
            form.expiries(Language::English)
                .into_iter()
                .map(|(value, ..)| value)
                .collect::<Vec<_>>()
        };
        assert_eq!(offered(None), ["7", "30", "90", "365", "never"]);
        assert_eq!(offered(Some(90)), ["7", "30", "90"]);
        assert_eq!(offered(Some(1)), ["1"]);
    }
}
