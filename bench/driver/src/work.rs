//! What one connection does: its session, its tokens, and each operation.

use std::{collections::BTreeMap, rc::Rc};

use anyhow::{Context, Result, anyhow, bail};
use base64::{
    Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD as B64,
};
use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use regex::Regex;
use url::form_urlencoded::{self, Serializer, byte_serialize};

use crate::{
    http::{Answer, Conn, Origin},
    target::{Auth, Client, Step, Target},
};

#[derive(Clone, PartialEq)]
pub enum Op {
    Get(String),
    Discovery,
    Jwks,
    ClientCredentials,
    /// Issue by client credentials, then revoke: one operation of two requests.
    ClientCredentialsRevoke,
    Refresh,
    UserInfo,
    Introspect,
    /// The authorization request only, with a live session.
    Authorize,
    /// Authorization request and code exchange: one operation of at least two requests.
    Code,
}

impl Op {
    pub fn parse(s: &str) -> Result<Self> {
        Ok(match s {
            "discovery" => Op::Discovery,
            "jwks" => Op::Jwks,
            "cc" => Op::ClientCredentials,
            "cc-revoke" => Op::ClientCredentialsRevoke,
            "refresh" => Op::Refresh,
            "userinfo" => Op::UserInfo,
            "introspect" => Op::Introspect,
            "authorize" => Op::Authorize,
            "code" => Op::Code,
            other => match other.strip_prefix("get:") {
                Some(path) => Op::Get(path.to_owned()),
                None => bail!("operation {other} is not known"),
            },
        })
    }

    pub fn needs_session(&self, target: &Target, token_from: Option<&str>) -> bool {
        match self {
            Op::Refresh | Op::Authorize | Op::Code => true,
            Op::UserInfo | Op::Introspect => source(target, token_from) == "code",
            _ => false,
        }
    }
}

fn source<'a>(target: &Target, token_from: Option<&'a str>) -> &'a str {
    token_from.unwrap_or(if target.endpoints.authorize.is_some() {
        "code"
    } else {
        "cc"
    })
}

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
        }
    }

    /// One exchange of the operation, for a person to look at.
    pub async fn show(&mut self, op: &Op) -> Result<(u16, String)> {
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

    fn authorization_path(&self) -> Result<String> {
        let c = &self.target.client;
        let path = self
            .target
            .endpoints
            .authorize
            .as_deref()
            .context("no authorization endpoint")?;
        let mut q = Serializer::new(String::new());
        q.append_pair("response_type", "code")
            .append_pair("client_id", &c.id)
            .append_pair("redirect_uri", &c.redirect_uri)
            .append_pair("scope", &c.scope)
            .append_pair("state", &self.vars["state"])
            .append_pair("nonce", &self.vars["nonce"]);
        if c.pkce {
            q.append_pair("code_challenge", &self.vars["code_challenge"])
                .append_pair("code_challenge_method", "S256");
        }
        for (k, v) in &c.extra {
            q.append_pair(k, &self.fill(v));
        }
        Ok(format!("{path}?{}", q.finish()))
    }

    fn fresh_request_vars(&mut self) {
        let mut raw = [0u8; 48];
        aws_lc_rs::rand::fill(&mut raw).expect("randomness");
        let verifier = B64.encode(&raw[..32]);
        let challenge = B64.encode(aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            verifier.as_bytes(),
        ));
        self.vars.insert("state".into(), B64.encode(&raw[32..40]));
        self.vars.insert("nonce".into(), B64.encode(&raw[40..]));
        self.vars.insert("code_verifier".into(), verifier);
        self.vars.insert("code_challenge".into(), challenge);
        if self.target.endpoints.authorize.is_some()
            && let Ok(p) = self.authorization_path()
        {
            self.vars.insert("authorization_path".into(), p);
        }
    }

    async fn exec(&mut self, step: &Step) -> Result<()> {
        let mut path = self.fill(&step.path);
        if !step.query.is_empty() {
            let mut q = Serializer::new(String::new());
            for (k, v) in &step.query {
                q.append_pair(k, &self.fill(v));
            }
            path = format!("{path}?{}", q.finish());
        }
        let (kind, body) = if let Some(form) = &step.form {
            let mut f = Serializer::new(String::new());
            for (k, v) in form {
                f.append_pair(k, &self.fill(v));
            }
            (Some("application/x-www-form-urlencoded"), f.finish())
        } else if let Some(json) = &step.json {
            (Some("application/json"), self.fill(json))
        } else {
            (None, String::new())
        };
        let mut req = self.request(&step.method, &path);
        if let Some(kind) = kind {
            req = req.header(header::CONTENT_TYPE, kind);
        }
        for (k, v) in &step.headers {
            req = req.header(k, self.fill(v));
        }
        let mut a = self.conn.send(req.body(Full::from(body))?).await?;
        self.take_cookies(&a);
        let mut hops = 0;
        while step.follow && a.status.is_redirection() && hops < 8 {
            let Some(location) = location(&a) else { break };
            if !self.target.client.redirect_uri.is_empty()
                && location.starts_with(&self.target.client.redirect_uri)
            {
                break;
            }
            path = self.local_path(&location, &path)?;
            a = self.get(&path).await?;
            hops += 1;
        }
        let status = a.status.as_u16();
        if !(step.expect.contains(&status) || step.expect.is_empty() && status < 400) {
            bail!("{} {path}: {status} {}", step.method, brief(&a.body));
        }
        if !step.capture.is_empty() {
            let mut text = String::new();
            for (k, v) in &a.headers {
                text.push_str(&format!(
                    "{}: {}\n",
                    k,
                    String::from_utf8_lossy(v.as_bytes())
                ));
            }
            text.push_str(&String::from_utf8_lossy(&a.body));
            for (name, pattern) in &step.capture {
                if !self.regexes.contains_key(pattern) {
                    self.regexes.insert(pattern.clone(), Regex::new(pattern)?);
                }
                let found = self.regexes[pattern].captures(&text).and_then(|c| c.get(1));
                let found = found.with_context(|| {
                    format!(
                        "{name} not found in {} {path}: {status} {}",
                        step.method,
                        brief(text.as_bytes())
                    )
                })?;
                self.vars.insert(name.clone(), found.as_str().to_owned());
            }
        }
        Ok(())
    }

    async fn get(&mut self, path: &str) -> Result<Answer> {
        let req = self.request("GET", path).body(Full::default())?;
        let a = self.conn.send(req).await?;
        self.take_cookies(&a);
        Ok(a)
    }

    async fn client_post(
        &mut self,
        path: &str,
        client: &Client,
        form: &[(&str, &str)],
    ) -> Result<Answer> {
        let mut f = Serializer::new(String::new());
        for (k, v) in form {
            f.append_pair(k, v);
        }
        match client.auth {
            Auth::Post => {
                f.append_pair("client_id", &client.id)
                    .append_pair("client_secret", &client.secret);
            }
            Auth::None => {
                f.append_pair("client_id", &client.id);
            }
            _ => {}
        }
        let mut req = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::HOST, &self.authority)
            .header(header::USER_AGENT, "oauth-driver")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if client.auth == Auth::Basic {
            let enc = |s: &str| byte_serialize(s.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", enc(&client.id), enc(&client.secret));
            req = req.header(
                header::AUTHORIZATION,
                format!("Basic {}", STANDARD.encode(pair)),
            );
        } else if client.auth == Auth::Bearer {
            req = req.header(
                header::AUTHORIZATION,
                format!("Bearer {}", self.fill(&client.secret)),
            );
        }
        self.conn.send(req.body(Full::from(f.finish()))?).await
    }

    fn request(&self, method: &str, path: &str) -> hyper::http::request::Builder {
        let mut req = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.authority)
            .header(header::USER_AGENT, "oauth-driver");
        if !self.cookies.is_empty() {
            let all: Vec<String> = self
                .cookies
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect();
            req = req.header(header::COOKIE, all.join("; "));
        }
        req
    }

    /// A jar without paths and domains: there is one origin.
    fn take_cookies(&mut self, a: &Answer) {
        for v in a.headers.get_all(header::SET_COOKIE) {
            let Ok(text) = v.to_str() else { continue };
            let mut parts = text.split(';');
            let Some((k, v)) = parts.next().and_then(|p| p.trim().split_once('=')) else {
                continue;
            };
            let gone = v.is_empty()
                || parts.any(|p| {
                    let p = p.trim().to_ascii_lowercase();
                    p == "max-age=0" || p.starts_with("expires=") && p.contains("1970")
                });
            if gone {
                self.cookies.remove(k);
            } else {
                self.cookies.insert(k.to_owned(), v.to_owned());
            }
        }
    }

    fn local_path(&self, location: &str, from: &str) -> Result<String> {
        if location.starts_with('/') {
            return Ok(location.to_owned());
        }
        if let Some((_, rest)) = location.split_once("://") {
            let at = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(at);
            if authority != self.authority && !self.target.base.ends_with(authority) {
                bail!("redirect leaves the server: {location}");
            }
            return Ok(if path.is_empty() {
                "/".into()
            } else {
                path.to_owned()
            });
        }
        let dir = from
            .split('?')
            .next()
            .unwrap_or("/")
            .rsplit_once('/')
            .map_or("", |(d, _)| d);
        Ok(format!("{dir}/{location}"))
    }

    fn fill(&self, template: &str) -> String {
        if !template.contains('{') {
            return template.to_owned();
        }
        let mut out = template.to_owned();
        for (k, v) in &self.vars {
            let key = format!("{{{k}}}");
            if out.contains(&key) {
                out = out.replace(&key, v);
            }
        }
        out
    }
}

fn location(a: &Answer) -> Option<String> {
    a.headers
        .get(header::LOCATION)?
        .to_str()
        .ok()
        .map(str::to_owned)
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

fn brief(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(300).collect()
}
