//! People at browsers: cookies, forms, and the pages that they came from.

use super::{App, Ask, Call, PASSWORD, Reply, Site, Tokens, site::HOME};
use grantor::context::Context;
use grantor::passwords::{Passwords, Rules};
use grantor::sign_in::{Proved, start_session};
use grantor_protocol::{
    form,
    openid::{login::Level, profile::Profile},
    role::Role,
    time::Millis,
};
use grantor_store::{
    audit::Actor,
    users::{NewPassword, NewUser},
};
use http::{HeaderMap, HeaderValue, header};
use std::{cell::RefCell, collections::BTreeMap, net::IpAddr, ops::Deref};
use tokio::sync::OnceCell;

/// A browser. It keeps cookies and knows the form token of the page it shows.
pub struct Browser {
    pub site: Site,
    pub name: String,
    pub address: IpAddr,
    cookies: RefCell<BTreeMap<String, String>>,
    /// Where the page it shows is, and the token of its forms.
    page: RefCell<Option<(String, String)>>,
}

impl Browser {
    pub fn new(site: &Site, name: &str) -> Self {
        Self {
            site: site.clone(),
            name: name.to_owned(),
            address: HOME,
            cookies: RefCell::default(),
            page: RefCell::default(),
        }
    }

    /// The same person at another browser, without cookies.
    pub fn elsewhere(&self) -> Self {
        Self::new(&self.site, &format!("{} elsewhere", self.name))
    }

    pub fn at(mut self, address: &str) -> Self {
        self.address = address.parse().unwrap();
        self
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Call::get(path), &[]).await
    }

    /// Sends a form of our own pages: loads the page first if another is shown.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.form_token(path).await;
        let mut all = fields.to_vec();
        all.push(("csrf", &token));
        self.send(Call::post(path).form(&all), fields).await
    }

    /// As [`Browser::post`], as a form that can carry a file.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Reply {
        let token = self.form_token(path).await;
        let mut all = fields.to_vec();
        all.push(("csrf", &token));
        self.send(multipart(Call::post(path), &all, file), fields)
            .await
    }

    /// Sends what the test made, with this browser's cookies.
    pub async fn send(&self, mut call: Call, said: &[(&str, &str)]) -> Reply {
        let path = call.target.clone();
        if let Some(cookies) = self.cookie_header() {
            call = call.header("cookie", cookies);
        }
        call.from = self.address;
        let reply = self.site.say(&self.name, call, said).await;
        self.keep(&path, &reply);
        reply
    }

    /// The token that a form to `path` has to carry.
    pub async fn form_token(&self, path: &str) -> String {
        if let Some(token) = self.known_token(path) {
            return token;
        }
        let quiet = self.site.transcript.pause();
        let from = if path.starts_with("/-/oauth_authorize") {
            path
        } else {
            "/login"
        };
        let reply = self.get(from).await;
        if reply.status.is_redirection() {
            self.get("/").await;
        }
        drop(quiet);
        self.known_token(path).unwrap_or_default()
    }

    fn known_token(&self, path: &str) -> Option<String> {
        let page = self.page.borrow();
        let (place, token) = page.as_ref()?;
        // A token of the consent page is for that very request.
        let consent = |path: &str| path.starts_with("/-/oauth_authorize");
        let fits = place == path || !(consent(place) || consent(path));
        fits.then(|| token.clone())
    }

    fn keep(&self, path: &str, reply: &Reply) {
        for line in reply.all("set-cookie") {
            self.take_cookie(&line);
        }
        if let Some(token) = reply.csrf() {
            let page = (path.to_owned(), token.to_owned());
            *self.page.borrow_mut() = Some(page);
        }
    }

    /// Obeys a `Set-Cookie` line. Another session makes the shown page's forms stale.
    pub fn take_cookie(&self, line: &str) {
        let (name, rest) = line.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        let gone = rest.contains("Max-Age=0");
        let mut cookies = self.cookies.borrow_mut();
        match gone {
            true => cookies.remove(name),
            false => cookies.insert(name.to_owned(), value.to_owned()),
        };
        *self.page.borrow_mut() = None;
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    pub fn session_cookie(&self) -> Option<String> {
        self.cookie(self.site.app.cookies().session_name())
    }

    pub fn cookie_header(&self) -> Option<String> {
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Whether a page knows somebody here.
    pub async fn is_signed_in(&self) -> bool {
        let quiet = self.site.transcript.pause();
        let reply = self.get("/apps").await;
        drop(quiet);
        reply.code() == 200
    }

    pub async fn log_in(&self, email: &str, password: &str) -> Reply {
        self.log_in_to("/", email, password).await
    }

    pub async fn log_in_to(&self, return_to: &str, email: &str, password: &str) -> Reply {
        let fields = [
            ("email", email),
            ("password", password),
            ("return_to", return_to),
            ("action", "login"),
        ];
        self.post("/login", &fields).await
    }

    /// Opens what an app asks for and decides, as far as there is something to decide.
    pub async fn decide(&self, ask: &Ask, decision: &str) -> Reply {
        let url = ask.url();
        let reply = self.get(&url).await;
        if reply.code() != 200 {
            return reply;
        }
        self.post(&url, &[("decision", decision)]).await
    }
}

/// A user, at a browser of hers.
pub struct Person {
    browser: Browser,
    pub id: i64,
    pub email: String,
}

impl Deref for Person {
    type Target = Browser;
    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Person {
    pub async fn new(site: &Site, name: &str) -> Self {
        let id = site.world.new_gid();
        let email = format!("{name}@example.org");
        let user = NewUser {
            id,
            email: email.clone(),
            email_key: email.clone(),
            email_verified: false,
            name: format!("{}{}", name[..1].to_uppercase(), &name[1..]),
            password: None,
            profile: Profile::default(),
            admin: false,
        };
        let event = site
            .app
            .event("account.created", site.world.now(), Actor::default());
        assert!(site.app.store.add_user(&user, event).await.unwrap());
        site.names.learn(id, name);
        Self {
            browser: Browser::new(site, name),
            id,
            email,
        }
    }

    /// A user whose account the operator made: of a checked address, without a password.
    pub async fn made_by_operator(site: &Site, email: &str) -> i64 {
        let user = NewUser {
            id: site.world.new_gid(),
            email: email.into(),
            email_key: email.into(),
            email_verified: true,
            name: "Ada".into(),
            password: None,
            profile: Profile::default(),
            admin: false,
        };
        let event = site
            .app
            .event("account.created", site.world.now(), Actor::default());
        assert!(site.app.store.add_user(&user, event).await.unwrap());
        user.id
    }

    /// A user who exists already, at a new browser where she is signed in.
    pub async fn again(site: &Site, name: &str, id: i64) -> Self {
        let person = Self {
            browser: Browser::new(site, name),
            id,
            email: format!("{name}@example.org"),
        };
        person.signed_in().await
    }

    /// Gives her the password that everybody here has.
    pub async fn with_password(self) -> Self {
        static HASH: OnceCell<String> = OnceCell::const_new();
        let hash = HASH.get_or_init(|| async {
            let pool = Passwords::new(1, Rules::default()).unwrap();
            let chosen = pool.choose(PASSWORD.to_owned(), &[]).await.unwrap();
            pool.hash(chosen.unwrap(), [7; 16]).await.unwrap()
        });
        let site = &self.site;
        let event = site
            .app
            .event("password.changed", site.world.now(), Actor::default());
        let store = &site.app.store;
        let new = NewPassword {
            user: self.id,
            hash: hash.await,
            proved: None,
        };
        assert!(store.set_password(&new, None, event).await.unwrap());
        self
    }

    /// Gives her a role, which ends her sessions.
    pub async fn with_role(self, role: Role) -> Self {
        let site = &self.site;
        let event = site
            .app
            .event("role.given", site.world.now(), Actor::default());
        let store = &site.app.store;
        assert!(store.set_role(self.id, Some(role), event).await.unwrap());
        self
    }

    /// Signs her in at her browser without asking for a password.
    pub async fn signed_in(self) -> Self {
        self.sign_in_at(&self.browser).await;
        self
    }

    /// The same at another browser, or again.
    pub async fn sign_in_at(&self, browser: &Browser) {
        let agent = (header::USER_AGENT, HeaderValue::from_static("a test"));
        let context = Context::new(
            &self.site.world,
            browser.address,
            &HeaderMap::from_iter([agent]),
        );
        let proved = Proved {
            user: self.id,
            level: Level::PASSWORD,
            at: context.now,
            password: None,
        };
        let cookie = start_session(&self.site.app, &context, proved, None).await;
        browser.take_cookie(&cookie.unwrap().unwrap());
    }

    pub async fn allow(&self, app: &App) -> Reply {
        self.decide(&app.ask(), "allow").await
    }

    pub async fn deny(&self, app: &App) -> Reply {
        self.decide(&app.ask(), "deny").await
    }

    /// Allows the app, which then exchanges its code.
    pub async fn connect(&self, app: &App) -> Tokens {
        self.connect_as(app, &app.ask()).await
    }

    pub async fn connect_as(&self, app: &App, ask: &Ask) -> Tokens {
        let code = self
            .decide(ask, "allow")
            .await
            .sent("code")
            .expect("a code");
        let reply = app.exchange(&code).await;
        assert_eq!(reply.code(), 200, "{}", reply.body);
        Tokens::of(&reply)
    }

    /// Makes a personal access token through the page.
    pub async fn token(&self, scope: &str, days: &str) -> String {
        let fields = [
            ("description", "a script"),
            ("scope", scope),
            ("expires_in", days),
        ];
        let reply = self.post("/tokens", &fields).await;
        assert_eq!(reply.code(), 201, "{}", reply.body);
        reply.secret("gr_pat_").expect("a token")
    }

    pub async fn disable(&self) {
        let site = &self.site;
        let event = site
            .app
            .event("account.disabled", site.world.now(), Actor::default());
        assert!(site.app.store.disable_user(self.id, event).await.unwrap());
    }

    pub async fn enable(&self) {
        let site = &self.site;
        let event = site
            .app
            .event("account.enabled", site.world.now(), Actor::default());
        site.app.store.enable_user(self.id, event).await.unwrap();
    }
}

/// Longer than the time for which a proof of who she is counts as recent.
pub const STALE: Millis = Millis::minutes(11);

pub fn multipart(call: Call, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Call {
    const EDGE: &str = "the-edge-of-a-part";
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\nContent-Type: image/png\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{EDGE}--\r\n").as_bytes());
    let mut call = call.header(
        "content-type",
        format!("multipart/form-data; boundary={EDGE}"),
    );
    call.body = body;
    call
}

/// A form as text, for what no actor would send.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    form::encode(fields.iter().copied())
}
