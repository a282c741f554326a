-- Carts, orders, payments, the records of commands, what adopters attach, and what payment providers told.
--
-- The ids of carts are credentials and stand as bytes, never as the text that opens them. A page of orders is read along
-- an index in one direction. Lines stand in rows of their own; what is read and written with its order alone is JSON in
-- its row.

-- +goose Up
CREATE TABLE carts (
    id         BLOB    PRIMARY KEY,
    version    INTEGER NOT NULL,
    status     TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    currency   TEXT    NOT NULL,
    customer   TEXT,
    lines      TEXT    NOT NULL,
    bare       INTEGER NOT NULL, -- It has no line.
    details    TEXT    NOT NULL,
    order_id   TEXT,
    successor  BLOB,
    reopened   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
-- A customer's open cart. One that a declined order gave back may stand beside it.
CREATE UNIQUE INDEX carts_owner ON carts (customer, channel, currency)
    WHERE customer IS NOT NULL AND status IN ('active', 'abandoned') AND reopened = 0;
CREATE INDEX carts_customer ON carts (customer, channel, currency) WHERE customer IS NOT NULL AND status IN ('active', 'abandoned');
CREATE INDEX carts_idle ON carts (status, bare, updated_at, id) WHERE status <> 'completed';

CREATE TABLE orders (
    id               TEXT    PRIMARY KEY,
    version          INTEGER NOT NULL,
    number           TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    reason           TEXT    NOT NULL,
    cart             BLOB,
    channel          TEXT    NOT NULL,
    locale           TEXT    NOT NULL,
    email            TEXT    NOT NULL,
    email_key        TEXT    NOT NULL, -- As ref.CanonicalEmail has it.
    customer         TEXT,
    currency         TEXT    NOT NULL,
    subtotal         INTEGER NOT NULL,
    discount         INTEGER NOT NULL,
    shipping         INTEGER NOT NULL,
    tax              INTEGER NOT NULL,
    total            INTEGER NOT NULL,
    shipping_lines   TEXT    NOT NULL,
    tax_lines        TEXT    NOT NULL,
    shipping_address TEXT    NOT NULL,
    billing_address  TEXT,
    timeline         TEXT    NOT NULL,
    details          TEXT    NOT NULL,
    due              INTEGER,
    holding          TEXT    NOT NULL,
    open             TEXT    NOT NULL,
    fulfilments      TEXT    NOT NULL,
    notes            TEXT    NOT NULL,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX orders_number ON orders (number);
CREATE UNIQUE INDEX orders_live ON orders (cart) WHERE status <> 'cancelled' AND cart IS NOT NULL;
CREATE INDEX orders_status ON orders (status, id);
CREATE INDEX orders_email ON orders (email_key, id);
CREATE INDEX orders_due ON orders (due, id) WHERE due IS NOT NULL;
CREATE INDEX orders_customer ON orders (customer, created_at, id) WHERE customer IS NOT NULL;
CREATE INDEX orders_guest ON orders (email_key, created_at, id) WHERE customer IS NULL AND email <> '';

CREATE TABLE order_lines (
    order_id      TEXT    NOT NULL,
    position      INTEGER NOT NULL,
    id            TEXT    NOT NULL,
    variant_id    TEXT,
    product_id    TEXT,
    sku           TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    variant_title TEXT    NOT NULL,
    quantity      INTEGER NOT NULL,
    unit_price    INTEGER NOT NULL,
    total         INTEGER NOT NULL,
    claim_id      TEXT,
    backordered   INTEGER NOT NULL,
    details       TEXT    NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
    order_id TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    provider TEXT    NOT NULL,
    currency TEXT    NOT NULL,
    amount   INTEGER NOT NULL,
    entries  TEXT    NOT NULL,
    PRIMARY KEY (order_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_id ON payments (id);

CREATE TABLE commands (
    actor       TEXT    NOT NULL,
    route       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    owner       BLOB    NOT NULL,
    subject     TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    lease       INTEGER NOT NULL,
    answered    INTEGER NOT NULL,
    code        TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    PRIMARY KEY (actor, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX commands_age ON commands (created_at) WHERE answered;

CREATE TABLE attachments (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment_inbox (
    provider TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    event    TEXT    NOT NULL,
    kept_at  INTEGER NOT NULL,
    due      INTEGER, -- NULL once it is done with.
    note     TEXT    NOT NULL,
    PRIMARY KEY (provider, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payment_inbox_due ON payment_inbox (due, provider, id) WHERE due IS NOT NULL;

-- +goose Down
DROP TABLE payment_inbox;
DROP TABLE attachments;
DROP TABLE commands;
DROP TABLE payments;
DROP TABLE order_lines;
DROP TABLE orders;
DROP TABLE carts;
