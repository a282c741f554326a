-- Stock at many places, and stock that is promised before it is there: locations, policies, and claims of which some is
-- owed, some has left, some was given up; what an order's lines wait for; and the ways to find claims whose time is
-- over and claims that are owed to.
--
-- The release before writes claims without the new columns, whose defaults mean what it means. It writes claims that
-- were settled with their parts; whoever reads such a row takes the parts for what has left (consumed) or what was given
-- up. It takes no stock beyond what is there, closes no location, and parts of claims are for it all or nothing: run
-- both together only until the first partial delivery.

-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '5s';
SET statement_timeout = '15min';

CREATE TABLE IF NOT EXISTS commerce.stock_locations (
    shop     integer NOT NULL,
    code     text    NOT NULL,
    version  bigint  NOT NULL,
    name     text    NOT NULL,
    state    text    NOT NULL,
    priority integer NOT NULL,
    PRIMARY KEY (shop, code)
);
-- A location was whatever somebody put stock at.
INSERT INTO commerce.stock_locations (shop, code, version, name, state, priority)
    SELECT DISTINCT shop, location, 1, location, 'open', 0 FROM commerce.stock_levels
    ON CONFLICT DO NOTHING;

-- How a SKU is sold beyond its stock, and how much of it is owed in all. No row: it is not.
CREATE TABLE IF NOT EXISTS commerce.stock_policies (
    shop    integer NOT NULL,
    sku     text    NOT NULL,
    version bigint  NOT NULL,
    kind    text    NOT NULL,
    most    bigint  NOT NULL, -- That may be owed.
    until   timestamptz,
    owed    bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, sku),
    CONSTRAINT stock_policies_owed CHECK (0 <= owed)
) WITH (fillfactor = 50);

ALTER TABLE commerce.stock_claims
    ADD COLUMN IF NOT EXISTS owed    bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS sent    jsonb  NOT NULL DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS freed   bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS damaged bigint NOT NULL DEFAULT 0;
ALTER TABLE commerce.orders ADD COLUMN IF NOT EXISTS backordered bigint NOT NULL DEFAULT 0;
ALTER TABLE commerce.order_lines ADD COLUMN IF NOT EXISTS backordered bigint NOT NULL DEFAULT 0;

DROP INDEX CONCURRENTLY IF EXISTS commerce.stock_claims_lapse;
CREATE INDEX CONCURRENTLY IF NOT EXISTS stock_claims_lapse ON commerce.stock_claims (shop, until, id) WHERE state = 'held' AND until IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS commerce.stock_claims_owed;
CREATE INDEX CONCURRENTLY IF NOT EXISTS stock_claims_owed ON commerce.stock_claims (shop, sku, id) WHERE owed > 0;
DROP INDEX CONCURRENTLY IF EXISTS commerce.stock_levels_location;
CREATE INDEX CONCURRENTLY IF NOT EXISTS stock_levels_location ON commerce.stock_levels (shop, location);

-- +goose Down
SET lock_timeout = '5s';
SET statement_timeout = '15min';
DROP INDEX CONCURRENTLY IF EXISTS commerce.stock_levels_location;
DROP INDEX CONCURRENTLY IF EXISTS commerce.stock_claims_owed;
DROP INDEX CONCURRENTLY IF EXISTS commerce.stock_claims_lapse;
ALTER TABLE commerce.order_lines DROP COLUMN IF EXISTS backordered;
ALTER TABLE commerce.orders DROP COLUMN IF EXISTS backordered;
ALTER TABLE commerce.stock_claims
    DROP COLUMN IF EXISTS damaged,
    DROP COLUMN IF EXISTS freed,
    DROP COLUMN IF EXISTS sent,
    DROP COLUMN IF EXISTS owed;
DROP TABLE IF EXISTS commerce.stock_policies;
DROP TABLE IF EXISTS commerce.stock_locations;
