//! The three families of errors, and the one place that turns them into answers
//! and logs them.

use crate::{json::Json, language::Language, pages::format::relative};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use grantor_protocol::{
    error::{Cause, ErrorCode},
    openid::registration::MetadataError,
    scim::{self, ScimError},
    time::{Millis, Timestamp},
};
use grantor_store::Error::{Damaged, Unavailable};
use serde_json::json;
use std::borrow::Cow;

/// Why a request did not get what it asked for.
#[derive(Debug)]
pub enum Failure {
    /// The protocol refuses, by its closed table.
    OAuth(Cause),
    /// As [`Failure::OAuth`], where the app authenticated by HTTP Basic (RFC 6749 §5.2).
    OAuthBasic(Cause),
    /// A token without the scope that the request needs, which is named to the app.
    ScopeMissing(&'static str),
    /// A directory cannot have what it asks for.
    Scim(ScimError),
    /// An app cannot register what it wants to.
    Metadata(MetadataError),
    /// Refused until so many seconds have passed.
    Throttled(u64),
    /// Storage failed: 503 when the database cannot be read or written, 500 for what
    /// is our own defect.
    Store(grantor_store::Error),
    /// The password pool or another bounded place is full.
    Busy,
    /// A defect of this program.
    Internal(String),
    /// The page is not there, or not this user's.
    NotFound,
    /// The path is there, but not for this method.
    WrongMethod,
    /// Somebody else edited the same meanwhile, so nothing was.
    Changed,
    /// The session ended while something was done in its name, so nothing was.
    SessionEnded,
    /// A form that is good for one use was sent again, so nothing was done again.
    FormUsed,
    /// A form without a valid token: old, or not ours.
    FormExpired,
    CrossSite,
    /// Another server does not answer, which the user came for.
    Elsewhere,
    /// Somebody came from elsewhere who has no account here, and has to make one by herself
    /// first; where she wanted to go.
    SignUpFirst(String),
    /// Said in plain words: the id of a message. Where no page can say it, the sentence itself.
    BadRequest(&'static str),
    Forbidden(&'static str),
    /// A program asks with a parameter that is not among those which the request takes.
    UnknownParameter {
        name: String,
        takes: &'static [&'static str],
    },
    /// It is so already, or may not become so.
    Conflict(&'static str),
    /// What was typed cannot be.
    Invalid(&'static str),
}

impl From<grantor_store::Error> for Failure {
    fn from(error: grantor_store::Error) -> Self {
        match error {
            grantor_store::Error::SessionEnded => Self::SessionEnded,
            grantor_store::Error::RoleEnded => Self::NotFound,
            grantor_store::Error::FormUsed => Self::FormUsed,
            error => Self::Store(error),
        }
    }
}

impl From<MetadataError> for Failure {
    fn from(error: MetadataError) -> Self {
        Self::Metadata(error)
    }
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self::OAuth(cause)
    }
}

pub type Answer = Result<Response, Failure>;

/// How a route speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// HTML for people.
    Page,
    /// JSON as RFC 6749 §5.2 has it.
    OAuth,
    /// `{"errors": […]}` with `WWW-Authenticate`.
    Api,
    /// JSON as RFC 7644 §3.12 has it.
    Scim,
    /// Text for machines and operators.
    Plain,
}

/// A failure travels through the router as an empty answer that carries it; the
/// front takes it out and renders it in the route's format.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}

impl Failure {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::OAuth(cause) | Self::OAuthBasic(cause) => status_of(*cause),
            Self::ScopeMissing(_) => status_of(Cause::ScopeMissing),
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(Unavailable(_) | Damaged(_)) | Self::Busy => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Elsewhere => StatusCode::BAD_GATEWAY,
            Self::Store(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Changed | Self::FormUsed | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SessionEnded
            | Self::FormExpired
            | Self::CrossSite
            | Self::SignUpFirst(_)
            | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Scim(error) => {
                StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST)
            }
            Self::Metadata(_) | Self::BadRequest(_) | Self::UnknownParameter { .. } => {
                StatusCode::BAD_REQUEST
            }
        }
    }

    /// One sentence for whoever reads the answer; nothing of the inside.
    pub fn sentence(&self) -> Cow<'static, str> {
        match self {
            Self::OAuth(cause) | Self::OAuthBasic(cause) => cause.description().into(),
            Self::ScopeMissing(_) => Cause::ScopeMissing.description().into(),
            Self::Scim(_) => "The directory asks for something that cannot be.".into(),
            Self::Metadata(_) => "This cannot be registered.".into(),
            Self::UnknownParameter { name, takes } => match takes {
                [] => format!("There is no parameter {name} here, nor any other.").into(),
                takes => format!(
                    "There is no parameter {name} here, but {}.",
                    takes.join(", ")
                )
                .into(),
            },
            _ => self.say(Language::English).into(),
        }
    }

    /// The same for a page; what only programs ask for is said in English.
    pub fn say(&self, language: Language) -> String {
        let id = match self {
            Self::Scim(_) | Self::Metadata(_) | Self::UnknownParameter { .. } => {
                return self.sentence().into_owned();
            }
            Self::OAuth(cause) | Self::OAuthBasic(cause) => cause.name(),
            Self::ScopeMissing(_) => Cause::ScopeMissing.name(),
            Self::Throttled(seconds) => {
                let said = language.say("failure-throttled");
                return said.words("when", &wait(*seconds, language)).plain();
            }
            Self::Store(Unavailable(_) | Damaged(_)) => "failure-storage",
            Self::Busy => "failure-busy",
            Self::Store(_) | Self::Internal(_) => "failure-defect",
            Self::NotFound => "failure-not-found",
            Self::WrongMethod => "failure-method",
            Self::Changed => "failure-changed",
            Self::SessionEnded => "failure-session-ended",
            Self::FormUsed => "failure-form-used",
            Self::FormExpired => "failure-form-expired",
            Self::CrossSite => "failure-cross-site",
            Self::Elsewhere => "failure-elsewhere",
            Self::SignUpFirst(_) => "failure-sign-up-first",
            Self::BadRequest(id) | Self::Forbidden(id) | Self::Conflict(id) | Self::Invalid(id) => {
                match id.contains(' ') {
                    true => return (*id).to_owned(),
                    false => id,
                }
            }
        };
        language.text(id)
    }

    /// The name in logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OAuth(cause) | Self::OAuthBasic(cause) => cause.name(),
            Self::ScopeMissing(_) => Cause::ScopeMissing.name(),
            Self::Scim(error) => error.kind.unwrap_or("Scim"),
            Self::Metadata(error) => error.code.as_str(),
            Self::Throttled(_) => "Throttled",
            Self::Store(_) => "Store",
            Self::Busy => "Busy",
            Self::Internal(_) => "Internal",
            Self::NotFound => "NotFound",
            Self::WrongMethod => "WrongMethod",
            Self::Changed => "Changed",
            Self::SessionEnded => "SessionEnded",
            Self::FormUsed => "FormUsed",
            Self::FormExpired => "FormExpired",
            Self::CrossSite => "CrossSite",
            Self::Elsewhere => "Elsewhere",
            Self::SignUpFirst(_) => "SignUpFirst",
            Self::BadRequest(_) | Self::UnknownParameter { .. } => "BadRequest",
            Self::Forbidden(_) => "Forbidden",
            Self::Conflict(_) => "Conflict",
            Self::Invalid(_) => "Invalid",
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Throttled(seconds) => Some(*seconds),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => Some(2),
            _ => None,
        }
    }

    /// The answer in every format but HTML, which needs the page's frame.
    pub fn render(&self, format: Format) -> Response {
        let mut response = match format {
            Format::OAuth => self.render_oauth(),
            Format::Api => self.render_api(),
            Format::Scim => self.render_scim(),
            Format::Page | Format::Plain => (self.status(), self.sentence()).into_response(),
        };
        if let Some(seconds) = self.retry_after() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    fn render_oauth(&self) -> Response {
        let code = match self {
            Self::OAuth(cause) | Self::OAuthBasic(cause) => cause.code().as_str(),
            Self::Metadata(error) => error.code.as_str(),
            Self::Throttled(_) => ErrorCode::SlowDown.as_str(),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => "temporarily_unavailable",
            _ if self.status().is_server_error() => "server_error",
            _ => ErrorCode::InvalidRequest.as_str(),
        };
        let description = match self {
            Self::Metadata(error) => error.to_string(),
            _ => self.sentence().into_owned(),
        };
        let body = Json(json!({"error": code, "error_description": description}));
        let mut response = (self.status(), body).into_response();
        if let Self::OAuthBasic(cause) = self
            && cause.code() == ErrorCode::InvalidClient
        {
            challenge(&mut response, "Basic realm=\"grantor\", charset=\"UTF-8\"");
        }
        if self.status() == StatusCode::UNAUTHORIZED
            && code == ErrorCode::InvalidToken.as_str()
            && let Some(text) = self.bearer_challenge()
        {
            challenge(&mut response, &text);
        }
        response
    }

    /// The described service's envelope, with RFC 6750's challenge.
    fn render_api(&self) -> Response {
        let named;
        let sentence = self.sentence();
        let (message, help) = match self {
            Self::OAuth(Cause::BearerExpired) => ("The bearer token has expired.", &*sentence),
            Self::OAuth(cause) if status_of(*cause) == StatusCode::UNAUTHORIZED => {
                ("Not Authorized", &*sentence)
            }
            Self::ScopeMissing(scope) => {
                named = format!("This request needs a token with the scope '{scope}'.");
                (
                    &*named,
                    "Ask the user for that scope, or make a token that has it.",
                )
            }
            _ => (
                &*sentence,
                "See /api/1.0/openapi.json, which describes this API.",
            ),
        };
        let body = Json(json!({"errors": [{"message": message, "help": help}]}));
        let mut response = (self.status(), body).into_response();
        if let Some(text) = self.bearer_challenge() {
            challenge(&mut response, &text);
        }
        response
    }

    fn render_scim(&self) -> Response {
        let status = self.status();
        let mut body = json!({"schemas": [scim::ERROR], "status": status.as_u16().to_string()});
        body["detail"] = match self {
            Self::Scim(error) => json!(error.detail),
            Self::Metadata(error) => json!(error.to_string()),
            other => json!(other.sentence()),
        };
        let kind = match self {
            Self::Scim(error) => error.kind,
            _ if status == StatusCode::BAD_REQUEST => Some("invalidSyntax"),
            _ => None,
        };
        if let Some(kind) = kind {
            body["scimType"] = json!(kind);
        }
        let mut response = crate::scim::respond(status, &body);
        if let Some(text) = self.bearer_challenge() {
            challenge(&mut response, &text);
        }
        response
    }

    /// RFC 6750 §3.
    fn bearer_challenge(&self) -> Option<String> {
        const REALM: &str = "Bearer realm=\"grantor\"";
        let error = |cause: Cause| {
            let (code, description) = (cause.code().as_str(), cause.description());
            format!("{REALM}, error=\"{code}\", error_description=\"{description}\"")
        };
        match self {
            // No token was sent: no error code either (RFC 6750 §3.1).
            Self::OAuth(Cause::BearerMissing) => Some(REALM.to_owned()),
            Self::OAuth(cause) => Some(error(*cause)),
            Self::ScopeMissing(scope) => {
                Some(format!("{}, scope=\"{scope}\"", error(Cause::ScopeMissing)))
            }
            _ => None,
        }
    }
}

/// "in 10 minutes", rounded up: whoever comes back then is let in.
fn wait(seconds: u64, language: Language) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    let unit = match seconds <= HOUR - MINUTE {
        true => MINUTE,
        false => HOUR,
    };
    let whole = seconds.max(1).next_multiple_of(unit);
    let then = Timestamp(0) + Millis::seconds(whole as i64);
    relative(then, Timestamp(0), language)
}

fn challenge(response: &mut Response, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("www-authenticate"), value);
    }
}

/// RFC 6749 §5.2, RFC 6750 §3.1.
fn status_of(cause: Cause) -> StatusCode {
    match cause.code() {
        ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        ErrorCode::SlowDown => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::BAD_REQUEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttle_says_how_long() {
        let said = |seconds, language| Failure::Throttled(seconds).say(language);
        for (seconds, when) in [
            (1, "in 1 minute."),
            (60, "in 1 minute."),
            (61, "in 2 minutes."),
            (600, "in 10 minutes."),
            (3541, "in 1 hour."),
            (3601, "in 2 hours."),
            (86_400, "in 1 day."),
        ] {
            let said = said(seconds, Language::English);
            assert!(said.ends_with(when), "{seconds}: {said}");
        }
        assert!(said(600, Language::German).contains(" in 10 Minuten "));
        assert!(said(600, Language::Arabic).contains("10 دقائق"));
    }
}
