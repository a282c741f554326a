-- What relays and runners share: leases and cursors of the outbox's partitions, what consumers could not take, jobs.

-- +goose Up
CREATE TABLE outbox_partitions (
    consumer  TEXT    NOT NULL,
    partition INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    owner     BLOB,
    token     INTEGER NOT NULL,
    until     INTEGER,
    PRIMARY KEY (consumer, partition)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_relays (
    consumer TEXT    NOT NULL,
    owner    BLOB    NOT NULL,
    until    INTEGER NOT NULL,
    PRIMARY KEY (consumer, owner)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_parked (
    consumer  TEXT    NOT NULL,
    aggregate TEXT    NOT NULL,
    partition INTEGER NOT NULL,
    since     INTEGER NOT NULL,
    attempts  INTEGER NOT NULL,
    cause     TEXT    NOT NULL,
    due       INTEGER,
    PRIMARY KEY (consumer, aggregate)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_parked_due ON outbox_parked (consumer, due) WHERE due IS NOT NULL;

CREATE TABLE outbox_parked_events (
    consumer  TEXT    NOT NULL,
    aggregate TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    PRIMARY KEY (consumer, aggregate, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_parked_events_position ON outbox_parked_events (position);

CREATE TABLE outbox_skipped (
    consumer  TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    aggregate TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (consumer, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    id       BLOB    PRIMARY KEY,
    kind     TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    payload  TEXT,
    run_at   INTEGER NOT NULL,
    every    INTEGER NOT NULL, -- Microseconds.
    state    TEXT    NOT NULL,
    due      INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    cause    TEXT    NOT NULL,
    owner    BLOB,
    token    INTEGER NOT NULL,
    again    INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key) WHERE key <> '' AND state <> 'dead';
CREATE INDEX jobs_due ON jobs (due, id) WHERE state <> 'dead';

-- +goose Down
DROP TABLE jobs;
DROP TABLE outbox_skipped;
DROP TABLE outbox_parked_events;
DROP TABLE outbox_parked;
DROP TABLE outbox_relays;
DROP TABLE outbox_partitions;
