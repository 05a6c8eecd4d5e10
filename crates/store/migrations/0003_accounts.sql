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
