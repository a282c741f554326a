package sqlite

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The variants that the channel ?1 sells at the time ?2, named by id in ?3 or by SKU in ?4. The translations that come
// along are those of the two locales ?5 and ?6 under which the scope's texts may stand.
const sqlSellable = `SELECT v.id, v.product_id, v.sku, p.title, v.options,
		(SELECT t.value FROM json_each(p.translations) t WHERE t.key = ?5), (SELECT t.value FROM json_each(p.translations) t WHERE t.key = ?6)
	FROM (SELECT id FROM variants WHERE id IN (SELECT value FROM json_each(?3))
		UNION SELECT id FROM variants WHERE sku IN (SELECT value FROM json_each(?4))) k
	CROSS JOIN variants v ON v.id = k.id CROSS JOIN products p ON p.id = v.product_id
	WHERE NOT v.retired AND (v.channels = '[]' OR EXISTS (SELECT 1 FROM json_each(v.channels) c WHERE c.value = ?1)) AND` + sqlSeen

// Sellable reads the variants and the titles of their products.
func (p Products) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	locales := catalog.Locales(scope.Locale)
	first, second := locales[0], locales[len(locales)-1]
	return rowsOf(ctx, p.s.reader, func(row scanned) (catalog.Sellable, error) {
		var v catalog.Variant
		var of catalog.Product
		var texts [2]catalog.Translation
		if err := row.Scan(intoID(&v.ID), intoID(&of.ID), &v.SKU, &of.Title, intoJSON(&v.Options), intoJSON(&texts[0]), intoJSON(&texts[1])); err != nil {
			return catalog.Sellable{}, err
		}
		of.Translations = map[string]catalog.Translation{second: texts[1], first: texts[0]}
		return of.Sellable(v).In(scope.Locale, of.Translations), nil
	}, sqlSellable, append(scoped(scope), idTexts(ids), jsonText(orNothing(skus)), first, second)...)
}
