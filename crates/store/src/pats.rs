//! Personal access tokens.

use crate::{
    Store,
    audit::Event,
    changes::{Change, ChangeKind},
    engine::Batch,
    error::Result,
    statement::statements,
    usage::Used,
    value::Row,
};
use grantor_protocol::{
    scope::ScopeSet,
    secret::Digest,
    time::{Millis, Timestamp},
};
use std::sync::Arc;

statements! {
    FIND = "SELECT id, digest, user_id, description, scopes, hint, created_at, expires_at, last_used_at, last_used_from
        FROM personal_access_tokens WHERE id = ?1 AND ended_at IS NULL";
    OF_USER = "SELECT id, digest, user_id, description, scopes, hint, created_at, expires_at, last_used_at, last_used_from
        FROM personal_access_tokens WHERE user_id = ?1 AND ended_at IS NULL ORDER BY id DESC";
    ADD = "INSERT INTO personal_access_tokens (id, digest, user_id, description, scopes, hint, created_at, expires_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
        WHERE (SELECT COUNT(*) FROM personal_access_tokens
            WHERE user_id = ?3 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > ?7)) < ?9";
    END = "UPDATE personal_access_tokens SET ended_at = ?3 WHERE id = ?1 AND user_id = ?2 AND ended_at IS NULL";
    /// One line in the feed for each.
    TELL_OF_ALL = "INSERT INTO changes (at, kind, id)
        SELECT ?2, ?3, id FROM personal_access_tokens WHERE user_id = ?1 AND ended_at IS NULL RETURNING id";
    /// Of those that live long enough for a warning to be one.
    EXPIRING = "SELECT id, user_id, description, expires_at FROM personal_access_tokens
        WHERE warned_at IS NULL AND expires_at IS NOT NULL AND expires_at > ?1 AND expires_at <= ?2
            AND ended_at IS NULL AND expires_at - created_at > ?3 ORDER BY expires_at LIMIT ?4";
    WARN = "UPDATE personal_access_tokens SET warned_at = ?2 WHERE id = ?1 AND warned_at IS NULL AND ended_at IS NULL";
    END_ALL = "UPDATE personal_access_tokens SET ended_at = ?2 WHERE user_id = ?1 AND ended_at IS NULL";
}

#[derive(Clone)]
pub struct PersonalToken {
    pub id: i64,
    pub digest: Digest,
    pub user: i64,
    pub description: String,
    pub scopes: ScopeSet,
    pub hint: String,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    pub last_used: Option<Timestamp>,
    pub last_used_from: Option<String>,
}

/// A token to be: its text stays with the caller.
pub struct NewPersonalToken {
    pub id: i64,
    pub digest: Digest,
    pub user: i64,
    pub description: String,
    pub scopes: ScopeSet,
    pub hint: String,
    pub expires: Option<Timestamp>,
    /// How many live ones the user may have.
    pub limit: i64,
}

/// A token that will soon work no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiring {
    pub id: i64,
    pub user: i64,
    pub description: String,
    pub expires: Timestamp,
}

pub(crate) fn read_token(row: &Row<'_>) -> Result<PersonalToken> {
    Ok(PersonalToken {
        id: row.int(0)?,
        digest: row.digest(1)?,
        user: row.int(2)?,
        description: row.text(3)?,
        scopes: row.scopes(4)?,
        hint: row.text(5)?,
        created: row.time(6)?,
        expires: row.opt_time(7)?,
        last_used: row.opt_time(8)?,
        last_used_from: row.opt_text(9)?,
    })
}

impl Store {
    /// A live token whose whole digest matches, as this node knows it.
    pub async fn personal_token(
        &self,
        id: i64,
        digest: &Digest,
    ) -> Result<Option<Arc<PersonalToken>>> {
        let known = self
            .memory
            .is_fresh()
            .then(|| self.memory.pats.get(id))
            .flatten();
        let token = match known {
            Some(token) => Some(token),
            None => self.read_personal_token(id).await?,
        };
        Ok(token.filter(|token| token.digest.proves(digest)))
    }

    /// A live token, whoever's it is.
    pub async fn personal_token_by_id(&self, id: i64) -> Result<Option<PersonalToken>> {
        let params = crate::params![id];
        let found = self.engine.read(&FIND, &params, read_token).await?;
        Ok(found.into_iter().next())
    }

    async fn read_personal_token(&self, id: i64) -> Result<Option<Arc<PersonalToken>>> {
        let moment = self.memory.pats.moment();
        let token = self
            .engine
            .read(&FIND, &crate::params![id], read_token)
            .await?
            .pop()
            .map(Arc::new);
        if let Some(token) = &token {
            self.memory.pats.keep(id, token, moment);
        }
        Ok(token)
    }

    pub async fn personal_tokens_of(&self, user: i64) -> Result<Vec<PersonalToken>> {
        let mut tokens = self
            .engine
            .read(&OF_USER, &crate::params![user], read_token)
            .await?;
        for token in &mut tokens {
            if let Some((at, from)) = self.usage.last(Used::PersonalToken(token.id))
                && token.last_used <= Some(at)
            {
                token.last_used = Some(at);
                token.last_used_from = from.map(|address| address.to_string());
            }
        }
        Ok(tokens)
    }

    /// `false`: the user has as many as she may have, or is not active.
    pub async fn add_personal_token(&self, token: &NewPersonalToken, event: Event) -> Result<bool> {
        let params = crate::params![
            token.id,
            token.digest,
            token.user,
            &token.description,
            &token.scopes,
            &token.hint,
            event.at,
            token.expires,
            token.limit
        ];
        let batch = Batch::new()
            .expect_one(crate::users::TURN, crate::params![token.user])
            .expect_one(&ADD, params);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Tokens that expire within `ahead`, of whose end nobody was told; those that were made
    /// for less than twice that long are left out.
    pub async fn expiring_tokens(
        &self,
        ahead: Millis,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<Expiring>> {
        let params = crate::params![now, now + ahead, 2 * ahead.0, limit];
        let read = |row: &Row<'_>| {
            Ok(Expiring {
                id: row.int(0)?,
                user: row.int(1)?,
                description: row.text(2)?,
                expires: row.time(3)?,
            })
        };
        self.engine.scan(&EXPIRING, &params, read).await
    }

    /// Its user is told, once. `false`: she was, or it has ended.
    pub async fn warn_of_token(&self, token: i64, event: Event) -> Result<bool> {
        let params = crate::params![token, event.at];
        let batch = Batch::new().expect_one(&WARN, params).audit(event);
        Ok(self.apply(batch).await?.is_done())
    }

    /// `false`: it is not this user's, or ended already.
    pub async fn end_personal_token(&self, id: i64, user: i64, event: Event) -> Result<bool> {
        let batch = Batch::new()
            .expect_one(&END, crate::params![id, user, event.at])
            .change(Change::new(ChangeKind::PersonalToken, id, event.at));
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Ends all that this user has, also those that were made a moment ago.
    pub async fn end_personal_tokens(&self, user: i64, event: Event) -> Result<()> {
        let (kind, at) = (ChangeKind::PersonalToken, event.at);
        let told = crate::params![user, at, kind.as_str()].to_vec();
        let batch = Batch::new()
            .run(crate::users::HOLD, crate::params![user])
            .tell((&TELL_OF_ALL, told), None, (kind, at))
            .run(&END_ALL, crate::params![user, at]);
        self.must_apply(batch.audit(event)).await
    }
}
