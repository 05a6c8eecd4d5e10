//! One exchange with the server: templates filled in, cookies kept, redirects followed.

use anyhow::{Context, Result, bail};
use base64::{
    Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD as B64,
};
use http_body_util::Full;
use hyper::{Request, header};
use regex::Regex;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::Worker;
use crate::{
    http::Answer,
    target::{Auth, Client, Step},
};

impl Worker {
    pub(super) fn authorization_path(&self) -> Result<String> {
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

    pub(super) fn fresh_request_vars(&mut self) {
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

    pub(super) async fn exec(&mut self, step: &Step) -> Result<()> {
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
        self.capture(step, &path, &a)
    }

    /// Keeps what the step wants of the answer's headers and body.
    fn capture(&mut self, step: &Step, path: &str, a: &Answer) -> Result<()> {
        if step.capture.is_empty() {
            return Ok(());
        }
        let status = a.status.as_u16();
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
        Ok(())
    }

    pub(super) async fn get(&mut self, path: &str) -> Result<Answer> {
        let req = self.request("GET", path).body(Full::default())?;
        let a = self.conn.send(req).await?;
        self.take_cookies(&a);
        Ok(a)
    }

    pub(super) async fn client_post(
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

    pub(super) fn request(&self, method: &str, path: &str) -> hyper::http::request::Builder {
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

    pub(super) fn local_path(&self, location: &str, from: &str) -> Result<String> {
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

pub(super) fn location(a: &Answer) -> Option<String> {
    a.headers
        .get(header::LOCATION)?
        .to_str()
        .ok()
        .map(str::to_owned)
}

pub(super) fn brief(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(300).collect()
}
