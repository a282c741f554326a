-- Plans: prices with windows, what was in force before, and every version of a plan.
--
-- A row of prices is a plan as last committed: amount and compare_at are the price that always holds (amount is null
-- where there is none), windows are those with a beginning or an end, past is what the lowest price of 30 days needs.
-- Existing rows are plans of one price, known since now. A row of price_history is a version that another replaced.
--
-- The release before reads amount and compare_at and writes them; it sees no windows, and can read every row as long as
-- nobody ends a price that always holds. What it changes while both run leaves no version in the history.

-- +goose Up
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
-- Only this release and those after it write a null there, and every one of its servers can read it.
-- squawk-ignore ban-drop-not-null
ALTER TABLE commerce.prices ALTER COLUMN amount DROP NOT NULL;
ALTER TABLE commerce.prices ADD COLUMN since timestamptz NOT NULL DEFAULT now();
ALTER TABLE commerce.prices ADD COLUMN windows jsonb NOT NULL DEFAULT '[]';
ALTER TABLE commerce.prices ADD COLUMN past jsonb NOT NULL DEFAULT '[]';
ALTER TABLE commerce.prices ADD COLUMN noted_by text NOT NULL DEFAULT '';
ALTER TABLE commerce.prices ADD COLUMN noted_why text NOT NULL DEFAULT '';

CREATE TABLE commerce.price_history (
    shop       integer     NOT NULL,
    variant_id uuid        NOT NULL,
    channel    text        NOT NULL,
    currency   text        NOT NULL,
    version    bigint      NOT NULL,
    since      timestamptz NOT NULL,
    amount     bigint,
    compare_at bigint,
    windows    jsonb       NOT NULL,
    noted_by   text        NOT NULL,
    noted_why  text        NOT NULL,
    PRIMARY KEY (shop, variant_id, channel, currency, version)
);

-- +goose Down
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
DROP TABLE commerce.price_history;
ALTER TABLE commerce.prices DROP COLUMN noted_why;
ALTER TABLE commerce.prices DROP COLUMN noted_by;
ALTER TABLE commerce.prices DROP COLUMN past;
ALTER TABLE commerce.prices DROP COLUMN windows;
ALTER TABLE commerce.prices DROP COLUMN since;
-- What has a price in its windows only cannot be said in the schema before.
DELETE FROM commerce.prices WHERE amount IS NULL;
ALTER TABLE commerce.prices ALTER COLUMN amount SET NOT NULL;
