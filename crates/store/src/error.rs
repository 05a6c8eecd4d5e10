//! What can go wrong in storage: never a protocol answer.

/// A storage failure. Callers answer 503 for [`Error::Unavailable`] and
/// [`Error::Damaged`], 500 for the others; none of them says anything about the request,
/// but [`Error::SessionEnded`]: its user has to sign in again, and [`Error::FormUsed`]: it was
/// done before.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot do this now (disk full, locked, lost); later it may.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The file does not read as a database: time will not mend it.
    #[error("the database is damaged ({0}): restore it from a backup")]
    Damaged(String),
    /// A row does not read as what was written.
    #[error("the database holds something unexpected: {0}")]
    Corrupt(String),
    /// The session on whose behalf something was to be written ended meanwhile; nothing
    /// was written.
    #[error("the session has ended")]
    SessionEnded,
    /// The role in which it was to be written was taken meanwhile, or does not reach so far;
    /// nothing was written.
    #[error("the role does not allow it")]
    RoleEnded,
    /// The form by which it was to be written was sent before; nothing was written again.
    #[error("the form was used")]
    FormUsed,
    /// Start-up cannot go on; the sentence is for the operator.
    #[error("{0}")]
    Start(String),
    /// The schema is of another version; the sentence is for the operator.
    #[error("{0}")]
    Schema(String),
    /// A statement was refused: a defect of this program.
    #[error("statement {statement}: {message}")]
    Statement {
        statement: &'static str,
        message: String,
    },
}

pub type Result<T> = std::result::Result<T, Error>;
