-- Ways to prove who one is, beside the password.

-- The secret that a user's authenticator app shares with us, encrypted.
CREATE TABLE totp (
    user_id      INTEGER PRIMARY KEY REFERENCES users (id),
    sealed       BLOB NOT NULL,
    -- The newest step whose code was used: that one and older ones prove nothing more.
    last_step    INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
);

-- Written down for the day when the other factor is lost; each works once.
CREATE TABLE recovery_codes (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    digest     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

CREATE TABLE passkeys (
    id           INTEGER PRIMARY KEY,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    -- What the authenticator calls it.
    credential   BLOB NOT NULL UNIQUE,
    -- As COSE names it (-7: ES256, -257: RS256), and its public key: of ES256 the two
    -- coordinates, of RS256 three bytes of exponent and the modulus.
    algorithm    INTEGER NOT NULL,
    public_key   BLOB NOT NULL,
    sign_count   INTEGER NOT NULL,
    -- Whether it may be copied to other devices, and whether it was when last seen.
    syncs        INTEGER NOT NULL,
    synced       INTEGER NOT NULL,
    name         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- Challenges that were answered, until their time is up: none is answered twice.
CREATE TABLE challenges (
    id         INTEGER PRIMARY KEY,
    digest     BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);
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
    -- In which whoever asked for it reads, should the user not say which is hers.
    language TEXT,
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
-- Accounts elsewhere that users sign in with: at an OpenID provider, or at the platform.
CREATE TABLE identities (
    id         INTEGER PRIMARY KEY,
    issuer     TEXT NOT NULL,
    -- Whoever it is there, for ever; an address may change hands.
    subject    TEXT NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    -- By which the user knows it again: the address there, or the name.
    label      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
);
CREATE UNIQUE INDEX identities_who ON identities (issuer, subject);
CREATE INDEX identities_user ON identities (user_id);

-- Browsers that are on their way to a login elsewhere, or back from it.
CREATE TABLE journeys (
    id         INTEGER PRIMARY KEY,
    -- Of the secret in the browser's cookie.
    digest     BLOB NOT NULL,
    -- Where to and what for, in JSON.
    facts      TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX journeys_expires ON journeys (expires_at);

-- Administration and the audit log.

ALTER TABLE users ADD COLUMN support_at INTEGER;
CREATE INDEX users_supporting ON users (support_at) WHERE support_at IS NOT NULL;
-- For who looks for somebody by the beginning of a name or an address.
CREATE INDEX users_by_name ON users (lower(name) /*: COLLATE ucs_basic :*/, id);
CREATE INDEX users_by_address ON users (email_key /*: COLLATE ucs_basic :*/, id);
CREATE INDEX apps_by_name ON apps (lower(name) /*: COLLATE ucs_basic :*/, id) WHERE deleted_at IS NULL;
CREATE INDEX personal_access_tokens_by_hint ON personal_access_tokens (hint) WHERE ended_at IS NULL;

-- The links of the audit log's chain: each vouches for its event and for all links before.
-- Of those that were swept the last one stays, without its event.
CREATE TABLE audit_chain (
    seq      INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL UNIQUE,
    -- When the event happened.
    at       INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    -- Of the last link of each stretch: a MAC, which the database alone cannot make.
    seal     BLOB
);

-- How far the chain was sent to each place outside.
CREATE TABLE audit_streams (
    name TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL
);
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
    changed_at    INTEGER NOT NULL
);

