package sqlite

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Collections is the store as catalog.Collections.
type Collections struct{ s *Store }

var _ catalog.Collections = Collections{}

// Collections gives the port catalog.Collections.
func (s *Store) Collections() Collections { return Collections{s} }

const (
	sqlCollections = `SELECT id, version, slug, name, description, seo, translations, rule, products, publication, listings, metadata,
		created_at, updated_at FROM collections WHERE `
	sqlMembers = `SELECT m.rank, ` + productColumns + ` FROM collection_products m CROSS JOIN products p ON p.id = m.product_id
		WHERE` + sqlSeen + ` AND m.collection_id = ?4 AND EXISTS (SELECT 1 FROM collections WHERE id = ?4)`
	sqlMembersAfter = sqlMembers + ` AND (m.rank, m.created_at, m.product_id) < (?5, ?6, ?7)`
	sqlMembersOrder = ` ORDER BY m.rank DESC, m.created_at DESC, m.product_id DESC LIMIT ?3`
)

// BySlug reads a collection that the scope sees.
func (c Collections) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Collection, error) {
	found, err := c.Find(ctx, slug)
	if err != nil {
		return catalog.Collection{}, err
	}
	seen, ok := found.In(scope)
	if !ok {
		return catalog.Collection{}, fault.Missing.New("there is no such collection")
	}
	return seen, nil
}

// Members reads a page along the index of the collection's order.
func (c Collections) Members(ctx context.Context, scope ref.Scope, id ref.CollectionID, q catalog.MemberQuery) (catalog.MemberPage, error) {
	query, args := sqlMembers, append(scoped(scope), q.Limit+1, id.String())
	if q.After != nil {
		query, args = sqlMembersAfter, append(args, -q.After.Position, microsOf(q.After.CreatedAt), q.After.ID.String())
	}
	var ranks []int64
	items, err := c.s.Products().readRanked(ctx, &ranks, query+sqlMembersOrder, args...)
	if err != nil {
		return catalog.MemberPage{}, err
	}
	var out catalog.MemberPage
	items, more := pageOf(items, q.Limit)
	if more {
		last := items[q.Limit-1]
		out.Next = &catalog.MemberPlace{Position: int(-ranks[q.Limit-1]), Place: catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}}
	}
	out.Items = seenBy(scope, items)
	return out, nil
}

// Get reads a collection, whatever its window.
func (c Collections) Get(ctx context.Context, id ref.CollectionID) (catalog.Collection, error) {
	return c.one(ctx, sqlCollections+`id = ?1`, id.String())
}

// Find reads the collection with the slug, whatever its window.
func (c Collections) Find(ctx context.Context, slug string) (catalog.Collection, error) {
	return c.one(ctx, sqlCollections+`slug = ?1`, slug)
}

// Walk reads collections in the order of their slugs.
func (c Collections) Walk(ctx context.Context, after string, limit int) ([]catalog.Collection, error) {
	return c.read(ctx, sqlCollections+`slug > ?1 ORDER BY slug LIMIT ?2`, after, limit)
}

func (c Collections) one(ctx context.Context, query, key string) (catalog.Collection, error) {
	found, err := only(c.read(ctx, query, key))
	return found, missing("collection", err)
}

func (c Collections) read(ctx context.Context, query string, args ...any) ([]catalog.Collection, error) {
	return rowsOf(ctx, c.s.reader, func(row scanned) (catalog.Collection, error) {
		var o catalog.Collection
		return o, row.Scan(intoID(&o.ID), &o.Version, &o.Slug, &o.Name, &o.Description, intoJSON(&o.SEO), intoJSON(&o.Translations),
			intoJSON(&o.Rule), intoList(&o.Products), intoJSON(&o.Publication), intoJSON(&o.Listings), intoJSON(&o.Metadata),
			intoTime(&o.CreatedAt), intoTime(&o.UpdatedAt))
	}, query, args...)
}
