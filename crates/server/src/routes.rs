//! Who may call what: one row a route. The front applies the row; nothing about
//! access, forms or caching is decided anywhere else.

use crate::{
    api::{self, admin},
    app::Shared,
    assets,
    failure::Format,
    hand_over, oauth, openid, pages,
    router::Handle,
    scim,
};
use axum::{handler::Handler, http::Method};
use grantor_protocol::role::Act;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody; the route has no idea who.
    Anyone,
    /// Anybody at a browser, signed in or not.
    Visitor,
    /// A live session; others are sent to the login and back.
    SignedIn,
    /// A session whose user proved herself in the last ten minutes.
    Recent,
    /// An app, by what it proves in the handler.
    Client,
    /// A bearer token, with this scope if there is one.
    Bearer(Option<&'static str>),
    /// A session of a user whose role may do this, who proved herself in the last ten
    /// minutes where it changes something. For all others there is no such page.
    Admin(Act),
    /// The same by a bearer token.
    AdminBearer(Act),
}

impl Access {
    /// Of a bearer: the scope that it needs, if any.
    pub fn bearer(self) -> Option<Option<&'static str>> {
        match self {
            Self::Bearer(scope) => Some(scope),
            Self::AdminBearer(act) => Some(Some(act.scope())),
            _ => None,
        }
    }
}

/// What a route reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    None,
    /// A form from anywhere.
    Form,
    /// A form that may bring the bearer token itself (RFC 6750 §2.2). Other bodies are
    /// not read.
    BearerForm,
    /// A form of our own pages: origin, host and token are checked.
    OwnForm,
    /// The same, with a file.
    OwnUpload,
    /// A form of our own where it carries a `decision`; otherwise an app's
    /// authorization or logout request, which decides nothing.
    Decision,
    /// A JSON object from anywhere.
    Json,
    /// The same, also under the name that SCIM gives it.
    Scim,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// `no-store`.
    Never,
    /// Public, for five minutes.
    Minutes,
    /// The handler says.
    Own,
}

/// Which pages of other origins may read the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cors {
    None,
    /// Anybody's, without credentials.
    Public,
    /// The registered origins of public apps.
    Apps,
}

#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    pub body: Body,
    pub cache: Cache,
    pub cors: Cors,
    pub format: Format,
}

impl Route {
    /// The rules for a method that nobody answers here: none is asked for before that is said.
    pub fn of_other_methods(self) -> Self {
        let access = match self.format {
            Format::Page => Access::Visitor,
            _ => Access::Anyone,
        };
        Self {
            access,
            body: Body::None,
            ..self
        }
    }

    /// Whether the user must have proved herself in the last ten minutes.
    pub fn wants_proof(&self) -> bool {
        match self.access {
            Access::Recent => true,
            Access::Admin(_) => self.method != "GET",
            _ => false,
        }
    }
}

pub const AUTHORIZE: &str = "/-/oauth_authorize";
pub const CHECK_SESSION: &str = "/-/check_session";
pub const LOGOUT: &str = "/-/logout";
pub const TOKEN: &str = "/-/oauth_token";
pub const REGISTER: &str = "/-/oauth_register";

/// A route and the handler behind it.
pub struct Row(pub Route, pub Handle);

impl Row {
    fn body(mut self, body: Body) -> Self {
        self.0.body = body;
        self
    }

    fn cache(mut self, cache: Cache) -> Self {
        self.0.cache = cache;
        self
    }

    fn cors(mut self, cors: Cors) -> Self {
        self.0.cors = cors;
        self
    }
}

fn row<H, T>(method: Method, path: &'static str, access: Access, format: Format, handler: H) -> Row
where
    H: Handler<T, Shared>,
    T: 'static,
{
    let name = match method {
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "GET",
    };
    let body = if name == "POST" {
        Body::OwnForm
    } else {
        Body::None
    };
    let route = Route {
        method: name,
        path,
        access,
        body,
        cache: Cache::Never,
        cors: Cors::None,
        format,
    };
    let handle = move |request, app| Box::pin(handler.clone().call(request, app)) as _;
    Row(route, Box::new(handle))
}

#[rustfmt::skip]
pub fn table() -> Vec<Row> {
    use Access::{Admin, AdminBearer, Anyone, Bearer, Client, Recent, SignedIn, Visitor};
    use Format::{Api, OAuth, Page, Plain, Scim};
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    const DELETE: Method = Method::DELETE;
    const DEFAULT: Access = Bearer(Some(grantor_protocol::scope::DEFAULT));
    const OPENID: Access = Bearer(Some(grantor_protocol::scope::OPENID));
    const DIRECTORY: Access = Bearer(Some(grantor_protocol::scope::SCIM));
    vec![
        // The protocol.
        row(GET,  AUTHORIZE, Visitor, Page, oauth::authorize::show),
        row(POST, AUTHORIZE, Visitor, Page, oauth::authorize::decide).body(Body::Decision),
        row(POST, TOKEN, Client, OAuth, oauth::token::exchange).body(Body::Form).cors(Cors::Apps),
        row(POST, "/-/oauth_revoke", Client, OAuth, oauth::revoke::revoke).body(Body::Form).cors(Cors::Apps),
        row(POST, "/-/oauth_introspect", Client, OAuth, oauth::introspect::introspect).body(Body::Form),
        row(POST, "/-/token_info", Anyone, OAuth, oauth::introspect::token_info).body(Body::Form),
        row(POST, REGISTER, Client, OAuth, openid::registration::register).body(Body::Json).cors(Cors::Public),
        row(GET,  "/-/oauth_register/{client_id}", Client, OAuth, openid::registration::show).cors(Cors::Public),
        row(PUT,  "/-/oauth_register/{client_id}", Client, OAuth, openid::registration::replace).body(Body::Json).cors(Cors::Public),
        row(DELETE, "/-/oauth_register/{client_id}", Client, OAuth, openid::registration::delete).cors(Cors::Public),
        row(GET,  "/.well-known/oauth-authorization-server", Anyone, OAuth, oauth::metadata::show).cache(Cache::Minutes).cors(Cors::Public),
        row(GET,  "/.well-known/oauth-authorization-server/api/1.0", Anyone, OAuth, oauth::metadata::show_below).cache(Cache::Minutes).cors(Cors::Public),
        row(GET,  "/.well-known/openid-configuration", Anyone, OAuth, oauth::metadata::show).cache(Cache::Minutes).cors(Cors::Public),
        row(GET,  "/api/1.0/.well-known/openid-configuration", Anyone, OAuth, oauth::metadata::show).cache(Cache::Minutes).cors(Cors::Public),
        row(GET,  "/api/1.0/openid_connect/jwks", Anyone, OAuth, openid::keys::show).cache(Cache::Minutes).cors(Cors::Public),
        row(GET,  "/api/1.0/openid_connect/userinfo", OPENID, Api, openid::userinfo::show).cors(Cors::Public),
        row(POST, "/api/1.0/openid_connect/userinfo", OPENID, Api, openid::userinfo::show).body(Body::BearerForm).cors(Cors::Public),

        // The API.
        row(GET,  "/api/1.0/users/me", DEFAULT, Api, api::me).cors(Cors::Public),
        row(GET,  "/api/1.0/users/me/authorizations", DEFAULT, Api, api::authorizations).cors(Cors::Public),
        row(GET,  "/api/1.0/users/me/personal_access_tokens", DEFAULT, Api, api::personal_access_tokens).cors(Cors::Public),
        row(GET,  "/api/1.0/admin/users", AdminBearer(Act::Read), Api, admin::find_users),
        row(GET,  "/api/1.0/admin/users/{gid}", AdminBearer(Act::Read), Api, admin::show_user),
        row(GET,  "/api/1.0/admin/users/{gid}/sessions", AdminBearer(Act::Read), Api, admin::sessions),
        row(GET,  "/api/1.0/admin/users/{gid}/authorizations", AdminBearer(Act::Read), Api, admin::grants_of_user),
        row(GET,  "/api/1.0/admin/users/{gid}/personal_access_tokens", AdminBearer(Act::Read), Api, admin::tokens_of_user),
        row(POST, "/api/1.0/admin/users/{gid}/disable", AdminBearer(Act::DisableUser), Api, admin::disable).body(Body::Json),
        row(POST, "/api/1.0/admin/users/{gid}/enable", AdminBearer(Act::EnableUser), Api, admin::enable).body(Body::None),
        row(POST, "/api/1.0/admin/users/{gid}/end_sessions", AdminBearer(Act::EndSessions), Api, admin::end_sessions).body(Body::None),
        row(POST, "/api/1.0/admin/users/{gid}/reset_factors", AdminBearer(Act::ResetFactors), Api, admin::reset_factors).body(Body::None),
        row(POST, "/api/1.0/admin/users/{gid}/role", AdminBearer(Act::SetRole), Api, admin::set_role).body(Body::Json),
        row(GET,  "/api/1.0/admin/apps", AdminBearer(Act::Read), Api, admin::find_apps),
        row(GET,  "/api/1.0/admin/apps/{gid}", AdminBearer(Act::Read), Api, admin::show_app),
        row(GET,  "/api/1.0/admin/apps/{gid}/authorizations", AdminBearer(Act::Read), Api, admin::grants_of_app),
        row(POST, "/api/1.0/admin/apps/{gid}/suspend", AdminBearer(Act::SuspendApp), Api, admin::suspend).body(Body::Json),
        row(POST, "/api/1.0/admin/apps/{gid}/resume", AdminBearer(Act::ResumeApp), Api, admin::resume).body(Body::None),
        row(POST, "/api/1.0/admin/apps/{gid}/verify", AdminBearer(Act::VerifyApp), Api, admin::verify).body(Body::Json),
        row(POST, "/api/1.0/admin/apps/{gid}/unverify", AdminBearer(Act::VerifyApp), Api, admin::unverify).body(Body::None),
        row(POST, "/api/1.0/admin/apps/{gid}/resource_server", AdminBearer(Act::SetResourceServer), Api, admin::give_introspection).body(Body::Json),
        row(POST, "/api/1.0/admin/apps/{gid}/resource_server/end", AdminBearer(Act::SetResourceServer), Api, admin::take_introspection).body(Body::None),
        row(POST, "/api/1.0/admin/apps/{gid}/transfer", AdminBearer(Act::TransferApp), Api, admin::transfer).body(Body::Json),
        row(POST, "/api/1.0/admin/authorizations/{gid}/end", AdminBearer(Act::EndGrant), Api, admin::end_grant).body(Body::None),
        row(GET,  "/api/1.0/admin/personal_access_tokens", AdminBearer(Act::Read), Api, admin::find_tokens),
        row(POST, "/api/1.0/admin/personal_access_tokens/{gid}/end", AdminBearer(Act::EndToken), Api, admin::end_token).body(Body::None),
        row(POST, "/api/1.0/admin/token_info", AdminBearer(Act::Read), Api, admin::whose).body(Body::Json),
        row(GET,  "/api/1.0/admin/keys", AdminBearer(Act::ReadKeys), Api, admin::list_keys),
        row(POST, "/api/1.0/admin/keys/{kind}/rotate", AdminBearer(Act::RotateKeys), Api, admin::rotate).body(Body::Json),
        row(GET,  "/api/1.0/admin/settings", AdminBearer(Act::Read), Api, admin::show_settings),
        row(GET,  "/api/1.0/admin/throttles", AdminBearer(Act::Read), Api, admin::throttles),
        row(POST, "/api/1.0/admin/throttles/lift", AdminBearer(Act::ClearThrottle), Api, admin::lift).body(Body::Json),
        row(GET,  "/api/1.0/admin/events", AdminBearer(Act::Read), Api, admin::events),
        row(GET,  "/api/1.0/openapi.json", Anyone, Api, api::openapi).cache(Cache::Minutes).cors(Cors::Public),

        // Provisioning.
        row(GET,  "/api/1.0/scim/v2/ServiceProviderConfig", DIRECTORY, Scim, scim::discovery::config),
        row(GET,  "/api/1.0/scim/v2/ResourceTypes", DIRECTORY, Scim, scim::discovery::types),
        row(GET,  "/api/1.0/scim/v2/ResourceTypes/{name}", DIRECTORY, Scim, scim::discovery::resource_type),
        row(GET,  "/api/1.0/scim/v2/Schemas", DIRECTORY, Scim, scim::discovery::schemas),
        row(GET,  "/api/1.0/scim/v2/Schemas/{name}", DIRECTORY, Scim, scim::discovery::schema),
        row(POST, "/api/1.0/scim/v2/.search", DIRECTORY, Scim, scim::search::by_post).body(Body::Scim),
        row(POST, "/api/1.0/scim/v2/Users/.search", DIRECTORY, Scim, scim::search::by_post).body(Body::Scim),
        row(GET,  "/api/1.0/scim/v2/Users", DIRECTORY, Scim, scim::search::list),
        row(POST, "/api/1.0/scim/v2/Users", DIRECTORY, Scim, scim::create).body(Body::Scim),
        row(GET,  "/api/1.0/scim/v2/Users/{user}", DIRECTORY, Scim, scim::show),
        row(PUT,  "/api/1.0/scim/v2/Users/{user}", DIRECTORY, Scim, scim::replace).body(Body::Scim),
        row(PATCH, "/api/1.0/scim/v2/Users/{user}", DIRECTORY, Scim, scim::change).body(Body::Scim),
        row(DELETE, "/api/1.0/scim/v2/Users/{user}", DIRECTORY, Scim, scim::delete),

        // Coming in and going out.
        row(GET,  "/", Visitor, Page, pages::home::show),
        row(GET,  "/login", Visitor, Page, pages::login::show),
        row(POST, "/login", Visitor, Page, pages::login::submit),
        row(GET,  "/login/second", Visitor, Page, pages::login::second::show),
        row(POST, "/login/second", Visitor, Page, pages::login::second::submit),
        row(POST, "/login/passkey", Visitor, Page, pages::login::passkey::submit),
        row(POST, "/login/passkey/add", Visitor, Page, pages::login::passkey::add),
        row(GET,  "/signup", Visitor, Page, pages::signup::show),
        row(POST, "/signup", Visitor, Page, pages::signup::submit),
        row(GET,  "/setup", Visitor, Page, pages::signup::show_set_up),
        row(POST, "/setup", Visitor, Page, pages::signup::submit_set_up),
        row(GET,  LOGOUT, Visitor, Page, pages::logout::show),
        row(POST, LOGOUT, Visitor, Page, pages::logout::submit).body(Body::Decision),
        row(GET,  CHECK_SESSION, Anyone, Plain, openid::check_session::show).cache(Cache::Own),

        // Logins at providers elsewhere.
        row(GET,  "/login/upstream/{provider}", Visitor, Page, pages::elsewhere::show),
        row(GET,  "/login/upstream/{provider}/callback", Visitor, Page, pages::elsewhere::back),
        row(GET,  hand_over::PATH, Visitor, Page, pages::elsewhere::hand_over::back),
        row(POST, hand_over::PATH, Anyone, Page, pages::elsewhere::hand_over::posted).body(Body::Form),
        row(GET,  "/login/connect/{way}", Recent, Page, pages::elsewhere::connect::show),
        row(POST, "/login/connect/{way}", Recent, Page, pages::elsewhere::connect::submit),
        row(GET,  "/signup/upstream/{way}", Visitor, Page, pages::elsewhere::sign_up::show),
        row(POST, "/signup/upstream/{way}", Visitor, Page, pages::elsewhere::sign_up::submit),
        row(GET,  "/account/identities/{provider}/connect", Recent, Page, pages::elsewhere::connect::begin),
        row(POST, "/account/identities/{id}/remove", Recent, Page, pages::elsewhere::connect::remove),

        // For developers, signed in or not.
        row(GET,  "/docs", Visitor, Page, pages::docs::show),

        // The developer console.
        row(GET,  "/apps", SignedIn, Page, pages::apps::list),
        row(GET,  "/apps/new", Recent, Page, pages::app_form::new),
        row(POST, "/apps/new", SignedIn, Page, pages::app_form::create).body(Body::OwnUpload),
        row(GET,  "/apps/inspect", SignedIn, Page, pages::inspect::show),
        row(POST, "/apps/inspect", SignedIn, Page, pages::inspect::submit),
        row(GET,  "/apps/{id}", SignedIn, Page, pages::app::show),
        row(GET,  "/apps/{id}/edit", Recent, Page, pages::app_form::edit),
        row(POST, "/apps/{id}/edit", SignedIn, Page, pages::app_form::save).body(Body::OwnUpload),
        row(GET,  "/apps/{id}/openid", Recent, Page, pages::app_openid::show),
        row(POST, "/apps/{id}/openid", SignedIn, Page, pages::app_openid::save),
        row(GET,  "/apps/{id}/requests", SignedIn, Page, pages::app_requests::show),
        row(POST, "/apps/{id}/secrets", Recent, Page, pages::app::add_secret),
        row(POST, "/apps/{id}/secrets/{secret}/remove", Recent, Page, pages::app::remove_secret),
        row(GET,  "/apps/{id}/delete", SignedIn, Page, pages::app_delete::show),
        row(POST, "/apps/{id}/delete", Recent, Page, pages::app_delete::delete),

        // Personal access tokens.
        row(GET,  "/tokens", SignedIn, Page, pages::tokens::list),
        row(POST, "/tokens", Recent, Page, pages::tokens::create),
        row(POST, "/tokens/{id}/deauthorize", SignedIn, Page, pages::tokens::deauthorize),
        row(GET,  "/tokens/deauthorize", SignedIn, Page, pages::tokens::confirm_all),
        row(POST, "/tokens/deauthorize", SignedIn, Page, pages::tokens::deauthorize_all),

        // What the user allowed.
        row(GET,  "/authorizations", SignedIn, Page, pages::authorizations::list),
        row(POST, "/authorizations/{id}/end", SignedIn, Page, pages::authorizations::end),

        // The account.
        row(GET,  "/account", SignedIn, Page, pages::account::show),
        row(GET,  "/account/history", SignedIn, Page, pages::history::show),
        row(GET,  "/account/details", SignedIn, Page, pages::details::show),
        row(POST, "/account/details", SignedIn, Page, pages::details::save),
        row(POST, "/account/profile", SignedIn, Page, pages::account::save_profile),
        row(POST, "/account/photo", SignedIn, Page, pages::account::save_photo).body(Body::OwnUpload),
        row(POST, "/account/password", Recent, Page, pages::account::password::change),
        row(POST, "/account/sessions/{id}/end", SignedIn, Page, pages::account::end_session),
        row(POST, "/account/sessions/end-others", SignedIn, Page, pages::account::end_other_sessions),

        // Ways to sign in.
        row(GET,  "/account/factors", SignedIn, Page, pages::factors::show),
        row(GET,  "/account/factors/code", Recent, Page, pages::factors::code::show),
        row(POST, "/account/factors/code", Recent, Page, pages::factors::code::submit),
        row(POST, "/account/factors/code/remove", Recent, Page, pages::factors::remove_code),
        row(POST, "/account/factors/recovery", Recent, Page, pages::factors::renew_recovery),
        row(GET,  "/account/factors/passkey", Recent, Page, pages::factors::passkey::show),
        row(POST, "/account/factors/passkey", Recent, Page, pages::factors::passkey::submit),
        row(POST, "/account/factors/passkeys/{id}/name", SignedIn, Page, pages::factors::rename_passkey),
        row(POST, "/account/factors/passkeys/{id}/remove", Recent, Page, pages::factors::remove_passkey),
        row(GET,  "/.well-known/change-password", Anyone, Plain, pages::factors::change_password),
        row(GET,  "/.well-known/passkey-endpoints", Anyone, Plain, pages::factors::endpoints).cache(Cache::Minutes),

        // Taking it along, and leaving.
        row(GET,  "/account/export", Recent, Page, pages::export::download),
        row(GET,  "/account/delete", SignedIn, Page, pages::account_delete::show),
        row(POST, "/account/delete", Recent, Page, pages::account_delete::delete),

        // Mail: what is asked for by it, and what its links do.
        row(GET,  "/signup/finish", Visitor, Page, pages::signup::show_finish),
        row(POST, "/signup/finish", Visitor, Page, pages::signup::finish),
        row(GET,  "/password/forgot", Visitor, Page, pages::forgot::show),
        row(POST, "/password/forgot", Visitor, Page, pages::forgot::submit),
        row(GET,  "/password/reset", Visitor, Page, pages::new_password::show_reset),
        row(POST, "/password/reset", Visitor, Page, pages::new_password::reset),
        row(GET,  "/address/restore", Visitor, Page, pages::new_password::show_restore),
        row(POST, "/address/restore", Visitor, Page, pages::new_password::restore),
        row(GET,  "/address/confirm", SignedIn, Page, pages::address::show_confirm),
        row(POST, "/address/confirm", SignedIn, Page, pages::address::confirm),
        row(GET,  "/account/address", SignedIn, Page, pages::address::show),
        row(POST, "/account/address", Recent, Page, pages::address::change),
        row(POST, "/account/address/verify", SignedIn, Page, pages::address::verify_again),

        // The administration.
        row(GET,  "/admin", Admin(Act::Read), Page, pages::admin::users::list),
        row(GET,  "/admin/users", Admin(Act::Read), Page, pages::admin::users::list),
        row(GET,  "/admin/users/{id}", Admin(Act::Read), Page, pages::admin::user::show),
        row(POST, "/admin/users/{id}/disable", Admin(Act::DisableUser), Page, pages::admin::user::disable),
        row(POST, "/admin/users/{id}/enable", Admin(Act::EnableUser), Page, pages::admin::user::enable),
        row(POST, "/admin/users/{id}/sessions/end", Admin(Act::EndSessions), Page, pages::admin::user::end_sessions),
        row(POST, "/admin/users/{id}/factors/reset", Admin(Act::ResetFactors), Page, pages::admin::user::reset_factors),
        row(POST, "/admin/users/{id}/role", Admin(Act::SetRole), Page, pages::admin::user::set_role),
        row(GET,  "/admin/apps", Admin(Act::Read), Page, pages::admin::apps::list),
        row(GET,  "/admin/apps/{id}", Admin(Act::Read), Page, pages::admin::app::show),
        row(POST, "/admin/apps/{id}/suspend", Admin(Act::SuspendApp), Page, pages::admin::app::suspend),
        row(POST, "/admin/apps/{id}/resume", Admin(Act::ResumeApp), Page, pages::admin::app::resume),
        row(POST, "/admin/apps/{id}/verify", Admin(Act::VerifyApp), Page, pages::admin::app::verify),
        row(POST, "/admin/apps/{id}/unverify", Admin(Act::VerifyApp), Page, pages::admin::app::unverify),
        row(POST, "/admin/apps/{id}/resource-server", Admin(Act::SetResourceServer), Page, pages::admin::app::give_introspection),
        row(POST, "/admin/apps/{id}/resource-server/end", Admin(Act::SetResourceServer), Page, pages::admin::app::take_introspection),
        row(POST, "/admin/apps/{id}/transfer", Admin(Act::TransferApp), Page, pages::admin::app::transfer),
        row(GET,  "/admin/tokens", Admin(Act::Read), Page, pages::admin::tokens::list),
        row(POST, "/admin/tokens", Admin(Act::Read), Page, pages::admin::tokens::submit),
        row(GET,  "/admin/keys", Admin(Act::ReadKeys), Page, pages::admin::keys::list),
        row(POST, "/admin/keys/{kind}/rotate", Admin(Act::RotateKeys), Page, pages::admin::keys::rotate),
        row(GET,  "/admin/keys/{kind}/retire", Admin(Act::RotateKeys), Page, pages::admin::keys::confirm),
        row(POST, "/admin/keys/{kind}/retire", Admin(Act::RotateKeys), Page, pages::admin::keys::retire),
        row(GET,  "/admin/settings", Admin(Act::Read), Page, pages::admin::settings::show),
        row(POST, "/admin/settings/lift", Admin(Act::ClearThrottle), Page, pages::admin::settings::lift),
        row(GET,  "/admin/audit", Admin(Act::Read), Page, pages::admin::audit::list),
        row(POST, "/admin/grants/{id}/end", Admin(Act::EndGrant), Page, pages::admin::user::end_grant),
        row(POST, "/admin/tokens/{id}/end", Admin(Act::EndToken), Page, pages::admin::user::end_token),

        // What pages show, and operations.
        row(GET,  "/images/{name}", Anyone, Plain, pages::images::show).cache(Cache::Own),
        row(GET,  "/assets/{hash}/{name}", Anyone, Plain, assets::show).cache(Cache::Own),
        row(GET,  "/favicon.ico", Anyone, Plain, assets::favicon).cache(Cache::Own),
        row(GET,  "/robots.txt", Anyone, Plain, assets::robots).cache(Cache::Minutes),
        row(GET,  "/.well-known/security.txt", Anyone, Plain, crate::health::security).cache(Cache::Minutes),
        row(GET,  "/healthz", Anyone, Plain, crate::health::alive),
        row(GET,  "/readyz", Anyone, Plain, crate::health::ready),
    ]
}

/// Every route's row, for tests and documents.
pub fn routes() -> Vec<Route> {
    table().into_iter().map(|Row(route, _)| route).collect()
}

/// What no row names.
pub static NOWHERE: Route = Route {
    method: "GET",
    path: "(none)",
    access: Access::Visitor,
    body: Body::None,
    cache: Cache::Never,
    cors: Cors::None,
    format: Format::Page,
};

/// The same where directories ask.
pub static NO_RESOURCE: Route = Route {
    access: Access::Anyone,
    format: Format::Scim,
    ..NOWHERE
};

/// The same below `/api/`, where programs ask.
pub static NO_ENDPOINT: Route = Route {
    access: Access::Anyone,
    cors: Cors::Public,
    format: Format::Api,
    ..NOWHERE
};
