//! What one connection does: its session, its tokens, and each operation.

mod exchange;
mod op;
mod people;

use std::{collections::BTreeMap, rc::Rc, time::Duration};

use anyhow::{Context, Result, anyhow, bail};
use http_body_util::Full;
use hyper::{body::Bytes, header};
use regex::Regex;
use url::form_urlencoded;

use crate::{
    http::{Answer, Conn, Origin},
    target::Target,
};
use exchange::{brief, location};
pub use op::Op;
use op::source;
pub use people::People;

pub struct Worker {
    target: Rc<Target>,
    conn: Conn,
    authority: String,
    cookies: BTreeMap<String, String>,
    vars: BTreeMap<String, String>,
    regexes: BTreeMap<String, Regex>,
    access: Vec<String>,
    next: usize,
    refresh: Option<String>,
    people: Option<Rc<People>>,
}

impl Worker {
    pub fn new(target: Rc<Target>, origin: Origin, index: usize) -> Self {
        let authority = target
            .host
            .clone()
            .unwrap_or_else(|| origin.authority.clone());
        let mut vars = target.vars.clone();
        vars.insert("worker".into(), index.to_string());
        vars.insert("base".into(), target.base.clone());
        vars.insert("client_id".into(), target.client.id.clone());
        vars.insert("client_secret".into(), target.client.secret.clone());
        vars.insert("redirect_uri".into(), target.client.redirect_uri.clone());
        vars.insert("scope".into(), target.client.scope.clone());
        Self {
            target,
            conn: Conn::new(origin),
            authority,
            cookies: BTreeMap::new(),
            vars,
            regexes: BTreeMap::new(),
            access: Vec::new(),
            next: 0,
            refresh: None,
            people: None,
        }
    }

    pub fn share_session(&mut self, other: &Worker) {
        self.cookies = other.cookies.clone();
        for (k, v) in &other.vars {
            if k != "worker" {
                self.vars.insert(k.clone(), v.clone());
            }
        }
    }

    /// Every operation from now on is somebody else's.
    pub fn act_for(&mut self, people: Rc<People>) {
        self.people = Some(people);
    }

    fn change_person(&mut self) {
        let Some(people) = self.people.clone() else {
            return;
        };
        let person = people.next();
        self.cookies.clear();
        self.cookies.extend(person.cookies.iter().cloned());
        self.access.clear();
        self.access.push(person.access.clone());
        self.refresh = Some(person.refresh.clone());
    }

    pub async fn login(&mut self) -> Result<()> {
        self.fresh_request_vars();
        for (i, step) in self.target.clone().login.iter().enumerate() {
            self.exec(step)
                .await
                .with_context(|| format!("login step {}", i + 1))?;
        }
        Ok(())
    }

    /// Brings the worker to the state its operation starts from.
    pub async fn prepare(
        &mut self,
        op: &Op,
        tokens: usize,
        token_from: Option<&str>,
        share: Option<&Worker>,
    ) -> Result<()> {
        match op {
            _ if self.people.is_some() => {}
            Op::Refresh => {
                self.code().await?;
                if self.refresh.is_none() {
                    bail!("the code exchange gave no refresh token");
                }
            }
            Op::UserInfo | Op::Introspect => {
                if let Some(other) = share {
                    self.access = other.access.clone();
                    return Ok(());
                }
                for _ in 0..tokens.max(1) {
                    let t = match source(&self.target, token_from) {
                        "cc" => self.client_credentials().await?,
                        _ => self.code().await?,
                    };
                    self.access.push(t);
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub async fn step(&mut self, op: &Op) -> Result<()> {
        self.change_person();
        let t = self.target.clone();
        match op {
            Op::Get(path) => ok(self.get(path).await?).map(drop),
            Op::Discovery => ok(self.get(&t.endpoints.discovery).await?).map(drop),
            Op::Jwks => ok(self.get(&t.endpoints.jwks).await?).map(drop),
            Op::ClientCredentials => self.client_credentials().await.map(drop),
            Op::ClientCredentialsRevoke => {
                let token = self.client_credentials().await?;
                let path = t
                    .endpoints
                    .revocation
                    .as_deref()
                    .context("no revocation endpoint")?;
                let client = t.cc_client.as_ref().unwrap_or(&t.client);
                ok(self.client_post(path, client, &[("token", &token)]).await?).map(drop)
            }
            Op::Refresh => {
                let token = self.refresh.clone().context("no refresh token")?;
                let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
                let body = ok(self
                    .client_post(&t.endpoints.token, &t.client, &form)
                    .await?)?;
                field(&body, "access_token").context("no access_token")?;
                if let Some(r) = field(&body, "refresh_token") {
                    self.refresh = Some(r.to_owned());
                }
                Ok(())
            }
            Op::UserInfo => ok(self.userinfo().await?).map(drop),
            Op::Introspect => {
                let body = ok(self.introspect().await?)?;
                let text = String::from_utf8_lossy(&body);
                if text.contains("\"active\":true") || text.contains("\"active\": true") {
                    Ok(())
                } else {
                    Err(anyhow!("not active: {text}"))
                }
            }
            Op::Authorize => self.authorize().await.map(drop),
            Op::Code => self.code().await.map(drop),
            Op::Login => {
                self.cookies.clear();
                let done = self.login().await;
                if done.is_err() {
                    // As people do, or programs that heed `Retry-After`.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                done
            }
        }
    }

    /// One exchange of the operation, for a person to look at.
    pub async fn show(&mut self, op: &Op) -> Result<(u16, String)> {
        self.change_person();
        let t = self.target.clone();
        let a = match op {
            Op::Get(path) => self.get(path).await?,
            Op::Discovery => self.get(&t.endpoints.discovery).await?,
            Op::Jwks => self.get(&t.endpoints.jwks).await?,
            Op::UserInfo => self.userinfo().await?,
            Op::Introspect => self.introspect().await?,
            Op::ClientCredentials | Op::ClientCredentialsRevoke => {
                let c = t.cc_client.as_ref().unwrap_or(&t.client);
                let form = [("grant_type", "client_credentials"), ("scope", &*c.scope)];
                self.client_post(&t.endpoints.token, c, &form).await?
            }
            Op::Refresh => {
                let token = self.refresh.clone().context("no refresh token")?;
                let form = [("grant_type", "refresh_token"), ("refresh_token", &*token)];
                self.client_post(&t.endpoints.token, &t.client, &form)
                    .await?
            }
            Op::Authorize => return Ok((0, self.authorize().await?)),
            Op::Code => {
                let code = self.authorize().await?;
                self.exchange(&code).await?
            }
            Op::Login => {
                self.step(op).await?;
                return Ok((0, format!("{} cookies", self.cookies.len())));
            }
        };
        Ok((
            a.status.as_u16(),
            String::from_utf8_lossy(&a.body).into_owned(),
        ))
    }

    async fn client_credentials(&mut self) -> Result<String> {
        let t = self.target.clone();
        let client = t.cc_client.as_ref().unwrap_or(&t.client);
        let mut form = vec![("grant_type", "client_credentials")];
        if !client.scope.is_empty() {
            form.push(("scope", &client.scope));
        }
        let body = ok(self.client_post(&t.endpoints.token, client, &form).await?)?;
        Ok(field(&body, "access_token")
            .context("no access_token")?
            .to_owned())
    }

    async fn userinfo(&mut self) -> Result<Answer> {
        let path = self
            .target
            .endpoints
            .userinfo
            .clone()
            .context("no userinfo endpoint")?;
        let auth = format!("Bearer {}", self.token());
        let req = self
            .request("GET", &path)
            .header(header::AUTHORIZATION, auth)
            .body(Full::default())?;
        self.conn.send(req).await
    }

    async fn introspect(&mut self) -> Result<Answer> {
        let t = self.target.clone();
        let path = t
            .endpoints
            .introspection
            .as_deref()
            .context("no introspection endpoint")?;
        let token = self.token().to_owned();
        let client = t.introspection_client.as_ref().unwrap_or(&t.client);
        self.client_post(path, client, &[("token", &token)]).await
    }

    fn token(&mut self) -> &str {
        self.next = (self.next + 1) % self.access.len().max(1);
        self.access.get(self.next).map_or("", |s| s)
    }

    /// Authorization request and exchange; keeps the refresh token, returns the access token.
    async fn code(&mut self) -> Result<String> {
        let code = self.authorize().await.context("authorize")?;
        let body = ok(self.exchange(&code).await?).context("code exchange")?;
        if let Some(r) = field(&body, "refresh_token") {
            self.refresh = Some(r.to_owned());
        }
        Ok(field(&body, "access_token")
            .context("no access_token")?
            .to_owned())
    }

    async fn exchange(&mut self, code: &str) -> Result<Answer> {
        let t = self.target.clone();
        let verifier = self.vars.get("code_verifier").cloned().unwrap_or_default();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &t.client.redirect_uri),
        ];
        if t.client.pkce {
            form.push(("code_verifier", &verifier));
        }
        self.client_post(&t.endpoints.token, &t.client, &form).await
    }

    async fn authorize(&mut self) -> Result<String> {
        self.fresh_request_vars();
        let t = self.target.clone();
        if !t.authorize.is_empty() {
            self.vars.remove("code");
            for (i, step) in t.authorize.iter().enumerate() {
                self.exec(step)
                    .await
                    .with_context(|| format!("authorize step {}", i + 1))?;
            }
            return self
                .vars
                .get("code")
                .cloned()
                .context("no step captured a code");
        }
        let mut path = self.authorization_path()?;
        for _ in 0..8 {
            let a = self.get(&path).await?;
            let location = location(&a)
                .with_context(|| format!("no redirect: {} {}", a.status, brief(&a.body)))?;
            if location.starts_with(&t.client.redirect_uri) {
                let query = location.split_once('?').map_or("", |(_, q)| q);
                return form_urlencoded::parse(query.as_bytes())
                    .find(|(k, _)| k == "code")
                    .map(|(_, v)| v.into_owned())
                    .with_context(|| format!("no code in {location}"));
            }
            path = self.local_path(&location, &path)?;
        }
        bail!("too many redirects")
    }
}

fn ok(a: Answer) -> Result<Bytes> {
    if a.status.is_success() {
        Ok(a.body)
    } else {
        Err(anyhow!("{} {}", a.status.as_u16(), brief(&a.body)))
    }
}

/// A string member of a flat JSON answer, without building the whole tree.
fn field<'a>(body: &'a [u8], name: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(body).ok()?;
    let at = text.find(&format!("\"{name}\""))? + name.len() + 2;
    let rest = text[at..]
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?;
    rest.split('"').next()
}
