//! A registered app, as the protocol sees it.

/// What an app can keep secret (RFC 6749 §2.1, RFC 8252, RFC 9700 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClientKind {
    /// Runs on a server and keeps its secret.
    Confidential,
    /// Installed on a device: desktop, mobile or command line.
    Native,
    /// Runs in a page, in the user's browser.
    Browser,
}

impl ClientKind {
    pub const ALL: [Self; 3] = [Self::Confidential, Self::Native, Self::Browser];

    /// The name in the database, in configuration and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confidential => "confidential",
            Self::Native => "native",
            Self::Browser => "browser",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// A public client cannot authenticate itself (RFC 6749 §2.1).
    pub fn is_public(self) -> bool {
        self != Self::Confidential
    }
}
