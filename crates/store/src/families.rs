//! Families of refresh tokens: one row, whatever the number of rotations.

use crate::{
    LONGEST_ACCESS, Store,
    audit::Event,
    changes::{Change, ChangeKind, SKEW},
    codes::Stored,
    engine::{Applied, Batch},
    error::{Error, Result},
    statement::statements,
    value::Row,
};
use grantor_protocol::{
    bearer::BearerToken,
    client::Client,
    time::Timestamp,
    token::{
        Standing,
        refresh::{Family, Lineage, Rotation},
    },
};
use std::sync::Arc;

statements! {
    FIND = "SELECT f.user_id, f.app_id, f.grant_id, f.scopes, f.newest, f.rotations, f.ended_at, f.idle_until,
            f.session_id, f.auth_time, f.level, f.id_claims, f.info_claims,
            COALESCE(g.ended_at, a.deleted_at), u.disabled_at, a.suspended_at,
            CASE WHEN s.id IS NULL OR s.expires_at <= ?2 THEN 0 ELSE s.ended_at END, f.created_at, s.expires_at
        FROM families f JOIN grants g ON g.id = f.grant_id JOIN users u ON u.id = f.user_id
            JOIN app_standing a ON a.id = f.app_id LEFT JOIN sessions s ON s.id = f.session_id
        WHERE f.id = ?1";
    ROTATE = "UPDATE families SET newest = ?2, rotations = ?3, idle_until = ?4
        WHERE id = ?1 AND newest = ?2 - 1 AND ended_at IS NULL
            AND (CAST(?5 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM sessions s WHERE s.id = ?5 AND s.ended_at IS NULL AND s.expires_at > ?6))
            AND EXISTS (SELECT 1 FROM grants g JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
                WHERE g.id = families.grant_id AND g.ended_at IS NULL AND u.disabled_at IS NULL
                    AND a.suspended_at IS NULL AND a.deleted_at IS NULL)";
    END = "UPDATE families SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL";
    /// Everything that could have ended an access token, for a node that has not
    /// heard from the feed.
    STANDS = "SELECT g.id FROM grants g JOIN users u ON u.id = g.user_id JOIN app_standing a ON a.id = g.app_id
        WHERE g.id = ?1 AND g.ended_at IS NULL AND u.disabled_at IS NULL
            AND a.suspended_at IS NULL AND a.deleted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = ?2 AND c.kind = 'family')
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = ?3 AND c.kind = 'token')
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = ?5 AND c.kind = 'session')
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = g.app_id AND c.kind = 'app_suspended' AND c.at >= ?4)
            AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.id = g.user_id AND c.kind = 'user_disabled' AND c.at >= ?4)";
}

/// A family as it was read.
pub struct Steady {
    pub family: Family,
    read: Timestamp,
    /// Of the app: another kind may rotate.
    app_changed: Timestamp,
    /// When the session that it hangs from ends by time, which is no change that anybody
    /// hears of. Use puts it off.
    session_until: Option<Timestamp>,
}

impl Steady {
    fn never_rotates(&self, client: &Client) -> bool {
        !client.kind.is_public() && !self.family.ended && self.family.lineage == Lineage::default()
    }

    /// Whether it can still be what the database says: no older than the endings that
    /// this node remembers, of the app as it is, not past ends that use puts off.
    fn holds(&self, client: &Client, now: Timestamp) -> bool {
        self.app_changed == client.changed
            && now - self.read < LONGEST_ACCESS
            && now < self.family.idle_until
            && self.session_until.is_none_or(|end| now < end)
    }

    /// What ends it ends an access token that was issued when it was read.
    fn as_token(&self) -> BearerToken {
        let family = &self.family;
        BearerToken::Access {
            id: 0,
            app: family.app,
            grant: family.grant,
            family: family.id,
            session: family.login.bound_to(&family.scopes),
        }
    }
}

impl Store {
    pub async fn family(&self, id: i64, now: Timestamp) -> Result<Option<(Family, Standing)>> {
        let found = self.family_and_session(id, now).await?;
        Ok(found.map(|(family, standing, _)| (family, standing)))
    }

    /// With when its session ends by time, where there is one.
    async fn family_and_session(
        &self,
        id: i64,
        now: Timestamp,
    ) -> Result<Option<(Family, Standing, Option<Timestamp>)>> {
        let read = |row: &Row<'_>| {
            let family = Family {
                id,
                user: row.int(0)?,
                app: row.int(1)?,
                grant: row.int(2)?,
                scopes: row.scopes(3)?,
                lineage: Lineage {
                    newest: generation(row.int(4)?)?,
                    rotations: read_rotations(&row.text(5)?)?,
                },
                ended: row.is_set(6)?,
                created: row.time(17)?,
                idle_until: row.time(7)?,
                login: row.login(8)?,
            };
            let standing = Standing {
                grant_ended: row.is_set(13)?,
                user_disabled: row.is_set(14)?,
                app_suspended: row.is_set(15)?,
                session_ended: row.is_set(16)?,
            };
            Ok((family, standing, row.opt_time(18)?))
        };
        Ok(self
            .engine
            .read(&FIND, &crate::params![id, now], read)
            .await?
            .pop())
    }

    /// A family of an app whose refresh tokens do not rotate, as this node knows it; read
    /// at most once between what could end or change it.
    pub async fn steady_family(
        &self,
        id: i64,
        client: &Client,
        now: Timestamp,
    ) -> Result<Option<(Arc<Steady>, Standing)>> {
        if self.memory.is_fresh()
            && let Some(steady) = self.memory.families.get(id)
            && steady.holds(client, now)
            && !self
                .memory
                .has_ended(steady.as_token(), steady.family.user, steady.read)
        {
            return Ok(Some((steady, Standing::default())));
        }
        let moment = self.memory.families.moment();
        let found = self.family_and_session(id, now).await?;
        let Some((family, mut standing, session_until)) = found else {
            return Ok(None);
        };
        // A connection does not ask how its session is.
        let is_login = family.login.bound_to(&family.scopes).is_some();
        standing.session_ended &= is_login;
        let steady = Arc::new(Steady {
            family,
            read: now,
            app_changed: client.changed,
            session_until: session_until.filter(|_| is_login),
        });
        if standing == Standing::default() && steady.never_rotates(client) {
            self.memory.families.keep(id, &steady, moment);
        }
        Ok(Some((steady, standing)))
    }

    /// Moves a family to its next generation, if nobody else did meanwhile.
    /// `session`: the one that it hangs from, if any.
    pub async fn rotate(
        &self,
        (family, session): (i64, Option<i64>),
        lineage: &Lineage,
        idle_until: Timestamp,
        now: Timestamp,
    ) -> Result<Stored> {
        let params = crate::params![
            family,
            i64::from(lineage.newest),
            write_rotations(&lineage.rotations),
            idle_until,
            session,
            now
        ];
        Ok(
            match self.apply(Batch::new().expect_one(&ROTATE, params)).await? {
                Applied::Done(_) => Stored::Done,
                Applied::Unmet(_) => Stored::Lost,
            },
        )
    }

    /// Ends a family and its access tokens, which concerns its user. `false`: it had ended
    /// already, and nothing is written.
    pub async fn end_family(&self, family: i64, mut event: Event) -> Result<bool> {
        let found = self.family(family, event.at).await?;
        event.user = event.user.or(found.map(|(family, _)| family.user));
        let change = Change::new(ChangeKind::Family, family, event.at);
        let batch = Batch::new()
            .expect_one(&END, crate::params![family, event.at])
            .change(change);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Ends one access token. `false`: it had ended already, and nothing is written.
    pub async fn end_token(&self, token: i64, event: Event) -> Result<bool> {
        let change = Change::new(ChangeKind::Token, token, event.at);
        let batch = Batch::new().change_once(change);
        Ok(self.apply(batch.audit(event)).await?.is_done())
    }

    /// Whether a token, or anything it hangs from, has ended: from memory while this
    /// node hears the feed, by a read otherwise. Fails rather than guess.
    pub async fn has_ended(
        &self,
        token: BearerToken,
        user: i64,
        issued: Timestamp,
    ) -> Result<bool> {
        let fresh = self.memory.is_fresh();
        if fresh && self.memory.has_ended(token, user, issued) {
            return Ok(true);
        }
        match token {
            BearerToken::Access { .. } if fresh => Ok(false),
            BearerToken::Access {
                id,
                grant,
                family,
                session,
                ..
            } => {
                let params = crate::params![grant, family, id, issued - SKEW, session];
                let found = self.engine.read(&STANDS, &params, |row| row.int(0)).await?;
                Ok(found.is_empty())
            }
            // The token itself was found alive by the call that found it.
            BearerToken::Personal { .. } => {
                Ok(self.user(user).await?.is_none_or(|user| user.disabled))
            }
        }
    }
}

fn generation(number: i64) -> Result<u32> {
    u32::try_from(number).map_err(|_| Error::Corrupt("a generation".into()))
}

/// `from:to:at`, joined by commas.
fn write_rotations(rotations: &[Rotation]) -> String {
    let texts: Vec<_> = rotations
        .iter()
        .map(|it| format!("{}:{}:{}", it.from, it.to, it.at.0))
        .collect();
    texts.join(",")
}

fn read_rotations(text: &str) -> Result<Vec<Rotation>> {
    let read = |text: &str| {
        let mut parts = text.split(':');
        let (from, to, at) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Rotation {
            from: from.parse().ok()?,
            to: to.parse().ok()?,
            at: Timestamp(at.parse().ok()?),
        })
    };
    let texts = text.split(',').filter(|text| !text.is_empty());
    texts
        .map(|text| read(text).ok_or_else(|| Error::Corrupt("a rotation".into())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_come_back() {
        let rotations = vec![
            Rotation {
                from: 0,
                to: 1,
                at: Timestamp(5),
            },
            Rotation {
                from: 1,
                to: 2,
                at: Timestamp(7),
            },
        ];
        assert_eq!(
            read_rotations(&write_rotations(&rotations)).unwrap(),
            rotations
        );
        assert_eq!(read_rotations("").unwrap(), []);
        assert!(read_rotations("1:2").is_err());
    }
}
