-- What happens to orders after they were placed: when the sweeper looks at them, who holds their goods, which commands
-- are open, what was sent, what staff noted; and the events of payment providers that wait to be applied.
--
-- Fulfilments, notes and open commands are part of their order: read with it, written with it, found by it alone. So they
-- stand in its row, where they cost no statement, no lock and no index of their own.
--
-- The release before writes orders without the new columns, whose defaults mean what it means: goods in the shop's own
-- stock, and nothing due. What it leaves pending, nobody sweeps but a retry with its key.

-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '5s';
SET statement_timeout = '15min';

ALTER TABLE commerce.orders
    ADD COLUMN IF NOT EXISTS due         timestamptz,
    ADD COLUMN IF NOT EXISTS holding     text  NOT NULL DEFAULT 'own',
    ADD COLUMN IF NOT EXISTS open        jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS fulfilments jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS notes       jsonb NOT NULL DEFAULT '[]';

DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_due;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_due ON commerce.orders (shop, due, id) WHERE due IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_status;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_status ON commerce.orders (shop, status, id);
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_number_prefix;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_number_prefix ON commerce.orders (shop, (number COLLATE "C"), id);
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_email;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_email ON commerce.orders (shop, (lower(btrim(email, E' \t\n\v\f\r') COLLATE "C")), id);
DROP INDEX CONCURRENTLY IF EXISTS commerce.payments_id;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_id ON commerce.payments (shop, id);

CREATE TABLE IF NOT EXISTS commerce.payment_inbox (
    shop     integer     NOT NULL,
    provider text        NOT NULL,
    id       text        NOT NULL,
    event    jsonb       NOT NULL,
    kept_at  timestamptz NOT NULL,
    due      timestamptz, -- NULL once it is done with.
    note     text        NOT NULL,
    PRIMARY KEY (shop, provider, id)
);
DROP INDEX CONCURRENTLY IF EXISTS commerce.payment_inbox_due;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_inbox_due ON commerce.payment_inbox (shop, due, provider, id) WHERE due IS NOT NULL;

-- +goose Down
SET lock_timeout = '5s';
SET statement_timeout = '15min';
DROP TABLE IF EXISTS commerce.payment_inbox;
DROP INDEX CONCURRENTLY IF EXISTS commerce.payments_id;
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_email;
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_number_prefix;
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_status;
DROP INDEX CONCURRENTLY IF EXISTS commerce.orders_due;
ALTER TABLE commerce.orders
    DROP COLUMN IF EXISTS notes,
    DROP COLUMN IF EXISTS fulfilments,
    DROP COLUMN IF EXISTS open,
    DROP COLUMN IF EXISTS holding,
    DROP COLUMN IF EXISTS due;
