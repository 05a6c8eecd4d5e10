//! Who acts for the operator, and how far: one table of acts and roles.
//!
//! Support stops what does harm and helps people in; whatever makes, vouches or lets go
//! again is for administrators. Nothing of a colleague's is within support's reach: whoever
//! could reset an administrator would be one.

use crate::scope;

/// What the operator has made of a user. An administrator is support, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    Support,
    Admin,
}

/// What is done to what is not one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// Finds users, apps, grants, tokens and events, and reads what is kept of them.
    Read,
    ReadKeys,
    EndSessions,
    EndGrant,
    EndToken,
    ResetFactors,
    DisableUser,
    EnableUser,
    SetRole,
    SuspendApp,
    ResumeApp,
    VerifyApp,
    /// Lets an app know every token, or not any more.
    SetResourceServer,
    TransferApp,
    ClearThrottle,
    RotateKeys,
}

impl Role {
    pub const ALL: [Self; 2] = [Self::Support, Self::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether this role may do it; `upon`: the role of the user whom it concerns, if she
    /// has one.
    pub fn may(self, act: Act, upon: Option<Self>) -> bool {
        match act.least() {
            Self::Admin => self == Self::Admin,
            Self::Support => self == Self::Admin || act.only_reads() || upon.is_none(),
        }
    }
}

impl Act {
    pub const ALL: [Self; 16] = [
        Self::Read,
        Self::ReadKeys,
        Self::EndSessions,
        Self::EndGrant,
        Self::EndToken,
        Self::ResetFactors,
        Self::DisableUser,
        Self::EnableUser,
        Self::SetRole,
        Self::SuspendApp,
        Self::ResumeApp,
        Self::VerifyApp,
        Self::SetResourceServer,
        Self::TransferApp,
        Self::ClearThrottle,
        Self::RotateKeys,
    ];

    /// The role that it takes.
    fn least(self) -> Role {
        match self {
            Self::Read
            | Self::EndSessions
            | Self::EndGrant
            | Self::EndToken
            | Self::ResetFactors
            | Self::DisableUser
            | Self::SuspendApp
            | Self::ClearThrottle => Role::Support,
            Self::ReadKeys
            | Self::EnableUser
            | Self::SetRole
            | Self::ResumeApp
            | Self::VerifyApp
            | Self::SetResourceServer
            | Self::TransferApp
            | Self::RotateKeys => Role::Admin,
        }
    }

    pub fn only_reads(self) -> bool {
        matches!(self, Self::Read | Self::ReadKeys)
    }

    /// What a bearer's token has to have for it.
    pub fn scope(self) -> &'static str {
        match self.only_reads() {
            true => scope::ADMIN_READ,
            false => scope::ADMIN,
        }
    }
}
