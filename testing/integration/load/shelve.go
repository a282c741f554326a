package load

import (
	"context"
	"crypto/sha256"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Shelve puts what the invoices buy into a database that is empty and up to date: in no time what Catalogue would bring in a
// minute. Lists do not show it.
func Shelve(ctx context.Context, conn *pgx.Conn, invoices []Invoice) error {
	var products, variants [][16]byte
	var skus []string
	var prices []int64
	for _, code := range codesOf(invoices) {
		products = append(products, idOf("product", code.Code))
		variants = append(variants, idOf("variant", code.Code))
		skus, prices = append(skus, code.Code), append(prices, code.Price*10_000)
	}
	batch := &pgx.Batch{}
	batch.Queue(`INSERT INTO commerce.products (shop, id, version, slug, title, description, brand, type, tags, status, featured, options, media, created_at, updated_at)
		SELECT 1, p.id, 1, 'item-' || lower(p.sku), 'Item ' || p.sku, '', '', '', '[]', 'active', false, '[]', '[]', now(), now()
		FROM unnest($1::uuid[], $2::text[]) AS p(id, sku)`, products, skus)
	batch.Queue(`INSERT INTO commerce.variants (shop, id, product_id, position, sku, options, barcode, grams)
		SELECT 1, v.id, v.product, 0, v.sku, '[]', '', 0 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS v(id, product, sku)`, variants, products, skus)
	batch.Queue(`INSERT INTO commerce.prices (shop, variant_id, channel, currency, version, amount)
		SELECT 1, p.id, $3, 'GBP', 1, p.amount FROM unnest($1::uuid[], $2::bigint[]) AS p(id, amount)`, variants, prices, string(ref.DefaultChannel))
	batch.Queue(`INSERT INTO commerce.stock_levels (shop, sku, location, on_hand, reserved) SELECT 1, sku, 'main', $2, 0 FROM unnest($1::text[]) AS s(sku)`, skus, int64(Stock))
	batch.Queue(`INSERT INTO commerce.stock_movements (shop, sku, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at)
		SELECT 1, sku, 'main', 'receive', $2, 0, $2, 0, 'load:' || sku, 'opening', now() FROM unnest($1::text[]) AS s(sku)`, skus, int64(Stock))
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "ANALYZE")
	return err
}

// idOf makes an id of what it is of, the same each time.
func idOf(what, code string) (id [16]byte) {
	sum := sha256.Sum256([]byte(what + " " + code))
	copy(id[:], sum[:])
	return id
}
