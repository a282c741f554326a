package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Index lookups one after the other, whatever the statistics say: OFFSET 0 keeps the subqueries from becoming joins. The
// translations that come along are those of the two locales under which the scope's texts may stand.
const (
	sqlSellableColumns = `SELECT v.id, v.product_id, v.sku, p.title, v.options, p.first, p.second`
	sqlSellableOf      = ` CROSS JOIN LATERAL (SELECT p.title, p.translations -> $4 AS first, p.translations -> $5 AS second
		FROM ` + sqlKeyed + `id = v.product_id` + sqlKeyedEnd + ` WHERE` + sqlSeen + ` OFFSET 0) p`
	sqlSellableSold = ` AND NOT retired AND (channels = '{}' OR $2 = ANY (channels)) OFFSET 0) v`
	sqlSellableByID = sqlSellableColumns + ` FROM (SELECT DISTINCT unnest($6::uuid[])) AS k(id)
		CROSS JOIN LATERAL (SELECT id, product_id, sku, options FROM commerce.variants WHERE shop = $1 AND id = k.id` +
		sqlSellableSold + sqlSellableOf
	sqlSellableAny = sqlSellableByID + `
		UNION ` + sqlSellableColumns + ` FROM (SELECT DISTINCT unnest($7::text[])) AS k(sku)
		CROSS JOIN LATERAL (SELECT id, product_id, sku, options FROM commerce.variants WHERE shop = $1 AND sku = k.sku` +
		sqlSellableSold + sqlSellableOf
)

// Sellable reads the variants and the titles of their products.
func (p Products) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	locales := catalog.Locales(scope.Locale)
	args := append([]any{pgx.QueryExecModeCacheStatement}, p.scoped(scope)...)
	args = append(args, locales[0], locales[len(locales)-1], uuids(ids))
	sql := sqlSellableByID
	if len(skus) > 0 {
		sql, args = sqlSellableAny, append(args, texts(skus))
	}
	rows, err := p.s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, readError(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Sellable, error) {
		var id, product [16]byte
		var v catalog.Variant
		var of catalog.Product
		var options, first, second []byte
		if err := row.Scan(&id, &product, &v.SKU, &of.Title, &options, &first, &second); err != nil {
			return catalog.Sellable{}, err
		}
		v.ID, of.ID = ref.NewID[ref.VariantKind](id), ref.NewID[ref.ProductKind](product)
		if err := decode(decoded{options, &v.Options}); err != nil {
			return catalog.Sellable{}, err
		}
		of.Translations = map[string]catalog.Translation{}
		for _, t := range []struct {
			locale string
			data   []byte
		}{{locales[0], first}, {locales[len(locales)-1], second}} {
			var text catalog.Translation
			if err := decode(decoded{t.data, &text}); err != nil {
				return catalog.Sellable{}, err
			}
			of.Translations[t.locale] = text
		}
		return of.Sellable(v).In(scope.Locale, of.Translations), nil
	})
	return found, readError(err)
}
