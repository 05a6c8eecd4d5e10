//! A server on a new folder, with a user who is signed in and an app of hers.

use super::Answer;
use anyhow::{Context as _, ensure};
use axum::body::Body;
use grantor::{
    app::Shared,
    client_secret,
    config::{Config, Flags},
    context::Context,
    logs,
    net::Peer,
    router::{self, Paths},
    sign_in::{Proved, start_session},
    start,
    world::World,
};
use grantor_jose::algorithm::Algorithm;
use grantor_protocol::{
    client::ClientKind,
    form,
    openid::{
        login::Level,
        profile::Profile,
        registration::{Registration, Signing},
    },
    redirect::RedirectUri,
};
use grantor_store::{
    apps::{AppForm, NewApp},
    audit::Actor,
    users::NewUser,
};
use http::{HeaderMap, HeaderValue, Request, header, request};
use std::net::{IpAddr, Ipv4Addr};
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt;

const HOST: &str = "auth.example";
const CALLBACK: &str = "https://clock.example/callback";
const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub struct Site {
    pub paths: Paths,
    app: Shared,
    cookie: String,
    client_id: String,
    client_secret: String,
    _logs: logs::Guard,
    _folder: TempDir,
    _stop: watch::Sender<bool>,
}

type Made = anyhow::Result<Request<Body>>;

impl Site {
    pub async fn open() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let flags = Flags::default()
            .with("public_url", format!("https://{HOST}"))
            .with("metrics_listen", "off")
            .with("throttling", "false")
            .with("data", folder.path().to_string_lossy());
        let config = Config::load(None, &[], &flags)?;
        let logs = logs::start(&config.logs)?;
        let app = start::open(config, World::real()).await?;
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(app.store.clone().follow(stopped));
        let user = add_user(&app).await?;
        let (client_id, client_secret) = add_app(&app, user).await?;
        Ok(Self {
            paths: router::paths(app.clone()),
            cookie: sign_in(&app, user).await?,
            app,
            client_id,
            client_secret,
            _logs: logs,
            _folder: folder,
            _stop: stop,
        })
    }

    pub async fn close(&self) {
        self.app.close().await;
    }

    /// The user allows the app what it asks for, once.
    pub async fn consent(&self, scope: &str) -> anyhow::Result<()> {
        let Ok(page) = self.paths.clone().oneshot(self.authorize(scope)?).await;
        let page = String::from_utf8(Answer::of(page).await?.body.into())?;
        let (_, rest) = page
            .split_once("name=\"csrf\" value=\"")
            .context("no form")?;
        let (csrf, _) = rest.split_once('"').context("no token in the form")?;
        let form = form::encode([("csrf", csrf), ("decision", "allow")]);
        let request = self
            .request("POST", &self.authorization_path(scope))
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))?;
        let Ok(allowed) = self.paths.clone().oneshot(request).await;
        Answer::of(allowed).await?.code().map(drop)
    }

    pub fn metadata(&self) -> Made {
        let path = "/.well-known/oauth-authorization-server";
        Ok(self.request("GET", path).body(Body::empty())?)
    }

    pub fn authorize(&self, scope: &str) -> Made {
        let request = self.request("GET", &self.authorization_path(scope));
        Ok(request
            .header(header::COOKIE, &self.cookie)
            .body(Body::empty())?)
    }

    pub fn exchange(&self, code: &str) -> Made {
        self.post(
            "/-/oauth_token",
            &[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ],
        )
    }

    pub fn refresh(&self, token: &str) -> Made {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/-/oauth_token", &fields)
    }

    pub fn introspect(&self, token: &str) -> Made {
        self.post("/-/oauth_introspect", &[("token", token)])
    }

    pub fn me(&self, token: &str) -> Made {
        let request = self.request("GET", "/api/1.0/users/me");
        Ok(request
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())?)
    }

    fn authorization_path(&self, scope: &str) -> String {
        let query = form::encode([
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", CALLBACK),
            ("scope", scope),
            ("state", "af0ifjsldkj"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        format!("/-/oauth_authorize?{query}")
    }

    /// A form of the app, with its credentials.
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Made {
        let mut all = fields.to_vec();
        all.push(("client_id", &self.client_id));
        all.push(("client_secret", &self.client_secret));
        Ok(self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form::encode(all)))?)
    }

    fn request(&self, method: &str, path: &str) -> request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::USER_AGENT, "instructions")
            .extension(Peer((HOME, 40_000).into()))
    }
}

async fn add_user(app: &Shared) -> anyhow::Result<i64> {
    let user = NewUser {
        id: app.world.new_gid(),
        email: "ada@example.org".into(),
        email_key: "ada@example.org".into(),
        email_verified: false,
        name: "Ada Lovelace".into(),
        password: None,
        profile: Profile::default(),
        admin: true,
    };
    let event = app.event("account.created", app.world.now(), Actor::default());
    ensure!(app.store.add_user(&user, event).await?, "the user is there");
    Ok(user.id)
}

async fn sign_in(app: &Shared, user: i64) -> anyhow::Result<String> {
    let agent = (header::USER_AGENT, HeaderValue::from_static("instructions"));
    let context = Context::new(&app.world, HOME, &HeaderMap::from_iter([agent]));
    let proved = Proved {
        user,
        level: Level::PASSWORD,
        at: context.now,
        password: None,
    };
    let started = start_session(app, &context, proved, None).await;
    let line = started
        .map_err(|failure| anyhow::anyhow!("{}", failure.sentence()))?
        .context("no session for the user")?;
    Ok(line.split(';').next().unwrap_or_default().to_owned())
}

async fn add_app(app: &Shared, owner: i64) -> anyhow::Result<(String, String)> {
    let registration = Registration {
        id_token_signed_response_alg: Some(Signing::Signed(Algorithm::Es256)),
        ..Registration::default()
    };
    let (secret, text) = client_secret::mint(app, &registration);
    let form = AppForm {
        name: "Clock".into(),
        url: "https://clock.example/".into(),
        kind: ClientKind::Confidential,
        icon: None,
        redirect_uris: vec![RedirectUri::parse(CALLBACK, ClientKind::Confidential)?],
        implicit: false,
        stateless: false,
        pkce_required: true,
        registration,
    };
    let new = NewApp {
        id: app.world.new_gid(),
        owner,
        form: &form,
        secret: Some(secret),
        resource_server: true,
        limit: 1,
    };
    let event = app.event("app.created", app.world.now(), Actor::default());
    ensure!(app.store.add_app(&new, event).await?, "no app for the user");
    Ok((new.id.to_string(), text.reveal_for_response().to_owned()))
}
