-- What another system sold: the rows of its ledger, each known by source, invoice and ordinal. The orders that its sales
-- are stand among the others; order_id leads to them.

-- +goose Up
CREATE TABLE import_sources (
    source   TEXT NOT NULL PRIMARY KEY,
    currency TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE imported_rows (
    source     TEXT    NOT NULL,
    invoice    TEXT    NOT NULL,
    ordinal    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    code       TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    quantity   INTEGER NOT NULL,
    unit_price INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    customer   TEXT    NOT NULL,
    country    TEXT    NOT NULL,
    order_id   TEXT, -- Of a sale.
    PRIMARY KEY (source, invoice, ordinal)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE imported_rows;
DROP TABLE import_sources;
