//! Token revocation (RFC 7009): which tokens an app may end.

use crate::client::Authenticated;

/// What was found behind a token that an app wants to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Revocable {
    Access {
        id: i64,
        app: i64,
    },
    Refresh {
        family: i64,
        app: i64,
    },
    /// Unknown, expired or malformed, or not a token of an app.
    Nothing,
}

/// What ends. Only [`revoke`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ending {
    Token(i64),
    Family(i64),
    Nothing,
}

/// An app ends its own tokens and nobody else's; the answer does not tell the
/// difference (RFC 7009 §2.1, §2.2).
pub fn revoke(found: Revocable, proof: &Authenticated<'_>) -> Ending {
    match found {
        Revocable::Access { id, app } if app == proof.client.id => Ending::Token(id),
        Revocable::Refresh { family, app } if app == proof.client.id => Ending::Family(family), // RFC 7009 §2.1
        _ => Ending::Nothing, // RFC 7009 §2.2
    }
}
