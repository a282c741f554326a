-- Content by key, for what one server takes and another one works on, such as files to import.

-- +goose Up
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE commerce.blobs (
    shop    integer NOT NULL,
    key     text    NOT NULL,
    content bytea   NOT NULL,
    PRIMARY KEY (shop, key)
);

-- +goose Down
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
DROP TABLE commerce.blobs;
