-- Mail: links, the outbox, and what is told.

-- Links that are mailed to users; each works once.
CREATE TABLE user_links (
    id         INTEGER PRIMARY KEY,
    digest     BLOB NOT NULL,
    purpose    TEXT NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    -- The address that it is about, as written and as compared.
    email      TEXT NOT NULL,
    email_key  TEXT NOT NULL,
    -- The digest of what the account was like: of another it does not hold.
    made_for   BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
);
CREATE INDEX user_links_by_user ON user_links (user_id);
CREATE INDEX user_links_by_address ON user_links (email_key);
CREATE INDEX user_links_by_expiry ON user_links (expires_at);

-- The outbox. It holds no text: what a mail says is made when it is sent, of its event.
CREATE TABLE mails (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    user_id  INTEGER NOT NULL,
    -- Where to: her address at that time.
    email    TEXT NOT NULL,
    event_id INTEGER,
    -- The secret of the link in it, encrypted.
    link     BLOB,
    made_at  INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,
    -- From here on it would come too late.
    until    INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX mails_due ON mails (due_at);

-- From where a user has signed in: digests of a network and a kind of browser.
CREATE TABLE places (
    user_id  INTEGER NOT NULL REFERENCES users (id),
    place    BLOB NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (user_id, place)
);
CREATE INDEX places_by_age ON places (last_at);

-- When the user was told that it expires soon.
ALTER TABLE personal_access_tokens ADD COLUMN warned_at INTEGER;
CREATE INDEX personal_access_tokens_to_warn ON personal_access_tokens (expires_at)
    WHERE warned_at IS NULL AND expires_at IS NOT NULL;
