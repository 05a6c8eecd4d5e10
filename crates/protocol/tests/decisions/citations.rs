//! `docs/rfc.md` and the code, held together.
//!
//! A citation is the comment at the end of a line of code that enforces a
//! section: `// RFC 6749 §4.1.3`, several of them separated by commas. Each has
//! a row in the document that names its function and a test, and no row is
//! without its citation.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Document, section, and the function that enforces it as `path::function`.
type Citation = (String, String, String);

const SOURCES: [&str; 2] = ["crates/protocol/src", "crates/server/src"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Rust file below `folder` as its path from the root and its text.
fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn files_of(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root().join(folder), &mut found);
    found
}

/// The comment at the end of a line of code, if it cites sections.
fn cited(line: &str) -> Option<&str> {
    let (code, comment) = line.trim_start().rsplit_once("// ")?;
    let is_code = !code.is_empty() && !code.starts_with('/');
    (is_code && comment.contains(" §")).then_some(comment)
}

/// The name in a line that begins a function.
fn function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_head = before
        .split_whitespace()
        .all(|word| word.starts_with("pub") || ["const", "async"].contains(&word));
    let end = after.find(['(', '<'])?;
    is_head.then_some(&after[..end])
}

fn citations_of(path: &str, text: &str) -> BTreeSet<Citation> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let mut inside = None;
    let mut found = BTreeSet::new();
    for (number, line) in code.lines().enumerate() {
        inside = function(line).or(inside);
        for item in cited(line).into_iter().flat_map(|it| it.split(", ")) {
            let at = format!("{path}:{}", number + 1);
            let (document, section) = item
                .split_once(" §")
                .unwrap_or_else(|| panic!("{at}: {item}"));
            assert!(
                !section.contains(' '),
                "{at}: only the section, so that it can be found"
            );
            let inside = inside.unwrap_or_else(|| panic!("{at}: no function"));
            found.insert((document.into(), section.into(), format!("{path}::{inside}")));
        }
    }
    found
}

/// The document's rows, each with the names of its tests.
fn rows() -> Vec<(Citation, Vec<String>)> {
    let text = fs::read_to_string(root().join("docs/rfc.md")).unwrap();
    let mut document = "";
    let mut rows = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            document = title.split(':').next().unwrap();
        }
        let Some(row) = line.strip_prefix("| §") else {
            continue;
        };
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [section, _requirement, functions, tests, _] = cells[..] else {
            panic!("{line}");
        };
        let names = |cell: &str| {
            cell.split(", ")
                .map(|it| it.trim_matches('`').to_owned())
                .collect::<Vec<_>>()
        };
        for function in names(functions) {
            rows.push(((document.into(), section.into(), function), names(tests)));
        }
    }
    rows
}

#[test]
fn every_citation_has_a_row_and_every_row_a_citation() {
    let sources = SOURCES.iter().flat_map(|folder| files_of(folder));
    let code: BTreeSet<_> = sources
        .flat_map(|(path, text)| citations_of(&path, &text))
        .collect();
    let rows: BTreeSet<_> = rows().into_iter().map(|(citation, _)| citation).collect();
    let list = |set: Vec<&Citation>| {
        set.iter()
            .map(|(document, section, function)| format!("\n  {document} §{section} in {function}"))
            .collect::<String>()
    };
    let unlisted = list(code.difference(&rows).collect());
    let unfounded = list(rows.difference(&code).collect());
    assert!(
        unlisted.is_empty() && unfounded.is_empty(),
        "cited in the code, not in docs/rfc.md:{unlisted}\nin docs/rfc.md, not cited there:{unfounded}"
    );
}

#[test]
fn every_test_that_the_document_names_exists() {
    let mut tests = BTreeSet::new();
    for (_, text) in files_of("crates") {
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if let (Some(name), true) = (function(line), is_test) {
                tests.insert(name.to_owned());
            }
            is_test = line == "#[test]"
                || line.starts_with("#[tokio::test")
                || (is_test && line.starts_with("#["));
        }
    }
    for ((document, section, _), names) in rows() {
        for name in names {
            assert!(
                tests.contains(&name),
                "{document} §{section}: no test is called {name}"
            );
        }
    }
}

#[test]
fn citations_are_read_as_they_are_written() {
    let text = "\
pub(crate) const fn outer<T>(it: T) -> u8 {
    // RFC 1 §1 is talked about here, not enforced.
    first(); // RFC 2 §2.1, RFC 3 §3
}
/// RFC 4 §4
async fn inner() {} // OpenID Connect Core §5
";
    let found = citations_of("a.rs", text);
    let found: Vec<_> = found
        .iter()
        .map(|(document, section, function)| format!("{document}/{section}/{function}"))
        .collect();
    assert_eq!(
        found,
        [
            "OpenID Connect Core/5/a.rs::inner",
            "RFC 2/2.1/a.rs::outer",
            "RFC 3/3/a.rs::outer"
        ]
    );
}
