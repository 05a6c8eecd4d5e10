//! Who acts for the operator: roles of users, and what is written in their name.

use crate::{
    Store,
    audit::{Actor, Event},
    changes::{Change, ChangeKind},
    engine::{Batch, Step},
    error::Result,
    sessions::Which,
    statement::{Statement, statements},
    users::{User, read_user},
};
use grantor_protocol::role::Role;

statements! {
    /// Whoever takes an administrator away holds them all, in one order: of two who take
    /// each other's role, the later one sees what the earlier one did.
    HOLD_ALL = "SELECT id FROM users WHERE admin_at > 0 ORDER BY admin_at, id /*: FOR UPDATE :*/";
    HAS = "SELECT 1 FROM users WHERE id = ?1 AND disabled_at IS NULL
        AND (admin_at IS NOT NULL OR (CAST(?2 AS BIGINT) = 0 AND support_at IS NOT NULL)) /*: FOR SHARE :*/";
    HAS_NONE = "SELECT 1 FROM users WHERE id = ?1 AND admin_at IS NULL AND support_at IS NULL /*: FOR SHARE :*/";
    /// But for the last administrator. Nothing, where nothing would change.
    SET = "UPDATE users SET
            admin_at = CASE WHEN CAST(?2 AS BIGINT) = 0 THEN NULL ELSE CAST(?4 AS BIGINT) END,
            support_at = CASE WHEN CAST(?3 AS BIGINT) = 0 THEN NULL ELSE CAST(?4 AS BIGINT) END
        WHERE id = ?1
            AND (CASE WHEN admin_at IS NULL THEN 0 ELSE 1 END <> ?2 OR CASE WHEN support_at IS NULL THEN 0 ELSE 1 END <> ?3)
            AND (admin_at IS NULL OR disabled_at IS NOT NULL
                OR EXISTS (SELECT 1 FROM users o WHERE o.admin_at > 0 AND o.disabled_at IS NULL AND o.id <> users.id))";
    /// Everybody with a role.
    LIST = "SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, support_at
            FROM users WHERE admin_at > 0
        UNION ALL SELECT id, email, name, photo, admin_at, created_at, disabled_at, profile, updated_at, email_verified_at, support_at
            FROM users WHERE support_at > 0 AND admin_at IS NULL";
}

pub(crate) static HOLD: &Statement = &HOLD_ALL;

/// That the actor's role reaches upon whom she acts: steps that fail where it does not.
pub(crate) fn still_reaches(actor: &Actor) -> Vec<Step> {
    let (Some(user), Some(office)) = (actor.user, actor.office) else {
        return Vec::new();
    };
    let step = |statement, params: Vec<_>| Step {
        statement,
        params,
        rows: Some(1),
        tells: None,
    };
    let level = i64::from(office.role == Role::Admin);
    let mut steps = vec![step(&HAS, crate::params![user, level].to_vec())];
    if let (Role::Support, Some(upon)) = (office.role, office.upon) {
        steps.push(step(&HAS_NONE, crate::params![upon].to_vec()));
    }
    steps
}

impl Store {
    /// Gives a user a role, and ends her sessions; or takes it. `false`: she has it already, or there would be no
    /// administrator any more.
    pub async fn set_role(&self, user: i64, role: Option<Role>, event: Event) -> Result<bool> {
        let is = |wanted| i64::from(role == Some(wanted));
        let params = crate::params![user, is(Role::Admin), is(Role::Support), event.at];
        let batch = Batch::new()
            .run(&HOLD_ALL, [])
            .expect_one(&SET, params)
            // What was open before gets no power by this.
            .when(role.is_some(), |batch| {
                batch.end_sessions(user, Which::All, event.at)
            })
            .change(Change::new(ChangeKind::User, user, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Everybody whom the operator has given a role: a few.
    pub async fn users_with_a_role(&self) -> Result<Vec<User>> {
        self.engine.scan(&LIST, &[], read_user).await
    }
}
