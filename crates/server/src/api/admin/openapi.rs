//! The administration in the OpenAPI document.

use crate::{
    failure::Failure,
    pages::history::kinds,
    routes::{Access, Route, routes},
};
use grantor_protocol::form::Params;
use serde_json::{Map, Value, json};

/// A request: method, path below `/api/1.0`, what it does, what it answers (a list where the
/// name ends in `[]`), and what it takes: parameters of the query, or members of the object.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const SEARCHED: &[&str] = &["query", "limit", "offset"];
const PAGED: &[&str] = &["limit", "offset"];
const EVENTS: &[&str] = &[
    "kind", "user", "actor", "app", "address", "from", "to", "limit", "offset",
];

#[rustfmt::skip]
const LINES: &[Line] = &[
    ("get", "/admin/users", "Users: by the beginning of a name or an address, or a gid (query)", "AdminUser[]", SEARCHED),
    ("get", "/admin/users/{gid}", "A user", "AdminUser", &[]),
    ("get", "/admin/users/{gid}/sessions", "Where a user is signed in", "Session[]", &[]),
    ("get", "/admin/users/{gid}/authorizations", "The apps that a user allowed", "AdminAuthorization[]", &[]),
    ("get", "/admin/users/{gid}/personal_access_tokens", "A user's personal access tokens", "AdminToken[]", &[]),
    ("post", "/admin/users/{gid}/disable", "Stop an account; its user reads the reason", "AdminUser", &["reason"]),
    ("post", "/admin/users/{gid}/enable", "Let an account in again", "AdminUser", &[]),
    ("post", "/admin/users/{gid}/end_sessions", "Sign a user out everywhere", "Nothing", &[]),
    ("post", "/admin/users/{gid}/reset_factors", "Take a user's passkeys, authenticator app and recovery codes, and sign her out", "Nothing", &[]),
    ("post", "/admin/users/{gid}/role", "Give or take a role: admin, support or null", "AdminUser", &["role"]),
    ("get", "/admin/apps", "Apps: by the beginning of a name, the owner's address or a client ID (query)", "App[]", SEARCHED),
    ("get", "/admin/apps/{gid}", "An app", "App", &[]),
    ("get", "/admin/apps/{gid}/authorizations", "Who has an app connected", "AdminAuthorization[]", PAGED),
    ("post", "/admin/apps/{gid}/suspend", "Stop an app; its owner reads the reason", "App", &["reason"]),
    ("post", "/admin/apps/{gid}/resume", "Let an app go on", "App", &[]),
    ("post", "/admin/apps/{gid}/verify", "Vouch for an app that is what its member shown said", "App", &["shown"]),
    ("post", "/admin/apps/{gid}/unverify", "Take that back", "App", &[]),
    ("post", "/admin/apps/{gid}/resource_server", "Let an app that is what its member shown said introspect every token", "App", &["shown"]),
    ("post", "/admin/apps/{gid}/resource_server/end", "Take that back", "App", &[]),
    ("post", "/admin/apps/{gid}/transfer", "Hand an app to the user with this address; resource_server_ended: whether it was a resource server, which it is not any more", "App", &["owner"]),
    ("post", "/admin/authorizations/{gid}/end", "End an app's access to an account", "Nothing", &[]),
    ("get", "/admin/personal_access_tokens", "Personal access tokens: by gid or hint (query)", "AdminToken[]", SEARCHED),
    ("post", "/admin/personal_access_tokens/{gid}/end", "Deauthorize a personal access token", "Nothing", &[]),
    ("post", "/admin/token_info", "Whose a token is", "Whose", &["token"]),
    ("get", "/admin/keys", "The server's keys, never their contents", "Key[]", &[]),
    ("post", "/admin/keys/{kind}/rotate", "Make the next key of a kind; with retire_older, end the older ones at once", "Key", &["retire_older"]),
    ("get", "/admin/settings", "Settings and scopes, as the configuration has them", "Settings", &[]),
    ("get", "/admin/throttles", "Who is blocked now", "Throttle[]", &[]),
    ("post", "/admin/throttles/lift", "Let somebody go on", "Nothing", &["key"]),
    ("get", "/admin/events", "The audit log, the newest first", "Event[]", EVENTS),
];

/// Refuses a query with a parameter that the request does not take: whoever misspelt what she
/// looks for would get everything.
pub fn check_query(route: &Route, query: Option<&str>, legacy: bool) -> Result<(), Failure> {
    let params = Params::parse(query.unwrap_or("").as_bytes())
        .map_err(|_| Failure::BadRequest("The query is malformed or names a parameter twice."))?;
    let line = LINES.iter().find(|(method, path, ..)| {
        route.path.strip_prefix("/api/1.0") == Some(path)
            && route.method.eq_ignore_ascii_case(method)
    });
    let takes: &'static [_] = match line {
        Some((method, .., takes)) if *method == "get" => takes,
        _ => &[],
    };
    let is_bearer = |name: &str| legacy && name == "access_token";
    let mut wrong = params.iter().filter(|(name, _)| !is_bearer(name));
    match wrong.find(|(name, _)| !takes.contains(name)) {
        Some((name, _)) => Err(Failure::UnknownParameter {
            name: name.chars().take(40).collect(),
            takes,
        }),
        None => Ok(()),
    }
}

/// Adds the paths and schemas.
pub fn add(document: &mut Value) {
    let routes = routes();
    for line @ (method, path, ..) in LINES {
        let served = routes.iter().find(|route| {
            route.path.strip_prefix("/api/1.0") == Some(path)
                && route.method.eq_ignore_ascii_case(method)
        });
        let scope = match served.map(|route| route.access) {
            Some(Access::AdminBearer(act)) => act.scope(),
            _ => continue,
        };
        document["paths"][path][method] = operation(line, scope);
    }
    if let Some(all) = document["components"]["schemas"].as_object_mut() {
        all.extend(schemas());
    }
}

fn operation((method, path, summary, schema, takes): &Line, scope: &str) -> Value {
    let (name, is_list) = match schema.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (*schema, false),
    };
    let item = json!({"$ref": format!("#/components/schemas/{name}")});
    let text = json!({"type": "string"});
    let properties = match is_list {
        false => json!({"data": item}),
        true => json!({
            "data": {"type": "array", "items": item},
            "next_page": {"type": ["object", "null"],
                "properties": {"offset": text, "path": text, "uri": text}},
        }),
    };
    let parts = path.split('/');
    let names = parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = |name| json!({"name": name, "in": "path", "required": true, "schema": text});
    let mut parameters: Vec<_> = names.map(in_path).collect();
    let reads = *method == "get";
    if reads {
        parameters.extend(takes.iter().map(|name| asked(name)));
    }
    let mut made = json!({
        "summary": summary,
        "security": [{"oauth": [scope]}, {"bearer": []}],
        "parameters": parameters,
        "responses": {
            "200": {"description": summary, "content": {"application/json": {"schema":
                {"type": "object", "required": ["data"], "properties": properties}}}},
            "401": {"$ref": "#/components/responses/Unauthorized"},
            "403": {"$ref": "#/components/responses/Forbidden"},
        }
    });
    if !reads && !takes.is_empty() {
        let of = |name: &&str| {
            let any = json!({"type": ["string", "boolean", "null"]});
            ((*name).to_owned(), any)
        };
        let properties: Map<_, _> = takes.iter().map(of).collect();
        let schema = json!({"type": "object", "properties": properties});
        let content = json!({"application/json": {"schema": schema}});
        made["requestBody"] = json!({"required": true, "content": content});
    }
    made
}

/// A parameter of the query.
fn asked(name: &str) -> Value {
    let schema = match name {
        "kind" => json!({"type": "string", "enum": kinds().collect::<Vec<_>>()}),
        "limit" => json!({"type": "integer", "minimum": 1, "maximum": super::MOST}),
        _ => json!({"type": "string"}),
    };
    let mut made = json!({"name": name, "in": "query", "schema": schema});
    let said = match name {
        "offset" => "Where the page before says that the next one is.",
        "from" => "From this moment on, as 2026-11-27 or 2026-11-27T08:00:00Z.",
        "to" => "Until before this moment.",
        "user" => "The gid of whom it concerns.",
        "actor" => "The gid of who did it.",
        "app" => "A client ID.",
        _ => return made,
    };
    made["description"] = said.into();
    made
}

fn schemas() -> Map<String, Value> {
    let (text, yes) = (json!({"type": "string"}), json!({"type": "boolean"}));
    let maybe = json!({"type": ["string", "null"]});
    let number = json!({"type": "integer"});
    let instant = json!({"type": ["string", "null"], "format": "date-time"});
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let other = json!({"type": ["object", "null"], "properties": {"gid": text}});
    let all = json!({
        "Nothing": {},
        "AdminUser": {"gid": text, "resource_type": text, "name": text, "email": text,
            "email_verified": yes, "role": maybe, "disabled": yes, "created_at": instant},
        "Session": {"gid": text, "resource_type": text, "address": text, "user_agent": text,
            "signed_in_at": instant, "last_seen_at": instant},
        "App": {"gid": text, "resource_type": text, "name": text, "url": text, "kind": text,
            "owner": other, "redirect_uris": texts, "verified": yes, "resource_server": yes,
            "resource_server_ended": yes, "suspended": yes,
            "registered_itself": yes, "suspended_for": maybe, "created_at": instant, "shown": text},
        "AdminAuthorization": {"gid": text, "resource_type": text, "user": other, "app": other,
            "scopes": texts, "created_at": instant, "last_used_at": instant},
        "AdminToken": {"gid": text, "resource_type": text, "user": other, "description": text,
            "hint": text, "scopes": texts, "created_at": instant, "expires_at": instant,
            "last_used_at": instant},
        "Whose": {"kind": text, "user": other, "app": other, "authorization": other,
            "scopes": texts, "live": yes, "created_at": instant, "expires_at": instant},
        "Key": {"id": number, "kind": text, "created_at": instant, "active_at": instant,
            "retires_at": instant},
        "Settings": {"settings": texts, "scopes": {"type": "array", "items": {"type": "object"}}},
        "Throttle": {"key": text, "what": text, "who": text, "hits": number, "most": number,
            "until": instant},
        "Event": {"id": text, "at": instant, "kind": text, "user": maybe, "actor": maybe,
            "app": maybe, "address": maybe, "request_id": maybe, "detail": text},
    });
    let object = |(name, properties): (&String, &Value)| {
        (
            name.clone(),
            json!({"type": "object", "properties": properties}),
        )
    };
    all.as_object().into_iter().flatten().map(object).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::admin::audit::Asked;

    #[test]
    fn every_request_of_the_administration_and_no_other_is_described() {
        let mut served: Vec<_> = routes()
            .iter()
            .filter(|route| matches!(route.access, Access::AdminBearer(_)))
            .map(|route| (route.method.to_lowercase(), route.path.to_owned()))
            .collect();
        let described =
            |(method, path, ..): &Line| ((*method).to_owned(), format!("/api/1.0{path}"));
        let mut listed: Vec<_> = LINES.iter().map(described).collect();
        served.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, served);
    }

    #[test]
    fn the_log_is_asked_by_what_is_described() {
        let asked = Asked::default();
        let read = asked.pairs().map(|(name, _)| name);
        assert_eq!(EVENTS, [&read[..], PAGED].concat());
        let mut document = json!({"components": {"schemas": {}}});
        add(&mut document);
        let described = document["paths"]["/admin/events"]["get"]["parameters"].as_array();
        let names: Vec<_> = described.unwrap().iter().map(|it| &it["name"]).collect();
        assert_eq!(names, EVENTS);
    }
}
