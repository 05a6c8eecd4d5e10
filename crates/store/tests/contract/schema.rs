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
const SCANS: [(&str, &str); 9] = [
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
        "changes",
    ] {
        let count = db.number(&format!(
            "SELECT COUNT(*) FROM pragma_table_info('{table}') WHERE pk > 0 AND type = 'INTEGER'"
        )).await;
        assert_eq!(count, 1, "{table}");
    }
}
