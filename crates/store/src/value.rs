//! Values and rows as both engines know them: 64-bit integers, text, bytes, null.

use crate::{
    engine::postgres::Integer,
    error::{Error, Result},
};
use grantor_protocol::{
    openid::{
        claims::ClaimSet,
        login::{Level, Login},
    },
    scope::ScopeSet,
    secret::Digest,
    time::Timestamp,
};
use tokio_postgres::types::Type;

/// A statement's parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

macro_rules! value_from {
    ($($from:ty => |$it:ident| $value:expr;)*) => {
        $(impl From<$from> for Value { fn from($it: $from) -> Self { $value } })*
    };
}

value_from! {
    i64 => |it| Self::Int(it);
    Timestamp => |it| Self::Int(it.0);
    &str => |it| Self::Text(it.to_owned());
    String => |it| Self::Text(it);
    &String => |it| Self::Text(it.clone());
    &ScopeSet => |it| Self::Text(it.to_string());
    &[u8] => |it| Self::Blob(it.to_vec());
    Vec<u8> => |it| Self::Blob(it);
    Digest => |it| Self::Blob(it.as_bytes().to_vec());
    ClaimSet => |it| Self::Int(i64::from(it.number()));
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Parameters in the order of their placeholders.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::value::Value::from($value)),*] };
}

/// One row of an answer, whichever engine gave it.
pub enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// A method for a type, and what that type is called by each engine.
macro_rules! columns {
    ($($name:ident, $opt_name:ident: $sqlite:ty, $postgres:ty => |$it:ident| $read:expr;)*) => {
        $(
            pub fn $name(&self, column: usize) -> Result<$sqlite> {
                self.$opt_name(column)?.ok_or_else(|| Error::Corrupt(format!("column {column} is empty")))
            }

            pub fn $opt_name(&self, column: usize) -> Result<Option<$sqlite>> {
                match self {
                    Self::Sqlite(row) => row.get(column).map_err(|error| Error::Corrupt(error.to_string())),
                    Self::Postgres(row) => {
                        let found = row.try_get::<_, Option<$postgres>>(column);
                        let found = found.map_err(|error| Error::Corrupt(error.to_string()))?;
                        Ok(found.map(|$it| $read))
                    }
                }
            }
        )*
    };
}

impl Row<'_> {
    columns! {
        int, opt_int: i64, Integer => |it| it.0;
        text, opt_text: String, String => |it| it;
        blob, opt_blob: Vec<u8>, Vec<u8> => |it| it;
    }

    /// Whatever is there.
    pub fn value(&self, column: usize) -> Result<Value> {
        let corrupt = |error: &dyn std::fmt::Display| Error::Corrupt(error.to_string());
        match self {
            Self::Sqlite(row) => {
                use rusqlite::types::ValueRef;
                let found = row.get_ref(column).map_err(|error| corrupt(&error))?;
                Ok(match found {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(integer) => Value::Int(integer),
                    ValueRef::Text(_) => Value::Text(self.text(column)?),
                    ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                    ValueRef::Real(_) => return Err(corrupt(&"a number with a fraction")),
                })
            }
            Self::Postgres(row) => Ok(match *row.columns()[column].type_() {
                Type::INT8 | Type::INT4 => self.opt_int(column)?.into(),
                Type::BYTEA => self.opt_blob(column)?.into(),
                _ => self.opt_text(column)?.into(),
            }),
        }
    }

    pub fn time(&self, column: usize) -> Result<Timestamp> {
        self.int(column).map(Timestamp)
    }

    pub fn opt_time(&self, column: usize) -> Result<Option<Timestamp>> {
        Ok(self.opt_int(column)?.map(Timestamp))
    }

    /// A nullable instant read as yes or no.
    pub fn is_set(&self, column: usize) -> Result<bool> {
        Ok(self.opt_int(column)?.is_some())
    }

    pub fn digest(&self, column: usize) -> Result<Digest> {
        Digest::from_stored(&self.blob(column)?).ok_or_else(|| Error::Corrupt("a digest".into()))
    }

    pub fn opt_digest(&self, column: usize) -> Result<Option<Digest>> {
        let bytes = self.opt_blob(column)?;
        let read = |bytes: Vec<u8>| Digest::from_stored(&bytes);
        let digest =
            bytes.map(|bytes| read(bytes).ok_or_else(|| Error::Corrupt("a digest".into())));
        digest.transpose()
    }

    pub fn level(&self, column: usize) -> Result<Level> {
        Level::parse(&self.text(column)?).ok_or_else(|| Error::Corrupt("a level".into()))
    }

    fn claims(&self, column: usize) -> Result<ClaimSet> {
        let number = u32::try_from(self.int(column)?);
        let number = number.map_err(|_| Error::Corrupt("a set of claims".into()))?;
        Ok(ClaimSet::from_number(number))
    }

    /// Five columns from `first`: session, time, level, claims of the ID token and of
    /// userinfo.
    pub fn login(&self, first: usize) -> Result<Login> {
        Ok(Login {
            session: self.int(first)?,
            auth_time: self.time(first + 1)?,
            level: self.level(first + 2)?,
            nonce: None,
            id_token: self.claims(first + 3)?,
            userinfo: self.claims(first + 4)?,
        })
    }

    pub fn scopes(&self, column: usize) -> Result<ScopeSet> {
        ScopeSet::parse(&self.text(column)?).map_err(|_| Error::Corrupt("a scope list".into()))
    }
}
