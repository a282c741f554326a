package postgres

import (
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// listingSQL makes the statement of a list: conditions on a row l of the projection, and their arguments. The first
// argument is the shop.
type listingSQL struct {
	query  catalog.ListingQuery
	words  []soughtWord
	at     string // The moment's placeholder.
	locale string
	args   []any
	where  []string
}

// newNamesSQL begins with nothing but the shop and the scope's locale.
func newNamesSQL(shop int32, scope ref.Scope) *listingSQL {
	return &listingSQL{args: []any{pgx.QueryExecModeSimpleProtocol, shop}, locale: scope.Locale}
}

// newListingSQL begins with what every list asks for: the scope, the words and the prices.
func newListingSQL(shop int32, scope ref.Scope, q catalog.ListingQuery, words []soughtWord) *listingSQL {
	b := newNamesSQL(shop, scope)
	b.query, b.words = q, words
	if plain(q) {
		b.args[0] = pgx.QueryExecModeCacheStatement
	}
	b.at = b.arg(scope.At) + "::timestamptz"
	b.where = []string{
		"l.shop = $1", "l.channel = " + b.arg(string(scope.Channel)), "l.currency = " + b.arg(scope.Currency.Code()),
		"l.shown_from <= " + b.at, "l.shown_until > " + b.at,
	}
	b.filter(b.text()...)
	if q.PriceMin != nil {
		b.where = append(b.where, "l.price >= "+b.arg(q.PriceMin.Micro()))
	}
	if q.PriceMax != nil {
		b.where = append(b.where, "l.price <= "+b.arg(q.PriceMax.Micro()))
	}
	return b
}

// plain tells whether a list is read along the index of its order, whatever its arguments are: then its plan is made once.
// Planning takes longer than such a page.
func plain(q catalog.ListingQuery) bool {
	return q.Text == "" && len(q.Categories)+len(q.Brands) == 0 && q.PriceMin == nil && q.PriceMax == nil
}

// arg adds an argument and gives its placeholder. How to run the statement is no argument of it.
func (b *listingSQL) arg(v any) string {
	b.args = append(b.args, v)
	return "$" + strconv.Itoa(len(b.args)-1)
}

// filter adds conditions.
func (b *listingSQL) filter(conditions ...string) { b.where = append(b.where, conditions...) }

func (b *listingSQL) inStock() string { return "(l.in_stock_until > " + b.at + ")" }

func (b *listingSQL) stock() string { return b.is(b.inStock(), b.query.InStock) }

func (b *listingSQL) featured() string { return b.is("l.featured", b.query.Featured) }

// is demands a value of a condition, if any.
func (b *listingSQL) is(condition string, wanted *bool) string {
	switch {
	case wanted == nil:
		return "true"
	case *wanted:
		return condition
	default:
		return "NOT " + condition
	}
}

func (b *listingSQL) brand() string {
	if len(b.query.Brands) == 0 {
		return "true"
	}
	return "coalesce(l.brand_id = ANY(ARRAY(SELECT id FROM commerce.brands WHERE shop = $1 AND slug = ANY(" + b.arg(b.query.Brands) + "::text[]))), false)"
}

// category demands one of the categories or one below. A path begins with those of all above.
func (b *listingSQL) category() string {
	if len(b.query.Categories) == 0 {
		return "true"
	}
	return "l.categories && ARRAY(SELECT c.id FROM commerce.categories c JOIN commerce.categories above ON above.shop = c.shop AND starts_with(c.path, above.path)" +
		" WHERE c.shop = $1 AND above.slug = ANY(" + b.arg(b.query.Categories) + "::text[]))"
}

// order is that of catalog.ListingSort.Compare. Without words all ranks are 0.
func (b *listingSQL) order() string {
	switch b.query.Sort {
	case catalog.SortPrice:
		return "l.price, l.product_id"
	case catalog.SortPriceDown:
		return "l.price DESC, l.product_id DESC"
	case catalog.SortName:
		return "l.name_key, l.product_id"
	case catalog.SortRelevance:
		if len(b.words) > 0 {
			return "rank DESC, l.created_at DESC, l.product_id DESC"
		}
	default:
	}
	return "l.created_at DESC, l.product_id DESC"
}

// after demands a place behind the one where the page before ended.
func (b *listingSQL) after() {
	p := b.query.After
	if p == nil {
		return
	}
	id := b.arg(p.ID.UUID().String()) + "::uuid"
	switch b.query.Sort {
	case catalog.SortPrice:
		b.filter("(l.price, l.product_id) > (" + b.arg(p.Price) + ", " + id + ")")
	case catalog.SortPriceDown:
		b.filter("(l.price, l.product_id) < (" + b.arg(p.Price) + ", " + id + ")")
	case catalog.SortName:
		b.filter("(l.name_key, l.product_id) > (" + b.arg(p.Name) + ", " + id + ")")
	case catalog.SortRelevance:
		if b.query.Ranks() {
			b.filter("(l.rank, l.created_at, l.product_id) < (" + b.arg(p.Rank) + ", " + b.arg(p.CreatedAt) + "::timestamptz, " + id + ")")
			return
		}
		b.newer(p, id)
	default:
		b.newer(p, id)
	}
}

func (b *listingSQL) newer(p *catalog.ListingPlace, id string) {
	b.filter("(l.created_at, l.product_id) < (" + b.arg(p.CreatedAt) + "::timestamptz, " + id + ")")
}

// translated is a text of a row in the scope's locale, as the domain has it: the first translation that says something.
func (b *listingSQL) translated(row, column, field string) string {
	var from []string
	for _, name := range catalog.Locales(b.locale) {
		from = append(from, "nullif("+row+".translations #>> ARRAY["+b.arg(name)+"::text, '"+field+"'], '')")
	}
	return "coalesce(" + strings.Join(append(from, row+"."+column), ", ") + ")"
}
