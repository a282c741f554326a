-- What every part of a shop needs: settings of its own, and the outbox.
--
-- One file holds one shop. Tables are strict; times are microseconds since 1970, ids their public text, booleans 0 and
-- 1, structures JSON.

-- +goose Up
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Positions ascend in the order in which transactions became true, and none is given twice, swept or not.
CREATE TABLE outbox (
    position  INTEGER PRIMARY KEY AUTOINCREMENT,
    id        TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    aggregate TEXT    NOT NULL,
    partition INTEGER NOT NULL, -- As ports.PartitionOf has it.
    at        INTEGER NOT NULL,
    data      TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_partition ON outbox (partition, position);

-- +goose Down
DROP TABLE outbox;
DROP TABLE settings;
