//! `docs/openid.md` is kept by this test.

use crate::weaknesses::names_of_all_tests;
use std::collections::BTreeSet;

const LIST: &str = include_str!("../../../../../docs/openid.md");
/// Modules of the plans; one that several plans share counts once.
const MODULES: usize = 77;

/// Every module has tests that exist, or a reason why it has none yet.
#[test]
fn every_module_of_the_plans_names_its_test() {
    let names = names_of_all_tests();
    let mut modules = BTreeSet::new();
    for row in LIST.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [module, plans, tests, suite] = cells[..] else {
            panic!("four columns, please: {row}");
        };
        assert!(modules.insert(module), "twice: {module}");
        assert!(plans.split(' ').all(|plan| "CBIHDTLFKS".contains(plan)));
        assert!(!suite.is_empty(), "{row}");
        let named: Vec<_> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty() || tests.starts_with("not yet: "), "{row}");
        for test in named {
            assert!(names.contains(test), "there is no test {test}: {row}");
        }
    }
    assert_eq!(modules.len(), MODULES);
}

#[test]
fn every_client_names_its_test() {
    let names = names_of_all_tests();
    let (_, clients) = LIST.split_once("## Clients").unwrap();
    let rows = clients.lines().filter(|line| line.starts_with("| "));
    for row in rows.skip(1) {
        let tests = row.split(" | ").nth(2).unwrap();
        let mut named = tests.split('`').skip(1).step_by(2);
        assert!(named.all(|test| names.contains(test)), "{row}");
    }
}
