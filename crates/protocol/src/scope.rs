//! Scopes and sets of scopes (RFC 6749 §3.3).

use crate::role::Role;
use std::fmt;

/// The whole API: what a request without a scope asks for.
pub const DEFAULT: &str = "default";
/// An ID token and the userinfo endpoint (OpenID Connect Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// The user's address and whether it is verified (OpenID Connect Core §5.4).
pub const EMAIL: &str = "email";
/// The user's name and picture (OpenID Connect Core §5.4).
pub const PROFILE: &str = "profile";
/// The user's postal address (OpenID Connect Core §5.4).
pub const ADDRESS: &str = "address";
/// The user's phone number (OpenID Connect Core §5.4).
pub const PHONE: &str = "phone";
/// A login that outlives its session (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";
/// The administration, as far as the role of the user goes; only who has one can grant it.
pub const ADMIN: &str = "admin";
/// The same, to look and not to touch.
pub const ADMIN_READ: &str = "admin:read";
/// To keep accounts up to date by SCIM: only of personal tokens of administrators.
pub const SCIM: &str = "scim";
/// What every instance offers.
pub const BUILT_IN: [&str; 9] = [
    DEFAULT,
    OPENID,
    EMAIL,
    PROFILE,
    ADDRESS,
    PHONE,
    OFFLINE_ACCESS,
    ADMIN,
    ADMIN_READ,
];
/// What only says who the user is, and gives nothing of the API.
const IDENTITIES: [&str; 5] = [OPENID, EMAIL, PROFILE, ADDRESS, PHONE];
/// An old client's companion of `default`, without a meaning of its own.
pub const IDENTITY: &str = "identity";

/// The longest scope, in characters (which are all ASCII).
pub const MAX_SCOPE: usize = 64;
/// The most scopes in one set.
pub const MAX_SCOPES: usize = 32;
/// The longest set as text, in bytes: what fits into a sealed token.
pub const MAX_TEXT: usize = 255;
/// The longest text that is looked at, repetitions and all, in bytes.
const MAX_INPUT: usize = 1024;

/// Why a scope or a set of scopes was refused. No sentence echoes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    #[error("a scope is empty")]
    Empty,
    #[error("a scope is longer than {MAX_SCOPE} characters")]
    ScopeTooLong,
    #[error("a scope may contain only printable ASCII, and no space, quote or backslash")]
    Character,
    #[error("more than {MAX_SCOPES} scopes")]
    TooMany,
    #[error("the scopes together are longer than {MAX_TEXT} bytes")]
    TextTooLong,
}

/// One scope: 1 to 64 characters of RFC 6749 §3.3's `scope-token`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope(Box<str>);

impl Scope {
    /// # Errors
    /// [`ScopeError`] when the text is empty, too long or has a character
    /// outside the grammar.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        check(text)?;
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
fn check(scope: &str) -> Result<(), ScopeError> {
    if scope.is_empty() {
        return Err(ScopeError::Empty);
    }
    if scope.len() > MAX_SCOPE {
        return Err(ScopeError::ScopeTooLong);
    }
    if !scope
        .bytes()
        .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
    {
        return Err(ScopeError::Character);
    }
    Ok(())
}

/// Up to 32 scopes in the order they were first seen, none twice, at most 255
/// bytes as text. May be empty.
///
/// `==` is about the text, order included; [`ScopeSet::same_as`] is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeSet {
    /// The scopes joined by single spaces. A search through 255 bytes is
    /// cheaper than any structure that would avoid it.
    text: String,
}

impl ScopeSet {
    /// Reads a space-separated list. Repetitions and surplus spaces vanish, and
    /// so does `identity` beside `default`, which old clients send together.
    ///
    /// # Errors
    /// [`ScopeError`], at the first scope that is not one.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        if text.len() > MAX_INPUT {
            return Err(ScopeError::TextTooLong);
        }
        Self::collect(text.split(' ').filter(|word| !word.is_empty()))
    }

    /// The set of these scopes, in this order; `identity` as in [`ScopeSet::parse`].
    ///
    /// # Errors
    /// [`ScopeError`] when one is no scope, or all together are too much.
    pub fn collect<'a>(scopes: impl IntoIterator<Item = &'a str>) -> Result<Self, ScopeError> {
        let mut set = Self::default();
        for scope in scopes {
            check(scope)?;
            set.add(scope)?;
        }
        Ok(set.without_idle_identity())
    }

    /// Every way to make a set ends here, or a set would change when it is
    /// written to the database and read back.
    fn without_idle_identity(self) -> Self {
        if self.contains(DEFAULT) && self.contains(IDENTITY) {
            return self.filter(|scope| scope != IDENTITY);
        }
        self
    }

    fn filter(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept: Vec<&str> = self.iter().filter(|scope| keep(scope)).collect();
        Self {
            text: kept.join(" "),
        }
    }

    fn add(&mut self, scope: &str) -> Result<(), ScopeError> {
        if self.contains(scope) {
            return Ok(());
        }
        if self.len() == MAX_SCOPES {
            return Err(ScopeError::TooMany);
        }
        let space = usize::from(!self.is_empty());
        if self.text.len() + space + scope.len() > MAX_TEXT {
            return Err(ScopeError::TextTooLong);
        }
        if space == 1 {
            self.text.push(' ');
        }
        self.text.push_str(scope);
        Ok(())
    }

    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.text.split(' ').filter(|scope| !scope.is_empty())
    }

    /// The scopes joined by single spaces: the wire and database form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn len(&self) -> usize {
        self.iter().count()
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|own| own == scope)
    }

    /// Whether a token of these scopes may do what needs `scope`: who may change the
    /// administration's things may read them.
    pub fn allow(&self, scope: &str) -> bool {
        self.contains(scope) || (scope == ADMIN_READ && self.contains(ADMIN))
    }

    /// Whether some of them count only for a user with a role.
    pub fn need_role(&self) -> bool {
        !self.iter().all(|scope| is_for(scope, None))
    }

    /// What of them counts for a user with this role.
    #[must_use]
    pub fn of_role(&self, role: Option<Role>) -> Self {
        self.filter(|scope| is_for(scope, role))
    }

    /// Whether every scope of this set is in `other`. The empty set is in all.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.iter().all(|scope| other.contains(scope))
    }

    /// Whether both have the same scopes, in whatever order.
    pub fn same_as(&self, other: &Self) -> bool {
        self.is_subset_of(other) && other.is_subset_of(self)
    }

    /// The scopes of both, these first.
    ///
    /// # Errors
    /// [`ScopeError::TooMany`] or [`ScopeError::TextTooLong`]: two sets within
    /// the limits may exceed them together.
    pub fn union(&self, other: &Self) -> Result<Self, ScopeError> {
        let mut both = self.clone();
        other.iter().try_for_each(|scope| both.add(scope))?;
        Ok(both.without_idle_identity())
    }

    /// The scopes that are in both, in the order of these.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.filter(|scope| other.contains(scope))
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a scope counts for a user with this role, or without any.
pub fn is_for(scope: &str, role: Option<Role>) -> bool {
    match scope {
        ADMIN | ADMIN_READ => role.is_some(),
        SCIM => role == Some(Role::Admin),
        _ => true,
    }
}

/// Whether it only says who the user is, and gives nothing of the API.
pub fn tells(scope: &str) -> bool {
    IDENTITIES.contains(&scope)
}

/// Whether these scopes are a mere login: they say who the user is, while she is here.
pub fn are_login(scopes: &ScopeSet) -> bool {
    scopes.contains(OPENID) && scopes.iter().all(tells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(text: &str) -> ScopeSet {
        ScopeSet::parse(text).unwrap()
    }

    #[test]
    fn keeps_the_first_of_each_in_order() {
        assert_eq!(
            set("openid email openid profile email").as_str(),
            "openid email profile"
        );
        assert_eq!(set("  openid   email ").as_str(), "openid email");
        assert!(set("").is_empty());
        assert!(set("   ").is_empty());
    }

    #[test]
    fn identity_means_nothing_beside_default() {
        assert_eq!(set("default identity").as_str(), "default");
        assert_eq!(set("identity default").as_str(), "default");
        assert_eq!(set("identity").as_str(), "identity");
        assert_eq!(
            set("identity email")
                .union(&set("default"))
                .unwrap()
                .as_str(),
            "email default"
        );
    }

    #[test]
    fn a_scope_has_the_grammar_of_rfc6749_section_3_3() {
        for good in [
            "default",
            "tasks:read",
            "https://a.example/x",
            "!",
            "~",
            "#[]",
        ] {
            assert!(Scope::parse(good).is_ok(), "{good}");
        }
        for bad in ["a\"b", "a\\b", "a\tb", "a b", "a\u{7f}", "é", "a\0"] {
            assert_eq!(Scope::parse(bad), Err(ScopeError::Character), "{bad:?}");
        }
        assert_eq!(ScopeSet::parse("a\nb"), Err(ScopeError::Character));
        assert_eq!(Scope::parse(""), Err(ScopeError::Empty));
        assert!(Scope::parse(&"x".repeat(64)).is_ok());
        assert_eq!(Scope::parse(&"x".repeat(65)), Err(ScopeError::ScopeTooLong));
    }

    #[test]
    fn number_and_length_are_bounded() {
        let numbered = |n: usize| {
            (0..n)
                .map(|i| format!("s{i}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(set(&numbered(32)).len(), 32);
        assert_eq!(ScopeSet::parse(&numbered(33)), Err(ScopeError::TooMany));
        let longest = [
            &"a".repeat(64),
            &"b".repeat(64),
            &"c".repeat(64),
            &"d".repeat(60),
        ]
        .map(String::as_str)
        .join(" ");
        assert_eq!(longest.len(), MAX_TEXT);
        assert_eq!(set(&longest).as_str(), longest);
        assert_eq!(
            ScopeSet::parse(&format!("{longest}d")),
            Err(ScopeError::TextTooLong)
        );
        // Repetition costs nothing, up to a point.
        assert_eq!(set(&"a ".repeat(512)).as_str(), "a");
        assert_eq!(
            ScopeSet::parse(&"a ".repeat(513)),
            Err(ScopeError::TextTooLong)
        );
    }

    #[test]
    fn contains_whole_scopes_only() {
        let scopes = set("tasks:read profile");
        assert!(scopes.contains("profile"));
        assert!(!scopes.contains("tasks"));
        assert!(!scopes.contains("read profile"));
        assert!(!scopes.contains("tasks:read profile"));
        assert!(!scopes.contains(""));
    }

    fn any_set() -> impl Strategy<Value = ScopeSet> {
        prop::collection::vec("[a-e]{1,2}", 0..8).prop_map(|words| set(&words.join(" ")))
    }

    proptest! {
        #[test]
        fn the_laws_of_sets(a in any_set(), b in any_set()) {
            let both = a.union(&b).unwrap();
            let common = a.intersection(&b);
            prop_assert!(a.is_subset_of(&both) && b.is_subset_of(&both));
            prop_assert!(common.is_subset_of(&a) && common.is_subset_of(&b));
            prop_assert_eq!(both.len() + common.len(), a.len() + b.len());
            prop_assert!(both.same_as(&b.union(&a).unwrap()));
            prop_assert_eq!(a.is_subset_of(&b), common == a);
        }

        #[test]
        fn what_is_printed_reads_back(text in "[ -~]{0,300}") {
            if let Ok(scopes) = ScopeSet::parse(&text) {
                prop_assert_eq!(ScopeSet::parse(scopes.as_str()), Ok(scopes));
            }
        }
    }
}
