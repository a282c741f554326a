-- Content by key, and the counts of rate limits.

-- +goose Up
CREATE TABLE blobs (
    key     TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE rate_limits (
    key   TEXT    NOT NULL PRIMARY KEY,
    taken TEXT    NOT NULL, -- Times, ascending.
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_limits_until ON rate_limits (until);

-- +goose Down
DROP TABLE rate_limits;
DROP TABLE blobs;
