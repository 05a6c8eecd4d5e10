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
