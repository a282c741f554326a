-- Carts with a life of their own: whose they are, what was said on them, what became of them, and the ways to find a
-- customer's open carts and those that nobody changes; orders with their customer, what the cart said, taxes and where
-- prices came from, and the ways to find the orders of one person.
--
-- The release before takes a cart that is abandoned or expired for one that became an order, and drops what lines say of
-- themselves when it changes a cart: run both together, but let nobody sweep carts before the last of it has ended.

-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '5s';
SET statement_timeout = '15min';

ALTER TABLE commerce.carts
    ADD COLUMN IF NOT EXISTS customer  uuid,
    ADD COLUMN IF NOT EXISTS successor bytea,
    ADD COLUMN IF NOT EXISTS reopened  boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS details   jsonb   NOT NULL DEFAULT '{}';
ALTER TABLE commerce.orders
    ADD COLUMN IF NOT EXISTS customer  uuid,
    ADD COLUMN IF NOT EXISTS tax_lines jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS details   jsonb NOT NULL DEFAULT '{}';
ALTER TABLE commerce.order_lines
    ADD COLUMN IF NOT EXISTS details jsonb NOT NULL DEFAULT '{}';

-- A customer's open cart. One that a declined order gave back may stand beside it.
DROP INDEX CONCURRENTLY IF EXISTS commerce.carts_owner;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS carts_owner ON commerce.carts (shop, customer, channel, currency)
    WHERE customer IS NOT NULL AND status IN ('active', 'abandoned') AND NOT reopened;
DROP INDEX CONCURRENTLY IF EXISTS commerce.carts_customer;
CREATE INDEX CONCURRENTLY IF NOT EXISTS carts_customer ON commerce.carts (shop, customer, channel, currency)
    WHERE customer IS NOT NULL AND status IN ('active', 'abandoned');
-- What a sweep looks for. No line at all is written as an empty list or as null.
DROP INDEX CONCURRENTLY IF EXISTS commerce.carts_idle;
CREATE INDEX CONCURRENTLY IF NOT EXISTS carts_idle ON commerce.carts (shop, status, (lines IN ('[]'::jsonb, 'null'::jsonb)), updated_at, id)
    WHERE status <> 'completed';

DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_customer;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer ON commerce.orders (shop, customer, created_at DESC, id DESC) WHERE customer IS NOT NULL;
-- The canonical form of an address, as ref.CanonicalEmail has it: the collation folds ASCII alone.
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_guest;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_guest ON commerce.orders
    (shop, (lower(btrim(email, E' \t\n\v\f\r') COLLATE "C")), created_at DESC, id DESC) WHERE customer IS NULL AND email <> '';

-- +goose Down
SET lock_timeout = '5s';
SET statement_timeout = '15min';
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_guest;
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_customer;
DROP INDEX CONCURRENTLY IF EXISTS commerce.carts_idle;
DROP INDEX CONCURRENTLY IF EXISTS commerce.carts_customer;
DROP INDEX CONCURRENTLY IF EXISTS commerce.carts_owner;
ALTER TABLE commerce.order_lines DROP COLUMN IF EXISTS details;
ALTER TABLE commerce.orders
    DROP COLUMN IF EXISTS details,
    DROP COLUMN IF EXISTS tax_lines,
    DROP COLUMN IF EXISTS customer;
-- What is neither active nor completed cannot be said in the schema before. Abandoned and expired carts are active again;
-- merged ones are gone, their lines are in their successors.
DELETE FROM commerce.carts WHERE status = 'merged';
UPDATE commerce.carts SET status = 'active' WHERE status IN ('abandoned', 'expired');
ALTER TABLE commerce.carts
    DROP COLUMN IF EXISTS details,
    DROP COLUMN IF EXISTS reopened,
    DROP COLUMN IF EXISTS successor,
    DROP COLUMN IF EXISTS customer;
