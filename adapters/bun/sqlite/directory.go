package sqlite

import (
	"context"

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
// then and buyers never. SQLite's lower folds ASCII letters alone, as catalog.FoldASCII does.
const (
	sqlIndex = `SELECT p.id, p.version, p.slug, p.title, COALESCE((SELECT b.name FROM brands b WHERE b.id = p.brand_id), p.brand), p.type, p.status,
		p.featured, p.media, (SELECT count(*) FROM variants v WHERE v.product_id = p.id), p.created_at, p.updated_at
		FROM products p WHERE (?1 = '' OR p.status = ?1) AND (?2 = '' OR instr(lower(p.title), ?2) > 0 OR instr(lower(p.slug), ?2) > 0
			OR p.id = (SELECT v.product_id FROM variants v WHERE v.sku = ?3))`
	sqlIndexAfter = sqlIndex + ` AND (p.created_at, p.id) < (?5, ?6)`
	sqlIndexOrder = ` ORDER BY p.created_at DESC, p.id DESC LIMIT ?4`
)

// Index reads a page of all products in one statement.
func (d Directory) Index(ctx context.Context, q catalog.IndexQuery) (catalog.IndexPage, error) {
	query, args := sqlIndex, []any{q.Status, catalog.FoldASCII(q.Text), q.Text, q.Limit + 1}
	if q.After != nil {
		query, args = sqlIndexAfter, append(args, microsOf(q.After.CreatedAt), q.After.ID.String())
	}
	items, err := rowsOf(ctx, d.s.reader, scanIndexed, query+sqlIndexOrder, args...)
	items, more := pageOf(items, q.Limit)
	out := catalog.IndexPage{Items: items}
	if more {
		last := items[q.Limit-1]
		out.Next = &catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}
	}
	return out, err
}

func scanIndexed(row scanned) (catalog.Indexed, error) {
	var out catalog.Indexed
	var p catalog.Product
	err := row.Scan(intoID(&out.ID), &out.Version, &out.Slug, &out.Title, &out.Brand, &out.Type, &out.Status, &out.Featured, intoJSON(&p.Media),
		&out.Variants, intoTime(&out.CreatedAt), intoTime(&out.UpdatedAt))
	out.Image = p.Indexed().Image
	return out, err
}

// sqlCollectionList reads collections without the products that those by hand list.
const sqlCollectionList = `SELECT id, version, slug, name, description, seo, translations, rule, '[]', publication, listings, metadata,
	created_at, updated_at FROM collections WHERE slug > ?1 ORDER BY slug LIMIT ?2`

// collectionsBatch is how many collections are looked at when only some of them are seen.
const collectionsBatch = catalog.PageMax

// Collections reads a page along the index of slugs. Which collections a scope sees is asked of Collection.In: there are
// tens of them, and their windows stand as Go writes them.
func (d Directory) Collections(ctx context.Context, scope ref.Scope, q catalog.CollectionQuery) (catalog.CollectionPage, error) {
	var seen []catalog.Collection
	for after := q.After; len(seen) <= q.Limit; {
		found, err := d.s.Collections().read(ctx, sqlCollectionList, after, collectionsBatch)
		if err != nil {
			return catalog.CollectionPage{}, err
		}
		for _, c := range found {
			after = c.Slug
			if in, ok := c.In(scope); ok && !q.All {
				seen = append(seen, in)
			} else if q.All {
				seen = append(seen, c)
			}
		}
		if len(found) < collectionsBatch {
			break
		}
	}
	page, more := pageOf(seen, q.Limit)
	out := catalog.CollectionPage{Items: page}
	if more {
		out.Next = page[q.Limit-1].Slug
	}
	return out, nil
}
