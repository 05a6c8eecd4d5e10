//! A server with two people: Ada, who uses apps, and Grace, who builds them.

use crate::{
    person::Person,
    process::{App, Home, PASSWORD, Server, free_port},
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::form;
use serde_json::Value;
use std::{path::PathBuf, time::Duration};
use tokio::time::{sleep, timeout};

pub const ADA: &str = "ada@example.org";
pub const GRACE: &str = "grace@example.org";
/// Comes back byte for byte.
pub const STATE: &str = "a state with & = + % and ü";
pub const VERIFIER: &str = "a-code-verifier-that-only-the-app-knows-0123456789";
const ENTRY: &str = "Sign in";

pub struct Stage {
    pub home: Home,
    pub server: Server,
    http: reqwest::Client,
    origin: String,
}

/// What the API or an OAuth endpoint answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub json: Value,
}

impl Stage {
    pub fn new() -> Self {
        Self::with_config("")
    }

    /// With this text in the configuration file.
    pub fn with_config(text: &str) -> Self {
        let home = Home::new();
        let file = home.path().join("grantor.toml");
        std::fs::write(file, text).expect("a configuration file");
        home.add_user(ADA, "Ada Lovelace");
        home.add_user(GRACE, "Grace Hopper");
        Self::over(home)
    }

    /// The same on this port, with these variables.
    pub fn on(port: u16, text: &str, variables: Vec<(&'static str, String)>) -> Self {
        let home = Home::with(variables);
        let file = home.path().join("grantor.toml");
        std::fs::write(file, text).expect("a configuration file");
        home.add_user(ADA, "Ada Lovelace");
        let server = Server::start_on(&home, port, &[]);
        Self::with(home, server)
    }

    /// Nobody has an account yet.
    pub fn empty() -> Self {
        Self::over(Home::new())
    }

    /// At a name: passkeys have a home.
    pub fn at_a_name(text: &str) -> Self {
        let (home, port) = (Home::new(), free_port());
        let origin = format!("http://localhost:{port}");
        let text = format!("public_url = '{origin}'\n{text}");
        std::fs::write(home.path().join("grantor.toml"), text).expect("a configuration file");
        home.add_user(ADA, "Ada Lovelace");
        let server = Server::start_on(&home, port, &[&format!("--public-url={origin}")]);
        Self {
            origin,
            ..Self::with(home, server)
        }
    }

    fn over(home: Home) -> Self {
        let server = Server::start(&home, &[]);
        Self::with(home, server)
    }

    fn with(home: Home, server: Server) -> Self {
        let origin = server.url().to_owned();
        let http = reqwest::Client::builder().no_proxy().build();
        let http = http.expect("a client");
        Self {
            home,
            server,
            http,
            origin,
        }
    }

    /// What the first start prints for the operator.
    pub async fn set_up_link(&self) -> String {
        let printed = async {
            loop {
                let said = self.server.output();
                let found = said
                    .split_whitespace()
                    .find(|it| it.contains("/setup?token="));
                match found {
                    Some(link) => return link.to_owned(),
                    None => sleep(Duration::from_millis(20)).await,
                }
            }
        };
        let link = timeout(Duration::from_secs(20), printed).await;
        link.expect("a set-up link is printed")
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Signs in by the login page.
    pub async fn sign_in(&self, person: &Person, email: &str) {
        person.open(&self.url("/login")).await;
        self.fill_login(person, email).await;
        person.see("Overview").await;
    }

    /// Fills the login page in view.
    pub async fn fill_login(&self, person: &Person, email: &str) {
        person.see("Password").await;
        person.fill("Email address", email).await;
        person.fill("Password", PASSWORD).await;
        person.press_in("//main", ENTRY).await;
    }

    /// The password again, where the page asks whether it is still the same person.
    pub async fn confirm(&self, person: &Person) {
        person.see("Confirm it’s you").await;
        person.fill("Password", PASSWORD).await;
        person.press("Confirm").await;
    }

    /// An app of Grace's.
    pub fn app(&self, redirect_uri: &str, more: &[&str]) -> App {
        self.home.add_app(GRACE, redirect_uri, more)
    }

    /// The same, by another name.
    pub fn named_app(&self, name: &str, redirect_uri: &str, more: &[&str]) -> App {
        let arguments = ["app", "add", "--owner", GRACE, "--name", name];
        let place = [
            "--url",
            "https://clock.example",
            "--redirect-uri",
            redirect_uri,
        ];
        let made = self.home.run(&[&arguments[..], &place, more].concat(), "");
        let text = |field: &str| made[field].as_str().map(str::to_owned);
        App {
            client_id: text("client_id").expect("a client id"),
            client_secret: text("client_secret"),
        }
    }

    /// What the app chooses of OpenID Connect, before anybody has heard of it.
    pub fn choose(&self, app: &App, registration: &Value) {
        let file = self.home.path().join("grantor-data/grantor.db");
        let database = rusqlite::Connection::open(file).expect("the database");
        let choice = "UPDATE apps SET registration = ?1 WHERE id = ?2";
        let chosen = database.execute(choice, (registration.to_string(), &app.client_id));
        assert_eq!(chosen.expect("the apps"), 1);
    }

    /// An authorization URL, with the challenge of [`VERIFIER`].
    pub fn authorize(&self, app: &App, redirect: &str, more: &[(&str, &str)]) -> String {
        let sum = digest(&SHA256, VERIFIER.as_bytes());
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(sum);
        let mut pairs = vec![
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", redirect),
            ("response_type", "code"),
            ("state", STATE),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        pairs.extend(more);
        self.url(&format!("/-/oauth_authorize?{}", form::encode(pairs)))
    }

    /// The app buys tokens for a code.
    pub async fn exchange(&self, app: &App, redirect: &str, code: &str) -> Reply {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &app.client_id),
            ("redirect_uri", redirect),
            ("code", code),
            ("code_verifier", VERIFIER),
        ];
        pairs.extend(app.client_secret.as_deref().map(|it| ("client_secret", it)));
        self.post("/-/oauth_token", &pairs).await
    }

    pub async fn refresh(&self, app: &App, token: &str) -> Reply {
        let mut pairs = vec![
            ("grant_type", "refresh_token"),
            ("client_id", &app.client_id),
            ("refresh_token", token),
        ];
        pairs.extend(app.client_secret.as_deref().map(|it| ("client_secret", it)));
        self.post("/-/oauth_token", &pairs).await
    }

    pub async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Reply {
        Reply::of(self.http.post(self.url(path)).form(pairs)).await
    }

    /// `GET /users/me` with this bearer token.
    pub async fn me(&self, token: &str) -> Reply {
        let request = self.http.get(self.url("/api/1.0/users/me"));
        Reply::of(request.bearer_auth(token)).await
    }

    /// Every session is as if its user had come eleven minutes ago: time for another
    /// look at who she is.
    pub fn let_eleven_minutes_pass(&self) {
        let file = self.home.path().join("grantor-data/grantor.db");
        let database = rusqlite::Connection::open(file).expect("the database");
        let aged = database.execute("UPDATE sessions SET auth_time = auth_time - 660000", []);
        assert_ne!(aged.expect("the sessions"), 0, "nobody is signed in");
    }

    /// A clock's face on this colour, as a file to be uploaded.
    pub fn picture(&self, name: &str, colour: [u8; 3]) -> PathBuf {
        let path = self.home.path().join(name);
        let picture = image::RgbImage::from_fn(256, 256, |x, y| {
            let (x, y) = (f64::from(x) - 127.5, f64::from(y) - 127.5);
            let face = x.hypot(y) < 88.0;
            let long = x.abs() < 7.0 && (-66.0..7.0).contains(&y);
            let short = y.abs() < 7.0 && (-7.0..46.0).contains(&x);
            image::Rgb(if face && !long && !short {
                [255; 3]
            } else {
                colour
            })
        });
        picture.save(&path).expect("a picture");
        path
    }
}

impl Reply {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let status = response.status().as_u16();
        let json = response.json().await.expect("an answer in JSON");
        Self { status, json }
    }

    /// The text of a field.
    pub fn text(&self, name: &str) -> &str {
        let field = self.json[name].as_str();
        field.unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }
}
