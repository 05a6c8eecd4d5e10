//! `/api/1.0/admin/…`: what the pages of the administration do, for programs. Lists come in
//! pages; `offset` says where to go on, and only this server can make one.

pub mod openapi;

use super::instant;
use crate::{
    audit::object,
    context::JsonObject,
    desk::{Desk, apps, cursor, keys, tokens, users},
    failure::{Answer, Failure},
    json::Json,
    language::Language,
    pages::{
        admin::{audit::Asked, settings::settings},
        page::Named,
    },
};
use axum::{
    extract::RawQuery,
    http::Uri,
    response::{IntoResponse, Response},
};
use grantor_protocol::{form::Params, role::Role};
use grantor_store::{
    apps::App,
    find::{AppsBy, GrantLine, UsersBy},
    pats::PersonalToken,
    users::User,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Rows of a page, when the query does not say, and at most.
const PAGE: usize = 50;
const MOST: usize = 100;

/// What a list was asked for.
struct Query {
    params: Params,
    limit: usize,
    path: String,
}

impl Query {
    fn parse(uri: &Uri, query: Option<&str>) -> Result<Self, Failure> {
        // The front has read it once.
        let params = Params::parse(query.unwrap_or("").as_bytes()).unwrap_or_default();
        let limit = match params.get("limit") {
            None => PAGE,
            Some(text) => {
                let limit = text.parse().ok().filter(|it| (1..=MOST).contains(it));
                limit.ok_or(Failure::BadRequest("limit is a number from 1 to 100."))?
            }
        };
        Ok(Self {
            params,
            limit,
            path: uri.path().to_owned(),
        })
    }

    fn text(&self, name: &str) -> &str {
        self.params.get(name).unwrap_or("").trim()
    }

    fn after<T: DeserializeOwned>(&self, desk: &Desk) -> Result<Option<T>, Failure> {
        let offset = self.params.get("offset");
        let open = |text| cursor::open(&desk.app, &self.list(), text);
        offset.map(open).transpose()
    }

    /// A cursor is for the question that it came from.
    fn list(&self) -> String {
        let asked = self.params.iter();
        let asked = asked.filter(|(name, _)| !["offset", "limit"].contains(name));
        format!("{}?{}", self.path, grantor_protocol::form::encode(asked))
    }

    /// The page, and where the next one is.
    fn answer<T: Serialize>(&self, desk: &Desk, data: Vec<Value>, next: Option<T>) -> Response {
        let next = next.map(|next| {
            let offset = cursor::seal(&desk.app, &self.list(), &next);
            let asked = self.params.iter().filter(|(name, _)| *name != "offset");
            let query = grantor_protocol::form::encode(asked.chain([("offset", &*offset)]));
            let origin = desk.app.config.service.public_url.origin();
            let path = format!("{}?{query}", self.path);
            json!({"offset": offset, "path": path, "uri": format!("{origin}{path}")})
        });
        Json(json!({"data": data, "next_page": next})).into_response()
    }
}

fn data(data: Value) -> Response {
    Json(json!({ "data": data })).into_response()
}

fn user(user: &User) -> Value {
    json!({
        "gid": user.id.to_string(), "resource_type": "user", "name": user.name, "email": user.email,
        "email_verified": user.email_verified, "role": user_role(user), "disabled": user.disabled,
        "created_at": instant(user.created),
    })
}

fn user_role(user: &User) -> Option<&'static str> {
    match (user.admin, user.support) {
        (true, _) => Some(Role::Admin.as_str()),
        (_, true) => Some(Role::Support.as_str()),
        _ => None,
    }
}

fn app(app: &App) -> Value {
    let uris = app.client.redirect_uris.iter().map(ToString::to_string);
    json!({
        "gid": app.client.id.to_string(), "resource_type": "app", "name": app.name, "url": app.url,
        "kind": app.client.kind.as_str(), "owner": {"gid": app.owner.to_string()},
        "redirect_uris": uris.collect::<Vec<_>>(), "verified": app.verified,
        "resource_server": app.client.resource_server,
        "suspended": app.client.suspended, "registered_itself": app.registered_itself,
        "suspended_for": app.suspension.as_ref().map(|it| &it.reason),
        "created_at": instant(app.created), "shown": app.shown(),
    })
}

fn grant(grant: &GrantLine) -> Value {
    json!({
        "gid": grant.id.to_string(), "resource_type": "authorization",
        "user": {"gid": grant.user.to_string()}, "app": {"gid": grant.app.to_string()},
        "scopes": grant.scopes.iter().collect::<Vec<_>>(), "created_at": instant(grant.created),
        "last_used_at": grant.last_used.map(instant),
    })
}

fn token(token: &PersonalToken) -> Value {
    json!({
        "gid": token.id.to_string(), "resource_type": "personal_access_token",
        "user": {"gid": token.user.to_string()}, "description": token.description,
        "hint": token.hint, "scopes": token.scopes.iter().collect::<Vec<_>>(),
        "created_at": instant(token.created), "expires_at": token.expires.map(instant),
        "last_used_at": token.last_used.map(instant),
    })
}

pub async fn find_users(desk: Desk, uri: Uri, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(&uri, query.as_deref())?;
    let by = match (query.after::<UsersBy>(&desk)?, query.text("query")) {
        (Some(after), _) => after,
        (None, "") => UsersBy::All(0),
        (None, text) => users::looked_for(text),
    };
    let found = users::find(&desk, &by, query.limit).await?;
    let list = found.items.iter().map(user).collect();
    Ok(query.answer(&desk, list, found.next))
}

pub async fn show_user(desk: Desk, Named(id): Named<i64>) -> Answer {
    Ok(data(user(&*desk.user(id).await?)))
}

pub async fn sessions(desk: Desk, Named(id): Named<i64>) -> Answer {
    desk.user(id).await?;
    let sessions = desk.app.store.sessions_of(id, desk.now).await?;
    let session = |it: &grantor_store::sessions::Session| {
        json!({
            "gid": it.id.to_string(), "resource_type": "session", "address": it.address,
            "user_agent": it.user_agent, "signed_in_at": instant(it.auth_time),
            "last_seen_at": instant(it.seen),
        })
    };
    Ok(data(sessions.iter().map(session).collect()))
}

pub async fn grants_of_user(desk: Desk, Named(id): Named<i64>) -> Answer {
    desk.user(id).await?;
    let grants = desk.app.store.grants_of(id).await?;
    let line = |it: grantor_store::grants::Grant| GrantLine {
        id: it.id,
        user: id,
        app: it.app,
        scopes: it.scopes,
        created: it.created,
        last_used: it.last_used,
    };
    Ok(data(
        grants.into_iter().map(line).map(|it| grant(&it)).collect(),
    ))
}

pub async fn tokens_of_user(desk: Desk, Named(id): Named<i64>) -> Answer {
    desk.user(id).await?;
    let tokens = desk.app.store.personal_tokens_of(id).await?;
    Ok(data(tokens.iter().map(token).collect()))
}

/// The text member of a request.
fn member<'a>(object: &'a JsonObject, name: &str) -> &'a str {
    object.0.get(name).and_then(Value::as_str).unwrap_or("")
}

pub async fn disable(desk: Desk, Named(id): Named<i64>, object: JsonObject) -> Answer {
    users::disable(&desk, id, member(&object, "reason")).await?;
    show_user(desk, Named(id)).await
}

pub async fn enable(desk: Desk, Named(id): Named<i64>) -> Answer {
    users::enable(&desk, id).await?;
    show_user(desk, Named(id)).await
}

pub async fn end_sessions(desk: Desk, Named(id): Named<i64>) -> Answer {
    users::end_sessions(&desk, id).await?;
    Ok(data(json!({})))
}

pub async fn reset_factors(desk: Desk, Named(id): Named<i64>) -> Answer {
    users::reset_factors(&desk, id).await?;
    Ok(data(json!({})))
}

pub async fn set_role(desk: Desk, Named(id): Named<i64>, object: JsonObject) -> Answer {
    let role = match object.0.get("role") {
        Some(Value::Null) => None,
        Some(Value::String(text)) => Some(Role::parse(text).ok_or(NO_ROLE)?),
        _ => return Err(NO_ROLE),
    };
    users::set_role(&desk, id, role).await?;
    show_user(desk, Named(id)).await
}

const NO_ROLE: Failure = Failure::Invalid("role is \"admin\", \"support\" or null.");

pub async fn find_apps(desk: Desk, uri: Uri, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(&uri, query.as_deref())?;
    let found = match query.after::<AppsBy>(&desk)? {
        Some(after) => desk.app.store.find_apps(&after, query.limit).await?,
        None => apps::find(&desk, query.text("query"), query.limit).await?,
    };
    let list = found.items.iter().map(|it| app(it)).collect();
    Ok(query.answer(&desk, list, found.next))
}

pub async fn show_app(desk: Desk, Named(id): Named<i64>) -> Answer {
    Ok(data(app(&*apps::app(&desk, id).await?)))
}

pub async fn grants_of_app(
    desk: Desk,
    Named(id): Named<i64>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = Query::parse(&uri, query.as_deref())?;
    apps::app(&desk, id).await?;
    let before = query.after::<i64>(&desk)?.unwrap_or(i64::MAX);
    let found = desk
        .app
        .store
        .grants_of_app(id, before, query.limit)
        .await?;
    let list = found.items.iter().map(grant).collect();
    Ok(query.answer(&desk, list, found.next))
}

pub async fn suspend(desk: Desk, Named(id): Named<i64>, object: JsonObject) -> Answer {
    apps::suspend(&desk, id, member(&object, "reason")).await?;
    show_app(desk, Named(id)).await
}

pub async fn resume(desk: Desk, Named(id): Named<i64>) -> Answer {
    apps::resume(&desk, id).await?;
    show_app(desk, Named(id)).await
}

pub async fn verify(desk: Desk, Named(id): Named<i64>, object: JsonObject) -> Answer {
    apps::verify(&desk, id, member(&object, "shown")).await?;
    show_app(desk, Named(id)).await
}

pub async fn unverify(desk: Desk, Named(id): Named<i64>) -> Answer {
    apps::unverify(&desk, id).await?;
    show_app(desk, Named(id)).await
}

pub async fn give_introspection(desk: Desk, Named(id): Named<i64>, object: JsonObject) -> Answer {
    apps::give_introspection(&desk, id, member(&object, "shown")).await?;
    show_app(desk, Named(id)).await
}

pub async fn take_introspection(desk: Desk, Named(id): Named<i64>) -> Answer {
    apps::take_introspection(&desk, id).await?;
    show_app(desk, Named(id)).await
}

pub async fn transfer(desk: Desk, Named(id): Named<i64>, object: JsonObject) -> Answer {
    let was = apps::transfer(&desk, id, member(&object, "owner")).await?;
    let mut said = app(&*apps::app(&desk, id).await?);
    said["resource_server_ended"] = was.into();
    Ok(data(said))
}

pub async fn end_grant(desk: Desk, Named(id): Named<i64>) -> Answer {
    users::end_grant(&desk, id)
        .await?
        .ok_or(Failure::NotFound)?;
    Ok(data(json!({})))
}

pub async fn find_tokens(desk: Desk, uri: Uri, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(&uri, query.as_deref())?;
    let found = tokens::find(&desk, query.text("query")).await?;
    Ok(query.answer::<()>(&desk, found.iter().map(token).collect(), None))
}

pub async fn end_token(desk: Desk, Named(id): Named<i64>) -> Answer {
    users::end_token(&desk, id)
        .await?
        .ok_or(Failure::NotFound)?;
    Ok(data(json!({})))
}

/// Whose a token is. Its text is not kept.
pub async fn whose(desk: Desk, object: JsonObject) -> Answer {
    let found = tokens::whose(&desk, member(&object, "token")).await?;
    let found = found.ok_or(Failure::NotFound)?;
    let grant = match found.ends {
        tokens::Ends::Grant(id) => Some(id.to_string()),
        tokens::Ends::Token(_) => None,
    };
    Ok(data(json!({
        "kind": Language::English.text(found.kind), "user": {"gid": found.user.to_string()},
        "app": found.app.map(|id| json!({"gid": id.to_string()})),
        "authorization": grant.map(|gid| json!({"gid": gid})),
        "scopes": found.scopes.iter().collect::<Vec<_>>(), "live": found.live,
        "created_at": found.issued.map(instant), "expires_at": found.expires.map(instant),
    })))
}

pub async fn list_keys(desk: Desk) -> Answer {
    let keys = keys::list(&desk).await?;
    let key = |it: &grantor_store::keys::StoredKey| {
        json!({
            "id": it.id, "kind": it.kind, "created_at": instant(it.created),
            "active_at": instant(it.active), "retires_at": it.retires.map(instant),
        })
    };
    Ok(data(keys.iter().map(key).collect()))
}

pub async fn rotate(desk: Desk, Named(kind): Named<String>, object: JsonObject) -> Answer {
    let retire = object.0.get("retire_older").and_then(Value::as_bool);
    let kind = keys::kind(&kind)?;
    let id = keys::rotate(&desk, kind, retire.unwrap_or(false)).await?;
    Ok(data(json!({"id": id, "kind": kind.as_str()})))
}

pub async fn show_settings(desk: Desk) -> Answer {
    let scope = |name: &str| json!({"name": name, "sentence": desk.app.scope_sentence(name, Language::English)});
    let scopes = desk.app.policy.scopes.iter().map(|it| scope(it.as_str()));
    let lines = settings(&desk.app).into_iter().map(|it| it.line);
    Ok(data(json!({
        "settings": lines.collect::<Vec<_>>(), "scopes": scopes.collect::<Vec<_>>(),
    })))
}

pub async fn throttles(desk: Desk) -> Answer {
    let blocked = desk.app.blocked(desk.now).await?;
    let line = |it: &crate::throttle::Blocked| {
        json!({
            "key": it.key, "what": Language::English.text(it.what), "who": it.who, "hits": it.hits, "most": it.most,
            "until": instant(it.until),
        })
    };
    Ok(data(blocked.iter().map(line).collect()))
}

pub async fn lift(desk: Desk, object: JsonObject) -> Answer {
    tokens::lift_throttle(&desk, member(&object, "key")).await?;
    Ok(data(json!({})))
}

pub async fn events(desk: Desk, uri: Uri, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(&uri, query.as_deref())?;
    let asked = Asked::of(|name| query.params.get(name).map(str::to_owned));
    let search = asked.search().map_err(Failure::BadRequest)?;
    let before = query.after::<(i64, i64)>(&desk)?;
    let found = desk
        .app
        .store
        .search_events(&search, before, query.limit)
        .await?;
    let list = found.events.iter().map(object).collect();
    Ok(query.answer(&desk, list, found.next))
}
