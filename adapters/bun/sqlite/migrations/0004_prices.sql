-- Plans: prices with windows, what was in force before, and every version of a plan.
--
-- A row of prices is a plan as last committed: amount and compare_at are the price that always holds (amount is null
-- where there is none), windows are those with a beginning or an end, past is what the lowest price of 30 days needs. A
-- row of price_history is a version that another replaced.

-- +goose Up
CREATE TABLE prices (
    variant_id TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    currency   TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    amount     INTEGER CHECK (amount >= 0),
    compare_at INTEGER CHECK (compare_at >= 0),
    windows    TEXT    NOT NULL,
    noted_by   TEXT    NOT NULL,
    noted_why  TEXT    NOT NULL,
    past       TEXT    NOT NULL,
    PRIMARY KEY (variant_id, channel, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE price_history (
    variant_id TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    currency   TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    amount     INTEGER,
    compare_at INTEGER,
    windows    TEXT    NOT NULL,
    noted_by   TEXT    NOT NULL,
    noted_why  TEXT    NOT NULL,
    PRIMARY KEY (variant_id, channel, currency, version)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE price_history;
DROP TABLE prices;
