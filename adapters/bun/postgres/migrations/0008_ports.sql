-- What relays and runners share: leases and cursors of the outbox's partitions, what consumers could not take, jobs;
-- and what the sweep of old commands needs.
--
-- The partition of an event is the first byte of SHA-256 of its aggregate, modulo 16, as ports.PartitionOf has it. It is
-- no column but the key of an index: the outbox is not rewritten, and the release before writes rows that are dealt
-- like all others. (The cast takes a backslash for an escape, so it is doubled; it is immutable, convert_to is not.)

-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '5s';
SET statement_timeout = '15min';

DROP INDEX CONCURRENTLY IF EXISTS commerce.outbox_partition;
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_partition ON commerce.outbox
    (shop, (get_byte(sha256(replace(aggregate, '\', '\\')::bytea), 0) & 15), position);

DROP INDEX CONCURRENTLY IF EXISTS commerce.commands_age;
CREATE INDEX CONCURRENTLY IF NOT EXISTS commands_age ON commerce.commands (shop, created_at);

CREATE TABLE IF NOT EXISTS commerce.outbox_partitions (
    shop      integer  NOT NULL,
    consumer  text     NOT NULL,
    partition integer  NOT NULL,
    position  bigint   NOT NULL DEFAULT 0,
    owner     uuid,
    token     bigint   NOT NULL DEFAULT 0,
    until     timestamptz,
    PRIMARY KEY (shop, consumer, partition)
) WITH (fillfactor = 50);

-- The release before kept one cursor for all partitions.
INSERT INTO commerce.outbox_partitions (shop, consumer, partition, position)
    SELECT c.shop, c.consumer, p, c.position FROM commerce.outbox_cursors c CROSS JOIN generate_series(0, 15) AS p
    ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS commerce.outbox_relays (
    shop     integer     NOT NULL,
    consumer text        NOT NULL,
    owner    uuid        NOT NULL,
    until    timestamptz NOT NULL,
    PRIMARY KEY (shop, consumer, owner)
);

CREATE TABLE IF NOT EXISTS commerce.outbox_parked (
    shop      integer     NOT NULL,
    consumer  text        NOT NULL,
    aggregate text        NOT NULL,
    partition integer     NOT NULL,
    since     timestamptz NOT NULL,
    attempts  integer     NOT NULL,
    cause     text        NOT NULL,
    due       timestamptz,
    PRIMARY KEY (shop, consumer, aggregate)
);
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_parked_due ON commerce.outbox_parked (shop, consumer, due) WHERE due IS NOT NULL;

CREATE TABLE IF NOT EXISTS commerce.outbox_parked_events (
    shop      integer NOT NULL,
    consumer  text    NOT NULL,
    aggregate text    NOT NULL,
    position  bigint  NOT NULL,
    PRIMARY KEY (shop, consumer, aggregate, position)
);
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_parked_events_position ON commerce.outbox_parked_events (shop, position);

CREATE TABLE IF NOT EXISTS commerce.outbox_skipped (
    shop      integer     NOT NULL,
    consumer  text        NOT NULL,
    position  bigint      NOT NULL,
    id        uuid        NOT NULL,
    name      text        NOT NULL,
    aggregate text        NOT NULL,
    reason    text        NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (shop, consumer, position)
);

CREATE TABLE IF NOT EXISTS commerce.jobs (
    shop     integer     NOT NULL,
    id       uuid        NOT NULL,
    kind     text        NOT NULL,
    key      text        NOT NULL,
    payload  json,
    run_at   timestamptz NOT NULL,
    every    bigint      NOT NULL,
    state    text        NOT NULL,
    due      timestamptz NOT NULL,
    attempts integer     NOT NULL,
    cause    text        NOT NULL,
    owner    uuid,
    token    bigint      NOT NULL,
    again    timestamptz,
    PRIMARY KEY (shop, id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS jobs_key ON commerce.jobs (shop, kind, key) WHERE key <> '' AND state <> 'dead';
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_due ON commerce.jobs (shop, due) WHERE state <> 'dead';

RESET lock_timeout;
RESET statement_timeout;

-- +goose Down
SET lock_timeout = '5s';
SET statement_timeout = '60s';
DROP TABLE IF EXISTS commerce.jobs;
DROP TABLE IF EXISTS commerce.outbox_skipped;
DROP TABLE IF EXISTS commerce.outbox_parked_events;
DROP TABLE IF EXISTS commerce.outbox_parked;
DROP TABLE IF EXISTS commerce.outbox_relays;
DROP TABLE IF EXISTS commerce.outbox_partitions;
DROP INDEX CONCURRENTLY IF EXISTS commerce.commands_age;
DROP INDEX CONCURRENTLY IF EXISTS commerce.outbox_partition;
RESET lock_timeout;
RESET statement_timeout;
