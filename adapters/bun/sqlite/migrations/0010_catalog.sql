-- The catalogue: products with their variants, brands, the tree of categories, collections, and the slugs that were given
-- up.
--
-- Times that bound a window and are not there are numbers before and behind every time; lists and objects are JSON.

-- +goose Up
CREATE TABLE products (
    doc          INTEGER PRIMARY KEY, -- What the index of words calls it.
    id           TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    slug         TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    brand        TEXT    NOT NULL,
    brand_id     TEXT,
    type         TEXT    NOT NULL,
    tags         TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    featured     INTEGER NOT NULL,
    seo          TEXT    NOT NULL,
    tax_category TEXT    NOT NULL,
    metadata     TEXT    NOT NULL,
    categories   TEXT    NOT NULL,
    collections  TEXT    NOT NULL,
    publication  TEXT    NOT NULL,
    listings     TEXT    NOT NULL,
    translations TEXT    NOT NULL,
    options      TEXT    NOT NULL,
    media        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    due_at       INTEGER,
    -- When the default channel shows it, while it is active; other channels stand in channel_listings.
    shown_from   INTEGER NOT NULL,
    shown_until  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX products_id ON products (id);
CREATE UNIQUE INDEX products_slug ON products (slug);
CREATE INDEX products_newest ON products (created_at DESC, id DESC) WHERE status = 'active';
CREATE INDEX products_made ON products (created_at DESC, id DESC);

CREATE TABLE variants (
    id         TEXT    NOT NULL PRIMARY KEY,
    product_id TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    sku        TEXT    NOT NULL,
    options    TEXT    NOT NULL,
    barcode    TEXT    NOT NULL,
    grams      INTEGER NOT NULL,
    media_id   TEXT,
    retired    INTEGER NOT NULL,
    channels   TEXT    NOT NULL,
    metadata   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX variants_sku ON variants (sku);
CREATE INDEX variants_product ON variants (product_id, position);

-- The products of channels other than the default one, with the time when the channel shows them.
CREATE TABLE channel_listings (
    product_id  TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    created_at  INTEGER NOT NULL, -- Of the product, which never changes.
    shown_from  INTEGER NOT NULL,
    shown_until INTEGER NOT NULL,
    PRIMARY KEY (product_id, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_listings_newest ON channel_listings (channel, created_at DESC, product_id DESC);

-- The products whose place on show the clock changes next, and when.
CREATE TABLE product_schedule (
    product_id TEXT    NOT NULL PRIMARY KEY,
    due_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX product_schedule_due ON product_schedule (due_at, product_id);

CREATE TABLE slug_history (
    slug       TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where the slugs lead that brands, categories and collections gave up.
CREATE TABLE given_slugs (
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (kind, slug)
) STRICT, WITHOUT ROWID;

-- One row: the version of the tree and rules, and how far the products are held against them.
CREATE TABLE catalog_structure (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    version  INTEGER NOT NULL,
    sweeping INTEGER NOT NULL,
    swept    TEXT    NOT NULL
) STRICT;
INSERT INTO catalog_structure (one, version, sweeping, swept) VALUES (1, 0, 0, '');

CREATE TABLE brands (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    slug         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    seo          TEXT    NOT NULL,
    translations TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX brands_slug ON brands (slug);
CREATE UNIQUE INDEX brands_name ON brands (name_key);

CREATE TABLE product_brands (
    brand_id   TEXT NOT NULL,
    product_id TEXT NOT NULL,
    PRIMARY KEY (brand_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_brands_product ON product_brands (product_id);

CREATE TABLE categories (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    parent_id    TEXT,
    position     INTEGER NOT NULL,
    -- The ids from the root down to its own, each behind a slash and the last before one: a subtree is a range.
    path         TEXT    NOT NULL,
    slug         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    seo          TEXT    NOT NULL,
    translations TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX categories_slug ON categories (slug);
CREATE INDEX categories_path ON categories (path);
CREATE INDEX categories_parent ON categories (parent_id);

CREATE TABLE product_categories (
    category_id TEXT NOT NULL,
    product_id  TEXT NOT NULL,
    PRIMARY KEY (category_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_categories_product ON product_categories (product_id);

CREATE TABLE collections (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    slug         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    seo          TEXT    NOT NULL,
    translations TEXT    NOT NULL,
    rule         TEXT,
    products     TEXT    NOT NULL,
    publication  TEXT    NOT NULL,
    listings     TEXT    NOT NULL,
    metadata     TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX collections_slug ON collections (slug);

-- Who is in which collection. The rank is the place in a collection by hand, counted backwards from 0, and 0 in one by
-- rule, so that both are read along one index in one direction.
CREATE TABLE collection_products (
    collection_id TEXT    NOT NULL,
    product_id    TEXT    NOT NULL,
    rank          INTEGER NOT NULL,
    created_at    INTEGER NOT NULL, -- Of the product, which never changes.
    PRIMARY KEY (collection_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_products_order ON collection_products (collection_id, rank DESC, created_at DESC, product_id DESC);

-- +goose Down
DROP TABLE collection_products;
DROP TABLE collections;
DROP TABLE product_categories;
DROP TABLE categories;
DROP TABLE product_brands;
DROP TABLE brands;
DROP TABLE catalog_structure;
DROP TABLE given_slugs;
DROP TABLE slug_history;
DROP TABLE product_schedule;
DROP TABLE channel_listings;
DROP TABLE variants;
DROP TABLE products;
