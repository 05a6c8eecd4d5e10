//! Input: two lists of scopes, separated by a newline. What is printed reads
//! back; the limits hold; the laws of sets hold.
#![no_main]

use grantor_protocol::scope::{MAX_SCOPES, MAX_TEXT, Scope, ScopeSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (a, b) = text.split_once('\n').unwrap_or((text, ""));
    let (Ok(a), Ok(b)) = (ScopeSet::parse(a), ScopeSet::parse(b)) else {
        return;
    };
    holds_together(&a);

    let common = a.intersection(&b);
    holds_together(&common);
    assert!(common.is_subset_of(&a) && common.is_subset_of(&b));
    assert!(
        a.iter()
            .all(|scope| common.contains(scope) == b.contains(scope))
    );

    if let Ok(both) = a.union(&b) {
        holds_together(&both);
        let either = |scope: &str| a.contains(scope) || b.contains(scope);
        assert!(both.iter().all(either));
        let idle = |scope: &str| scope == "identity" && both.contains("default");
        assert!(
            a.iter()
                .chain(b.iter())
                .all(|scope| both.contains(scope) || idle(scope))
        );
    }
});

fn holds_together(set: &ScopeSet) {
    assert_eq!(ScopeSet::parse(&set.to_string()).as_ref(), Ok(set));
    assert!(set.len() <= MAX_SCOPES && set.as_str().len() <= MAX_TEXT);
    assert!(
        set.iter()
            .all(|scope| Scope::parse(scope).is_ok() && set.contains(scope))
    );
    assert!(set.same_as(set));
}
