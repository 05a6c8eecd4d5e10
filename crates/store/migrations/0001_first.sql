-- Instants are milliseconds since the epoch; a nullable one says when instead of whether.
-- Ids of users and apps are random decimals below 2^53; all others are in time order.

CREATE TABLE users (
    id          INTEGER PRIMARY KEY,
    email       TEXT NOT NULL,
    email_key   TEXT NOT NULL UNIQUE,
    -- When somebody vouched that the address is hers; until then nothing may rely on it.
    email_verified_at INTEGER,
    name        TEXT NOT NULL,
    photo       TEXT,
    -- What the user says of herself beside, as JSON; and when any of it last changed.
    profile     TEXT NOT NULL DEFAULT '{}',
    updated_at  INTEGER NOT NULL,
    password    TEXT,
    admin_at    INTEGER,
    created_at  INTEGER NOT NULL,
    disabled_at INTEGER,
    -- Serialises what is counted per user: limits hold under parallel requests.
    turn        INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX users_administering ON users (admin_at) WHERE admin_at IS NOT NULL;
CREATE INDEX users_by_photo ON users (photo) WHERE photo IS NOT NULL;

CREATE TABLE apps (
    id                 INTEGER PRIMARY KEY,
    owner_id           INTEGER NOT NULL REFERENCES users (id),
    name               TEXT NOT NULL,
    url                TEXT NOT NULL,
    kind               TEXT NOT NULL,
    icon               TEXT,
    redirect_uris      TEXT NOT NULL,
    -- What the app has chosen of OpenID Connect, as JSON.
    registration       TEXT NOT NULL DEFAULT '{}',
    implicit_at        INTEGER,
    stateless_at       INTEGER,
    pkce_required_at   INTEGER,
    resource_server_at INTEGER,
    verified_at        INTEGER,
    suspended_at       INTEGER,
    -- The operator's reason, for the owner to read.
    suspended_for      TEXT,
    deleted_at         INTEGER,
    created_at         INTEGER NOT NULL,
    -- Name, icon, kind or redirects: what the user was shown.
    changed_at         INTEGER NOT NULL,
    -- Of what can be edited: an edit counts only for what it was made of.
    revision           INTEGER NOT NULL DEFAULT 0,
    without_pkce_at    INTEGER,
    registered_itself  INTEGER NOT NULL DEFAULT 0,
    -- Of such an app: the digest of the token by which it changes that, and when the
    -- registration ends unless somebody approves the app before.
    registration_token BLOB,
    unused_until       INTEGER
);
CREATE INDEX apps_by_owner ON apps (owner_id);
CREATE INDEX apps_deleted ON apps (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX apps_by_icon ON apps (icon) WHERE icon IS NOT NULL;
CREATE INDEX apps_unused ON apps (unused_until) WHERE unused_until IS NOT NULL;
CREATE INDEX apps_verified ON apps (verified_at) WHERE verified_at IS NOT NULL;

-- Whether an app may act: it stops with its owner's account. Every statement that asks
-- for an app's state asks here.
CREATE VIEW app_standing AS
    SELECT a.id, a.deleted_at, COALESCE(a.suspended_at, o.disabled_at) AS suspended_at
    FROM apps a JOIN users o ON o.id = a.owner_id;

CREATE TABLE client_secrets (
    id           INTEGER PRIMARY KEY,
    app_id       INTEGER NOT NULL REFERENCES apps (id),
    digest       BLOB NOT NULL,
    hint         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER,
    -- The text, encrypted: only of an app that signs with it (client_secret_jwt).
    sealed       BLOB
);
CREATE INDEX client_secrets_by_app ON client_secrets (app_id);

-- One user's approval of one app; a new one after the old one ended.
CREATE TABLE grants (
    id           INTEGER PRIMARY KEY,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    app_id       INTEGER NOT NULL REFERENCES apps (id),
    scopes       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    approved_at  INTEGER NOT NULL,
    last_used_at INTEGER,
    ended_at     INTEGER
);
CREATE UNIQUE INDEX grants_live ON grants (user_id, app_id) WHERE ended_at IS NULL;
CREATE INDEX grants_by_app ON grants (app_id);
CREATE INDEX grants_ended ON grants (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE codes (
    id           INTEGER PRIMARY KEY,
    digest       BLOB NOT NULL,
    grant_id     INTEGER NOT NULL,
    user_id      INTEGER NOT NULL,
    app_id       INTEGER NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge    TEXT,
    scopes       TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    -- The login behind it.
    session_id   INTEGER NOT NULL,
    auth_time    INTEGER NOT NULL,
    level        TEXT NOT NULL,
    nonce        TEXT,
    -- Claims asked for by name, as bits.
    id_claims    INTEGER NOT NULL,
    info_claims  INTEGER NOT NULL
);
CREATE INDEX codes_by_expiry ON codes (expires_at);

-- What one code bought: its id is the code's. `newest` and `rotations` are the
-- lineage of its refresh tokens, of which no text and no digest is kept.
CREATE TABLE families (
    id         INTEGER PRIMARY KEY,
    grant_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    app_id     INTEGER NOT NULL,
    scopes     TEXT NOT NULL,
    newest     INTEGER NOT NULL,
    rotations  TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    idle_until INTEGER NOT NULL,
    ended_at   INTEGER,
    -- The login behind it.
    session_id  INTEGER NOT NULL,
    auth_time   INTEGER NOT NULL,
    level       TEXT NOT NULL,
    id_claims   INTEGER NOT NULL,
    info_claims INTEGER NOT NULL
);
CREATE INDEX families_by_expiry ON families (idle_until);

CREATE TABLE personal_access_tokens (
    id             INTEGER PRIMARY KEY,
    digest         BLOB NOT NULL,
    user_id        INTEGER NOT NULL REFERENCES users (id),
    description    TEXT NOT NULL,
    scopes         TEXT NOT NULL,
    hint           TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER,
    last_used_at   INTEGER,
    last_used_from TEXT,
    ended_at       INTEGER
);
CREATE INDEX personal_access_tokens_by_user ON personal_access_tokens (user_id);
CREATE INDEX personal_access_tokens_ended ON personal_access_tokens (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY,
    digest       BLOB NOT NULL,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    auth_time    INTEGER NOT NULL,
    -- What the login proved.
    level        TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    address      TEXT NOT NULL,
    user_agent   TEXT NOT NULL,
    ended_at     INTEGER
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Which apps a session has logged its user in to (OpenID Connect). Once it has ended, the
-- outbox of what tells them so.
CREATE TABLE logins (
    session_id INTEGER NOT NULL,
    app_id     INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    -- When the app is to be told, or told again.
    notify_at  INTEGER,
    attempts   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (session_id, app_id)
);
CREATE INDEX logins_to_notify ON logins (notify_at) WHERE notify_at IS NOT NULL;

-- Initial access tokens, by which apps register themselves (RFC 7591).
CREATE TABLE initial_access_tokens (
    id         INTEGER PRIMARY KEY,
    digest     BLOB NOT NULL,
    -- Whose apps they become.
    owner_id   INTEGER NOT NULL REFERENCES users (id),
    hint       TEXT NOT NULL,
    uses_left  INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX initial_access_tokens_by_expiry ON initial_access_tokens (expires_at);

-- Links that work once: the set-up of the administrator.
CREATE TABLE links (
    id         INTEGER PRIMARY KEY,
    digest     BLOB NOT NULL,
    purpose    TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
);
CREATE UNIQUE INDEX links_by_purpose ON links (purpose);
CREATE INDEX links_by_expiry ON links (expires_at);

-- Client assertions that were used, until they would be refused for their age.
CREATE TABLE assertions (
    id         INTEGER PRIMARY KEY,
    -- Of the app and its `jti`.
    digest     BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
);
CREATE INDEX assertions_by_expiry ON assertions (expires_at);

CREATE TABLE images (
    digest     TEXT PRIMARY KEY,
    png        BLOB NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE keys (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    -- Newest first in use from here; accepted until `retires_at`.
    active_at  INTEGER NOT NULL,
    retires_at INTEGER
);

-- Which node does what one node does for all, and until when.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder INTEGER NOT NULL,
    until  INTEGER NOT NULL
);

CREATE TABLE throttles (
    key       TEXT PRIMARY KEY,
    hits      INTEGER NOT NULL,
    resets_at INTEGER NOT NULL
);
CREATE INDEX throttles_by_reset ON throttles (resets_at);

CREATE TABLE audit_events (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    -- Whom it concerns, and who did it.
    user_id    INTEGER,
    actor_id   INTEGER,
    app_id     INTEGER,
    address    TEXT,
    request_id TEXT,
    detail     TEXT NOT NULL
);
CREATE INDEX audit_events_by_user ON audit_events (user_id, id);
CREATE INDEX audit_events_by_time ON audit_events (at);

-- What an app's owner reads when a request of the app was refused.
CREATE TABLE refusals (
    id       INTEGER PRIMARY KEY,
    app_id   INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    cause    TEXT NOT NULL,
    -- The redirect URI, where that was the trouble; else empty.
    received TEXT NOT NULL,
    times    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
);
CREATE UNIQUE INDEX refusals_of_a_kind ON refusals (app_id, endpoint, cause, received);
CREATE INDEX refusals_by_time ON refusals (last_at);

-- The change feed: what every node must forget or end.
CREATE TABLE changes (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    at   INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id   INTEGER NOT NULL
);
CREATE INDEX changes_by_time ON changes (at);
CREATE INDEX changes_by_subject ON changes (id, kind);
-- Of a token no row says that it has ended, only this: it ends once, whoever races.
CREATE UNIQUE INDEX changes_of_tokens ON changes (id) WHERE kind = 'token';
