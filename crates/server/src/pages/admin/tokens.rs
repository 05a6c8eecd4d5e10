//! `/admin/tokens`: whose a token is, by what can be seen of it or by its text.

use super::Tabs;
use crate::{
    context::Fields,
    desk::{
        Desk,
        tokens::{self, Ends, Whose},
    },
    failure::{Answer, Failure},
    language::{Language, Say},
    pages::{
        Frame,
        page::{Page, html},
    },
};
use askama::Template;
use grantor_protocol::{role::Act, time::Timestamp};

/// The first form asks `/admin/tokens` with `q`, the second posts `token` to it.
#[derive(Template)]
#[template(path = "admin_tokens.html")]
pub struct AdminTokens {
    pub frame: Frame,
    pub tabs: Tabs,
    pub query: String,
    /// Whether something was looked for.
    pub asked: bool,
    pub found: Vec<Token>,
}

pub struct Token {
    /// A message.
    pub kind: &'static str,
    /// Of a personal token.
    pub description: Option<String>,
    /// gid and name.
    pub user: (String, String),
    /// Client ID and name.
    pub app: Option<(String, String)>,
    pub scopes: String,
    pub issued: Option<Timestamp>,
    pub expires: Option<Timestamp>,
    pub live: bool,
    /// Where its end is posted to, if the one at the page may.
    pub end: Option<String>,
}

impl Token {
    /// Whose it is, and which app holds it.
    fn owners(&self, language: Language) -> Say {
        let (gid, name) = &self.user;
        let owners = match &self.app {
            Some((id, app)) => language
                .say("admin-token-held")
                .link("app", &format!("/admin/apps/{id}"))
                .name("app", app),
            None => language.say("admin-token-of"),
        };
        owners
            .link("user", &format!("/admin/users/{gid}"))
            .name("user", name)
    }
}

pub async fn list(page: Page, desk: Desk) -> Answer {
    let query = page.query("q").unwrap_or_default();
    let mut found = Vec::new();
    if !query.trim().is_empty() {
        for token in tokens::find(&desk, &query).await? {
            let whose = Whose {
                kind: "admin-token-personal",
                user: token.user,
                app: None,
                scopes: token.scopes,
                issued: Some(token.created),
                expires: token.expires,
                live: token.expires.is_none_or(|end| desk.now < end),
                ends: Ends::Token(token.id),
            };
            found.push(line(&desk, whose, Some(token.description)).await?);
        }
    }
    let asked = !query.trim().is_empty();
    html(&AdminTokens {
        frame: page.admin_frame(&[]),
        tabs: Tabs::of(&desk, "tokens"),
        query,
        asked,
        found,
    })
}

/// The text is not shown again, and stands in no log.
pub async fn submit(page: Page, desk: Desk, fields: Fields) -> Answer {
    let whose = tokens::whose(&desk, fields.text("token")).await?;
    let mut found = Vec::new();
    if let Some(whose) = whose {
        found.push(line(&desk, whose, None).await?);
    }
    html(&AdminTokens {
        frame: page.admin_frame(&[]),
        tabs: Tabs::of(&desk, "tokens"),
        query: String::new(),
        asked: true,
        found,
    })
}

async fn line(desk: &Desk, whose: Whose, description: Option<String>) -> Result<Token, Failure> {
    let user = desk.user(whose.user).await?;
    let app = match whose.app {
        Some(id) => {
            let name = desk.app.store.app(id).await?.map(|app| app.name.clone());
            Some((id.to_string(), name.unwrap_or_default()))
        }
        None => None,
    };
    let (act, end) = match whose.ends {
        Ends::Grant(id) => (Act::EndGrant, format!("/admin/grants/{id}/end")),
        Ends::Token(id) => (Act::EndToken, format!("/admin/tokens/{id}/end")),
    };
    Ok(Token {
        kind: whose.kind,
        description,
        app,
        scopes: whose.scopes.to_string(),
        issued: whose.issued,
        expires: whose.expires,
        live: whose.live,
        end: desk
            .may(act, Some(&user))
            .then_some(end)
            .filter(|_| whose.live),
        user: (user.id.to_string(), user.name.clone()),
    })
}

#[cfg(test)]
impl AdminTokens {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        let token = |name: &str, live: bool| Token {
            kind: "admin-token-access",
            description: (!live).then(|| name.into()),
            user: ("5416095123847261".into(), name.into()),
            app: live.then(|| ("7416095123847261".into(), name.into())),
            scopes: "default openid".into(),
            issued: Some(Frame::NOW),
            expires: live.then_some(Frame::NOW),
            live,
            end: live.then(|| "/admin/grants/1/end".into()),
        };
        let page = |query: &str, asked, found| Self {
            frame: Frame::sample(crate::pages::Place::Admin),
            tabs: Tabs::sample("tokens"),
            query: query.into(),
            asked,
            found,
        };
        vec![
            ("admin-tokens", page("", false, vec![])),
            (
                "admin-tokens-found",
                page(
                    "gr_pat_0ab…7aB9",
                    true,
                    vec![token("Ada", true), token(hostile, false)],
                ),
            ),
            ("admin-tokens-none", page(hostile, true, vec![])),
        ]
    }
}
