package postgres

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Index lookups one after the other, whatever the statistics say: OFFSET 0 keeps the subqueries from becoming joins. The
// translations that come along are those of the two locales under which the scope's texts may stand. Each key comes with
// the number of its question and the time at which that wants to see it.
var (
	sqlSellableColumns = `SELECT k.n, v.id, v.product_id, v.sku, p.title, v.options, p.first, p.second`
	sqlSellableOf      = ` AND NOT retired AND (channels = '{}' OR $2 = ANY (channels)) OFFSET 0) v
		CROSS JOIN LATERAL (SELECT p.title, p.translations -> $3 AS first, p.translations -> $4 AS second
			FROM ` + sqlKeyed + `id = v.product_id` + sqlKeyedEnd + ` WHERE` + strings.ReplaceAll(sqlSeen, "$3", "k.at") + ` OFFSET 0) p`
	sqlSellableVariant = `CROSS JOIN LATERAL (SELECT id, product_id, sku, options FROM commerce.variants WHERE shop = $1 AND `
	sqlSellableByID    = sqlSellableColumns + ` FROM unnest($5::integer[], $6::timestamptz[], $7::uuid[]) AS k(n, at, id) ` +
		sqlSellableVariant + `id = k.id` + sqlSellableOf
	sqlSellableBySKU = sqlSellableColumns + ` FROM unnest($5::integer[], $6::timestamptz[], $7::text[]) AS k(n, at, sku) ` +
		sqlSellableVariant + `sku = k.sku` + sqlSellableOf
)

// sellableQuestion asks what a scope sees of variants.
type sellableQuestion struct {
	scope ref.Scope
	ids   []ref.VariantID
	skus  []ref.SKU
}

// Sellable reads the variants and the titles of their products, together with what others ask for at the same time.
func (p Products) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]catalog.Sellable, error) {
	return readTogether[[]catalog.Sellable](ctx, p.s, sellableQuestion{scope, ids, skus}, len(ids)+len(skus))
}

// sellableKeys are keys of one kind, each with what it is asked for.
type sellableKeys[K any] struct {
	questions []int32
	ats       []time.Time
	keys      []K
}

func (k *sellableKeys[K]) add(question int, at time.Time, keys ...K) {
	for _, key := range keys {
		k.questions, k.ats, k.keys = append(k.questions, int32(question)), append(k.ats, at), append(k.keys, key)
	}
}

// sellableView is what questions have in common that one statement can answer.
type sellableView struct {
	channel       ref.Channel
	first, second string // Locales.
}

// queueSellable asks with a statement for each view and kind of key.
func (p Products) queueSellable(b *pgx.Batch, questions []sellableQuestion) func() ([][]catalog.Sellable, error) {
	views := map[sellableView][]int{}
	for i, q := range questions {
		locales := catalog.Locales(q.scope.Locale)
		v := sellableView{q.scope.Channel, locales[0], locales[len(locales)-1]}
		views[v] = append(views[v], i)
	}
	out := make([][]catalog.Sellable, len(questions))
	for view, members := range views {
		var byID sellableKeys[[16]byte]
		var bySKU sellableKeys[string]
		for _, i := range members {
			q := questions[i]
			byID.add(i, q.scope.At, uuids(q.ids)...)
			bySKU.add(i, q.scope.At, skuTexts(q.skus)...)
		}
		collect := func(rows pgx.Rows) error { return scanSellable(rows, view, questions, out) }
		if len(byID.keys) > 0 {
			b.Queue(sqlSellableByID, p.s.cfg.Shop, string(view.channel), view.first, view.second, byID.questions, byID.ats, byID.keys).Query(collect)
		}
		if len(bySKU.keys) > 0 {
			b.Queue(sqlSellableBySKU, p.s.cfg.Shop, string(view.channel), view.first, view.second, bySKU.questions, bySKU.ats, bySKU.keys).Query(collect)
		}
	}
	return func() ([][]catalog.Sellable, error) { return out, nil }
}

// scanSellable adds rows to the answers of the questions that they are for, each variant once.
func scanSellable(rows pgx.Rows, view sellableView, questions []sellableQuestion, out [][]catalog.Sellable) error {
	for rows.Next() {
		var question int32
		var id, product [16]byte
		var v catalog.Variant
		var of catalog.Product
		var options, first, second []byte
		if err := rows.Scan(&question, &id, &product, &v.SKU, &of.Title, &options, &first, &second); err != nil {
			return err
		}
		v.ID, of.ID = ref.NewID[ref.VariantKind](id), ref.NewID[ref.ProductKind](product)
		if slices.ContainsFunc(out[question], func(s catalog.Sellable) bool { return s.Variant == v.ID }) {
			continue
		}
		if err := decode(decoded{options, &v.Options}); err != nil {
			return err
		}
		if len(first)+len(second) > 0 {
			of.Translations = map[string]catalog.Translation{}
		}
		for _, t := range []struct {
			locale string
			data   []byte
		}{{view.first, first}, {view.second, second}} {
			if len(t.data) == 0 {
				continue
			}
			var text catalog.Translation
			if err := decode(decoded{t.data, &text}); err != nil {
				return err
			}
			of.Translations[t.locale] = text
		}
		out[question] = append(out[question], of.Sellable(v).In(questions[question].scope.Locale, of.Translations))
	}
	return rows.Err()
}
