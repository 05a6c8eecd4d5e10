-- What a newer version took away, an older one finds here: whoever does not know a
-- migration of this list cannot work on this database.
CREATE TABLE floors (
    -- The migration that a version must know at least.
    number  INTEGER PRIMARY KEY,
    -- A version that does.
    version TEXT NOT NULL
);
