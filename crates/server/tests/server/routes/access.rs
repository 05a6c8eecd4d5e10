//! Who may call what: every row of the routing table against every kind of caller.
//! A new row without a case here fails.

use crate::support::{
    App, Browser, Call, Device, Person, Provider, Reply, Site, Tokens, encoded, multipart,
    with_mail,
};
use grantor::routes::{Access, Body, Route, routes};
use grantor::{config::DynamicRegistration, scim};
use grantor_protocol::{role::Role, time::Millis};
use grantor_store::user_links::Purpose;

/// Everybody who could call, and what they could call about.
pub struct Scene {
    pub site: Site,
    nobody: Browser,
    pub visitor: Browser,
    pub stranger: Person,
    pub owner: Person,
    /// The owner at another browser, where she proved who she is too long ago.
    stale: Browser,
    /// Of the administration, one of them at a browser where she proved it too long ago.
    support: Person,
    admin: Person,
    stale_admin: Browser,
    pub app: App,
    pub tokens: Tokens,
    /// Without the scope `default`.
    narrow: Tokens,
    personal: String,
    set_up: String,
    /// Of a journey that the owner has come back from.
    /// To connect, and to sign up.
    ways: [String; 2],
    /// Personal tokens of an administrator's, the first to read only, and of support's.
    reading: String,
    pub administering: String,
    supporting: String,
    /// What is seen of the app.
    shown: String,
    ids: Ids,
    links: Links,
    /// What a mail brings to whoever asked for an account.
    join: String,
}

/// Secrets of links that were mailed to the owner.
struct Links {
    verify: String,
    reset: String,
    restore: String,
}

/// Of things that are the owner's.
struct Ids {
    token: i64,
    grant: i64,
    secret: i64,
    session: i64,
    passkey: i64,
    identity: i64,
}

impl Scene {
    pub async fn new() -> Self {
        Self::made(true).await
    }

    /// For this route: the set-up link leads in only where nobody administers yet.
    pub async fn of(route: &Route) -> Self {
        Self::made(route.path != "/setup").await
    }

    /// Whoever a row of pages is for.
    pub fn whose(&self, route: &Route) -> &Person {
        match route.access {
            Access::Admin(_) => &self.admin,
            _ => &self.owner,
        }
    }

    async fn made(officers: bool) -> Self {
        let site = Site::with(|config| {
            config.registration.dynamic_registration = DynamicRegistration::Token;
            with_mail(config);
            config.upstream.push(Provider::example());
        })
        .await;
        let set_up = super::setup::link(&site).await;
        let owner = site.user("olga").await;
        let stale = owner.elsewhere();
        owner.sign_in_at(&stale).await;
        let mut admin = site.user("ada").await;
        let mut support = site.user("sue").await;
        let mut scopes = ["default", "default"];
        if officers {
            admin = admin.with_role(Role::Admin).await;
            support = support.with_role(Role::Support).await;
            scopes = ["admin:read", "admin"];
        }
        let stale_admin = admin.elsewhere();
        admin.sign_in_at(&stale_admin).await;
        site.pass(Millis::minutes(11));
        let owner = owner.signed_in().await;
        let app = site.app("Clock").of(&owner).await;
        let whole = app.ask().with("scope", "default openid");
        let tokens = owner.connect_as(&app, &whole).await;
        let narrow = app.ask().with("scope", "email");
        let narrow = owner.connect_as(&app, &narrow).await;
        let personal = owner.token("default", "30").await;
        let store = &site.app.store;
        let now = site.world.now();
        let session = store.sessions_of(owner.id, now).await.unwrap();
        owner.with_passkey(&mut Device::new()).await;
        let found = store.app(app.id).await.unwrap().unwrap();
        let (secret, shown) = (found.client.secrets[0].id, found.shown());
        let ids = Ids {
            passkey: store.passkeys_of(owner.id).await.unwrap()[0].id,
            token: store.personal_tokens_of(owner.id).await.unwrap()[0].id,
            grant: store.grants_of(owner.id).await.unwrap()[0].id,
            session: session.last().unwrap().id,
            secret,
            identity: super::upstream::connected(&site, owner.id, "https://id.example", "1").await,
        };
        let join = site.invitation("new@example.org", "/");
        let link = async |purpose, about: &str| site.mail_link(&owner, purpose, about).await;
        let links = Links {
            verify: link(Purpose::Verify, &owner.email).await,
            reset: link(Purpose::Reset, &owner.email).await,
            restore: link(Purpose::Restore, "olga@old.example").await,
        };
        super::upstream::connected(&site, owner.id, "https://id.example", "2").await;
        let ways = [
            super::upstream::came_back(&owner, "/login/connect/").await,
            super::upstream::came_back(&owner, "/signup/upstream/").await,
        ];
        let admin = admin.signed_in().await;
        let support = support.signed_in().await;
        Self {
            reading: admin.token(scopes[0], "30").await,
            administering: admin.token(scopes[1], "30").await,
            supporting: support.token(scopes[1], "30").await,
            nobody: site.visitor(),
            visitor: site.visitor(),
            stranger: site.user("sam").await.signed_in().await,
            owner,
            stale,
            support,
            admin,
            stale_admin,
            site,
            app,
            tokens,
            narrow,
            personal,
            set_up,
            ways,
            shown,
            ids,
            links,
            join,
        }
    }

    /// What a mailed link opens.
    fn link(&self, path: &str) -> &str {
        match path {
            "/password/reset" => &self.links.reset,
            "/address/restore" => &self.links.restore,
            _ => &self.links.verify,
        }
    }

    /// The path and the fields of a request that is right in everything but,
    /// perhaps, its sender.
    pub fn case(&self, route: &Route) -> (String, Vec<(&'static str, String)>) {
        let (app, ids) = (self.app.id, &self.ids);
        let path = route.path.to_owned();
        let fields: Vec<(&str, &str)> = match (route.method, route.path) {
            ("GET" | "POST", "/-/oauth_authorize") => return self.authorize(route),
            ("POST", "/-/oauth_token") => vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", &self.tokens.refresh),
            ],
            ("POST", "/-/oauth_revoke") => vec![("token", "gr_at_unknown")],
            ("POST", "/-/oauth_introspect" | "/-/token_info" | "/apps/inspect") => {
                vec![("token", &self.tokens.access)]
            }
            ("POST", "/-/oauth_register") => vec![],
            ("GET" | "PUT" | "DELETE", "/-/oauth_register/{client_id}") => vec![],
            ("POST", "/login") => vec![("action", "switch")],
            ("GET" | "POST", "/login/second") => vec![],
            ("POST", "/login/passkey" | "/login/passkey/add") => vec![],
            ("GET", "/account/factors" | "/account/factors/code" | "/account/factors/passkey") => {
                vec![]
            }
            ("POST", "/account/factors/code" | "/account/factors/passkey") => vec![],
            ("POST", "/account/factors/code/remove" | "/account/factors/recovery") => vec![],
            ("POST", "/account/factors/passkeys/{id}/name") => {
                let path = path.replace("{id}", &ids.passkey.to_string());
                return (path, vec![("name", "Blue key".to_owned())]);
            }
            ("POST", "/account/factors/passkeys/{id}/remove") => {
                return (path.replace("{id}", &ids.passkey.to_string()), vec![]);
            }
            ("GET", "/.well-known/change-password" | "/.well-known/passkey-endpoints") => vec![],
            ("POST", "/signup") => vec![("name", ""), ("email", "x"), ("password", "x")],
            ("GET", "/setup") => return (format!("{path}?token={}", self.set_up), vec![]),
            ("GET", "/signup/finish") => return (format!("{path}?token={}", self.join), vec![]),
            ("POST", "/signup/finish") => vec![("token", &self.join), ("name", "")],
            ("GET", "/password/reset" | "/address/restore" | "/address/confirm") => {
                return (format!("{path}?token={}", self.link(&path)), vec![]);
            }
            ("POST", "/password/reset" | "/address/restore" | "/address/confirm") => {
                vec![("token", self.link(&path)), ("password", "short")]
            }
            ("GET", "/password/forgot" | "/account/address") => vec![],
            ("POST", "/password/forgot" | "/account/address") => {
                vec![("email", "olga@new.example")]
            }
            ("POST", "/account/address/verify") => vec![],
            ("POST", "/setup") => vec![("token", &self.set_up), ("name", "")],
            ("POST", "/apps/new") => CLOCK.to_vec(),
            ("POST", "/apps/{id}/edit") => CLOCK.to_vec(),
            ("POST", "/apps/{id}/openid") => vec![("response_types", "code")],
            ("POST", "/apps/{id}/secrets") => vec![("overlap", "3600")],
            ("POST", "/apps/{id}/delete") => vec![("confirm", "Clock")],
            ("POST", "/tokens") => vec![
                ("description", "a script"),
                ("scope", "default"),
                ("expires_in", "30"),
            ],
            ("POST", "/account/details") => vec![("nickname", "Ollie")],
            ("POST", "/account/profile") => vec![("name", "Olga")],
            ("POST", "/account/photo") => vec![("action", "remove")],
            ("POST", "/account/delete") => vec![("confirm", "olga@example.org")],
            ("GET", "/account/export" | "/account/delete") => vec![],
            ("POST", "/account/password") => vec![("new_password", "short")],
            ("POST", "/-/logout") => vec![("decision", "logout")],
            ("POST", "/apps/{id}/secrets/{secret}/remove") => vec![],
            ("POST", "/tokens/{id}/deauthorize" | "/tokens/deauthorize") => vec![],
            ("POST", "/authorizations/{id}/end") => vec![],
            ("POST", "/account/sessions/{id}/end" | "/account/sessions/end-others") => vec![],
            ("GET", "/" | "/docs" | "/login" | "/signup" | "/-/logout") => vec![],
            ("GET", "/login/upstream/{provider}" | "/login/upstream/{provider}/callback") => vec![],
            ("GET", "/login/connect/{way}" | "/signup/upstream/{way}") => vec![],
            ("POST", "/login/connect/{way}") => vec![("decision", "connect")],
            ("POST", "/signup/upstream/{way}") => vec![("name", "")],
            ("GET" | "POST", "/login/hand-over") => vec![],
            ("GET", "/account/identities/{provider}/connect") => vec![],
            ("POST", "/account/identities/{id}/remove") => vec![],
            ("GET", "/apps" | "/apps/new" | "/apps/inspect" | "/apps/{id}") => vec![],
            ("GET", "/apps/{id}/openid") => vec![],
            ("GET", "/apps/{id}/edit" | "/apps/{id}/requests" | "/apps/{id}/delete") => vec![],
            (
                "GET",
                "/tokens"
                | "/tokens/deauthorize"
                | "/authorizations"
                | "/account"
                | "/account/details"
                | "/account/history",
            ) => vec![],
            ("GET", "/api/1.0/users/me" | "/api/1.0/users/me/authorizations") => vec![],
            ("GET", "/api/1.0/users/me/personal_access_tokens") => vec![],
            ("GET", "/api/1.0/openapi.json") => vec![],
            ("GET" | "POST" | "PUT" | "PATCH" | "DELETE", path) if path.starts_with(scim::BASE) => {
                vec![]
            }
            ("GET", "/.well-known/oauth-authorization-server") => vec![],
            ("GET", "/.well-known/oauth-authorization-server/api/1.0") => vec![],
            ("GET", "/.well-known/openid-configuration") => vec![],
            ("GET", "/api/1.0/.well-known/openid-configuration") => vec![],
            ("GET", "/api/1.0/openid_connect/jwks") => vec![],
            ("GET" | "POST", "/api/1.0/openid_connect/userinfo") => vec![],
            ("POST", "/admin/users/{id}/disable") => vec![("reason", "left")],
            ("POST", "/admin/users/{id}/role") => vec![("role", "support")],
            ("POST", "/admin/users/{id}/enable") => vec![],
            ("POST", "/admin/users/{id}/sessions/end" | "/admin/users/{id}/factors/reset") => {
                vec![]
            }
            ("POST", "/admin/grants/{id}/end" | "/admin/tokens/{id}/end") => vec![],
            ("GET", "/admin" | "/admin/users" | "/admin/users/{id}") => vec![],
            ("POST", "/admin/apps/{id}/suspend") => vec![("reason", "phishing")],
            ("POST", "/admin/apps/{id}/transfer") => vec![("owner", "sam@example.org")],
            ("POST", "/admin/apps/{id}/verify") => vec![("shown", &self.shown)],
            ("POST", "/admin/apps/{id}/resource-server") => vec![("shown", &self.shown)],
            ("POST", "/admin/apps/{id}/resource-server/end") => vec![],
            ("POST", "/admin/apps/{id}/resume" | "/admin/apps/{id}/unverify") => vec![],
            ("POST", "/admin/tokens") => vec![("token", &self.tokens.access)],
            ("POST", "/admin/keys/{kind}/rotate") => vec![],
            ("POST", "/admin/keys/{kind}/retire") => vec![("confirm", "forms")],
            ("POST", "/admin/settings/lift") => vec![("key", "login:nobody")],
            ("GET", "/admin/apps" | "/admin/apps/{id}" | "/admin/tokens") => vec![],
            ("GET", "/admin/keys" | "/admin/keys/{kind}/retire") => vec![],
            ("GET", "/admin/settings" | "/admin/audit") => vec![],
            (_, path) if path.starts_with("/api/1.0/admin/") => vec![],
            ("GET", "/images/{name}" | "/assets/{hash}/{name}") => vec![],
            ("GET", "/favicon.ico" | "/robots.txt" | "/healthz" | "/readyz") => vec![],
            ("GET", "/.well-known/security.txt" | "/-/check_session") => vec![],
            (method, path) => panic!("who may call {method} {path}? Add it here."),
        };
        let place: Vec<_> = path.split('/').collect();
        let id = match place.get(1).copied() {
            Some("admin") => match place.get(2).copied() {
                Some("users") => self.owner.id,
                Some("grants") => ids.grant,
                Some("tokens") => ids.token,
                _ => app,
            },
            Some("api") => match place.get(4).copied() {
                Some("users") => self.owner.id,
                Some("authorizations") => ids.grant,
                Some("personal_access_tokens") => ids.token,
                _ => app,
            },
            Some("tokens") => ids.token,
            Some("authorizations") => ids.grant,
            Some("account") if path.contains("/identities/") => ids.identity,
            Some("account") => ids.session,
            _ => app,
        };
        let path = path.replace("{id}", &id.to_string());
        let path = path.replace("{provider}", "example");
        let way = usize::from(path.starts_with("/signup"));
        let path = path.replace("{way}", &self.ways[way]);
        let path = path.replace("{gid}", &id.to_string());
        let path = path.replace("{kind}", "forms");
        let path = path.replace("{client_id}", &app.to_string());
        let path = path.replace("{user}", &self.owner.id.to_string());
        let path = match path.starts_with(scim::BASE) {
            true => path.replace("{name}", "User"),
            false => path,
        };
        let path = path.replace("{secret}", &ids.secret.to_string());
        let owned = |(name, value): (&'static str, &str)| (name, value.to_owned());
        (path, fields.into_iter().map(owned).collect())
    }

    fn authorize(&self, route: &Route) -> (String, Vec<(&'static str, String)>) {
        let url = self.app.ask().with("scope", "profile").url();
        match route.method {
            "GET" => (url, vec![]),
            _ => (url, vec![("decision", "deny".to_owned())]),
        }
    }

    fn browser(&self, caller: Caller) -> &Browser {
        match caller {
            Caller::Visitor => &self.visitor,
            Caller::Stranger => &self.stranger,
            Caller::Stale => &self.stale,
            Caller::Owner => &self.owner,
            Caller::Support => &self.support,
            Caller::StaleAdmin => &self.stale_admin,
            Caller::Admin => &self.admin,
            _ => &self.nobody,
        }
    }

    /// The request, with `token` against forgery.
    pub fn call(&self, route: &Route, token: &str) -> Call {
        let (path, fields) = self.case(route);
        let mut fields: Vec<_> = fields
            .iter()
            .map(|(name, it)| (*name, it.as_str()))
            .collect();
        if !token.is_empty() {
            fields.push(("csrf", token));
        }
        let call = Call::new(route.method, path);
        match route.body {
            Body::None => call,
            Body::Json if route.path.contains("/admin/") => call.json(&serde_json::json!({
                "reason": "left", "role": "support", "shown": self.shown,
                "owner": "sam@example.org", "token": self.tokens.access, "key": "login:nobody",
            })),
            Body::Json | Body::Scim => call.json(&serde_json::json!({})),
            Body::OwnUpload => multipart(call, &fields, None),
            _ => call.raw_form(encoded(&fields)),
        }
    }

    pub async fn ask(&self, route: &Route, caller: Caller) -> Reply {
        let browser = self.browser(caller);
        let has_cookies = !std::ptr::eq(browser, &self.nobody);
        let token = match has_cookies && is_own_form(route) {
            true => browser.form_token(&self.case(route).0).await,
            false => String::new(),
        };
        let call = self.call(route, &token);
        let call = match caller {
            Caller::Client => call.header("authorization", self.app.basic()),
            Caller::Narrow => call.bearer(&self.narrow.access),
            Caller::Bearer => call.bearer(&self.tokens.access),
            Caller::Personal => call.bearer(&self.personal),
            Caller::ReadingBearer => call.bearer(&self.reading),
            Caller::SupportBearer => call.bearer(&self.supporting),
            Caller::AdminBearer => call.bearer(&self.administering),
            _ => call,
        };
        match has_cookies {
            true => browser.send(call, &[]).await,
            false => self.site.send(call).await,
        }
    }
}

/// Whether the row takes forms of our own pages.
pub fn is_own_form(route: &Route) -> bool {
    matches!(route.body, Body::OwnForm | Body::OwnUpload | Body::Decision)
}

const CLOCK: [(&str, &str); 4] = [
    ("name", "Clock"),
    ("url", "https://clock.example/"),
    ("redirect_urls", "https://clock.example/callback"),
    ("kind", "confidential"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// No cookie, no token.
    Nobody,
    /// A browser that has been here, without a session.
    Visitor,
    /// Another signed-in user.
    Stranger,
    /// The user whose things they are, who signed in eleven minutes ago.
    Stale,
    /// The app, by its secret.
    Client,
    /// A bearer whose scope is `email`.
    Narrow,
    /// A bearer of the scope `default`.
    Bearer,
    /// The bearer of a personal access token of the scope `default`.
    Personal,
    /// By personal tokens: an administrator's that only reads, one of support's and an
    /// administrator's that may all that her role may.
    ReadingBearer,
    SupportBearer,
    AdminBearer,
    /// The user whose things they are. She succeeds.
    Owner,
    /// An administrator who signed in eleven minutes ago.
    StaleAdmin,
    /// Of the administration: last, for they succeed where it is about that.
    Support,
    Admin,
}

const CALLERS: [(Caller, &str); 15] = [
    (Caller::Nobody, "nobody"),
    (Caller::Visitor, "visitor"),
    (Caller::Stranger, "stranger"),
    (Caller::Stale, "stale"),
    (Caller::Client, "client"),
    (Caller::Narrow, "narrow"),
    (Caller::Bearer, "bearer"),
    (Caller::Personal, "personal"),
    (Caller::ReadingBearer, "reads"),
    (Caller::SupportBearer, "supports"),
    (Caller::AdminBearer, "administers"),
    (Caller::Owner, "owner"),
    (Caller::StaleAdmin, "old admin"),
    (Caller::Support, "support"),
    (Caller::Admin, "admin"),
];

fn line(cells: impl IntoIterator<Item = String>, first: &str) -> String {
    let cells: String = cells
        .into_iter()
        .map(|cell| format!("{cell:<12}"))
        .collect();
    format!("{first:<52}{}\n", cells).trim_end().to_owned() + "\n"
}

#[tokio::test]
async fn every_route_against_every_caller() {
    let mut table = line(CALLERS.map(|(_, name)| name.to_owned()), "");
    for route in routes() {
        let scene = Scene::of(&route).await;
        let mut cells = Vec::new();
        for (caller, _) in CALLERS {
            // What the stale session could do is done: the owner does it elsewhere.
            let fresh = match caller {
                Caller::SupportBearer
                | Caller::AdminBearer
                | Caller::Owner
                | Caller::Support
                | Caller::Admin
                    if route.method == "POST" =>
                {
                    Some(Scene::of(&route).await)
                }
                _ => None,
            };
            let scene = fresh.as_ref().unwrap_or(&scene);
            cells.push(scene.ask(&route, caller).await.brief());
        }
        table += &line(cells, &format!("{} {}", route.method, route.path));
    }
    insta::assert_snapshot!(table);
}

/// A wrong method is not a way around a row's rules.
#[tokio::test]
async fn other_methods_reach_no_handler() {
    let scene = Scene::new().await;
    for route in routes() {
        let (path, _) = scene.case(&route);
        for method in ["PUT", "DELETE", "PATCH", "TRACE"] {
            let reply = scene
                .owner
                .send(Call::new(method, path.as_str()), &[])
                .await;
            let refused = reply.status.is_client_error() || reply.status.is_redirection();
            assert!(refused, "{method} {path}: {}", reply.status);
        }
    }
    assert!(scene.owner.is_signed_in().await);
}

/// What a row says about its body, it says about every row of its kind.
#[test]
fn rows_that_change_something_are_protected() {
    for route in routes().iter().filter(|route| route.method != "GET") {
        let by_cookie = matches!(
            route.access,
            Access::Visitor | Access::SignedIn | Access::Recent | Access::Admin(_)
        );
        let own = matches!(route.body, Body::OwnForm | Body::OwnUpload | Body::Decision);
        assert_eq!(by_cookie, own, "{}", route.path);
    }
}
