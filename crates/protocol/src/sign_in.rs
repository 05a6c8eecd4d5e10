//! What follows a proof of who somebody is: a session, the demand for another proof, or
//! for a way to give one. Asked again after every proof, the second as well; a step-up is
//! a login like any other, so that it never asks for less.

use crate::openid::login::{First, Level, Second};

/// What the operator asks of everybody who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    /// A password. Nobody sets up more; who has more is asked for it all the same.
    Password,
    /// A second factor of those who have one.
    Optional,
    /// More than one factor.
    Required,
    /// A passkey, with or without a password before it.
    Passkey,
}

impl Policy {
    /// Whether users may set up more than a password.
    pub fn offers_factors(self) -> bool {
        self != Self::Password
    }

    /// Whether an authenticator app is of any use.
    pub fn offers_codes(self) -> bool {
        matches!(self, Self::Optional | Self::Required)
    }
}

/// What the account can be asked for, beside its password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Factors {
    /// An authenticator app.
    pub code: bool,
    /// Recovery codes that are left.
    pub recovery: bool,
    pub passkey: bool,
}

impl Factors {
    fn any(self) -> bool {
        self.code || self.recovery || self.passkey
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A session, which says that this was proved.
    Start,
    /// She proves one of these, too.
    Ask(Factors),
    /// She sets up a factor first.
    SetUp,
}

/// What follows when this much is proved.
pub fn next_step(proved: Level, has: Factors, policy: Policy) -> Next {
    let enough = match policy {
        Policy::Passkey => has_passkey(proved),
        _ => proved.is_several(),
    };
    if enough {
        return Next::Start;
    }
    let usable = match policy {
        Policy::Passkey => Factors {
            passkey: has.passkey,
            ..Factors::default()
        },
        // Written down for the day when the other one is lost: by themselves no factor.
        _ => Factors {
            recovery: has.recovery && (has.code || has.passkey),
            ..has
        },
    };
    match policy {
        _ if usable.any() => Next::Ask(usable),
        Policy::Password | Policy::Optional => Next::Start,
        Policy::Required | Policy::Passkey => Next::SetUp,
    }
}

fn has_passkey(proved: Level) -> bool {
    let first = matches!(proved.first, First::Passkey(_));
    first || matches!(proved.second, Some(Second::Passkey(_)))
}
