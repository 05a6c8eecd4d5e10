//! The end of an account. Its row stays, empty and disabled for good: so every path that asks
//! whether a user may still do something refuses already, and what hangs from her needs no
//! check of its own. What is hers alone goes with her.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::{Applied, Batch},
    error::Result,
    sessions::Which,
    statement::{Statement, statements},
};

statements! {
    /// Of two administrators who leave at once one has to see that the other is gone.
    HOLD_ADMINISTRATORS = "UPDATE users SET turn = turn WHERE admin_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM users u WHERE u.id = ?1 AND u.admin_at IS NOT NULL)";
    /// Under a key that no address has. Refused for the only administrator who is active.
    VACATE = "UPDATE users SET email = '', email_key = 'deleted ' || CAST(id AS TEXT), email_verified_at = NULL,
            name = '', photo = NULL, profile = '{}', updated_at = ?2, password = NULL, admin_at = NULL, support_at = NULL,
            disabled_at = COALESCE(disabled_at, ?2)
        WHERE id = ?1 AND email <> '' AND (admin_at IS NULL OR disabled_at IS NOT NULL
            OR EXISTS (SELECT 1 FROM users o WHERE o.admin_at IS NOT NULL AND o.disabled_at IS NULL AND o.id <> ?1))";
    EXISTS = "SELECT 1 FROM users WHERE id = ?1 AND email <> ''";
    TELL_OF_APPS = "INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, id FROM apps WHERE owner_id = ?1 AND deleted_at IS NULL RETURNING id";
    END_APPS = "UPDATE apps SET deleted_at = COALESCE(deleted_at, ?2), name = '', url = '', icon = NULL, redirect_uris = '',
            registration = '{}', registration_token = NULL, unused_until = NULL, suspended_for = NULL, verified_at = NULL
        WHERE owner_id = ?1";
    END_GRANTS = "UPDATE grants SET ended_at = ?2 WHERE user_id = ?1 AND ended_at IS NULL";
    TELL_OF_TOKENS = "INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, id FROM personal_access_tokens WHERE user_id = ?1 AND ended_at IS NULL RETURNING id";
    /// Their rows are still the outbox of what tells apps of the logout.
    BLUR_SESSIONS = "UPDATE sessions SET address = '', user_agent = '' WHERE user_id = ?1";
    FORGET_SECRETS = "DELETE FROM client_secrets WHERE app_id IN (SELECT id FROM apps WHERE owner_id = ?1)";
    FORGET_REFUSALS = "DELETE FROM refusals WHERE app_id IN (SELECT id FROM apps WHERE owner_id = ?1)";
    FORGET_TOKENS = "DELETE FROM personal_access_tokens WHERE user_id = ?1";
    FORGET_IDENTITIES = "DELETE FROM identities WHERE user_id = ?1";
    FORGET_LINKS = "DELETE FROM user_links WHERE user_id = ?1";
    FORGET_PLACES = "DELETE FROM places WHERE user_id = ?1";
    FORGET_INITIAL = "DELETE FROM initial_access_tokens WHERE owner_id = ?1";
}

/// What is hers alone, whole tables of it: each statement has her id and nothing else.
const HERS: [&Statement; 12] = [
    crate::provisioned::OF_USER,
    &FORGET_IDENTITIES,
    &FORGET_LINKS,
    &FORGET_PLACES,
    &BLUR_SESSIONS,
    &FORGET_SECRETS,
    &FORGET_REFUSALS,
    &FORGET_TOKENS,
    &FORGET_INITIAL,
    crate::factors::OF_USER[0],
    crate::factors::OF_USER[1],
    crate::factors::OF_USER[2],
];

/// How a deletion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    Done,
    /// Nobody would be left to administer.
    OnlyAdministrator,
    /// There is no such account any more.
    Gone,
}

impl Store {
    /// Ends an account and all that hangs from it, and forgets who it was. Its address is free.
    /// `language`: of its last mail, a tag.
    pub async fn delete_user(
        &self,
        user: i64,
        language: Option<String>,
        event: Event,
    ) -> Result<Deleted> {
        let at = event.at;
        let told = |kind: ChangeKind| crate::params![user, at, kind.as_str()].to_vec();
        let (apps, tokens) = (ChangeKind::AppSuspended, ChangeKind::PersonalToken);
        // The event first: whoever is told of it still has an address then. What another may
        // be adding to comes after the row that both of them hold.
        let batch = Batch::new()
            .audit(event.clone())
            .mail_of_deletion(&event, user, language)
            .run(&HOLD_ADMINISTRATORS, crate::params![user])
            .expect_one(&VACATE, crate::params![user, at])
            .end_sessions(user, Which::All, at)
            .change(Change::new(ChangeKind::UserDisabled, user, at))
            .run(&END_GRANTS, crate::params![user, at])
            .tell((&TELL_OF_TOKENS, told(tokens)), None, (tokens, at))
            .tell((&TELL_OF_APPS, told(apps)), None, (apps, at))
            .run(&END_APPS, crate::params![user, at]);
        let batch = HERS.into_iter().fold(batch, |batch, statement| {
            batch.run(statement, crate::params![user])
        });
        if let Applied::Done(_) = self.apply(batch).await? {
            return Ok(Deleted::Done);
        }
        let params = crate::params![user];
        let found = self.engine.read(&EXISTS, &params, |row| row.int(0)).await?;
        Ok(match found.is_empty() {
            true => Deleted::Gone,
            false => Deleted::OnlyAdministrator,
        })
    }
}
