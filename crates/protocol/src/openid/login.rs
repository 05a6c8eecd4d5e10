//! How and when a user proved who she is: what everything issued in her name
//! remembers of it.

use super::claims::ClaimSet;
use crate::{
    scope::{self, ScopeSet},
    time::Timestamp,
};

/// Where the private key of a passkey is kept, as far as it says so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keeper {
    /// It cannot leave its device.
    Device,
    /// It is copied to others of hers.
    Synced,
}

impl Keeper {
    const ALL: [Self; 2] = [Self::Device, Self::Synced];

    /// RFC 8176 §2; and the name in the database.
    fn as_str(self) -> &'static str {
        match self {
            Self::Device => "hwk",
            Self::Synced => "swk",
        }
    }
}

/// What a login began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum First {
    Password,
    /// Which its device gave away only after it had verified its user: two factors at once.
    Passkey(Keeper),
    /// What another server says, which this one believes. How she proved herself there is
    /// not this one's to repeat.
    Elsewhere,
}

impl First {
    pub const ALL: [Self; 4] = [
        Self::Password,
        Self::Passkey(Keeper::Device),
        Self::Passkey(Keeper::Synced),
        Self::Elsewhere,
    ];

    /// Whether nothing more is needed for it to count as several factors.
    pub fn is_several(self) -> bool {
        match self {
            Self::Password | Self::Elsewhere => false,
            Self::Passkey(_) => true,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Passkey(keeper) => keeper.as_str(),
            Self::Elsewhere => "fed",
        }
    }

    /// RFC 8176 §2, where it has a name for it.
    fn method(self) -> Option<&'static str> {
        (self != Self::Elsewhere).then_some(self.as_str())
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|first| first.as_str() == text)
    }
}

/// What was proved beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Second {
    /// A code of an authenticator app (RFC 6238).
    Code,
    /// One of the codes that she wrote down.
    Recovery,
    Passkey(Keeper),
}

impl Second {
    pub const ALL: [Self; 4] = [
        Self::Code,
        Self::Recovery,
        Self::Passkey(Keeper::ALL[0]),
        Self::Passkey(Keeper::ALL[1]),
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Code => "otp",
            Self::Recovery => "recovery",
            Self::Passkey(keeper) => keeper.as_str(),
        }
    }
}

/// What a login proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Level {
    pub first: First,
    pub second: Option<Second>,
}

impl Level {
    pub const PASSWORD: Self = Self::of(First::Password);

    /// The authentication context classes that there are, the weakest first.
    pub const CLASSES: [&'static str; 2] = ["1", "2"];

    pub const fn of(first: First) -> Self {
        Self {
            first,
            second: None,
        }
    }

    pub fn with(self, second: Second) -> Self {
        Self {
            second: Some(second),
            ..self
        }
    }

    pub fn all() -> impl Iterator<Item = Self> {
        let with = |first: First| {
            let alone = Self::of(first);
            let more = Second::ALL.map(|second| alone.with(second));
            std::iter::once(alone).chain(more)
        };
        First::ALL.into_iter().flat_map(with)
    }

    /// Whether it took more than one factor.
    pub fn is_several(self) -> bool {
        self.first.is_several() || self.second.is_some()
    }

    /// Authentication context class (OpenID Connect Core §2): the level of ISO/IEC 29115.
    pub fn acr(self) -> &'static str {
        Self::CLASSES[usize::from(self.is_several())]
    }

    /// Whether it is of this class, or of a higher one.
    pub fn reaches(self, acr: &str) -> bool {
        let reached = usize::from(self.is_several());
        Self::CLASSES[..=reached].contains(&acr)
    }

    /// Authentication methods (RFC 8176 §2). What was written down has no name there.
    pub fn amr(self) -> Vec<&'static str> {
        let mut methods: Vec<_> = self.first.method().into_iter().collect();
        methods.extend(match self.second {
            Some(Second::Recovery) | None => None,
            Some(second) => Some(second.as_str()),
        });
        let passkey = matches!(self.first, First::Passkey(_))
            || matches!(self.second, Some(Second::Passkey(_)));
        methods.extend(passkey.then_some("user"));
        methods.extend(self.is_several().then_some("mfa"));
        methods.dedup();
        methods
    }

    /// The name in the database.
    pub fn name(self) -> String {
        match self.second {
            Some(second) => format!("{}+{}", self.first.as_str(), second.as_str()),
            None => self.first.as_str().to_owned(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let Some((first, second)) = text.split_once('+') else {
            return First::parse(text).map(Self::of);
        };
        let second = Second::ALL.into_iter().find(|it| it.as_str() == second)?;
        Some(Self::of(First::parse(first)?).with(second))
    }
}

/// The login behind a code, and behind what the code buys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The browser's session.
    pub session: i64,
    pub auth_time: Timestamp,
    pub level: Level,
    /// As the authorization request had it; not repeated on refresh (OpenID Connect
    /// Core §12.2).
    pub nonce: Option<String>,
    /// What the request asked for by name, beside its scopes.
    pub id_token: ClaimSet,
    pub userinfo: ClaimSet,
}

impl Login {
    /// The session that these scopes end with. A connection (anything of the API, or
    /// `offline_access`) outlives the login it came of; a mere login does not.
    pub fn bound_to(&self, scopes: &ScopeSet) -> Option<i64> {
        scope::are_login(scopes).then_some(self.session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_keeps_every_level() {
        for level in Level::all() {
            assert_eq!(Level::parse(&level.name()), Some(level));
        }
        for text in ["", "pwd+", "+otp", "otp", "pwd+pwd", "pwd+otp+hwk", "PWD"] {
            assert_eq!(Level::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_level_says_what_was_proved() {
        let said = |name: &str| {
            let level = Level::parse(name).unwrap();
            (level.acr(), level.amr().join(" "))
        };
        assert_eq!(said("pwd"), ("1", "pwd".into()));
        assert_eq!(said("pwd+otp"), ("2", "pwd otp mfa".into()));
        assert_eq!(said("pwd+recovery"), ("2", "pwd mfa".into()));
        assert_eq!(said("pwd+swk"), ("2", "pwd swk user mfa".into()));
        assert_eq!(said("hwk"), ("2", "hwk user mfa".into()));
        assert_eq!(said("fed"), ("1", "".into()));
        assert_eq!(said("fed+otp"), ("2", "otp mfa".into()));
        assert_eq!(said("swk+swk"), ("2", "swk user mfa".into()));
    }
}
