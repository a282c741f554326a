-- What one purchase needs: catalogue, prices, stock, carts, orders, payments, commands, outbox.
--
-- Every key starts with the shop, so that shops can be spread over databases. The ids of orders are UUIDv7 and the
-- positions of movements and events ascend, so those tables can be partitioned by ranges of their keys, which are
-- ranges of time. Amounts are minor units, unit prices are millionths of the major unit.

-- +goose Up
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE commerce.settings (
    shop  integer NOT NULL,
    name  text    NOT NULL,
    value bytea   NOT NULL,
    PRIMARY KEY (shop, name)
);

CREATE TABLE commerce.products (
    shop        integer     NOT NULL,
    id          uuid        NOT NULL,
    version     bigint      NOT NULL,
    slug        text        NOT NULL,
    title       text        NOT NULL,
    description text        NOT NULL,
    brand       text        NOT NULL,
    type        text        NOT NULL,
    tags        jsonb       NOT NULL,
    status      text        NOT NULL,
    featured    boolean     NOT NULL,
    options     jsonb       NOT NULL,
    media       jsonb       NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (shop, id),
    CONSTRAINT products_slug UNIQUE (shop, slug)
);
CREATE INDEX products_newest ON commerce.products (shop, created_at DESC, id DESC) WHERE status = 'active';

CREATE TABLE commerce.variants (
    shop       integer NOT NULL,
    id         uuid    NOT NULL,
    product_id uuid    NOT NULL,
    position   integer NOT NULL,
    sku        text    NOT NULL,
    options    jsonb   NOT NULL,
    barcode    text    NOT NULL,
    grams      bigint  NOT NULL,
    media_id   uuid,
    PRIMARY KEY (shop, id),
    CONSTRAINT variants_sku UNIQUE (shop, sku) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (shop, product_id) REFERENCES commerce.products (shop, id)
);
CREATE INDEX variants_product ON commerce.variants (shop, product_id, position);

CREATE TABLE commerce.prices (
    shop       integer NOT NULL,
    variant_id uuid    NOT NULL,
    channel    text    NOT NULL,
    currency   text    NOT NULL,
    version    bigint  NOT NULL,
    amount     bigint  NOT NULL CHECK (amount >= 0),
    compare_at bigint  CHECK (compare_at >= 0),
    PRIMARY KEY (shop, variant_id, channel, currency)
);

CREATE TABLE commerce.stock_levels (
    shop     integer NOT NULL,
    sku      text    NOT NULL,
    location text    NOT NULL,
    priority integer NOT NULL DEFAULT 0,
    on_hand  bigint  NOT NULL,
    reserved bigint  NOT NULL,
    PRIMARY KEY (shop, sku, location),
    CONSTRAINT stock_levels_claimed CHECK (0 <= reserved AND reserved <= on_hand)
) WITH (fillfactor = 50);

CREATE TABLE commerce.stock_claims (
    shop     integer NOT NULL,
    id       uuid    NOT NULL,
    owner    text    NOT NULL,
    sku      text    NOT NULL,
    state    text    NOT NULL,
    parts    jsonb   NOT NULL,
    back     bigint  NOT NULL,
    until    timestamptz,
    PRIMARY KEY (shop, id)
);

CREATE TABLE commerce.stock_movements (
    shop           integer     NOT NULL,
    position       bigint      GENERATED ALWAYS AS IDENTITY,
    sku            text        NOT NULL,
    location       text        NOT NULL,
    kind           text        NOT NULL,
    on_hand        bigint      NOT NULL,
    reserved       bigint      NOT NULL,
    on_hand_after  bigint      NOT NULL,
    reserved_after bigint      NOT NULL,
    cause          text        NOT NULL,
    reason         text        NOT NULL,
    at             timestamptz NOT NULL,
    PRIMARY KEY (shop, position)
);
CREATE INDEX stock_movements_sku ON commerce.stock_movements (shop, sku, position);

CREATE TABLE commerce.stock_adjustments (
    shop integer     NOT NULL,
    key  text        NOT NULL,
    at   timestamptz NOT NULL,
    PRIMARY KEY (shop, key)
);

CREATE TABLE commerce.carts (
    shop       integer     NOT NULL,
    id         bytea       NOT NULL,
    version    bigint      NOT NULL,
    status     text        NOT NULL,
    channel    text        NOT NULL,
    currency   text        NOT NULL,
    lines      jsonb       NOT NULL,
    order_id   uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (shop, id)
) WITH (fillfactor = 70);

CREATE TABLE commerce.orders (
    shop             integer     NOT NULL,
    id               uuid        NOT NULL,
    version          bigint      NOT NULL,
    number           text        NOT NULL,
    status           text        NOT NULL,
    reason           text        NOT NULL,
    cart             bytea,
    channel          text        NOT NULL,
    locale           text        NOT NULL,
    email            text        NOT NULL,
    currency         text        NOT NULL,
    subtotal         bigint      NOT NULL,
    discount         bigint      NOT NULL,
    shipping         bigint      NOT NULL,
    tax              bigint      NOT NULL,
    total            bigint      NOT NULL,
    shipping_lines   jsonb       NOT NULL,
    shipping_address jsonb       NOT NULL,
    billing_address  jsonb,
    timeline         jsonb       NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (shop, id)
) WITH (fillfactor = 80);
-- A number starts with the day, so this stays true when each partition has its own.
CREATE UNIQUE INDEX orders_number ON commerce.orders (shop, number);
CREATE UNIQUE INDEX orders_live ON commerce.orders (shop, cart) WHERE status <> 'cancelled' AND cart IS NOT NULL;

CREATE TABLE commerce.order_lines (
    shop          integer NOT NULL,
    order_id      uuid    NOT NULL,
    position      integer NOT NULL,
    id            uuid    NOT NULL,
    variant_id    uuid    NOT NULL,
    product_id    uuid    NOT NULL,
    sku           text    NOT NULL,
    title         text    NOT NULL,
    variant_title text    NOT NULL,
    quantity      bigint  NOT NULL,
    unit_price    bigint  NOT NULL,
    total         bigint  NOT NULL,
    claim_id      uuid    NOT NULL,
    PRIMARY KEY (shop, order_id, position)
);

CREATE TABLE commerce.payments (
    shop     integer NOT NULL,
    id       uuid    NOT NULL,
    version  bigint  NOT NULL,
    order_id uuid    NOT NULL,
    provider text    NOT NULL,
    currency text    NOT NULL,
    amount   bigint  NOT NULL,
    entries  jsonb   NOT NULL,
    PRIMARY KEY (shop, order_id, id)
) WITH (fillfactor = 80);

CREATE TABLE commerce.commands (
    shop        integer     NOT NULL,
    actor       text        NOT NULL,
    route       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    owner       uuid        NOT NULL,
    subject     text        NOT NULL,
    created_at  timestamptz NOT NULL,
    lease       timestamptz NOT NULL,
    answered    boolean     NOT NULL,
    code        text        NOT NULL,
    detail      text        NOT NULL,
    PRIMARY KEY (shop, actor, route, key)
) WITH (fillfactor = 80);

CREATE TABLE commerce.attachments (
    shop integer NOT NULL,
    kind text    NOT NULL,
    key  text    NOT NULL,
    data bytea   NOT NULL,
    PRIMARY KEY (shop, kind, key)
);

CREATE TABLE commerce.outbox (
    shop      integer     NOT NULL,
    position  bigint      GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME commerce.outbox_position CACHE 1),
    id        uuid        NOT NULL,
    name      text        NOT NULL,
    aggregate text        NOT NULL,
    at        timestamptz NOT NULL,
    data      json        NOT NULL,
    PRIMARY KEY (shop, position)
);

CREATE TABLE commerce.outbox_cursors (
    shop     integer NOT NULL,
    consumer text    NOT NULL,
    position bigint  NOT NULL,
    PRIMARY KEY (shop, consumer)
);

-- +goose Down
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
DROP TABLE commerce.outbox_cursors;
DROP TABLE commerce.outbox;
DROP TABLE commerce.attachments;
DROP TABLE commerce.commands;
DROP TABLE commerce.payments;
DROP TABLE commerce.order_lines;
DROP TABLE commerce.orders;
DROP TABLE commerce.carts;
DROP TABLE commerce.stock_adjustments;
DROP TABLE commerce.stock_movements;
DROP TABLE commerce.stock_claims;
DROP TABLE commerce.stock_levels;
DROP TABLE commerce.prices;
DROP TABLE commerce.variants;
DROP TABLE commerce.products;
DROP TABLE commerce.settings;
