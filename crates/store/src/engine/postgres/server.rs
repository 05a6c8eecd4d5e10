//! Who is at the other end, by what a server says of itself when it lets somebody in: asked of
//! every connection, before the first statement, and at no cost.

/// The oldest PostgreSQL that the tests run on.
const OLDEST: u32 = 15;

/// Refuses what only speaks like PostgreSQL. `said`: a parameter that the server reports.
///
/// # Errors
/// What it is and why that will not do, for the operator.
pub(super) fn assert_usable<'a>(said: impl Fn(&str) -> Option<&'a str>) -> Result<(), String> {
    let version = said("server_version").unwrap_or("of no version");
    let other = match said("crdb_version") {
        Some(theirs) => Some(theirs.split(" (").next().unwrap_or(theirs).to_owned()),
        None if version.contains("-YB-") => Some(format!("YugabyteDB {version}")),
        None => None,
    };
    if let Some(other) = other {
        return Err(format!(
            "it is {other}, which cannot say which transactions are still open, so that a \
             revocation could be missed: use PostgreSQL {OLDEST} or newer"
        ));
    }
    let number = version.split(['.', ' ', 'b', 'r']).next();
    let number: u32 = number.and_then(|it| it.parse().ok()).unwrap_or(0);
    if number < OLDEST {
        return Err(format!("it is PostgreSQL {version}: use {OLDEST} or newer"));
    }
    match said("server_encoding") {
        Some("UTF8") => Ok(()),
        other => Err(format!(
            "its encoding is {}, which has no place for many names: make one with ENCODING 'UTF8'",
            other.unwrap_or("not known")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgresql_alone_is_taken_and_others_are_called_by_their_name() {
        let judge = |crdb: Option<&str>, version: &str, encoding: &str| {
            let said = |name: &str| match name {
                "crdb_version" => crdb,
                "server_version" => Some(version),
                "server_encoding" => Some(encoding),
                _ => None,
            };
            assert_usable(said)
        };
        for version in ["15.14 (Debian 15.14-0+deb12u1)", "17.2", "18beta1", "19rc1"] {
            assert_eq!(judge(None, version, "UTF8"), Ok(()), "{version}");
        }
        for (crdb, version, encoding, named) in [
            (
                Some("CockroachDB CCL v25.2.1 (x86_64-pc-linux-gnu)"),
                "13.0.0",
                "UTF8",
                "it is CockroachDB CCL v25.2.1, which",
            ),
            (
                None,
                "15.12-YB-2025.2.3.0-b1",
                "UTF8",
                "it is YugabyteDB 15.12-YB-2025.2.3.0-b1, which",
            ),
            (None, "14.9", "UTF8", "it is PostgreSQL 14.9: use 15"),
            (None, "8.0.2", "UTF8", "it is PostgreSQL 8.0.2: use 15"),
            (None, "", "UTF8", "use 15"),
            (None, "15.14", "LATIN1", "its encoding is LATIN1"),
            (None, "15.14", "SQL_ASCII", "its encoding is SQL_ASCII"),
        ] {
            let refused = judge(crdb, version, encoding).unwrap_err();
            assert!(refused.contains(named), "{refused}");
        }
    }
}
