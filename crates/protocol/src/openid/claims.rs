//! Claims about a user, asked for by scope or one by one (OpenID Connect Core §5).

use crate::scope::{self, ScopeSet};
use grantor_jose::json::parse_object;
use serde_json::{Map, Value};

macro_rules! claims {
    ($($claim:ident => $name:literal, $scope:path;)*) => {
        /// A standard claim (OpenID Connect Core §5.1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Claim { $($claim,)* }

        impl Claim {
            pub const ALL: &'static [Self] = &[$(Self::$claim,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$claim => $name,)* }
            }

            /// The scope that asks for it (OpenID Connect Core §5.4).
            pub fn scope(self) -> &'static str {
                match self { $(Self::$claim => $scope,)* }
            }
        }
    };
}

claims! {
    Name => "name", scope::PROFILE;
    GivenName => "given_name", scope::PROFILE;
    FamilyName => "family_name", scope::PROFILE;
    MiddleName => "middle_name", scope::PROFILE;
    Nickname => "nickname", scope::PROFILE;
    PreferredUsername => "preferred_username", scope::PROFILE;
    Profile => "profile", scope::PROFILE;
    Picture => "picture", scope::PROFILE;
    Website => "website", scope::PROFILE;
    Gender => "gender", scope::PROFILE;
    Birthdate => "birthdate", scope::PROFILE;
    Zoneinfo => "zoneinfo", scope::PROFILE;
    Locale => "locale", scope::PROFILE;
    UpdatedAt => "updated_at", scope::PROFILE;
    Email => "email", scope::EMAIL;
    EmailVerified => "email_verified", scope::EMAIL;
    Address => "address", scope::ADDRESS;
    PhoneNumber => "phone_number", scope::PHONE;
    PhoneNumberVerified => "phone_number_verified", scope::PHONE;
}

impl Claim {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|claim| claim.name() == name)
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// What the API says of the user to whoever may use it.
const BY_API: [Claim; 4] = [
    Claim::Name,
    Claim::Picture,
    Claim::Email,
    Claim::EmailVerified,
];

/// A set of claims, small enough to travel in a sealed token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClaimSet(u32);

impl ClaimSet {
    /// What these scopes ask for.
    pub fn of_scopes(scopes: &ScopeSet) -> Self {
        let asked = Claim::ALL.iter().copied();
        asked
            .filter(|claim| scopes.contains(claim.scope()))
            .collect()
    }

    /// What whoever has these scopes gets to know, by whatever way: the API too says
    /// who its user is.
    pub fn known_by(scopes: &ScopeSet) -> Self {
        let known = Self::of_scopes(scopes);
        match scopes.contains(scope::DEFAULT) {
            true => known.union(BY_API.into_iter().collect()),
            false => known,
        }
    }

    /// The number that [`Self::from_number`] reads.
    pub fn number(self) -> u32 {
        self.0
    }

    /// Bits that name no claim are dropped.
    pub fn from_number(number: u32) -> Self {
        let known = Claim::ALL.iter().fold(0, |all, claim| all | claim.bit());
        Self(number & known)
    }

    pub fn contains(self, claim: Claim) -> bool {
        self.0 & claim.bit() != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Claim> {
        let all = Claim::ALL.iter().copied();
        all.filter(move |claim| self.contains(*claim))
    }
}

impl FromIterator<Claim> for ClaimSet {
    fn from_iter<T: IntoIterator<Item = Claim>>(claims: T) -> Self {
        Self(claims.into_iter().fold(0, |all, claim| all | claim.bit()))
    }
}

/// The `claims` parameter (OpenID Connect Core §5.5), as far as it asks for anything
/// that is known here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    pub id_token: ClaimSet,
    pub userinfo: ClaimSet,
    /// The user it must be about, by her subject.
    pub subject: Option<String>,
    /// Levels of which one must be reached (essential `acr`, §5.5.1.1).
    pub essential_acr: Vec<String>,
}

/// The longest `claims` parameter, in bytes.
const MAX_BYTES: usize = 4096;

impl ClaimsRequest {
    /// Everything of the user that it asks for by name.
    pub fn all(&self) -> ClaimSet {
        self.id_token.union(self.userinfo)
    }

    /// Reads the JSON text of the parameter; members that it does not know are passed
    /// over (§5.5). `None`: it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let members = parse_object(text.as_bytes(), MAX_BYTES).ok()?;
        let (id_token, userinfo) = (
            section(&members, "id_token")?,
            section(&members, "userinfo")?,
        );
        let wanted = |section: &Map<String, Value>| -> ClaimSet {
            section
                .keys()
                .filter_map(|name| Claim::parse(name))
                .collect()
        };
        let subject = |section: &Map<String, Value>| {
            let value = section.get("sub")?.get("value")?;
            value.as_str().map(str::to_owned)
        };
        Some(Self {
            id_token: wanted(&id_token),
            userinfo: wanted(&userinfo),
            subject: subject(&id_token).or_else(|| subject(&userinfo)),
            essential_acr: essential_acr(&id_token),
        })
    }
}

/// A section whose members are null or objects; an absent one asks for nothing.
fn section(members: &Map<String, Value>, name: &str) -> Option<Map<String, Value>> {
    let section = match members.get(name) {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(section)) => section.clone(),
        Some(_) => return None,
    };
    let sound = |value: &Value| value.is_null() || value.is_object();
    section.values().all(sound).then_some(section)
}

fn essential_acr(id_token: &Map<String, Value>) -> Vec<String> {
    let Some(acr) = id_token.get("acr") else {
        return Vec::new();
    };
    if acr.get("essential") != Some(&Value::Bool(true)) {
        return Vec::new();
    }
    let many = acr.get("values").and_then(Value::as_array);
    let values = many.into_iter().flatten().chain(acr.get("value"));
    values
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scopes_ask_for_their_claims() {
        let of = |text: &str| {
            let set = ClaimSet::of_scopes(&ScopeSet::parse(text).unwrap());
            set.iter().map(Claim::name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("openid default"), "");
        assert_eq!(of("openid email"), "email email_verified");
        assert_eq!(
            of("phone address"),
            "address phone_number phone_number_verified"
        );
        assert_eq!(of("profile").split(' ').count(), 14);
    }

    #[test]
    fn openid_core_section_5_5_example() {
        let text = r#"{
            "userinfo": {
                "given_name": {"essential": true}, "nickname": null, "email": {"essential": true},
                "email_verified": {"essential": true}, "picture": null, "http://example.info/claims/groups": null
            },
            "id_token": {
                "auth_time": {"essential": true},
                "acr": {"values": ["urn:mace:incommon:iap:silver"]}
            }
        }"#;
        let asked = ClaimsRequest::parse(text).unwrap();
        let userinfo: Vec<_> = asked.userinfo.iter().map(Claim::name).collect();
        assert_eq!(
            userinfo,
            [
                "given_name",
                "nickname",
                "picture",
                "email",
                "email_verified"
            ]
        );
        assert!(asked.id_token.is_empty());
        assert_eq!(asked.essential_acr, Vec::<String>::new());
    }

    #[test]
    fn a_subject_and_a_level_can_be_demanded() {
        let asked = |text| ClaimsRequest::parse(text).unwrap();
        let text =
            r#"{"id_token":{"sub":{"value":"248"},"acr":{"essential":true,"values":["2","3"]}}}"#;
        assert_eq!(asked(text).subject.as_deref(), Some("248"));
        assert_eq!(asked(text).essential_acr, ["2", "3"]);
        let text = r#"{"userinfo":{"sub":{"value":"7"}},"id_token":{"acr":{"value":"2"}}}"#;
        assert_eq!(asked(text).subject.as_deref(), Some("7"));
        assert_eq!(asked(text).essential_acr, Vec::<String>::new());
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in [
            "",
            "[]",
            "{",
            r#"{"id_token":[]}"#,
            r#"{"id_token":{"name":true}}"#,
            r#"{"userinfo":{"name":"Ada"}}"#,
            r#"{"userinfo":{},"userinfo":{}}"#,
        ] {
            assert_eq!(ClaimsRequest::parse(text), None, "{text}");
        }
        assert_eq!(ClaimsRequest::parse("{}"), Some(ClaimsRequest::default()));
        let long = format!("{{\"x\":\"{}\"}}", "x".repeat(MAX_BYTES));
        assert_eq!(ClaimsRequest::parse(&long), None);
    }

    proptest! {
        #[test]
        fn a_set_survives_as_a_number(number: u32) {
            let set = ClaimSet::from_number(number);
            prop_assert_eq!(ClaimSet::from_number(set.number()), set);
            prop_assert_eq!(set.iter().collect::<ClaimSet>(), set);
        }
    }
}
