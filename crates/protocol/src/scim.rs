//! SCIM 2.0 (RFC 7643, 7644): the language in which a directory asks and changes, over
//! resources as JSON. What a resource means here, the server knows.

pub mod filter;
pub mod patch;
pub mod projection;

use serde_json::{Map, Value};

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
pub const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// A refusal (RFC 7644 §3.12).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    pub status: u16,
    pub kind: Option<&'static str>,
    /// One sentence; nothing of what was sent but names of attributes.
    pub detail: String,
}

impl ScimError {
    fn bad(kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: Some(kind),
            detail: detail.into(),
        }
    }

    pub fn filter(detail: impl Into<String>) -> Self {
        Self::bad("invalidFilter", detail)
    }

    pub fn path(detail: impl Into<String>) -> Self {
        Self::bad("invalidPath", detail)
    }

    pub fn value(detail: impl Into<String>) -> Self {
        Self::bad("invalidValue", detail)
    }

    pub fn syntax(detail: impl Into<String>) -> Self {
        Self::bad("invalidSyntax", detail)
    }

    pub fn no_target() -> Self {
        Self::bad("noTarget", "Nothing matches the path.")
    }

    pub fn mutability(name: &str) -> Self {
        Self::bad("mutability", format!("{name} cannot be changed."))
    }

    pub fn uniqueness(detail: impl Into<String>) -> Self {
        Self {
            status: 409,
            ..Self::bad("uniqueness", detail)
        }
    }

    /// Without a name in the table.
    pub fn plain(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind: None,
            detail: detail.into(),
        }
    }
}

/// A member, whatever the case of its name (RFC 7643 §2.1).
pub fn get<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let exact = object.get(name);
    exact.or_else(|| {
        let mut others = object.iter();
        let found = others.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    })
}

/// Its name as it stands there, or as it was given.
fn name_in(object: &Map<String, Value>, name: &str) -> String {
    let found = object.keys().find(|other| other.eq_ignore_ascii_case(name));
    found.map_or_else(|| name.to_owned(), Clone::clone)
}
