//! `docs/advisories.md` is kept by this test.

use std::{collections::BTreeSet, fs, path::Path};

const LIST: &str = include_str!("../../../../../docs/advisories.md");

/// The names of the tests in a folder and below.
fn tests(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests(&path, names);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let lines: Vec<_> = text.lines().map(str::trim).collect();
            let pairs = lines.windows(2).filter(|pair| pair[0].ends_with("test]"));
            let found = pairs.filter_map(|pair| pair[1].split("fn ").nth(1)?.split('(').next());
            names.extend(found.map(str::to_owned));
        }
    }
}

/// The names of all tests of the workspace.
pub fn names_of_all_tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    tests(crates, &mut names);
    names
}

/// Every advisory has a test that exists, is looked after by `cargo deny`, or is said to
/// belong to a later issue.
#[test]
fn every_advisory_names_its_test() {
    let names = names_of_all_tests();
    let rows = LIST.lines().filter(|line| line.starts_with("| "));
    let rows: Vec<_> = rows.filter(|line| !line.starts_with("| system")).collect();
    assert!(rows.len() > 100);
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, _, _, answer] = cells[..] else {
            panic!("four columns, please: {row}");
        };
        let named: Vec<_> = answer.split('`').skip(1).step_by(2).collect();
        let elsewhere = answer.starts_with("later issue") || answer == "cargo deny";
        assert!(!named.is_empty() || elsewhere, "{row}");
        for test in named {
            assert!(names.contains(test), "there is no test {test}: {row}");
        }
    }
}
