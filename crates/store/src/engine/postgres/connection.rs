//! One connection, its prepared statements, and what can go wrong with it.

use super::dialect;
use crate::{
    error::{Error, Result},
    statement::Statement,
    value::Value,
};
use parking_lot::Mutex;
use std::{collections::HashMap, time::Duration};
use tokio_postgres::{
    Client, Row,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut},
};

type Cause = Box<dyn std::error::Error + Sync + Send>;

/// Why something was not done.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Another transaction was in the way: the same may go well at once.
    Again(String),
    /// The connection is of no more use, and nothing came of what was under way on it.
    Lost(String),
    /// The same, and nobody knows what came of it.
    Unknown(String),
    /// The database is there and cannot do it now.
    Refused(String),
    /// A defect of ours.
    Statement {
        statement: &'static str,
        message: String,
    },
}

/// What keeps two users from one address. Who looked whether it was free while another took
/// it looks again.
const ADDRESSES: &str = "users_email_key_key";

impl Trouble {
    /// By its code (PostgreSQL, appendix A).
    pub(super) fn of(statement: &'static str, error: &tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let cause = std::error::Error::source(error);
            let message = cause.map_or(error.to_string(), |cause| format!("{error}: {cause}"));
            // What else cannot be understood leaves a connection in nobody knows which state.
            return match error.to_string().starts_with("error serializing") {
                true => Self::Statement { statement, message },
                false => Self::Lost(message),
            };
        };
        let message = said.to_string();
        match said.code() {
            code if *code == SqlState::T_R_SERIALIZATION_FAILURE
                || *code == SqlState::T_R_DEADLOCK_DETECTED
                || *code == SqlState::LOCK_NOT_AVAILABLE
                || said.constraint() == Some(ADDRESSES) =>
            {
                Self::Again(message)
            }
            code if *code == SqlState::QUERY_CANCELED => {
                Self::Refused(format!("{statement} took longer than it may"))
            }
            code => match code.code().get(..2) {
                // Connection, resources, an operator's hand, the system.
                Some("08" | "57" | "58" | "25" | "26" | "0A" | "XX") => Self::Lost(message),
                Some("53") => Self::Refused(message),
                _ => Self::Statement { statement, message },
            },
        }
    }

    /// Whether the connection is of no more use.
    pub(super) fn is_the_connections(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Unknown(_))
    }

    /// Whether the same may go well at once, and cannot have happened.
    pub(super) fn is_past(&self) -> bool {
        matches!(self, Self::Again(_) | Self::Lost(_))
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Again(why)
            | Trouble::Lost(why)
            | Trouble::Unknown(why)
            | Trouble::Refused(why) => Self::Unavailable(why),
            Trouble::Statement { statement, message } => Self::Statement { statement, message },
        }
    }
}

pub(super) struct Connection {
    client: Client,
    prepared: Mutex<HashMap<&'static str, tokio_postgres::Statement>>,
}

impl Connection {
    pub fn new(client: Client) -> Self {
        Self {
            client,
            prepared: Mutex::default(),
        }
    }

    pub fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    pub(super) fn shared(&self) -> &Client {
        &self.client
    }

    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub async fn prepared(
        &self,
        statement: &'static Statement,
    ) -> std::result::Result<tokio_postgres::Statement, Trouble> {
        if let Some(known) = self.prepared.lock().get(statement.name) {
            return Ok(known.clone());
        }
        let prepared = self
            .client
            .prepare(&dialect::statement(statement.sql))
            .await;
        let prepared = prepared.map_err(|error| Trouble::of(statement.name, &error))?;
        let mut known = self.prepared.lock();
        Ok(known.entry(statement.name).or_insert(prepared).clone())
    }

    pub async fn rows(
        &self,
        statement: &'static Statement,
        params: &[Value],
    ) -> std::result::Result<Vec<Row>, Trouble> {
        let prepared = self.prepared(statement).await?;
        let params: Vec<_> = params.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
        let rows = self.client.query(&prepared, &params).await;
        rows.map_err(|error| Trouble::of(statement.name, &error))
    }

    /// How long the server works at a statement, from now on.
    pub async fn set_limit(&self, limit: Duration) -> std::result::Result<(), Trouble> {
        let set = format!("SET statement_timeout = {}", limit.as_millis());
        let done = self.client.batch_execute(&set).await;
        done.map_err(|error| Trouble::of("the time limit", &error))
    }

    /// Not for long, from now on.
    pub async fn wait_for_no_lock(&self) -> std::result::Result<(), Trouble> {
        let set = "SET lock_timeout = '50ms'";
        let done = self.client.batch_execute(set).await;
        done.map_err(|error| Trouble::of("the time limit", &error))
    }

    /// With the time that many rows take.
    pub async fn patiently(
        &self,
        statement: &'static Statement,
        params: &[Value],
    ) -> std::result::Result<Vec<Row>, Trouble> {
        super::in_time(super::POINT, self.set_limit(super::SCAN)).await?;
        let rows = super::in_time(super::SCAN, self.rows(statement, params)).await;
        super::in_time(super::POINT, self.set_limit(super::BATCH)).await?;
        rows
    }

    /// That what is acknowledged is on the disk.
    ///
    /// # Errors
    /// [`Error::Start`].
    pub async fn assert_durable(&self) -> Result<()> {
        let asked = "SELECT name, setting FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off'";
        let found = self.client.query(asked, &[]).await;
        let found = found.map_err(|error| Error::from(Trouble::of("the settings", &error)))?;
        match found.first().map(|row| row.get::<_, String>(0)) {
            None => Ok(()),
            Some(name) => Err(Error::Start(format!(
                "the database has {name} switched off: it would lose what it has acknowledged; switch it on"
            ))),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Cause> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(integer) if *ty == Type::INT4 => i32::try_from(*integer)?.to_sql(ty, out),
            Self::Int(integer) if *ty == Type::INT8 => integer.to_sql(ty, out),
            Self::Text(text) if <&str as ToSql>::accepts(ty) => text.to_sql(ty, out),
            Self::Blob(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            // Never the value: it may be the hash of a password.
            _ => Err(format!("another kind of value was expected as {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// An integer of any width.
pub(crate) struct Integer(pub i64);

impl<'a> FromSql<'a> for Integer {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Cause> {
        match *ty {
            Type::INT4 => i32::from_sql(ty, raw).map(|it| Self(it.into())),
            _ => i64::from_sql(ty, raw).map(Self),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT4 | Type::INT8)
    }
}
