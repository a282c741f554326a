-- The listing projection: what lists show of products, with what they cost and whether they are in stock, ready to be
-- filtered and sorted. A row is a product in a channel and a currency for a stretch of time in which the clock changes
-- nothing of it; the rows of a product are written in the commit that changes it, one of its prices, or whether one of
-- its SKUs can be sold.
--
-- The words of a product stand in an index of their own, once for all its rows, in a column for each class of words. The
-- program has cut and folded them already, so the index only cuts at spaces: its tokenizer takes every character beyond
-- ASCII for a letter. The rows have them too, but for those of descriptions, each between spaces: what is found is ranked
-- by looking at them, for the index can tell only what has a word in a class, one word and one class at a time.

-- +goose Up
CREATE TABLE listings (
    doc            INTEGER NOT NULL, -- Of the product.
    channel        TEXT    NOT NULL,
    currency       TEXT    NOT NULL,
    shown_from     INTEGER NOT NULL,
    shown_until    INTEGER NOT NULL,
    created_at     INTEGER NOT NULL, -- Of the product.
    product_id     TEXT    NOT NULL,
    price          INTEGER NOT NULL,
    in_stock_until INTEGER NOT NULL, -- Before every time when it is not in stock.
    featured       INTEGER NOT NULL,
    brand_id       TEXT,
    name_key       TEXT    NOT NULL,
    compare_at     INTEGER,
    lowest30       INTEGER,
    title_words    TEXT    NOT NULL,
    name_words     TEXT    NOT NULL, -- Of the brand, and of codes.
    detail_words   TEXT    NOT NULL,
    categories     TEXT    NOT NULL,
    skus           TEXT    NOT NULL, -- When one of them can be sold the product is in stock.
    PRIMARY KEY (doc, channel, currency, shown_from)
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_newest ON listings (channel, currency, created_at DESC, product_id DESC);
CREATE INDEX listings_price ON listings (channel, currency, price, product_id);
CREATE INDEX listings_name ON listings (channel, currency, name_key, product_id);

-- The words that may be meant by others, without a word that a description alone has. One that no product has any more
-- stays: it finds nothing.
CREATE TABLE listing_words (
    word TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_words_tail ON listing_words (substr(word, 2));

CREATE VIRTUAL TABLE product_words USING fts5 (
    title, brand, code, detail, prose, tokenize = 'ascii', prefix = '1 2 3', detail = 'column', content = '', contentless_delete = 1
);

-- +goose Down
DROP TABLE product_words;
DROP TABLE listing_words;
DROP TABLE listings;
