//! The front of every route: who asks, whether they may, what they sent, how the
//! answer is dressed. The rules of each route stand in `routes.rs`; this is the only
//! place that applies them.

use crate::{
    admit::{Presented, admit_bearer},
    api::admin::openapi::check_query,
    app::Shared,
    client_address::{self, client_address},
    context::{
        BearerAdmitted, Context, Fields, Known, Trust, Visitor, browser_state, load_visitor,
    },
    cors, csrf,
    desk::Desk,
    failure::{Failure, Format},
    language::Language,
    net::Peer,
    oauth::client::note_unread,
    pages,
    router::{Endpoint, Then},
    routes::{AUTHORIZE, Access, Body, Cache, Route, routes},
};
use axum::{
    body::Body as HttpBody,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use grantor_protocol::{form, role::Act, time::Millis};
use std::{net::Ipv4Addr, sync::Arc, time::Duration};

mod body;

/// What a page carries, so that one allocation has room for it; other answers have less
/// than any allocation has room for.
const PAGE_HEADERS: usize = 12;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub async fn front(app: &Shared, endpoint: &Endpoint, request: Request) -> Response {
    let started = app.world.monotonic();
    let route = &endpoint.route;
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or((Ipv4Addr::LOCALHOST, 0).into(), |peer| peer.0);
    let trusted = &app.config.network.trusted_proxies;
    let address = client_address(peer, request.headers(), trusted);
    let mut context = Context::new(&app.world, address, request.headers());
    let method = request.method().clone();
    let origin = request.headers().get(header::ORIGIN).cloned();

    let (mut visitor, mut client_id) = (None, None);
    let admitted = match prepare(app, route, &mut context, request, &mut visitor).await {
        Ok(request) => {
            if origin.is_some() {
                client_id = fields(&request).and_then(|it| it.get("client_id").map(str::to_owned));
            }
            run(app, endpoint, request).await
        }
        Err(early) => early,
    };
    let failure = admitted.extensions().get::<Arc<Failure>>().cloned();
    let mut response = match &failure {
        Some(failure) => render(app, route, &context, visitor.as_ref(), failure),
        None => admitted,
    };
    if route.format == Format::Page {
        response.headers_mut().reserve(PAGE_HEADERS);
    }
    if let Then::WrongMethod(allow) = &endpoint.then {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    dress(app, route, &mut response);
    let readable = cors::allowed(app, route, origin.as_ref(), client_id.as_deref()).await;
    cors::dress(route, readable, response.headers_mut());
    set_visit_cookie(app, visitor.as_ref(), &mut response);
    set_state_cookie(app, visitor.as_ref(), &mut response);
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let elapsed = app.world.monotonic() - started;
    endpoint.metrics.answered(response.status(), elapsed);
    report(
        app,
        route,
        &method,
        &context,
        (&response, failure.as_deref(), elapsed),
    );
    response
}

/// The handler's answer, but for what it has no words for.
async fn run(app: &Shared, endpoint: &Endpoint, request: Request) -> Response {
    let handle = match &endpoint.then {
        Then::Handle(handle) => handle,
        Then::WrongMethod(_) => return Failure::WrongMethod.into_response(),
    };
    let route = &endpoint.route;
    if route.format != Format::Page {
        return handle(request, app.clone()).await;
    }
    let uri = request.uri().clone();
    let typed = fields(&request).cloned();
    let response = handle(request, app.clone()).await;
    match response.extensions().get::<Arc<Failure>>().map(|it| &**it) {
        Some(Failure::SessionEnded) => to_login(route, &uri, typed.as_ref(), true),
        Some(Failure::FormUsed) => see_other(&format!("{}?done=used", page_of(route, &uri))),
        _ => response,
    }
}

fn fields(request: &Request) -> Option<&Fields> {
    request.extensions().get::<Known>()?.fields.as_ref()
}

/// Everything that must hold before the handler runs; `Err` is the answer instead.
async fn prepare(
    app: &Shared,
    route: &Route,
    context: &mut Context,
    request: Request,
    visitor: &mut Option<Visitor>,
) -> Result<Request, Response> {
    let refuse = |failure: Failure| failure.into_response();
    let mut known = Known::default();
    let (mut parts, body) = request.into_parts();
    if route.format == Format::Page {
        context.language = language(app, &parts, None);
    }
    // A megabyte is read for whoever is signed in, and for nobody else.
    if route.body == Body::OwnUpload {
        identify(app, route, context, &parts, visitor).await?;
    }
    if let Some(failure) = body::no_form(route, &parts.headers) {
        // On the heap: other requests do not carry room for it along.
        let told = async {
            let named = body::named(&parts.headers, body).await;
            note_unread(app, context, &parts.headers, named.as_deref(), &failure).await
        };
        let told = Box::pin(told).await;
        return Err(refuse(told.err().unwrap_or(failure)));
    }
    let sent = body::read(route, &parts.headers, body).await;
    // A body may take its time: what holds when it has arrived decides, not what held before.
    if !matches!(sent, Ok(None)) {
        context.now = app.world.now();
    }
    if let Some(scope) = route.access.bearer() {
        let fields = sent.as_ref().ok().and_then(Option::as_ref);
        let presented = Presented {
            headers: &parts.headers,
            query: parts.uri.query(),
            form: fields.and_then(|sent| sent.fields.get("access_token")),
        };
        let admitted = admit_bearer(app, context, presented, scope).await;
        let admitted = admitted.map_err(refuse)?;
        if let Access::AdminBearer(act) = route.access {
            let desk = desk_of(app, context, admitted.bearer.user, act).await;
            known.desk = Some(desk.map_err(refuse)?);
            let legacy = app.config.legacy.legacy_bearer;
            check_query(route, parts.uri.query(), legacy).map_err(refuse)?;
        }
        known.admitted = Some(BearerAdmitted(Arc::new(admitted)));
    }
    identify(app, route, context, &parts, visitor).await?;
    known.context = Some(context.clone());
    known.visitor = visitor.clone();
    if let Some(sent) = sent.map_err(refuse)? {
        body::check(app, route, &parts, visitor.as_ref(), &sent).map_err(refuse)?;
        known.fields = Some(sent.fields);
        known.upload = sent.upload;
        known.object = sent.object;
    }
    if let Some(who) = visitor.as_ref().and_then(|who| who.signed_in.clone()) {
        if route.wants_proof() && !who.is_recent(context.now) {
            return Err(to_login(route, &parts.uri, known.fields.as_ref(), false));
        }
        if let Access::Admin(act) = route.access {
            let desk = who.desk(app, context, act).ok_or(Failure::NotFound);
            known.desk = Some(desk.map_err(refuse)?);
        }
        known.signed_in = Some(who);
    }
    parts.extensions.insert(known);
    Ok(Request::from_parts(parts, HttpBody::empty()))
}

/// Finds out who is at the browser and what she reads, where the route wants to know; the
/// way to the login where it has to be somebody.
async fn identify(
    app: &Shared,
    route: &Route,
    context: &mut Context,
    parts: &Parts,
    visitor: &mut Option<Visitor>,
) -> Result<(), Response> {
    let needed = match route.access {
        Access::Visitor => false,
        Access::SignedIn | Access::Recent | Access::Admin(_) => true,
        Access::Anyone | Access::Client | Access::Bearer(_) | Access::AdminBearer(_) => {
            return Ok(());
        }
    };
    let trust = match (route.method, route.path) {
        ("GET", AUTHORIZE) => Trust::Memory,
        _ => Trust::Database,
    };
    let who = load_visitor(app, &parts.headers, context, trust).await;
    let who = visitor.insert(who.map_err(IntoResponse::into_response)?);
    if route.format == Format::Page && who.signed_in.is_some() {
        context.language = language(app, parts, Some(who));
    }
    match (&who.signed_in, route.access) {
        (None, _) if needed => Err(to_login(route, &parts.uri, None, false)),
        // To whom it is not for, it is not there.
        (Some(her), Access::Admin(act)) if her.desk(app, context, act).is_none() => {
            Err(Failure::NotFound.into_response())
        }
        _ => Ok(()),
    }
}

/// What the app asked for, what the user says of herself, what her browser says.
fn language(app: &Shared, parts: &Parts, visitor: Option<&Visitor>) -> Language {
    let offered = &app.config.service.languages;
    let asked = || offered.of_ui_locales(&ui_locales(parts.uri.query()?)?);
    let own = || {
        let user = &visitor?.signed_in.as_ref()?.user;
        offered.of_profile(&user.profile)
    };
    let accepted = || {
        let header = parts.headers.get(header::ACCEPT_LANGUAGE)?;
        offered.of_accept_language(header.to_str().ok()?)
    };
    let wish = asked().or_else(own).or_else(accepted);
    wish.unwrap_or_else(|| offered.first())
}

/// Of the request, or of the one that a login leads back to.
fn ui_locales(query: &str) -> Option<String> {
    // Hardly any request has it, and nobody escapes letters.
    if !query.contains("ui_locales") {
        return None;
    }
    let params = form::Params::parse(query.as_bytes()).ok()?;
    if let Some(tags) = params.get("ui_locales") {
        return Some(tags.to_owned());
    }
    let (_, back) = params.get("return_to")?.split_once('?')?;
    let back = form::Params::parse(back.as_bytes()).ok()?;
    back.get("ui_locales").map(str::to_owned)
}

/// Where a bearer's user acts for the operator: her role is asked for at each use.
async fn desk_of(app: &Shared, context: &Context, user: i64, act: Act) -> Result<Desk, Failure> {
    let user = app.store.user(user).await?;
    let desk = user.and_then(|user| Desk::of(app, context, (&user, None), act));
    desk.ok_or(Failure::Forbidden("desk-too-far"))
}

/// To the login page and back. What a form had brought comes back with the user, as
/// the query of the page that the form was on: nothing typed is lost. `ended`: the session
/// went away while the handler was at work.
fn to_login(route: &Route, uri: &Uri, typed: Option<&Fields>, ended: bool) -> Response {
    let back = match (route.method, typed) {
        ("GET", _) => uri
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned(),
        (_, None) => page_of(route, uri).to_owned(),
        (_, Some(fields)) => {
            let typed = fields.0.iter().filter(|(name, _)| may_travel(name));
            let typed = form::encode(typed);
            let mark = if typed.is_empty() { "" } else { "?" };
            format!("{}{mark}{typed}", page_of(route, uri))
        }
    };
    let mut pairs = vec![("return_to", back.as_str())];
    if route.wants_proof() {
        pairs.push(("confirm", "1"));
    }
    if ended {
        pairs.push(("ended", "1"));
    }
    see_other(&format!("/login?{}", form::encode(pairs)))
}

/// Addresses are kept and shown: what is secret in a form never gets into one.
fn may_travel(field: &str) -> bool {
    const SECRET: [&str; 7] = [
        csrf::FIELD,
        csrf::ONCE,
        "token",
        "code",
        "setup",
        "state",
        "credential",
    ];
    !SECRET.contains(&field) && !field.contains("password")
}

/// The page whose form posts to `uri`: the nearest one at or above it.
fn page_of<'a>(route: &Route, uri: &'a Uri) -> &'a str {
    let all = routes();
    let is_page = |path: &str| all.iter().any(|it| it.method == "GET" && it.path == path);
    let (mut pattern, mut path) = (route.path, uri.path());
    while !is_page(pattern) {
        match (pattern.rsplit_once('/'), path.rsplit_once('/')) {
            (Some((above, _)), Some((below, _))) => (pattern, path) = (above, below),
            _ => return "/",
        }
    }
    path
}

pub fn see_other(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Failure::Internal("a redirect with a control character".into()).into_response(),
    }
}

fn render(
    app: &Shared,
    route: &Route,
    context: &Context,
    visitor: Option<&Visitor>,
    failure: &Failure,
) -> Response {
    if let Failure::Store(error) = failure {
        tracing::error!(request_id = %context.request_id, route = route.path, %error, "storage failed");
    }
    if let Failure::Internal(message) = failure {
        tracing::error!(request_id = %context.request_id, route = route.path, message, "a defect");
    }
    match route.format {
        Format::Page => pages::error::answer(app, context, visitor, failure),
        format => failure.render(format),
    }
}

/// Security, caching and cross-origin headers by the route's rules. A handler may
/// have set a header itself: the consent page names its redirect in `form-action`.
fn dress(app: &Shared, route: &Route, response: &mut Response) {
    let secure = app.config.service.public_url.is_https();
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "no-referrer");
    if secure {
        add(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        );
    }
    if route.format == Format::Page {
        add(header::CONTENT_SECURITY_POLICY, pages::POLICY);
        add(header::X_FRAME_OPTIONS, "DENY");
        add(OPENER_POLICY, "same-origin");
        add(RESOURCE_POLICY, "same-origin");
    }
    match route.cache {
        _ if refused => add(header::CACHE_CONTROL, "no-store"),
        Cache::Never => add(header::CACHE_CONTROL, "no-store"),
        Cache::Minutes => add(header::CACHE_CONTROL, "public, max-age=300"),
        Cache::Own => {}
    }
    if let Some(platform) = app
        .hand_over
        .as_ref()
        .filter(|_| route.format == Format::Page)
    {
        lead_to(&platform.origins, headers);
    }
}

/// Lets forms lead to the platform's login and logout: Chromium applies `form-action` to all
/// redirects that follow.
fn lead_to(origins: &str, headers: &mut HeaderMap) {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY);
    let policy = policy.and_then(|policy| policy.to_str().ok());
    let wider = policy.map(|policy| {
        policy.replace(
            "form-action 'self'",
            &format!("form-action 'self' {origins}"),
        )
    });
    if let Some(wider) = wider.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, wider);
    }
}

fn set_visit_cookie(app: &Shared, visitor: Option<&Visitor>, response: &mut Response) {
    let Some(visitor) = visitor.filter(|visitor| visitor.is_new) else {
        return;
    };
    let cookies = app.cookies();
    if let Ok(value) =
        HeaderValue::from_str(&cookies.set(cookies.visit_name(), &visitor.browser, None))
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// One log line and one count a request; never a query string.
fn report(
    app: &Shared,
    route: &Route,
    method: &Method,
    context: &Context,
    (response, failure, elapsed): (&Response, Option<&Failure>, Duration),
) {
    let status = response.status().as_u16();
    if app.config.logs.request_log {
        tracing::info!(
            request_id = &*context.request_id,
            method = method.as_str(),
            route = route.path,
            status,
            refused = failure.map(Failure::name),
            address = &*client_address::text(context.address),
            us = elapsed.as_micros() as u64,
            "request"
        );
    }
}

/// Keeps the readable cookie true to the session, unless the handler has set it.
fn set_state_cookie(app: &Shared, visitor: Option<&Visitor>, response: &mut Response) {
    let Some(visitor) = visitor else { return };
    let session = visitor.signed_in.as_ref().map(|who| who.session.id);
    let wanted = session.map_or_else(String::new, |session| browser_state(app, session));
    let cookies = app.cookies();
    let name = cookies.state_name();
    let set = response.headers().get_all(header::SET_COOKIE);
    let is_set = set.iter().any(|line| {
        let named = line.as_bytes().strip_prefix(name.as_bytes());
        named.is_some_and(|rest| rest.starts_with(b"="))
    });
    if *visitor.state == *wanted || is_set {
        return;
    }
    let lifetime = match session {
        Some(_) => app.config.sign_in.session_absolute,
        None => Millis(0),
    };
    set_cookie(response, &cookies.set_readable(name, &wanted, lifetime));
}

pub fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
