//! Every path to and for a token against everything that can end or limit one. A
//! check that one path has and its sibling lacks shows as a hole in a row.

use crate::support::{App, Ask, Browser, Call, Person, Reply, Site, Tokens};
use grantor::config::Scope;
use grantor_protocol::{client::ClientKind, error::Cause, time::Millis};

/// What happened between the issue of everything and its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Nothing,
    UserDisabled,
    AppSuspended,
    AppResumed,
    OwnerDisabled,
    OwnerEnabled,
    AppDeleted,
    GrantEnded,
    FamilyEnded,
    TokenRevoked,
    Expired,
    OtherClient,
    NarrowScope,
    ScopeWithdrawn,
    MadePublic,
}

const EVENTS: [Event; 15] = [
    Event::Nothing,
    Event::UserDisabled,
    Event::AppSuspended,
    Event::AppResumed,
    Event::OwnerDisabled,
    Event::OwnerEnabled,
    Event::AppDeleted,
    Event::GrantEnded,
    Event::FamilyEnded,
    Event::TokenRevoked,
    Event::Expired,
    Event::OtherClient,
    Event::NarrowScope,
    Event::ScopeWithdrawn,
    Event::MadePublic,
];

/// Everything that one user gave one app, and a token of her own.
struct Facts {
    site: Site,
    developer: Person,
    owner: Person,
    user: Person,
    app: App,
    /// Another app, of another developer.
    other: App,
    /// The API's backend, which may inspect every token.
    api: App,
    code: String,
    tokens: Tokens,
    implicit: String,
    personal: String,
    asks: Ask,
}

const TASKS: &str = "tasks";

impl Facts {
    async fn new(scope: &str) -> Self {
        let site = Site::with(|config| {
            config.scopes = vec![Scope::new(TASKS, "See your tasks").unwrap()];
        })
        .await;
        let dora = site.user("dora").await;
        let owner = site.user("olga").await;
        let app = site.app("Clock").implicit().of(&owner).await;
        let other = site.app("Other").of(&dora).await;
        let api = site.app("Backend").resource_server().of(&dora).await;
        site.pass(Millis::seconds(1));
        let user = site.user("alice").await.signed_in().await;
        let asks = app.ask().with("scope", scope);
        let tokens = user.connect_as(&app, &asks).await;
        let implicit = user.decide(&token_ask(&asks), "allow").await;
        let implicit = implicit.sent("access_token").unwrap();
        let code = user.decide(&asks, "allow").await.sent("code").unwrap();
        let personal = user.token(scope, "30").await;
        Self {
            site,
            developer: dora,
            owner,
            user,
            app,
            other,
            api,
            code,
            tokens,
            implicit,
            personal,
            asks,
        }
    }

    async fn after(event: Event) -> Self {
        let scope = match event {
            Event::NarrowScope => "email",
            Event::ScopeWithdrawn => TASKS,
            _ => "default",
        };
        let mut facts = Self::new(scope).await;
        facts.suffer(event).await;
        facts
    }

    async fn suffer(&mut self, event: Event) {
        let store = &self.site.app.store;
        match event {
            Event::Nothing | Event::NarrowScope | Event::OtherClient => {}
            Event::UserDisabled => self.user.disable().await,
            Event::AppSuspended => self.app.suspend().await,
            Event::AppResumed => {
                self.app.suspend().await;
                self.app.resume().await;
            }
            Event::OwnerDisabled => self.owner.disable().await,
            Event::OwnerEnabled => {
                self.owner.disable().await;
                self.owner.enable().await;
            }
            Event::AppDeleted => self.app.delete().await,
            Event::GrantEnded => {
                let grant = store.grants_of(self.user.id).await.unwrap()[0].id;
                let end = format!("/authorizations/{grant}/end");
                assert_eq!(self.user.post(&end, &[]).await.code(), 303);
            }
            Event::FamilyEnded => {
                assert_eq!(self.app.revoke(&self.tokens.refresh).await.code(), 200);
            }
            Event::TokenRevoked => {
                self.app.revoke(&self.tokens.access).await;
                self.app.revoke(&self.implicit).await;
                let id = store.personal_tokens_of(self.user.id).await.unwrap()[0].id;
                let end = format!("/tokens/{id}/deauthorize");
                assert_eq!(self.user.post(&end, &[]).await.code(), 303);
            }
            Event::Expired => self.site.pass(Millis::days(181)),
            Event::ScopeWithdrawn => {
                self.site = self.site.reopened(|_| ()).await;
                self.app = self.app.at(&self.site);
                self.api = self.api.at(&self.site);
            }
            Event::MadePublic => {
                self.app = self.app.edit(|form| form.kind = ClientKind::Browser).await;
                self.app.secret = None;
            }
        }
        if event == Event::OtherClient {
            self.app = App {
                redirect: self.app.redirect.clone(),
                ..self.other.clone()
            };
        }
    }

    /// The cells of one column, by the names of their rows.
    async fn outcomes(&self) -> Vec<(String, String)> {
        let mut cells = Vec::new();
        let mut cell = |row: &str, outcome: String| cells.push((row.to_owned(), outcome));
        let accesses = [
            ("access token", &self.tokens.access),
            ("implicit token", &self.implicit),
        ];
        let bearers = [accesses[0], accesses[1], ("personal token", &self.personal)];
        let all = [
            bearers[0],
            bearers[1],
            ("refresh token", &self.tokens.refresh),
            bearers[2],
        ];
        for (name, token) in bearers {
            for path in ["", "/authorizations", "/personal_access_tokens"] {
                let path = format!("/users/me{path}");
                let reply = self.site.api(token, &path).await;
                cell(&format!("{name} at {path}"), bearer_outcome(&reply));
            }
        }
        for (name, token) in all {
            let own = self.app.introspect(token).await;
            cell(&format!("{name} introspected by its app"), inspected(&own));
            let api = self.api.introspect(token).await;
            cell(&format!("{name} introspected by the API"), inspected(&api));
            let call = Call::post("/-/token_info").form(&[("token", token)]);
            cell(
                &format!("{name} at token_info"),
                inspected(&self.site.send(call).await),
            );
            cell(&format!("{name} in the console"), self.console(token).await);
        }
        cell("a new implicit token", self.implicit_outcome().await);
        cell(
            "the code",
            token_outcome(&self.app.exchange(&self.code).await),
        );
        cell(
            "the refresh token",
            token_outcome(&self.app.refresh(&self.tokens.refresh).await),
        );
        for (name, token) in all {
            let reply = self.app.revoke(token).await;
            let call = Call::post("/-/token_info").form(&[("token", token)]);
            let then = inspected(&self.site.send(call).await);
            cell(
                &format!("{name} revoked by its app"),
                match reply.code() {
                    200 => format!("200, {then}"),
                    _ => token_outcome(&reply),
                },
            );
        }
        cells
    }

    async fn console(&self, token: &str) -> String {
        let browser = Browser::new(&self.site, "dora");
        self.developer.sign_in_at(&browser).await;
        let page = browser.post("/apps/inspect", &[("token", token)]).await;
        match page.body.contains("class=\"tag good\">Active") {
            true => "active".into(),
            false => "inactive".into(),
        }
    }

    /// A user who comes back for a token in the fragment.
    async fn implicit_outcome(&self) -> String {
        let at_this_node = Browser::new(&self.site, "alice");
        if let Some(cookie) = self.user.session_cookie() {
            at_this_node.take_cookie(&format!("{}={cookie}", "__Host-grantor"));
        }
        let mut ask = token_ask(&self.asks);
        if self.app.name != "Clock" {
            ask = ask.with("client_id", &self.app.client_id());
        }
        let reply = at_this_node.decide(&ask, "allow").await;
        match (reply.sent("access_token"), reply.sent("error")) {
            (Some(_), _) => "issued".into(),
            (None, Some(error)) => error,
            (None, None) => reply.brief(),
        }
    }
}

fn token_ask(ask: &Ask) -> Ask {
    ask.clone()
        .with("response_type", "token")
        .without("code_challenge")
}

/// The name of a refusal's cause, by its sentence.
fn cause(sentence: &str) -> &'static str {
    let found = Cause::ALL
        .iter()
        .find(|cause| cause.description() == sentence);
    found.map_or("?", |cause| cause.name())
}

fn bearer_outcome(reply: &Reply) -> String {
    let challenge = reply.header("www-authenticate");
    let sentence = challenge.split("error_description=\"").nth(1);
    match sentence.and_then(|rest| rest.split('"').next()) {
        Some(sentence) => format!("{} {}", reply.code(), cause(sentence)),
        None => reply.code().to_string(),
    }
}

fn token_outcome(reply: &Reply) -> String {
    match reply.code() {
        200 => format!("200 {}", reply.member("scope")),
        code => format!("{code} {}", cause(&reply.member("error_description"))),
    }
}

fn inspected(reply: &Reply) -> String {
    match (reply.code(), reply.json()["active"].as_bool()) {
        (200, Some(true)) => format!("active {}", reply.member("scope")),
        (200, Some(false)) => "inactive".into(),
        _ => token_outcome(reply),
    }
}

#[tokio::test]
async fn every_path_against_every_check() {
    let mut rows: Vec<(String, String)> = Vec::new();
    for event in EVENTS {
        let cells = Facts::after(event).await.outcomes().await;
        if rows.is_empty() {
            rows = cells
                .iter()
                .map(|(name, _)| (name.clone(), String::new()))
                .collect();
        }
        for ((name, row), (other, cell)) in rows.iter_mut().zip(cells) {
            assert_eq!(*name, other);
            row.push_str(&format!("{cell:<24}"));
        }
    }
    let names = EVENTS.map(|event| format!("{event:?}"));
    let head: String = names.iter().map(|name| format!("{name:<24}")).collect();
    let mut table = format!("{:<54}{}\n", "", head.trim_end());
    for (name, row) in rows {
        table += &format!("{name:<54}{}\n", row.trim_end());
    }
    insta::assert_snapshot!(table);
}
