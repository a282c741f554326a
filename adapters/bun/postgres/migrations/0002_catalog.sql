-- The whole catalogue: brands, the tree of categories, collections, channels, translations, slugs that were given up.
--
-- A program of the release before writes products without knowing any of this: what it leaves out has the defaults of a
-- product that the default channel shows without bounds, which is what it means.

-- +goose Up
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE commerce.products
    ADD COLUMN brand_id     uuid,
    ADD COLUMN seo          jsonb       NOT NULL DEFAULT '{}',
    ADD COLUMN tax_category text        NOT NULL DEFAULT '',
    ADD COLUMN metadata     jsonb       NOT NULL DEFAULT '{}',
    ADD COLUMN categories   uuid[]      NOT NULL DEFAULT '{}',
    ADD COLUMN collections  uuid[]      NOT NULL DEFAULT '{}',
    ADD COLUMN publication  jsonb       NOT NULL DEFAULT '{}',
    ADD COLUMN listings     jsonb       NOT NULL DEFAULT '[]',
    ADD COLUMN translations jsonb       NOT NULL DEFAULT '{}',
    -- When the default channel shows it, while it is active; other channels stand in channel_listings.
    ADD COLUMN shown_from   timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN shown_until  timestamptz NOT NULL DEFAULT 'infinity',
    ADD COLUMN due_at       timestamptz;

ALTER TABLE commerce.variants
    ADD COLUMN retired  boolean NOT NULL DEFAULT false,
    ADD COLUMN channels text[]  NOT NULL DEFAULT '{}',
    ADD COLUMN metadata jsonb   NOT NULL DEFAULT '{}';

-- The products of channels other than the default one, with the time when the channel shows them.
CREATE TABLE commerce.channel_listings (
    shop        integer     NOT NULL,
    channel     text        NOT NULL,
    product_id  uuid        NOT NULL,
    created_at  timestamptz NOT NULL, -- Of the product, which never changes.
    shown_from  timestamptz NOT NULL,
    shown_until timestamptz NOT NULL,
    PRIMARY KEY (shop, product_id, channel)
);
CREATE INDEX channel_listings_newest ON commerce.channel_listings (shop, channel, created_at DESC, product_id DESC);

-- The products whose place on show the clock changes next, and when.
CREATE TABLE commerce.product_schedule (
    shop       integer     NOT NULL,
    product_id uuid        NOT NULL,
    due_at     timestamptz NOT NULL,
    PRIMARY KEY (shop, product_id)
);
CREATE INDEX product_schedule_due ON commerce.product_schedule (shop, due_at, product_id);

CREATE TABLE commerce.slug_history (
    shop       integer NOT NULL,
    slug       text    NOT NULL,
    product_id uuid    NOT NULL,
    PRIMARY KEY (shop, slug)
);

-- One row for each shop: the version of its tree and rules, and how far its products are held against them.
CREATE TABLE commerce.catalog_structure (
    shop     integer NOT NULL,
    version  bigint  NOT NULL,
    sweeping boolean NOT NULL,
    swept    uuid    NOT NULL,
    PRIMARY KEY (shop)
);

CREATE TABLE commerce.brands (
    shop         integer     NOT NULL,
    id           uuid        NOT NULL,
    version      bigint      NOT NULL,
    slug         text        NOT NULL,
    name         text        NOT NULL,
    name_key     text        COLLATE "C" NOT NULL,
    description  text        NOT NULL,
    seo          jsonb       NOT NULL,
    translations jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (shop, id),
    CONSTRAINT brands_slug UNIQUE (shop, slug) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT brands_name UNIQUE (shop, name_key) DEFERRABLE INITIALLY DEFERRED
);

-- Products hang on what they belong to in tables of their own, so that no index is built on a table that has rows.
CREATE TABLE commerce.product_brands (
    shop       integer NOT NULL,
    brand_id   uuid    NOT NULL,
    product_id uuid    NOT NULL,
    PRIMARY KEY (shop, brand_id, product_id)
);
CREATE INDEX product_brands_product ON commerce.product_brands (shop, product_id);

CREATE TABLE commerce.categories (
    shop         integer     NOT NULL,
    id           uuid        NOT NULL,
    version      bigint      NOT NULL,
    parent_id    uuid,
    position     integer     NOT NULL,
    -- The ids from the root down to its own, each behind a slash and the last before one: a subtree is a range.
    path         text        COLLATE "C" NOT NULL,
    slug         text        NOT NULL,
    name         text        NOT NULL,
    description  text        NOT NULL,
    seo          jsonb       NOT NULL,
    translations jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (shop, id),
    CONSTRAINT categories_slug UNIQUE (shop, slug) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX categories_path ON commerce.categories (shop, path);

CREATE TABLE commerce.product_categories (
    shop        integer NOT NULL,
    category_id uuid    NOT NULL,
    product_id  uuid    NOT NULL,
    PRIMARY KEY (shop, category_id, product_id)
);
CREATE INDEX product_categories_product ON commerce.product_categories (shop, product_id);

CREATE TABLE commerce.collections (
    shop         integer     NOT NULL,
    id           uuid        NOT NULL,
    version      bigint      NOT NULL,
    slug         text        COLLATE "C" NOT NULL,
    name         text        NOT NULL,
    description  text        NOT NULL,
    seo          jsonb       NOT NULL,
    translations jsonb       NOT NULL,
    rule         jsonb,
    products     uuid[]      NOT NULL,
    publication  jsonb       NOT NULL,
    listings     jsonb       NOT NULL,
    metadata     jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (shop, id),
    CONSTRAINT collections_slug UNIQUE (shop, slug) DEFERRABLE INITIALLY DEFERRED
);

-- Who is in which collection. The rank is the place in a collection by hand, counted backwards from 0, and 0 in one by
-- rule, so that both are read along one index in one direction.
CREATE TABLE commerce.collection_products (
    shop          integer     NOT NULL,
    collection_id uuid        NOT NULL,
    product_id    uuid        NOT NULL,
    rank          bigint      NOT NULL,
    created_at    timestamptz NOT NULL, -- Of the product, which never changes.
    PRIMARY KEY (shop, collection_id, product_id)
);
CREATE INDEX collection_products_order ON commerce.collection_products (shop, collection_id, rank DESC, created_at DESC, product_id DESC);

-- +goose Down
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
DROP TABLE commerce.collection_products;
DROP TABLE commerce.collections;
DROP TABLE commerce.product_categories;
DROP TABLE commerce.categories;
DROP TABLE commerce.product_brands;
DROP TABLE commerce.brands;
DROP TABLE commerce.catalog_structure;
DROP TABLE commerce.slug_history;
DROP TABLE commerce.product_schedule;
DROP TABLE commerce.channel_listings;
ALTER TABLE commerce.variants
    DROP COLUMN metadata,
    DROP COLUMN channels,
    DROP COLUMN retired;
ALTER TABLE commerce.products
    DROP COLUMN due_at,
    DROP COLUMN shown_until,
    DROP COLUMN shown_from,
    DROP COLUMN translations,
    DROP COLUMN listings,
    DROP COLUMN publication,
    DROP COLUMN collections,
    DROP COLUMN categories,
    DROP COLUMN metadata,
    DROP COLUMN tax_category,
    DROP COLUMN seo,
    DROP COLUMN brand_id;
