//! Who may do what in the administration.

use crate::table::{Table, keep};
use grantor_protocol::role::{Act, Role};

const ROLES: [Option<Role>; 3] = [None, Some(Role::Support), Some(Role::Admin)];

#[test]
fn what_each_role_may_do() {
    let acts: Vec<String> = Act::ALL.iter().map(|act| format!("{act:?}")).collect();
    let acts: Vec<&'static str> = acts.into_iter().map(|act| &*act.leak()).collect();
    let facts = [
        ("act", &*acts.leak()),
        ("role", &["support", "admin"][..]),
        ("upon", &["nobody or a user", "support", "an admin"][..]),
    ];
    let table = Table::of(&facts, |case| {
        let [act, role, upon] = case.values() else {
            return None;
        };
        let may = Role::ALL[*role].may(Act::ALL[*act], ROLES[*upon]);
        Some(if may { "may" } else { "-" }.to_owned())
    });
    keep("role", &table.merged("may"));
}

/// No act upon a colleague is support's, but to look.
#[test]
fn support_has_no_way_up() {
    for act in Act::ALL {
        for upon in Role::ALL {
            assert_eq!(Role::Support.may(act, Some(upon)), act == Act::Read);
        }
        assert!(Role::Admin.may(act, Some(Role::Admin)));
    }
    for act in [
        Act::SetRole,
        Act::RotateKeys,
        Act::ReadKeys,
        Act::EnableUser,
    ] {
        assert!(!Role::Support.may(act, None));
    }
}

/// A token that only reads changes nothing.
#[test]
fn the_scope_of_each_act() {
    for act in Act::ALL {
        let wanted = if act.only_reads() {
            "admin:read"
        } else {
            "admin"
        };
        assert_eq!(act.scope(), wanted);
    }
}
