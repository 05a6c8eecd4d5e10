//! Every statement has a name and stands once, beside the verb that uses it; this
//! is the list of them all, which tests prepare on each engine.
//!
//! The subset: `?1` placeholders, `ON CONFLICT`, `RETURNING`, nothing of a dialect, nor of what
//! CockroachDB and YugabyteDB lack ([ADR 15](../../../docs/adr/0015-the-sql-subset.md)).

/// A named SQL text.
pub struct Statement {
    pub name: &'static str,
    pub sql: &'static str,
}

/// Declares statements and lists them for [`all`].
macro_rules! statements {
    ($($(#[$note:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$note])* static $name: $crate::statement::Statement = $crate::statement::Statement {
            name: concat!(module_path!(), "::", stringify!($name)),
            sql: $sql,
        };)*
        pub(crate) static ALL: &[&$crate::statement::Statement] = &[$(&$name),*];
    };
}
pub(crate) use statements;

/// Every statement of this crate.
pub fn all() -> impl Iterator<Item = &'static Statement> {
    [
        crate::apps::ALL,
        crate::assertions::ALL,
        crate::audit::ALL,
        crate::chain::ALL,
        crate::changes::ALL,
        crate::codes::ALL,
        crate::deletion::ALL,
        crate::epoch::ALL,
        crate::factors::ALL,
        crate::families::ALL,
        crate::find::ALL,
        crate::grants::ALL,
        crate::identities::ALL,
        crate::images::ALL,
        crate::journeys::ALL,
        crate::keys::ALL,
        crate::leases::ALL,
        crate::links::ALL,
        crate::logins::ALL,
        crate::mails::ALL,
        crate::migrate::ALL,
        crate::moving::ALL,
        crate::passkeys::ALL,
        crate::pats::ALL,
        crate::provisioned::ALL,
        crate::recovery::ALL,
        crate::places::ALL,
        crate::refusals::ALL,
        crate::registrations::ALL,
        crate::roles::ALL,
        crate::sessions::ALL,
        crate::standing::ALL,
        crate::sweep::ALL,
        crate::throttles::ALL,
        crate::totp::ALL,
        crate::usage::ALL,
        crate::user_links::ALL,
        crate::users::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}
