package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Whoever writes rows of the projection locks the rows of its products first, by id, after all other locks, and reads
// what they are made of in statements of their own behind that: of two who change what a product is made of at once, a
// text, a price, its stock, the later one sees both.
//
// A price of a variant that no product has yet is the one case without a row to lock. Who writes one holds the lock of
// the shop's listings alone, and who writes products, which may bring the variant, holds it with others.
const (
	listingsLock       = 0x6c697374 // The ASCII of "list".
	sqlVariantsComing  = `SELECT pg_advisory_xact_lock_shared($1::integer, $2::integer)`
	sqlVariantsMissing = `SELECT pg_advisory_xact_lock($1::integer, $2::integer)`
	sqlOrphans         = `SELECT count(*) FROM unnest($2::uuid[]) AS k(id)
		WHERE NOT EXISTS (SELECT FROM commerce.variants WHERE shop = $1 AND id = k.id)`

	sqlLockProductsBy = `SELECT p.id FROM commerce.products p WHERE p.shop = $1 AND p.id IN (`
	sqlLockInOrder    = `) ORDER BY p.id FOR NO KEY UPDATE`
	sqlProductsOf     = `SELECT product_id FROM commerce.variants WHERE shop = $1 AND `

	sqlLockPriced  = sqlLockProductsBy + sqlProductsOf + `id = ANY($2::uuid[])` + sqlLockInOrder
	sqlLockStocked = sqlLockProductsBy + sqlProductsOf + `sku = ANY($2::text[])` + sqlLockInOrder
	sqlLockBranded = sqlLockProductsBy + `SELECT product_id FROM commerce.product_brands WHERE shop = $1 AND brand_id = ANY($2::uuid[])` + sqlLockInOrder

	// Corrects whether products are in stock of which a SKU can be sold now or can no longer.
	sqlProjectStock = `UPDATE commerce.listings l SET in_stock_until = s.until
		FROM (SELECT l.product_id, l.channel, l.currency, l.shown_from, ` + sqlInStockUntil + ` AS until FROM commerce.listings l
			WHERE l.shop = $1 AND l.product_id IN (` + sqlProductsOf + `sku = ANY($2::text[]))) s
		WHERE l.shop = $1 AND l.product_id = s.product_id AND l.channel = s.channel AND l.currency = s.currency AND l.shown_from = s.shown_from
			AND l.in_stock_until <> s.until`
	sqlInStockUntil = `coalesce((SELECT max(CASE WHEN o.ever THEN 'infinity'::timestamptz ELSE o.until END)
		FROM unnest(l.skus) AS k(sku) CROSS JOIN LATERAL ` + sqlSoldUntil + ` o), '-infinity'::timestamptz)`
	// Whether k.sku can be sold for ever, or until when; as inventory.Availability.SoldUntil has it.
	sqlSoldUntil = `(SELECT coalesce(v.available, 0) > coalesce(p.owed, 0) OR p.kind = 'backorder' AND p.owed < p.most AS ever,
			CASE WHEN p.kind = 'preorder' AND p.owed < p.most THEN p.until END AS until
		FROM (SELECT sum(on_hand - reserved) AS available FROM commerce.stock_levels WHERE shop = $1 AND sku = k.sku OFFSET 0) v
		LEFT JOIN LATERAL (SELECT kind, most, until, owed FROM commerce.stock_policies WHERE shop = $1 AND sku = k.sku OFFSET 0) p ON true)`

	// Gives the products of a brand the words of its name in the place of those that it had.
	sqlBrandWords = `UPDATE commerce.listings SET search = ts_filter(search, '{a,c,d}') || $3::tsvector WHERE shop = $1 AND brand_id = $2`
)

// lockPriced sends the batch, which writes prices, and locks the products of their variants.
func (s *Store) lockPriced(ctx context.Context, tx pgx.Tx, b *pgx.Batch, variants [][16]byte) ([]ref.ProductID, error) {
	var orphans int64
	b.Queue(sqlOrphans, s.cfg.Shop, variants).QueryRow(func(row pgx.Row) error { return row.Scan(&orphans) })
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, err
	}
	if orphans > 0 {
		if _, err := tx.Exec(ctx, sqlVariantsMissing, listingsLock, s.cfg.Shop); err != nil {
			return nil, err
		}
	}
	rows, err := tx.Query(ctx, sqlLockPriced, s.cfg.Shop, variants)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	return idsOf[ref.ProductKind](ids), err
}

// writtenProducts are the ids of the products of a commit.
func writtenProducts(c catalog.Commit) []ref.ProductID {
	out := make([]ref.ProductID, len(c.Products))
	for i, w := range c.Products {
		out[i] = w.State.ID
	}
	return out
}

// queueBrandWords lets products be found by the present names of brands that are written anew.
func (s *Store) queueBrandWords(b *pgx.Batch, c catalog.Commit) {
	var ids []ref.BrandID
	for _, w := range c.Brands {
		if w.Expected > 0 {
			ids = append(ids, w.State.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	b.Queue(sqlLockBranded, s.cfg.Shop, uuids(ids))
	vocabulary := map[string]bool{}
	for _, w := range c.Brands {
		if w.Expected > 0 {
			learn(vocabulary, w.State.Words())
			b.Queue(sqlBrandWords, s.cfg.Shop, [16]byte(w.State.ID.UUID()), vector(w.State.Words()))
		}
	}
	s.queueVocabulary(b, vocabulary)
}

// queueProjectStock corrects the projection for SKUs that crossed.
func queueProjectStock(b *pgx.Batch, shop int32, skus []string) {
	if len(skus) > 0 {
		b.Queue(sqlLockStocked, shop, skus)
		b.Queue(sqlProjectStock, shop, skus)
	}
}
