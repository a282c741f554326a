-- Stock: locations, levels, claims, promises beyond stock, the ledger of movements, the keys of what was applied.

-- +goose Up
CREATE TABLE stock_locations (
    code     TEXT    PRIMARY KEY,
    version  INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    priority INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_levels (
    sku      TEXT    NOT NULL,
    location TEXT    NOT NULL,
    on_hand  INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    PRIMARY KEY (sku, location),
    CONSTRAINT stock_levels_claimed CHECK (0 <= reserved AND reserved <= on_hand)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_levels_location ON stock_levels (location) WHERE on_hand > 0;

-- How a SKU is sold beyond its stock, and how much of it is owed in all. No row: it is not.
CREATE TABLE stock_policies (
    sku     TEXT    PRIMARY KEY,
    version INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    most    INTEGER NOT NULL, -- That may be owed.
    until   INTEGER,
    owed    INTEGER NOT NULL CONSTRAINT stock_policies_owed CHECK (0 <= owed)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_claims (
    id      TEXT    PRIMARY KEY,
    owner   TEXT    NOT NULL,
    sku     TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    parts   TEXT    NOT NULL,
    sent    TEXT    NOT NULL,
    owed    INTEGER NOT NULL,
    freed   INTEGER NOT NULL,
    back    INTEGER NOT NULL,
    damaged INTEGER NOT NULL,
    until   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_claims_lapse ON stock_claims (until, id) WHERE state = 'held' AND until IS NOT NULL;
CREATE INDEX stock_claims_owed ON stock_claims (sku, id) WHERE owed > 0;

CREATE TABLE stock_movements (
    position       INTEGER PRIMARY KEY,
    sku            TEXT    NOT NULL,
    location       TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    on_hand        INTEGER NOT NULL,
    reserved       INTEGER NOT NULL,
    on_hand_after  INTEGER NOT NULL,
    reserved_after INTEGER NOT NULL,
    cause          TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    at             INTEGER NOT NULL
) STRICT;
CREATE INDEX stock_movements_sku ON stock_movements (sku, position);

CREATE TABLE stock_adjustments (
    key TEXT    PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE stock_adjustments;
DROP TABLE stock_movements;
DROP TABLE stock_claims;
DROP TABLE stock_policies;
DROP TABLE stock_levels;
DROP TABLE stock_locations;
