package sqlite

import (
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// listingSQL makes the statement of a list: conditions on a row l of the projection, and their arguments.
type listingSQL struct {
	query  catalog.ListingQuery
	words  []soughtWord
	at     string // The moment's placeholder.
	locale string
	args   []any
	where  []string
}

// newNamesSQL begins with nothing but the scope's locale.
func newNamesSQL(scope ref.Scope) *listingSQL { return &listingSQL{locale: scope.Locale} }

// newListingSQL begins with what every list asks for: the scope and the prices.
func newListingSQL(scope ref.Scope, q catalog.ListingQuery, words []soughtWord) *listingSQL {
	b := newNamesSQL(scope)
	b.query, b.words = q, words
	b.at = b.arg(microsOf(scope.At))
	b.filter("l.channel = "+b.arg(scope.Channel), "l.currency = "+b.arg(scope.Currency.Code()), "l.shown_from <= "+b.at, "l.shown_until > "+b.at)
	if q.PriceMin != nil {
		b.filter("l.price >= " + b.arg(q.PriceMin.Micro()))
	}
	if q.PriceMax != nil {
		b.filter("l.price <= " + b.arg(q.PriceMax.Micro()))
	}
	return b
}

// arg adds an argument and gives its placeholder.
func (b *listingSQL) arg(v any) string {
	b.args = append(b.args, v)
	return "?" + strconv.Itoa(len(b.args))
}

// filter adds conditions; "" is none.
func (b *listingSQL) filter(conditions ...string) {
	for _, c := range conditions {
		if c != "" {
			b.where = append(b.where, c)
		}
	}
}

// conditions are all that a row is asked.
func (b *listingSQL) conditions() string { return strings.Join(b.where, " AND ") }

func (b *listingSQL) inStock() string { return "(l.in_stock_until > " + b.at + ")" }

func (b *listingSQL) stock() string { return is(b.inStock(), b.query.InStock) }

func (b *listingSQL) featured() string { return is("l.featured", b.query.Featured) }

// is demands a value of a condition, if any.
func is(condition string, wanted *bool) string {
	switch {
	case wanted == nil:
		return ""
	case *wanted:
		return condition
	default:
		return "NOT " + condition
	}
}

// brands is the set of the query's brands.
func (b *listingSQL) brands() string {
	return "(SELECT id FROM brands WHERE slug IN (SELECT value FROM json_each(" + b.arg(jsonText(b.query.Brands)) + ")))"
}

// categories is the set of the query's categories and of those below. A path begins with those of all above.
func (b *listingSQL) categories() string {
	return "(SELECT c.id FROM categories above JOIN categories c ON c.path >= above.path AND c.path < rtrim(above.path, '/') || '0'" +
		" WHERE above.slug IN (SELECT value FROM json_each(" + b.arg(jsonText(b.query.Categories)) + ")))"
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
		if b.query.Ranks() {
			return "l.rank DESC, l.created_at DESC, l.product_id DESC"
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
	id := b.arg(p.ID.String())
	switch b.query.Sort {
	case catalog.SortPrice:
		b.filter("(l.price, l.product_id) > (" + b.arg(p.Price) + ", " + id + ")")
	case catalog.SortPriceDown:
		b.filter("(l.price, l.product_id) < (" + b.arg(p.Price) + ", " + id + ")")
	case catalog.SortName:
		b.filter("(l.name_key, l.product_id) > (" + b.arg(p.Name) + ", " + id + ")")
	case catalog.SortRelevance:
		if b.query.Ranks() {
			b.filter("(l.rank, l.created_at, l.product_id) < (" + b.arg(p.Rank) + ", " + b.arg(microsOf(p.CreatedAt)) + ", " + id + ")")
			return
		}
		b.newer(p, id)
	default:
		b.newer(p, id)
	}
}

func (b *listingSQL) newer(p *catalog.ListingPlace, id string) {
	b.filter("(l.created_at, l.product_id) < (" + b.arg(microsOf(p.CreatedAt)) + ", " + id + ")")
}

// translated is a text of a row in the scope's locale, as the domain has it: the first translation that says something.
func (b *listingSQL) translated(row, column, field string) string {
	var from []string
	for _, name := range catalog.Locales(b.locale) {
		from = append(from, "nullif((SELECT t.value ->> '"+field+"' FROM json_each("+row+".translations) t WHERE t.key = "+b.arg(name)+"), '')")
	}
	return "COALESCE(" + strings.Join(append(from, row+"."+column), ", ") + ")"
}
