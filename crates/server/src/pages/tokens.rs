//! `/tokens`: personal access tokens.

use askama::Template;
use grantor_protocol::time::Timestamp;

use super::{Field, Frame, ScopeLine};

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
    /// Where the example calls.
    pub api_url: String,
}

pub struct ScopeChoice {
    pub scope: ScopeLine,
    pub chosen: bool,
}

impl TokenForm {
    /// The select's (value, words, chosen).
    pub fn expiries(&self) -> Vec<(String, String, bool)> {
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
                (
                    d.to_string(),
                    if *d == 1 {
                        "1 day".into()
                    } else {
                        format!("{d} days")
                    },
                )
            })
            .collect();
        if self.longest_days.is_none() {
            all.push(("never".into(), "Never".into()));
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

#[cfg(test)]
impl Tokens {
    pub fn samples() -> Vec<(&'static str, Self)> {
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
            description: Field::wrong("", "Say what it is for, in up to 200 characters."),
            scopes_error: Some("Choose at least one.".into()),
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
            form.expiries()
                .into_iter()
                .map(|(value, ..)| value)
                .collect::<Vec<_>>()
        };
        assert_eq!(offered(None), ["7", "30", "90", "365", "never"]);
        assert_eq!(offered(Some(90)), ["7", "30", "90"]);
        assert_eq!(offered(Some(1)), ["1"]);
    }
}
