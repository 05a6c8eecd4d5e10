//! `/-/oauth_authorize` (RFC 6749 §3.1). The URL is the state: every visit, also the
//! one after a login and the one that brings the decision, evaluates it afresh.
//!
//! 1. `validate` checks the request.
//! 2. `next_step` decides: login, consent, an answer, an error to the app, or a dead end.
//! 3. The step is carried out here, and nothing else is decided.

mod at_once;
mod dead_end;

use super::request_object::{self, Reading};
use crate::{
    app::App,
    context::{Fields, SignedIn, browser_state},
    failure::{Answer, Failure},
    front::see_other,
    issue::{Tokens, issue_tokens},
    openid::{
        hint,
        id_token::{self, Occasion},
    },
    pages::{self, page::Page},
    refusals::{Refused, unregistered},
    routes::AUTHORIZE,
};
use axum::response::Response;
use dead_end::AtBrowser;
use grantor_protocol::{
    authorize::{
        self, Approved, Dead, Decision, Delivery, Granted, Hinted, Rejection, Request, ReturnTo,
        Situation, Step,
    },
    client::{Client, ClientKind},
    error::Cause,
    form::{self, Params},
    openid::session_state::session_state,
    scope::{self, ScopeSet},
    secret::{Kind, Secret},
    time::{Millis, Timestamp},
    token,
};
use grantor_store::{
    apps,
    grants::{Approve, NewCode},
};
use std::sync::Arc;

/// Our own parameter: when this request first demanded a fresh login, signed for
/// this browser: a link from elsewhere brings no demand that was met long ago.
const ASKED_LOGIN: &str = "asked_login";
/// A demand older than this is made again.
const ASKED_LIFETIME: Millis = Millis::hours(1);
/// An out-of-band code is copied by hand.
pub const OUT_OF_BAND_LIFETIME: Millis = Millis::minutes(10);

pub async fn show(mut page: Page, at_browser: AtBrowser) -> Answer {
    let visit = Visit {
        page: &page,
        app: &page.app,
        at_browser,
    };
    if let Some(answer) = visit.at_once().await? {
        return Ok(answer);
    }
    // On the heap: the commonest visit does not carry room for it along.
    let whole = async move {
        page.visitor = page.visitor.made_sure(&page.app, &page.context).await?;
        let visit = Visit {
            page: &page,
            app: &page.app,
            at_browser,
        };
        visit.run(Decision::Open).await
    };
    Box::pin(whole).await
}

/// The decision of the consent form; or an authorization request that an app's page
/// sent as a form (OpenID Connect Core §3.1.2.1), which becomes a visit.
pub async fn decide(page: Page, at_browser: AtBrowser, fields: Fields) -> Answer {
    let visit = Visit {
        page: &page,
        app: &page.app,
        at_browser,
    };
    match fields.get("decision") {
        Some("allow") => visit.run(Decision::Allow).await,
        Some("deny") => visit.run(Decision::Deny).await,
        Some("switch") => Ok(visit.to_login(true)),
        Some(_) => Err(Failure::BadRequest("failure-decision")),
        None => Ok(see_other(&format!(
            "{AUTHORIZE}?{}",
            form::encode(fields.0.iter())
        ))),
    }
}

struct Visit<'a> {
    page: &'a Page,
    app: &'a App,
    at_browser: AtBrowser,
}

impl Visit<'_> {
    /// A session that ends on the way is as if there had been none.
    async fn run(&self, decision: Decision) -> Answer {
        match self.evaluate(decision).await {
            Err(Failure::SessionEnded) => Ok(self.again()),
            answer => answer,
        }
    }

    async fn evaluate(&self, decision: Decision) -> Answer {
        let query = self.page.uri.query().unwrap_or("");
        let Ok(params) = Params::parse(query.as_bytes()) else {
            return Ok(self.plain(
                "The query of this authorization request is malformed or names a parameter twice.",
            ));
        };
        let found = match params.get("client_id").and_then(|id| id.parse().ok()) {
            Some(id) => self.app.store.app(id).await?,
            None => None,
        };
        let client = found.as_ref().map(|app| &app.client);
        let at = self.asked_login(query).unwrap_or(self.page.context.now);
        let (params, objection) = match request_object::read(self.app, client, params, at).await {
            Reading::Params(params, objection) => (params, objection),
            Reading::Visit(url) => return Ok(see_other(&url)),
        };
        let request = authorize::validate(&params, client, &self.app.policy);
        let request = authorize::objected(request, objection);
        let (hinted, objection) = self.hinted(&params, &request, client);
        let request = authorize::objected(request, objection);
        self.note(&params, found.as_deref(), &request);
        let session = self.page.visitor.signed_in.as_ref().map(session_of);
        let approval = match (&session, client) {
            (Some(session), Some(client)) => {
                self.app.store.approval(session.user, client.id).await?
            }
            _ => None,
        };
        let situation = Situation {
            session: session.as_ref(),
            approval: approval.as_deref(),
            hinted,
            decision,
            asked_login: self.asked_login(query),
            now: self.page.context.now,
        };
        match (authorize::next_step(request, &situation), found) {
            (Step::Login, _) => Ok(self.to_login(false)),
            (Step::Consent(request), Some(app)) => {
                pages::consent::answer(self.page.clone(), &app, &request, approval.as_deref()).await
            }
            (Step::Answer(approved), Some(app)) => {
                self.answer(&app, approved, approval.as_deref()).await
            }
            (Step::SendBack(to, Cause::ScopeUnknown), _) if !to.is_out_of_band() => {
                self.app
                    .metrics
                    .refused("authorize", Cause::ScopeUnknown.name());
                let told = to.with_unknown(&self.unknown(&params));
                self.deliver(&to, told)
            }
            (Step::SendBack(to, cause), found) => {
                self.send_back(&to, cause, found.as_deref()).await
            }
            (Step::Dead(dead), _) => Ok(self.dead_end(dead, &params)),
            (Step::Consent(_) | Step::Answer(_), None) => {
                Err(Failure::Internal("a verified app that is not there".into()))
            }
        }
    }

    /// To the login and back to this very URL, with the moment it was asked for.
    fn to_login(&self, switch: bool) -> Response {
        let query = self.page.uri.query().unwrap_or("");
        let asked = match self.asked_login(query) {
            Some(_) => query.to_owned(),
            None => {
                let (bare, at) = (without_asked(query), self.page.context.now.0.to_string());
                let tag = self.app.keys.now().sign(&self.asked_message(&bare, &at));
                format!("{bare}&{ASKED_LOGIN}={at}.{tag}")
            }
        };
        let back = format!("{AUTHORIZE}?{asked}");
        let mut pairs = vec![("return_to", back.as_str())];
        if switch {
            pairs.push(("switch", "1"));
        }
        see_other(&format!("/login?{}", form::encode(pairs)))
    }

    /// When this very request, in this very browser, demanded a login, if that was
    /// not long ago: a link made elsewhere cannot bring the demand of somebody else.
    fn asked_login(&self, query: &str) -> Option<Timestamp> {
        let value = query
            .split('&')
            .find_map(|pair| pair.strip_prefix(ASKED_LOGIN)?.strip_prefix('='))?;
        let (at, tag) = value.split_once('.')?;
        let bare = without_asked(query);
        let signed = self
            .app
            .keys
            .now()
            .verify(&self.asked_message(&bare, at), tag);
        let at = Timestamp(at.parse().ok().filter(|_| signed)?);
        (self.page.context.now - at <= ASKED_LIFETIME).then_some(at)
    }

    fn asked_message<'b>(&'b self, bare: &'b str, at: &'b str) -> [&'b [u8]; 4] {
        let browser = self.page.visitor.browser.as_bytes();
        [b"asked-login", browser, bare.as_bytes(), at.as_bytes()]
    }

    async fn send_back(&self, to: &ReturnTo, cause: Cause, app: Option<&apps::App>) -> Answer {
        self.app.metrics.refused("authorize", cause.name());
        if cause == Cause::Denied {
            let mut event = self.page.event("consent.denied")?;
            event.app = app.map(|app| app.client.id);
            self.app.store.record(event).await?;
        }
        if to.is_out_of_band() {
            return pages::out_of_band::refused(self.page.clone(), app, cause).await;
        }
        self.deliver(to, to.with_error(cause))
    }

    /// Hands out what the response type asks for: a code, an access token (RFC 6749
    /// §4.2, for apps whose owner switched it on), an ID token.
    async fn answer(
        &self,
        app: &Arc<apps::App>,
        approved: Approved,
        before: Option<&authorize::Approval>,
    ) -> Answer {
        let wanted = approved.request.response_type;
        let to = &approved.request.return_to;
        // First what can fail without a trace, then the write.
        let protection = match wanted.id_token {
            true => Some(id_token::protection(self.app, app).await?),
            false => None,
        };
        let code = wanted.code.then(|| self.new_code(to)).unzip();
        let (new, code): (Option<NewCode>, Option<Secret>) = code;
        // What goes out beside a code ends with what the code buys.
        let family = new.as_ref().map(|new| new.id);
        let family = family.unwrap_or_else(|| self.app.world.new_id(self.page.context.now));
        let Some(grant) = self.store_approval(&approved, before, new).await? else {
            return Ok(self.again());
        };
        if wanted.code {
            self.gave_code(app, &approved).await?;
        }
        if let (Some(code), true) = (&code, to.is_out_of_band()) {
            return pages::out_of_band::shown(self.page.clone(), app, code).await;
        }
        let tokens = match wanted.token {
            true => Some(self.front_channel_token(&approved, grant, family).await?),
            false => None,
        };
        let id_token = match &protection {
            Some(protection) => {
                let token = tokens
                    .as_ref()
                    .map(|tokens| tokens.access.reveal_for_response());
                let occasion = Occasion {
                    user: self.page.user()?,
                    login: &approved.login,
                    scopes: &approved.request.scopes,
                    response: Some(wanted),
                    access_token: token,
                    code: code.as_ref().map(Secret::reveal_for_response),
                };
                Some(id_token::make(self.app, &self.page.context, app, protection, occasion).await?)
            }
            None => None,
        };
        let granted = Granted {
            code: code.as_ref(),
            token: tokens
                .as_ref()
                .map(|tokens| (&tokens.access, tokens.lifetime, &tokens.scopes)),
            id_token: id_token.as_deref(),
            session_state: self.session_state(&approved),
        };
        self.deliver(to, to.with_answer(granted))
    }

    /// By which a page of the app sees when the login at this browser changes.
    fn session_state(&self, approved: &Approved) -> Option<String> {
        let request = &approved.request;
        if !request.scopes.contains(scope::OPENID) {
            return None;
        }
        let browser = browser_state(self.app, approved.login.session);
        let salt = self.app.world.random_hex::<8>();
        session_state(request.app, request.return_to.uri(), &browser, &salt)
    }

    fn new_code(&self, to: &ReturnTo) -> (NewCode, Secret) {
        let now = self.page.context.now;
        let id = self.app.world.new_id(now);
        let code: Secret =
            self.app
                .keys
                .now()
                .format
                .mint(Kind::Code, id, &self.app.world.random());
        let lifetime = match to.is_out_of_band() {
            true => OUT_OF_BAND_LIFETIME,
            false => self.app.config.tokens.code_lifetime,
        };
        let new = NewCode {
            id,
            digest: code.digest(),
            expires: now + lifetime,
        };
        (new, code)
    }

    /// The grant under which everything is issued; `None`: something ended meanwhile.
    async fn store_approval(
        &self,
        approved: &Approved,
        before: Option<&authorize::Approval>,
        code: Option<NewCode>,
    ) -> Result<Option<i64>, Failure> {
        match (approved.remembered, code) {
            (Some(grant), None) => {
                let now = self.page.context.now;
                let stored = self.app.store.add_login(approved, grant, now).await?;
                Ok(stored.then_some(grant))
            }
            (Some(grant), Some(code)) => {
                let session = Some(approved.login.session);
                let now = self.page.context.now;
                let stored = self.app.store.add_code(approved, &code, session, now);
                let stored = stored.await?;
                Ok(stored.then_some(grant))
            }
            (None, code) => self.approve(approved, before, code).await,
        }
    }

    async fn front_channel_token(
        &self,
        approved: &Approved,
        grant: i64,
        family: i64,
    ) -> Result<Tokens, Failure> {
        let issued = token::implicit(approved, grant, family);
        let tokens = issue_tokens(self.app, &self.page.context, &issued, 0).await?;
        self.app.metrics.token_issued("implicit");
        tokens.ok_or_else(|| Failure::Internal("nothing can be lost here".into()))
    }

    /// Sends the browser on, by a redirect or by a form that sends itself.
    fn deliver(&self, to: &ReturnTo, delivery: Delivery) -> Answer {
        match delivery {
            Delivery::Redirect(address) => Ok(see_other(&address)),
            Delivery::Post { uri, fields } => {
                pages::form_post::answer(self.page, to.uri(), uri, fields)
            }
        }
    }

    /// Whether the request names a user, by an ID token (`id_token_hint`) or a subject
    /// (`claims`), and whether it is the one at the browser; and what is wrong with it.
    fn hinted(
        &self,
        params: &Params,
        request: &Result<Request, Rejection>,
        client: Option<&Client>,
    ) -> (Hinted, Option<Cause>) {
        let (Ok(request), Some(client)) = (request, client) else {
            return (Hinted::Nobody, None);
        };
        let mut named = request.claims.subject.clone();
        if let Some(text) = params.get("id_token_hint") {
            match hint::read_for(self.app, client, text) {
                Some(hint) => named = Some(hint.subject),
                None => return (Hinted::Nobody, Some(Cause::HintInvalid)),
            }
        }
        let (Some(subject), Some(signed_in)) = (named, &self.page.visitor.signed_in) else {
            return (Hinted::Nobody, None);
        };
        let sector = client.registration.sector();
        let keys = self.app.keys.now();
        match keys.subjects.is(&subject, signed_in.user.id, sector) {
            true => (Hinted::Her, None),
            false => (Hinted::Another, None),
        }
    }

    /// Stores what the user has just allowed, beside what she allowed before.
    async fn approve(
        &self,
        approved: &Approved,
        before: Option<&authorize::Approval>,
        code: Option<NewCode>,
    ) -> Result<Option<i64>, Failure> {
        let asked = &approved.request.scopes;
        // What was allowed to the app as it was before an edit is not allowed again.
        let same = before.filter(|before| before.approved > approved.request.app_changed);
        let known = same.map_or_else(ScopeSet::default, |before| {
            self.app.policy.offered(&before.scopes)
        });
        // More than a set can hold: what was asked now counts.
        let scopes = known.union(asked).unwrap_or_else(|_| asked.clone());
        let mut event = self.page.event("consent.granted")?;
        event.app = Some(approved.request.app);
        event.detail = asked.to_string();
        let grant = self.app.world.new_id(self.page.context.now);
        Ok(self
            .app
            .store
            .approve(
                &Approve {
                    approved,
                    grant,
                    scopes: &scopes,
                    code,
                },
                event,
            )
            .await?)
    }

    /// Something ended between reading and writing: evaluate once more.
    fn again(&self) -> Response {
        see_other(
            self.page
                .uri
                .path_and_query()
                .map_or(AUTHORIZE, |path| path.as_str()),
        )
    }

    async fn gave_code(&self, app: &Arc<apps::App>, approved: &Approved) -> Result<(), Failure> {
        self.app.metrics.token_issued("code");
        if app.client.kind == ClientKind::Confidential && approved.request.challenge.is_none() {
            self.saw_no_pkce(app).await?;
        }
        Ok(())
    }

    /// The owner learns, about once a day, that her server app could use PKCE.
    async fn saw_no_pkce(&self, app: &Arc<apps::App>) -> Result<(), Failure> {
        let now = self.page.context.now;
        if app
            .without_pkce
            .is_none_or(|seen| now - seen > Millis::days(1))
        {
            self.app.store.saw_no_pkce(app.client.id, now).await?;
        }
        Ok(())
    }

    /// The scope that was asked for and is not offered.
    fn unknown(&self, params: &Params) -> String {
        let asked = params.get("scope").unwrap_or_default();
        let asked = ScopeSet::parse(asked).unwrap_or_default();
        let unknown = self.app.policy.unknown(&asked);
        unknown.unwrap_or_default().to_owned()
    }

    /// Refusals go into the request log of the app, with near misses of its redirects.
    fn note(&self, params: &Params, app: Option<&apps::App>, request: &Result<Request, Rejection>) {
        let (Some(app), Err(rejection)) = (app, request) else {
            return;
        };
        let (cause, received) = match rejection {
            Rejection::Dead(Dead::RedirectUnregistered) => {
                let received = params.get("redirect_uri").map_or_else(String::new, excerpt);
                (unregistered(&app.client, &received), received)
            }
            Rejection::Dead(dead) => (dead.name(), String::new()),
            Rejection::SendBack { cause, .. } => match cause {
                Cause::ScopeUnknown => (cause.name(), self.unknown(params)),
                _ => (cause.name(), String::new()),
            },
        };
        let kind = Refused {
            app: app.client.id,
            endpoint: "authorize",
            cause,
            received,
        };
        self.app.note_refusal(kind, self.page.context.now);
    }
}

fn session_of(signed_in: &SignedIn) -> authorize::Session {
    authorize::Session {
        id: signed_in.session.id,
        user: signed_in.user.id,
        email: signed_in.user.email.clone(),
        auth_time: signed_in.session.auth_time,
        level: signed_in.session.level,
        has_role: signed_in.user.role().is_some(),
    }
}

/// The query without our own parameter.
fn without_asked(query: &str) -> String {
    let ours = |pair: &&str| !pair.starts_with(ASKED_LOGIN);
    query.split('&').filter(ours).collect::<Vec<_>>().join("&")
}

/// What was received, short and without anything that a terminal or page would obey.
fn excerpt(text: &str) -> String {
    let plain = |c: &char| c.is_ascii_graphic() || *c == ' ';
    text.chars().filter(plain).take(200).collect()
}
