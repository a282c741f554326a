-- What searches need beside the words of titles, brands, codes and details: those of descriptions, and the vocabulary in
-- which typos are looked up. Words are in their plain form now, without marks of Latin letters.
--
-- The release before finds by the new rows what it found, but for words with such letters; what it writes while both run
-- is found by its own rules until the product, a price of it or its brand is written again, or Store.ProjectListings has
-- run. The same goes for what is cut less well here than by the program: letters beyond Latin, entities of HTML.

-- +goose NO TRANSACTION
-- +goose Up
SET lock_timeout = '5s';
SET statement_timeout = '1h';

ALTER TABLE commerce.listings ADD COLUMN IF NOT EXISTS prose tsvector NOT NULL DEFAULT '';

CREATE TABLE IF NOT EXISTS commerce.listing_words (
    shop integer NOT NULL,
    word text    COLLATE "C" NOT NULL,
    PRIMARY KEY (shop, word)
);
CREATE INDEX CONCURRENTLY IF NOT EXISTS listing_words_tail ON commerce.listing_words (shop, substr(word, 2));

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION commerce.plain_words(given text, class "char") RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT setweight(to_tsvector('simple', regexp_replace(translate(regexp_replace(normalize(
        replace(replace(replace(replace(replace(replace(replace(replace(lower(given), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'), 'æ', 'ae'), 'ø', 'oe'), 'œ', 'oe'), 'þ', 'th'),
        NFD), '[\u0300-\u036f]', '', 'g'), 'ðđħıłŀŋŧ', 'ddhillnt'), '[^[:alnum:]]+', ' ', 'g')), class)
$$;
-- +goose StatementEnd

-- In batches that each are a transaction, with the products locked as those who write rows lock them.
-- +goose StatementBegin
DO $$
DECLARE
    at_shop integer := -2147483648;
    at_id uuid := '00000000-0000-0000-0000-000000000000';
    ids uuid[];
BEGIN
    LOOP
        SELECT array_agg(b.id ORDER BY b.id) INTO ids FROM (SELECT p.id FROM commerce.products p
            WHERE p.shop = at_shop AND p.id > at_id ORDER BY p.id LIMIT 500 FOR NO KEY UPDATE) b;
        IF ids IS NULL THEN
            SELECT min(p.shop) INTO at_shop FROM commerce.products p WHERE p.shop > at_shop;
            EXIT WHEN at_shop IS NULL;
            at_id := '00000000-0000-0000-0000-000000000000';
            CONTINUE;
        END IF;
        UPDATE commerce.listings l SET search = w.own || w.brand, prose = strip(ts_delete(w.prose, tsvector_to_array(w.own)))
        FROM (SELECT p.id,
                commerce.plain_words(p.title || ' ' || coalesce((SELECT string_agg(t.value ->> 'Title', ' ') FROM jsonb_each(p.translations) t), ''), 'A') ||
                commerce.plain_words(left(coalesce(v.codes, ''), 100000), 'C') ||
                commerce.plain_words(left(p.type || ' ' || p.tags::text || ' ' || coalesce(v.details, '') || ' ' ||
                    coalesce((SELECT string_agg(x #>> '{}', ' ') FROM jsonb_path_query(p.translations, '$.*.Options[*].Values.*') x), ''), 100000), 'D') AS own,
                commerce.plain_words(coalesce(b.name || ' ' || coalesce((SELECT string_agg(t.value ->> 'Name', ' ') FROM jsonb_each(b.translations) t), ''), p.brand), 'B') AS brand,
                commerce.plain_words(left(regexp_replace(p.description, '<[^>]*>|&[#[:alnum:]]{1,31};', ' ', 'g'), 2000) || ' ' ||
                    coalesce((SELECT string_agg(left(regexp_replace(t.value ->> 'Description', '<[^>]*>|&[#[:alnum:]]{1,31};', ' ', 'g'), 2000), ' ')
                        FROM jsonb_each(p.translations) t), ''), 'D') AS prose
            FROM commerce.products p LEFT JOIN commerce.brands b ON b.shop = p.shop AND b.id = p.brand_id
            LEFT JOIN LATERAL (SELECT string_agg(v.sku || ' ' || v.barcode, ' ') AS codes, string_agg(v.options::text, ' ') AS details
                FROM commerce.variants v WHERE v.shop = p.shop AND v.product_id = p.id AND NOT v.retired) v ON true
            WHERE p.shop = at_shop AND p.id = ANY(ids)) w
        WHERE l.shop = at_shop AND l.product_id = w.id;
        INSERT INTO commerce.listing_words (shop, word)
            SELECT DISTINCT l.shop, k.lexeme COLLATE "C" FROM commerce.listings l CROSS JOIN LATERAL unnest(l.search) k
            WHERE l.shop = at_shop AND l.product_id = ANY(ids) AND k.lexeme !~ '[[:digit:]]' AND char_length(k.lexeme) BETWEEN 3 AND 42
            ORDER BY 2
            ON CONFLICT DO NOTHING;
        at_id := ids[cardinality(ids)];
        COMMIT;
    END LOOP;
END $$;
-- +goose StatementEnd

DROP FUNCTION commerce.plain_words(text, "char");

-- Both in one index, which serves what the old one did. Without a list of what is pending, which every search would read
-- through after an import.
DROP INDEX CONCURRENTLY IF EXISTS commerce.listings_text;
CREATE INDEX CONCURRENTLY IF NOT EXISTS listings_text ON commerce.listings USING gin (search, prose) WITH (fastupdate = off);
DROP INDEX CONCURRENTLY IF EXISTS commerce.listings_search;
ANALYZE commerce.listings;

RESET lock_timeout;
RESET statement_timeout;

-- +goose Down
SET lock_timeout = '5s';
SET statement_timeout = '15min';
DROP INDEX CONCURRENTLY IF EXISTS commerce.listings_search;
CREATE INDEX CONCURRENTLY listings_search ON commerce.listings USING gin (search);
DROP TABLE IF EXISTS commerce.listing_words;
ALTER TABLE commerce.listings DROP COLUMN IF EXISTS prose;
RESET lock_timeout;
RESET statement_timeout;
