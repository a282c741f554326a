package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

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
		created_at, updated_at FROM commerce.collections WHERE shop = $1`
	sqlMembers = `SELECT m.rank, ` + productColumns + ` FROM commerce.collection_products m
		CROSS JOIN LATERAL ` + sqlKeyed + `id = m.product_id` + sqlKeyedEnd + `
		WHERE` + sqlSeen + ` AND m.shop = $1 AND m.collection_id = $4 AND EXISTS (SELECT FROM commerce.collections WHERE shop = $1 AND id = $4)`
	sqlMembersAfter = sqlMembers + ` AND (m.rank, m.created_at, m.product_id) < ($5, $6, $7)`
	sqlMembersOrder = ` ORDER BY m.rank DESC, m.created_at DESC, m.product_id DESC LIMIT `
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
	p := c.s.Products()
	sql, args := sqlMembers, append(p.scoped(scope), [16]byte(id.UUID()))
	if q.After != nil {
		sql = sqlMembersAfter
		args = append(args, int64(-q.After.Position), q.After.CreatedAt, [16]byte(q.After.ID.UUID()))
	}
	var ranks []int64
	items, err := p.readRanked(ctx, &ranks, sql+sqlMembersOrder+strconv.Itoa(q.Limit+1), args...)
	if err != nil {
		return catalog.MemberPage{}, err
	}
	var out catalog.MemberPage
	if len(items) > q.Limit {
		last := items[q.Limit-1]
		items = items[:q.Limit]
		out.Next = &catalog.MemberPlace{Position: int(-ranks[q.Limit-1]), Place: catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}}
	}
	out.Items = seenBy(scope, items)
	return out, nil
}

// Get reads a collection, whatever its window.
func (c Collections) Get(ctx context.Context, id ref.CollectionID) (catalog.Collection, error) {
	items, err := c.read(ctx, sqlCollections+` AND id = $2`, c.s.cfg.Shop, [16]byte(id.UUID()))
	return first("collection", items, err)
}

// Find reads the collection with the slug, whatever its window.
func (c Collections) Find(ctx context.Context, slug string) (catalog.Collection, error) {
	items, err := c.read(ctx, sqlCollections+` AND slug = $2`, c.s.cfg.Shop, slug)
	return first("collection", items, err)
}

// Walk reads collections in the order of their slugs.
func (c Collections) Walk(ctx context.Context, after string, limit int) ([]catalog.Collection, error) {
	return c.read(ctx, sqlCollections+` AND slug > $2 ORDER BY slug LIMIT $3`, c.s.cfg.Shop, after, limit)
}

func (c Collections) read(ctx context.Context, sql string, args ...any) ([]catalog.Collection, error) {
	rows, err := c.s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return nil, readError(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (catalog.Collection, error) {
		var o catalog.Collection
		var id [16]byte
		var products [][16]byte
		var seo, translations, rule, publication, listings, metadata []byte
		err := row.Scan(&id, &o.Version, &o.Slug, &o.Name, &o.Description, &seo, &translations, &rule, &products, &publication,
			&listings, &metadata, &o.CreatedAt, &o.UpdatedAt)
		if err != nil {
			return o, err
		}
		o.ID, o.Products = ref.NewID[ref.CollectionKind](id), idsOf[ref.ProductKind](products)
		o.CreatedAt, o.UpdatedAt = ref.Instant(o.CreatedAt), ref.Instant(o.UpdatedAt)
		return o, decode(decoded{seo, &o.SEO}, decoded{translations, &o.Translations}, decoded{rule, &o.Rule},
			decoded{publication, &o.Publication}, decoded{listings, &o.Listings}, decoded{metadata, &o.Metadata})
	})
	return found, readError(err)
}
