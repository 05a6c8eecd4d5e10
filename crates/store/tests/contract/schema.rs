//! The SQL itself: that it compiles, is common to the engines and finds rows by key.

use crate::world::Db;
use grantor_store::statement::{Statement, all};
use std::{collections::HashSet, fs, path::Path};

contract! {
    async fn every_statement_compiles(db) {
        db.store.prepare_all().await.unwrap();
    }
}

#[test]
fn every_statement_has_a_name_and_is_listed() {
    let names: HashSet<_> = all().map(|statement| statement.name).collect();
    assert_eq!(names.len(), all().count());
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut declared = 0;
    for file in fs::read_dir(sources).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            declared += declarations(&fs::read_to_string(path).unwrap());
        }
    }
    assert_eq!(
        declared,
        names.len(),
        "a module is missing from statement::all()"
    );
}

fn declarations(source: &str) -> usize {
    let Some((_, block)) = source.split_once("\nstatements! {") else {
        return 0;
    };
    let (block, _) = block.split_once("\n}").unwrap();
    let named = |line: &&str| {
        line.split_once(" = \"").is_some_and(|(name, _)| {
            name.trim()
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        })
    };
    block.lines().filter(named).count()
}

/// What one of the engines would not understand, or understands differently.
const FOREIGN: [&str; 24] = [
    "PRAGMA",
    "INSERT OR",
    "UPDATE OR",
    "REPLACE INTO",
    "DATETIME(",
    "STRFTIME",
    "JULIANDAY",
    "UNIXEPOCH",
    "ROWID",
    "AUTOINCREMENT",
    "IFNULL",
    "LIKE",
    "GLOB",
    "NOW(",
    "TRUE",
    "FALSE",
    "::",
    "ILIKE",
    "RANDOM(",
    "$1",
    "\"",
    "`",
    "INDEXED BY",
    "PRINTF(",
];

#[test]
fn every_statement_keeps_to_the_common_subset() {
    for Statement { name, sql } in all() {
        let text = sql.to_uppercase();
        for word in FOREIGN {
            assert!(!has_word(&text, word), "{name} has {word}");
        }
        let limited = depth_of(&text, "LIMIT").contains(&0);
        assert!(
            !limited || text.starts_with("SELECT"),
            "{name} limits what it writes"
        );
        assert_eq!(
            text.matches('?').count(),
            placeholders(&text).len(),
            "{name} has a bare placeholder"
        );
        let highest = placeholders(&text).into_iter().max().unwrap_or(0);
        let distinct: HashSet<_> = placeholders(&text).into_iter().collect();
        assert_eq!(distinct.len(), highest, "{name} leaves a placeholder out");
    }
}

/// What engines that speak PostgreSQL's protocol lack, by their own lists of differences:
/// <https://www.cockroachlabs.com/docs/v25.2/postgresql-compatibility> and
/// <https://docs.yugabyte.com/latest/explore/ysql-language-features/postgresql-compatibility/>;
/// and what only looks at PostgreSQL's own inside.
const LACKING: [&str; 33] = [
    "LISTEN",
    "UNLISTEN",
    "NOTIFY",
    "LOCK TABLE",
    "ADVISORY",
    "INHERITS",
    "EXCLUDE",
    "DEFERRABLE",
    "DEFERRED",
    "GIST",
    "GIN",
    "XML",
    "PREPARE TRANSACTION",
    "ALTER TYPE",
    "CREATE TYPE",
    "CREATE DOMAIN",
    "CREATE CONVERSION",
    "CREATE RULE",
    "CREATE TRIGGER",
    "CREATE FUNCTION",
    "CREATE EXTENSION",
    "CREATE ACCESS METHOD",
    "FOREIGN TABLE",
    "GENERATED ALWAYS",
    "TABLESPACE",
    "MERGE",
    "SKIP LOCKED",
    "NOWAIT",
    "CTID",
    "XMIN",
    "TXID_",
    "PG_",
    "DO $$",
];

#[test]
fn nothing_is_used_that_engines_like_postgresql_lack() {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let migrations: Vec<_> = files(&migrations, "sql").collect();
    assert!(migrations.len() >= 2, "the search finds them");
    let statements = all().map(|it| (it.name.to_owned(), it.sql.to_owned()));
    for (name, sql) in statements.chain(migrations) {
        let line = |line: &str| line.split("--").next().unwrap_or_default().to_uppercase();
        let text: String = sql.lines().map(|it| line(it) + "\n").collect();
        for word in LACKING {
            assert!(!has_word(&text, word), "{name} has {word}");
        }
        let (mut unmarked, mut marks) = (text.clone(), 0);
        for marked in MARKED {
            let whole = format!("/*: {marked} :*/");
            marks += unmarked.matches(&whole).count();
            unmarked = unmarked.replace(&whole, "");
        }
        assert_eq!(text.matches("/*").count(), marks, "{name} has another mark");
        for lock in ["FOR SHARE", "FOR UPDATE", "FOR KEY", "FOR NO KEY"] {
            assert!(!unmarked.contains(lock), "{name} locks by {lock}");
        }
    }
}

/// What stands between the marks that are a comment to SQLite, and why it may.
const MARKED: [&str; 3] = [
    // The others document these locks, too.
    "FOR SHARE",
    "FOR UPDATE",
    // By bytes, as SQLite sorts: a database has any order of its own.
    "COLLATE UCS_BASIC",
];

/// What is PostgreSQL's alone stands in its engine, and in no other file.
#[test]
fn what_is_postgresqls_alone_stands_in_one_place() {
    const ALONE: [&str; 4] = [
        "pg_",
        "plan_cache_mode",
        "clock_timestamp",
        "tcp_user_timeout =",
    ];
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let place = ["/engine/postgres.rs", "/engine/postgres/", "/tests.rs"];
    let (theirs, others): (Vec<_>, Vec<_>) =
        files(&sources, "rs").partition(|(name, _)| place.iter().any(|it| name.contains(it)));
    for word in ALONE {
        assert!(theirs.iter().any(|(_, text)| text.contains(word)), "{word}");
        for (name, text) in &others {
            let used = text.replace("pg_dump", "").contains(word);
            assert!(!used, "{name} has {word}");
        }
    }
}

/// All files below a folder that end so: each path, and what is in it.
fn files(folder: &Path, end: &'static str) -> Box<dyn Iterator<Item = (String, String)>> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    Box::new(entries.flat_map(move |path| match path.is_dir() {
        true => files(&path, end),
        false if path.extension().is_some_and(|it| it == end) => {
            let text = fs::read_to_string(&path).unwrap();
            Box::new(std::iter::once((path.display().to_string(), text)))
        }
        false => Box::new(std::iter::empty()),
    }))
}

fn has_word(text: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let is_letter = word.chars().all(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !is_letter || (!part(before.chars().next_back()) && !part(after.chars().next()))
    })
}

/// How deep in parentheses each occurrence stands.
fn depth_of(text: &str, word: &str) -> Vec<usize> {
    let depth = |at: usize| text[..at].matches('(').count() - text[..at].matches(')').count();
    text.match_indices(word).map(|(at, _)| depth(at)).collect()
}

fn placeholders(text: &str) -> Vec<usize> {
    let number = |rest: &str| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    text.split('?').skip(1).filter_map(number).collect()
}

/// Statements that read a whole table, and why they may.
const SCANS: [(&str, &str); 16] = [
    (
        "grantor_store::epoch::DROP_RECOVERY_CODES",
        "forgets them all, while no server runs",
    ),
    ("grantor_store::deletion::FORGET_INITIAL", "has a few rows"),
    ("grantor_store::sweep::OLD_FAMILIES", "stops after a step"),
    (
        "grantor_store::audit::NEWEST",
        "stops at the first row of each, and keys are few",
    ),
    (
        "grantor_store::changes::LATER",
        "wants most of the table, at start",
    ),
    (
        "grantor_store::grants::CONNECTIONS",
        "counts what it has just found",
    ),
    (
        "grantor_store::logins::DUE",
        "reads in turns what it has just found",
    ),
    (
        "grantor_store::provisioned::COUNT",
        "counts all accounts, for a directory that wants them all",
    ),
    (
        "grantor_store::mails::",
        "counts what waits, which is bounded",
    ),
    (
        "grantor_store::audit::SEARCH",
        "looks through what it has just found, which is bounded",
    ),
    ("grantor_store::chain::NEWEST", "stops after a step"),
    ("grantor_store::chain::OLDEST", "stops after a step"),
    (
        "grantor_store::chain::",
        "has a few rows, or stops at the first",
    ),
    ("grantor_store::leases::YIELD", "has a few rows"),
    ("grantor_store::moving::LED", "has a few rows"),
    ("grantor_store::keys::", "has a few rows"),
];

#[tokio::test]
async fn every_row_is_found_by_an_index() {
    let db = Db::sqlite().await;
    let raw = db.raw();
    let mut found = Vec::new();
    for Statement { name, sql } in all() {
        let mut explain = raw.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut steps = explain.raw_query();
        while let Some(step) = steps.next().unwrap() {
            let detail: String = step.get(3).unwrap();
            let listed = SCANS.iter().any(|(listed, _)| name.starts_with(listed));
            let scans = detail.starts_with("SCAN") && detail != "SCAN CONSTANT ROW";
            if scans && !listed {
                found.push(format!("{name}: {detail}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// An integer key in time order is worth an order of magnitude on bulk writes.
#[tokio::test]
async fn rows_that_are_written_by_the_million_have_integer_keys() {
    let db = Db::sqlite().await;
    for table in [
        "codes",
        "families",
        "grants",
        "sessions",
        "personal_access_tokens",
        "audit_events",
        "audit_chain",
        "changes",
    ] {
        let count = db.number(&format!(
            "SELECT COUNT(*) FROM pragma_table_info('{table}') WHERE pk > 0 AND type = 'INTEGER'"
        )).await;
        assert_eq!(count, 1, "{table}");
    }
}
