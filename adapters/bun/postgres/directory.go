package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Directory is the store as catalog.Directory.
type Directory struct{ s *Store }

var _ catalog.Directory = Directory{}

// Directory gives the port catalog.Directory.
func (s *Store) Directory() Directory { return Directory{s} }

// The list of all products is read along an index of the newest. A text is looked for in what the index leads past,
// which for one that is nowhere is the whole catalogue: the price of finding parts of words, which editors do now and
// then and buyers never. ASCII letters alone fold under the collation C, as catalog.FoldASCII has it.
const (
	sqlIndex = `SELECT p.id, p.version, p.slug, p.title,
		COALESCE((SELECT b.name FROM commerce.brands b WHERE b.shop = p.shop AND b.id = p.brand_id), p.brand), p.type, p.status, p.featured,
		p.media, (SELECT count(*) FROM commerce.variants v WHERE v.shop = p.shop AND v.product_id = p.id), p.created_at, p.updated_at
		FROM commerce.products p WHERE p.shop = $1 AND ($2 = '' OR p.status = $2) AND ($3 = ''
			OR position($3 in lower(p.title COLLATE "C")) > 0 OR position($3 in lower(p.slug COLLATE "C")) > 0
			OR p.id = (SELECT v.product_id FROM commerce.variants v WHERE v.shop = $1 AND v.sku = $4))`
	sqlIndexAfter = sqlIndex + ` AND (p.created_at, p.id) < ($5, $6)`
	sqlIndexOrder = ` ORDER BY p.created_at DESC, p.id DESC LIMIT `
)

// Index reads a page of all products in one statement.
func (d Directory) Index(ctx context.Context, q catalog.IndexQuery) (catalog.IndexPage, error) {
	sql, args := sqlIndex, []any{pgx.QueryExecModeCacheStatement, d.s.cfg.Shop, string(q.Status), catalog.FoldASCII(q.Text), q.Text}
	if q.After != nil {
		sql, args = sqlIndexAfter, append(args, q.After.CreatedAt, [16]byte(q.After.ID.UUID()))
	}
	rows, err := d.s.pool.Query(ctx, sql+sqlIndexOrder+strconv.Itoa(q.Limit+1), args...)
	if err != nil {
		return catalog.IndexPage{}, readError(err)
	}
	items, err := pgx.CollectRows(rows, scanIndexed)
	out := catalog.IndexPage{Items: items}
	if len(items) > q.Limit {
		out.Items = items[:q.Limit]
		last := items[q.Limit-1]
		out.Next = &catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}
	}
	return out, readError(err)
}

func scanIndexed(row pgx.CollectableRow) (catalog.Indexed, error) {
	var out catalog.Indexed
	var id [16]byte
	var media []byte
	err := row.Scan(&id, &out.Version, &out.Slug, &out.Title, &out.Brand, &out.Type, &out.Status, &out.Featured, &media, &out.Variants,
		&out.CreatedAt, &out.UpdatedAt)
	if err != nil {
		return out, err
	}
	out.ID, out.CreatedAt, out.UpdatedAt = ref.NewID[ref.ProductKind](id), ref.Instant(out.CreatedAt), ref.Instant(out.UpdatedAt)
	var p catalog.Product
	if err := decode(decoded{media, &p.Media}); err != nil {
		return out, err
	}
	out.Image = p.Indexed().Image
	return out, nil
}

// sqlCollectionsSeen tells whether the channel $3 shows a collection at the time $4, as Collection.In does. The times
// stand as Go writes them, none as the year 1.
var sqlCollectionsSeen = ` AND (jsonb_array_length(listings) = 0 AND $3 = '` + string(ref.DefaultChannel) + `'
	OR EXISTS (SELECT FROM jsonb_array_elements(listings) AS l WHERE l->>'Channel' = $3 AND (l->>'Published')::boolean` + sqlOpen("l") + `))` +
	sqlOpen("publication")

// sqlOpen tells whether the window that a column of JSON holds is open at the time $4.
func sqlOpen(column string) string {
	return ` AND (` + column + `->>'From')::timestamptz <= $4 AND ((` + column + `->>'Until')::timestamptz > $4 OR ` +
		column + `->>'Until' = '0001-01-01T00:00:00Z')`
}

// sqlCollectionList is sqlCollections without the products that collections by hand list.
const sqlCollectionList = `SELECT id, version, slug, name, description, seo, translations, rule, '{}'::uuid[], publication, listings, metadata,
	created_at, updated_at FROM commerce.collections WHERE shop = $1 AND slug > $2`

// Collections reads a page along the index of slugs.
func (d Directory) Collections(ctx context.Context, scope ref.Scope, q catalog.CollectionQuery) (catalog.CollectionPage, error) {
	sql, args := sqlCollectionList, []any{d.s.cfg.Shop, q.After}
	if !q.All {
		sql, args = sql+sqlCollectionsSeen, append(args, string(scope.Channel), scope.At)
	}
	found, err := d.s.Collections().read(ctx, sql+` ORDER BY slug LIMIT `+strconv.Itoa(q.Limit+1), args...)
	if err != nil {
		return catalog.CollectionPage{}, err
	}
	out := catalog.CollectionPage{Items: found}
	if len(found) > q.Limit {
		out.Items = found[:q.Limit]
		out.Next = out.Items[q.Limit-1].Slug
	}
	for i, c := range out.Items {
		if seen, ok := c.In(scope); ok && !q.All {
			out.Items[i] = seen
		}
	}
	return out, nil
}
