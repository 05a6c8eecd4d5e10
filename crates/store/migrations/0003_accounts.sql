-- What somebody is called where she came from: by an import, or by a directory that keeps
-- accounts here up to date (SCIM). Who came by herself has no row.
CREATE TABLE provisioned (
    user_id       INTEGER PRIMARY KEY REFERENCES users (id),
    external_id   TEXT UNIQUE,
    -- As it was given, and the spelling that must be unique.
    user_name     TEXT,
    user_name_key TEXT UNIQUE,
    -- Which of her addresses the directory calls it: work, home.
    email_type    TEXT,
    changed_at    INTEGER NOT NULL,
    -- She is gone from there: nothing but her gid is left.
    deleted_at    INTEGER
);
