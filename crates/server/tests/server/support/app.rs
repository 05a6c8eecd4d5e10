//! Apps: what they ask users for, and how they speak to the token endpoint.

use super::{CHALLENGE, Call, Person, Reply, Site, VERIFIER};
use grantor_protocol::{
    client::ClientKind, openid::registration::Registration, redirect::RedirectUri,
};
use grantor_store::{
    apps::{AppForm, NewApp},
    audit::{Actor, Event},
};

/// A registered app and what its developer keeps.
#[derive(Clone)]
pub struct App {
    pub site: Site,
    pub id: i64,
    pub name: String,
    pub owner: i64,
    pub redirect: String,
    pub secret: Option<String>,
    pub form: AppForm,
    pub pkce: bool,
}

/// An app to be registered.
pub struct AppPlan {
    site: Site,
    pub form: AppForm,
    pkce: bool,
    resource_server: bool,
}

impl AppPlan {
    pub fn native(self) -> Self {
        self.kind(ClientKind::Native)
            .redirect("http://127.0.0.1/callback")
    }

    pub fn browser(self) -> Self {
        self.kind(ClientKind::Browser)
    }

    fn kind(mut self, kind: ClientKind) -> Self {
        self.form.kind = kind;
        self.pkce = kind.is_public();
        self
    }

    pub fn redirect(self, uri: &str) -> Self {
        self.redirects(&[uri])
    }

    pub fn redirects(mut self, uris: &[&str]) -> Self {
        let parse = |uri: &&str| RedirectUri::parse(uri, self.form.kind).unwrap();
        self.form.redirect_uris = uris.iter().map(parse).collect();
        self
    }

    /// `response_type=token` is switched on.
    pub fn implicit(mut self) -> Self {
        self.form.implicit = true;
        self
    }

    /// An old client that sends no `state`.
    pub fn stateless(mut self) -> Self {
        self.form.stateless = true;
        self
    }

    /// Must use PKCE, and does.
    pub fn pkce(mut self) -> Self {
        self.form.pkce_required = true;
        self.pkce = true;
        self
    }

    /// What the app chooses of OpenID Connect.
    pub fn choose(mut self, choose: impl FnOnce(&mut Registration)) -> Self {
        choose(&mut self.form.registration);
        self
    }

    /// An API's own backend.
    pub fn resource_server(mut self) -> Self {
        self.resource_server = true;
        self
    }

    pub async fn of(self, owner: &Person) -> App {
        let site = self.site;
        let id = site.world.new_gid();
        let secret = (self.form.kind != ClientKind::Browser)
            .then(|| grantor::client_secret::mint(&site.app, &self.form.registration));
        let (stored, text) = secret.unzip();
        let new = NewApp {
            id,
            owner: owner.id,
            form: &self.form,
            secret: stored,
            resource_server: self.resource_server,
            limit: 1000,
        };
        assert!(
            site.app
                .store
                .add_app(&new, event(&site, "app.created"))
                .await
                .unwrap()
        );
        site.names.learn(id, &self.form.name);
        App {
            id,
            name: self.form.name.clone(),
            owner: owner.id,
            redirect: self.form.redirect_uris[0].as_str().to_owned(),
            secret: text.map(|text| text.reveal_for_response().to_owned()),
            form: self.form,
            pkce: self.pkce,
            site,
        }
    }
}

fn event(site: &Site, kind: &'static str) -> Event {
    site.app.event(kind, site.world.now(), Actor::default())
}

/// An access token and, mostly, a refresh token.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Tokens {
    /// As [`Tokens::of`], of an answer that may have no body.
    pub fn of_any(reply: &Reply) -> Self {
        match reply.body.is_empty() {
            true => Self {
                access: String::new(),
                refresh: String::new(),
            },
            false => Self::of(reply),
        }
    }

    pub fn of(reply: &Reply) -> Self {
        Self {
            access: reply.member("access_token"),
            refresh: reply.member("refresh_token"),
        }
    }
}

impl App {
    pub fn plan(site: &Site, name: &str) -> AppPlan {
        let host = name.to_lowercase();
        let redirect = format!("https://{host}.example/callback");
        AppPlan {
            site: site.clone(),
            form: AppForm {
                name: name.to_owned(),
                url: format!("https://{host}.example/"),
                kind: ClientKind::Confidential,
                icon: None,
                redirect_uris: vec![
                    RedirectUri::parse(&redirect, ClientKind::Confidential).unwrap(),
                ],
                implicit: false,
                stateless: false,
                pkce_required: false,
                registration: Registration::default(),
            },
            pkce: false,
            resource_server: false,
        }
    }

    pub fn client_id(&self) -> String {
        self.id.to_string()
    }

    /// The same app at another node.
    pub fn at(&self, site: &Site) -> Self {
        Self {
            site: site.clone(),
            ..self.clone()
        }
    }

    /// A correct request for a code.
    pub fn ask(&self) -> Ask {
        let mut ask = Ask(Vec::new())
            .with("response_type", "code")
            .with("client_id", &self.client_id())
            .with("redirect_uri", &self.redirect)
            .with("state", "xyz");
        if self.pkce {
            ask = ask
                .with("code_challenge", CHALLENGE)
                .with("code_challenge_method", "S256");
        }
        ask
    }

    /// The credentials that this app has, for the body.
    pub fn credentials(&self) -> Vec<(String, String)> {
        let mut fields = vec![("client_id".to_owned(), self.client_id())];
        if let Some(secret) = &self.secret {
            fields.push(("client_secret".to_owned(), secret.clone()));
        }
        fields
    }

    /// The same as an `Authorization` header.
    pub fn basic(&self) -> String {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let pair = format!(
            "{}:{}",
            self.client_id(),
            self.secret.as_deref().unwrap_or("")
        );
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    }

    /// Posts to an endpoint with this app's credentials in the body.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let credentials = self.credentials();
        let mut all = fields.to_vec();
        all.extend(
            credentials
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        self.site
            .say(&self.name, Call::post(path).form(&all), &all)
            .await
    }

    pub async fn exchange(&self, code: &str) -> Reply {
        self.exchange_for(code, &self.redirect).await
    }

    pub async fn exchange_for(&self, code: &str, redirect: &str) -> Reply {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
        ];
        if self.pkce {
            fields.push(("code_verifier", VERIFIER));
        }
        self.post("/-/oauth_token", &fields).await
    }

    pub async fn refresh(&self, token: &str) -> Reply {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/-/oauth_token", &fields).await
    }

    /// As it says in the ID token of a login.
    pub async fn id_token(&self, person: &Person) -> String {
        let ask = self.ask().with("scope", "openid");
        let code = person.decide(&ask, "allow").await.sent("code");
        self.exchange(&code.unwrap()).await.member("id_token")
    }

    pub async fn revoke(&self, token: &str) -> Reply {
        self.post("/-/oauth_revoke", &[("token", token)]).await
    }

    pub async fn introspect(&self, token: &str) -> Reply {
        self.post("/-/oauth_introspect", &[("token", token)]).await
    }

    /// Whether the operator vouches for it now.
    pub async fn is_verified(&self) -> bool {
        let store = &self.site.app.store;
        store.app(self.id).await.unwrap().unwrap().verified
    }

    /// Saves the app with other attributes, as its owner does in the console.
    pub async fn edit(&self, change: impl FnOnce(&mut AppForm)) -> Self {
        let mut form = self.form.clone();
        change(&mut form);
        let event = event(&self.site, "app.edited");
        let store = &self.site.app.store;
        let before = store.app(self.id).await.unwrap().unwrap();
        assert!(store.edit_app(&before, &form, event).await.unwrap());
        Self {
            form,
            ..self.clone()
        }
    }

    pub async fn delete(&self) {
        let event = event(&self.site, "app.deleted");
        let store = &self.site.app.store;
        assert!(store.delete_app(self.id, self.owner, event).await.unwrap());
    }
}

impl Site {
    /// The app that a page of the console has just shown with its secret.
    pub fn registered(&self, owner: &Person, page: &Reply, name: &str) -> App {
        let id: i64 = page
            .between("id=\"client-id\" dir=\"ltr\" translate=\"no\">", "<")
            .unwrap()
            .parse()
            .unwrap();
        self.names.learn(id, name);
        let secret = page.secret("gr_cs_");
        let plan = App::plan(self, name);
        App {
            site: self.clone(),
            id,
            name: name.to_owned(),
            owner: owner.id,
            redirect: plan.form.redirect_uris[0].as_str().to_owned(),
            secret,
            form: plan.form,
            pkce: false,
        }
    }
}

/// An authorization request in the making.
#[derive(Clone)]
pub struct Ask(Vec<(String, String)>);

impl Ask {
    /// Adds a parameter or changes it.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn query(&self) -> String {
        let pairs = self
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        grantor_protocol::form::encode(pairs)
    }

    pub fn url(&self) -> String {
        format!("/-/oauth_authorize?{}", self.query())
    }
}
