//! All that is in a database, to another one of either engine. Rows go as they are, so that
//! every token, secret and consent is good there; what was moved before is left alone, so
//! that a move that was cut short is done again.

use crate::{
    Store,
    engine::Batch,
    error::{Error, Result},
    statement::{Statement, statements},
    value::{Row, Value},
};
use grantor_protocol::{
    secret::Digest,
    time::{Millis, Timestamp},
};
use std::sync::LazyLock;

statements! {
    STATE = "SELECT holder FROM leases WHERE name = 'move'";
    /// Of servers that do something for all.
    LED = "SELECT 1 FROM leases WHERE name <> 'move' AND until > ?1";
}

/// Who holds the lease of that name, in a database that is moved into.
const MOVE: &str = "move";
const UNDER_WAY: i64 = 0;
const DONE: i64 = 1;

/// Rows on their way at once; images are large.
const PAGE: usize = 1000;
const IMAGES: usize = 20;

/// A table: its name, the columns that find a row, and the others.
type Shape = (&'static str, &'static str, &'static str);

/// In the order in which rows may refer to each other. Counters against guessing, journeys
/// and leases are of the moment and stay behind; migrations and floors are the other's own.
const TABLES: [Shape; 28] = [
    (
        "keys",
        "id",
        "kind, sealed, created_at, active_at, retires_at",
    ),
    (
        "users",
        "id",
        "email, email_key, email_verified_at, name, photo, profile, updated_at, \
         password, admin_at, support_at, created_at, disabled_at, turn",
    ),
    (
        "provisioned",
        "user_id",
        "external_id, user_name, user_name_key, email_type, changed_at",
    ),
    (
        "apps",
        "id",
        "owner_id, name, url, kind, icon, redirect_uris, registration, implicit_at, \
         stateless_at, pkce_required_at, resource_server_at, verified_at, suspended_at, \
         suspended_for, deleted_at, created_at, changed_at, revision, without_pkce_at, \
         registered_itself, registration_token, unused_until",
    ),
    (
        "client_secrets",
        "id",
        "app_id, digest, hint, created_at, expires_at, last_used_at, sealed",
    ),
    (
        "grants",
        "id",
        "user_id, app_id, scopes, created_at, approved_at, last_used_at, ended_at",
    ),
    (
        "codes",
        "id",
        "digest, grant_id, user_id, app_id, redirect_uri, challenge, scopes, expires_at, \
         used_at, session_id, auth_time, level, nonce, id_claims, info_claims",
    ),
    (
        "families",
        "id",
        "grant_id, user_id, app_id, scopes, newest, rotations, created_at, idle_until, \
         ended_at, session_id, auth_time, level, id_claims, info_claims",
    ),
    (
        "personal_access_tokens",
        "id",
        "digest, user_id, description, scopes, hint, created_at, expires_at, \
         last_used_at, last_used_from, ended_at, warned_at",
    ),
    (
        "sessions",
        "id",
        "digest, user_id, auth_time, level, created_at, seen_at, expires_at, address, \
         user_agent, ended_at",
    ),
    (
        "logins",
        "session_id, app_id",
        "user_id, at, notify_at, attempts",
    ),
    (
        "initial_access_tokens",
        "id",
        "digest, owner_id, hint, uses_left, created_at, expires_at",
    ),
    (
        "identities",
        "id",
        "issuer, subject, user_id, label, created_at, used_at",
    ),
    ("links", "id", "digest, purpose, expires_at, used_at"),
    (
        "user_links",
        "id",
        "digest, purpose, user_id, email, email_key, made_for, expires_at, used_at",
    ),
    (
        "mails",
        "id",
        "kind, user_id, email, event_id, link, language, made_at, due_at, until, attempts",
    ),
    ("places", "user_id, place", "first_at, last_at"),
    ("assertions", "id", "digest, expires_at"),
    (
        "totp",
        "user_id",
        "sealed, last_step, created_at, last_used_at",
    ),
    (
        "recovery_codes",
        "id",
        "user_id, digest, created_at, used_at",
    ),
    (
        "passkeys",
        "id",
        "user_id, credential, algorithm, public_key, sign_count, syncs, synced, name, \
         created_at, last_used_at",
    ),
    ("challenges", "id", "digest, expires_at"),
    ("images", "digest", "png, created_at"),
    (
        "audit_events",
        "id",
        "at, kind, user_id, actor_id, app_id, address, request_id, detail",
    ),
    ("audit_chain", "seq", "event_id, at, digest, seal"),
    ("audit_streams", "name", "seq"),
    (
        "refusals",
        "id",
        "app_id, endpoint, cause, received, times, first_at, last_at",
    ),
    ("changes", "seq", "at, kind, id"),
];

/// A table and how it is read and written.
struct Table {
    name: &'static str,
    keys: usize,
    columns: usize,
    first: Statement,
    next: Statement,
    add: Statement,
}

/// Made of [`TABLES`], once, for the one command that moves.
static MADE: LazyLock<Vec<Table>> = LazyLock::new(|| TABLES.iter().map(Table::of).collect());

impl Table {
    fn of((name, keys, others): &Shape) -> Self {
        let (columns, keys_of) = (format!("{keys}, {others}"), keys.split(", ").count());
        let count = columns.split(", ").count();
        let numbered = |from: usize, count: usize| {
            let numbers = (from..from + count).map(|number| format!("?{number}"));
            numbers.collect::<Vec<_>>().join(", ")
        };
        let statement = |what: &str, sql: String| Statement {
            name: format!("grantor_store::moving::{what} {name}").leak(),
            sql: sql.leak(),
        };
        let page = if *name == "images" { IMAGES } else { PAGE };
        let tail = format!("ORDER BY {keys} LIMIT {page}");
        let after = numbered(1, keys_of);
        let places = numbered(1, count);
        Self {
            name,
            keys: keys_of,
            columns: count,
            first: statement("first", format!("SELECT {columns} FROM {name} {tail}")),
            next: statement(
                "next",
                format!("SELECT {columns} FROM {name} WHERE ({keys}) > ({after}) {tail}"),
            ),
            add: statement(
                "add",
                format!("INSERT INTO {name} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"),
            ),
        }
    }

    /// The rows after one of these keys.
    async fn page(
        &'static self,
        store: &Store,
        after: Option<&[Value]>,
    ) -> Result<Vec<Vec<Value>>> {
        let columns = self.columns;
        let read = move |row: &Row<'_>| (0..columns).map(|column| row.value(column)).collect();
        match after {
            None => store.engine.scan(&self.first, &[], read).await,
            Some(row) => store.engine.scan(&self.next, &row[..self.keys], read).await,
        }
    }

    /// Does something with every row.
    async fn each(
        &'static self,
        store: &Store,
        mut see: impl AsyncFnMut(Vec<Vec<Value>>) -> Result<()>,
    ) -> Result<()> {
        let mut after: Option<Vec<Value>> = None;
        loop {
            let page = self.page(store, after.as_deref()).await?;
            let Some(last) = page.last().cloned() else {
                return Ok(());
            };
            see(page).await?;
            after = Some(last);
        }
    }

    /// The same for the same rows, in whatever order an engine has them.
    async fn sum(&'static self, store: &Store) -> Result<Sum> {
        let mut sum = Sum::default();
        self.each(store, async |page| {
            page.iter().for_each(|row| sum.add(row));
            Ok(())
        })
        .await?;
        Ok(sum)
    }
}

/// How many rows, and all of their digests as one.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    rows: u64,
    digests: [u8; 32],
}

impl Sum {
    fn add(&mut self, row: &[Value]) {
        let mut bytes = Vec::new();
        for value in row {
            let (kind, content): (u8, &[u8]) = match value {
                Value::Null => (0, &[]),
                Value::Int(integer) => (1, &integer.to_be_bytes()),
                Value::Text(text) => (2, text.as_bytes()),
                Value::Blob(blob) => (3, blob),
            };
            bytes.push(kind);
            bytes.extend((content.len() as u64).to_be_bytes());
            bytes.extend(content);
        }
        self.rows += 1;
        for (sum, byte) in self.digests.iter_mut().zip(Digest::of(&bytes).as_bytes()) {
            *sum ^= byte;
        }
    }
}

/// What was moved of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub table: &'static str,
    pub rows: u64,
}

impl Store {
    /// Copies everything into a database that is new, or that an earlier move began to
    /// fill, and compares both. Nobody may write to either meanwhile.
    ///
    /// # Errors
    /// [`Error::Start`] where the other holds something else, or the two differ at the end.
    pub async fn move_to(&self, to: &Self, now: Timestamp) -> Result<Vec<Moved>> {
        self.assert_movable(to, now).await?;
        to.lease(MOVE, UNDER_WAY, Millis(0), now).await?;
        for table in MADE.iter() {
            table
                .each(self, async |page| {
                    let add = |batch: Batch, row| batch.run(&table.add, row);
                    let batch = page.into_iter().fold(Batch::new(), add);
                    to.engine.apply(batch).await.map(drop)
                })
                .await?;
        }
        to.engine.numbers_after_a_move().await?;
        let mut moved = Vec::new();
        for table in MADE.iter() {
            let (here, there) = (table.sum(self).await?, table.sum(to).await?);
            if here != there {
                return Err(Error::Start(format!(
                    "{} differs after the move: {} rows here, {} there; was a server running?",
                    table.name, here.rows, there.rows
                )));
            }
            moved.push(Moved {
                table: table.name,
                rows: here.rows,
            });
        }
        to.lease(MOVE, DONE, Millis(0), now).await?;
        Ok(moved)
    }

    /// Whether a server does something for all with this database, or did so a moment ago.
    pub async fn is_led(&self, now: Timestamp) -> Result<bool> {
        let params = crate::params![now];
        let led = self.engine.read(&LED, &params, |row| row.int(0)).await?;
        Ok(!led.is_empty())
    }

    /// Whether a move into this database was cut short: what is here is not everything.
    pub async fn is_half_moved(&self) -> Result<bool> {
        Ok(self.move_state().await? == Some(UNDER_WAY))
    }

    async fn move_state(&self) -> Result<Option<i64>> {
        let found = self.engine.read(&STATE, &[], |row| row.int(0)).await?;
        Ok(found.first().copied())
    }

    /// Only into what is new, or half full of this: where a move has ended, life goes on,
    /// and doing it again would bring back what was removed since.
    async fn assert_movable(&self, to: &Self, now: Timestamp) -> Result<()> {
        let refused = |why: &str| Err(Error::Start(why.into()));
        let (ours, theirs) = (self.keys().await?, to.keys().await?);
        if ours.is_empty() {
            return refused("there is nothing to move");
        }
        if self.is_half_moved().await? {
            return refused("a move into this database was cut short: do it again, to its end");
        }
        for store in [self, to] {
            if store.is_led(now).await? {
                return refused(
                    "a server uses one of the databases, or did so a moment ago: stop it",
                );
            }
        }
        let known =
            |id: i64, sealed: &[u8]| ours.iter().any(|key| key.id == id && key.sealed == sealed);
        match to.move_state().await? {
            Some(DONE) => refused("everything was moved there already"),
            Some(_) if theirs.iter().all(|key| known(key.id, &key.sealed)) => Ok(()),
            None if theirs.is_empty() && to.users(0, 1).await?.is_empty() => Ok(()),
            _ => refused("the other database is in use already: move into an empty one"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Location;
    use grantor_protocol::time::Timestamp;
    use std::collections::BTreeSet;

    /// Whoever adds a table or a column adds it here.
    #[tokio::test]
    async fn everything_is_moved_but_what_is_of_the_moment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grantor.db");
        let location = Location::Sqlite(path.clone());
        let _store = Store::open(&location, 10, Timestamp(0)).await.unwrap();
        let connection = rusqlite::Connection::open(&path).unwrap();
        let sql = "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
        let mut statement = connection.prepare(sql).unwrap();
        let there = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        let stays = |column: &String| {
            let table = column.split('.').next().unwrap_or_default();
            ["throttles", "journeys", "leases", "migrations", "floors"].contains(&table)
        };
        let there: BTreeSet<_> = there
            .map(|it| it.unwrap())
            .filter(|it| !stays(it))
            .collect();
        let moved = TABLES.iter().flat_map(|(table, keys, others)| {
            let columns = keys.split(", ").chain(others.split(", "));
            columns.map(move |column| format!("{table}.{column}"))
        });
        assert_eq!(moved.collect::<BTreeSet<_>>(), there);
    }
}
