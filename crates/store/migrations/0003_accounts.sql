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
