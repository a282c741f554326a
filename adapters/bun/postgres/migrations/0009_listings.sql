-- The listing projection: what lists show of products, with what they cost and whether they are in stock, ready to be
-- filtered and sorted. A row is a product in a channel and a currency for a stretch of time in which the clock changes
-- nothing of it; the rows of a product are written in the commit that changes it, one of its prices, or whether one of
-- its SKUs can be sold. Who writes them holds the product's row, so that of two such commits the later one sees all.
--
-- The release before knows nothing of it: what it changes while both run is not seen in lists until the product, a price
-- or its stock is touched again, or Store.ProjectListings has run. The same goes for words with letters beyond ASCII,
-- which are cut less well here than by the program.

-- +goose Up
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '300s';

CREATE TABLE commerce.listings (
    shop           integer     NOT NULL,
    product_id     uuid        NOT NULL,
    channel        text        NOT NULL,
    currency       text        NOT NULL,
    shown_from     timestamptz NOT NULL,
    shown_until    timestamptz NOT NULL,
    created_at     timestamptz NOT NULL, -- Of the product.
    name_key       text        COLLATE "C" NOT NULL,
    featured       boolean     NOT NULL,
    brand_id       uuid,
    categories     uuid[]      NOT NULL,
    search         tsvector    NOT NULL, -- Weights: A titles, B the brand, C all else.
    price          bigint      NOT NULL,
    compare_at     bigint,
    lowest30       bigint,
    skus           text[]      NOT NULL, -- When one of them can be sold the product is in stock.
    in_stock_until timestamptz NOT NULL, -- -infinity when it is not.
    PRIMARY KEY (shop, product_id, channel, currency, shown_from)
);

-- What stands there already: products of the default channel without bounds, with prices that always hold.
INSERT INTO commerce.listings (shop, product_id, channel, currency, shown_from, shown_until, created_at, name_key, featured, brand_id,
    categories, search, price, compare_at, skus, in_stock_until)
SELECT p.shop, p.id, c.channel, c.currency, p.shown_from, p.shown_until, p.created_at,
    lower(btrim(regexp_replace(p.title, '\s+', ' ', 'g'))), p.featured, p.brand_id, p.categories,
    setweight(to_tsvector('simple', regexp_replace(p.title, '[^[:alnum:]]+', ' ', 'g')), 'A') ||
    setweight(to_tsvector('simple', regexp_replace(p.brand, '[^[:alnum:]]+', ' ', 'g')), 'B') ||
    setweight(to_tsvector('simple', left(regexp_replace(p.type || ' ' || p.tags::text || ' ' || w.words, '[^[:alnum:]]+', ' ', 'g'), 100000)), 'C'),
    c.price, c.compare_at, c.skus, CASE WHEN c.available > 0 THEN 'infinity'::timestamptz ELSE '-infinity'::timestamptz END
FROM commerce.products p CROSS JOIN LATERAL (
    SELECT x.channel, x.currency, (array_agg(x.amount ORDER BY x.amount, v.position))[1] AS price,
        (array_agg(x.compare_at ORDER BY x.amount, v.position))[1] AS compare_at, array_agg(v.sku ORDER BY v.sku COLLATE "C") AS skus,
        max((SELECT sum(s.on_hand - s.reserved) FROM commerce.stock_levels s WHERE s.shop = v.shop AND s.sku = v.sku)) AS available
    FROM commerce.variants v JOIN commerce.prices x ON x.shop = v.shop AND x.variant_id = v.id
    WHERE v.shop = p.shop AND v.product_id = p.id AND NOT v.retired AND x.amount IS NOT NULL AND x.channel = 'web'
    GROUP BY x.channel, x.currency) c
CROSS JOIN LATERAL (SELECT string_agg(v.sku || ' ' || v.barcode || ' ' || v.options::text, ' ') AS words
    FROM commerce.variants v WHERE v.shop = p.shop AND v.product_id = p.id AND NOT v.retired) w
WHERE p.status = 'active' AND p.shown_from < p.shown_until;

CREATE INDEX listings_newest ON commerce.listings (shop, channel, currency, created_at DESC, product_id DESC);
CREATE INDEX listings_price ON commerce.listings (shop, channel, currency, price, product_id);
CREATE INDEX listings_name ON commerce.listings (shop, channel, currency, name_key, product_id);
CREATE INDEX listings_brand ON commerce.listings (shop, brand_id);
CREATE INDEX listings_categories ON commerce.listings USING gin (categories);
CREATE INDEX listings_search ON commerce.listings USING gin (search);

-- +goose Down
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
DROP TABLE commerce.listings;
