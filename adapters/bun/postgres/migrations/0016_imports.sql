-- What another system sold: the rows of its ledger, each known by source, invoice and ordinal. The orders that its sales
-- are stand among the others; order_id leads to them.
--
-- The release before knows nothing of these tables, and shows imported orders as completed ones.

-- +goose Up
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE commerce.import_sources (
    shop     integer NOT NULL,
    source   text    NOT NULL,
    currency text    NOT NULL,
    PRIMARY KEY (shop, source)
);

CREATE TABLE commerce.imported_rows (
    shop       integer     NOT NULL,
    source     text        NOT NULL,
    invoice    text        COLLATE "C" NOT NULL,
    ordinal    integer     NOT NULL,
    kind       text        NOT NULL,
    reason     text        NOT NULL,
    code       text        NOT NULL,
    title      text        NOT NULL,
    quantity   bigint      NOT NULL,
    unit_price bigint      NOT NULL,
    total      bigint      NOT NULL,
    at         timestamptz NOT NULL,
    customer   text        NOT NULL,
    country    text        NOT NULL,
    order_id   uuid, -- Of a sale.
    PRIMARY KEY (shop, source, invoice, ordinal)
);

-- +goose Down
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
DROP TABLE commerce.imported_rows;
DROP TABLE commerce.import_sources;
