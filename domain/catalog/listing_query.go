package catalog

import (
	"cmp"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ListingSort is the order of a list.
type ListingSort string

// The orders. Equal products stand by their ids, in the same direction as the list, so that each has one place.
const (
	SortNewest    ListingSort = "newest"    // The latest made first; what "" means too.
	SortPrice     ListingSort = "price"     // The cheapest first.
	SortPriceDown ListingSort = "-price"    // The dearest first.
	SortName      ListingSort = "name"      // By NameKey of the shop's own title, in the order of bytes, whatever the locale.
	SortRelevance ListingSort = "relevance" // The best match of the text first, see Search; of equal ones the latest made.
)

// ListingSorts lists all orders.
func ListingSorts() []ListingSort {
	return []ListingSort{SortNewest, SortPrice, SortPriceDown, SortName, SortRelevance}
}

// ListingPlace is where a product stands in a list, whatever its order: what it is sorted by.
type ListingPlace struct {
	CreatedAt time.Time
	ID        ref.ProductID
	Price     int64  // In millionths, of the list's currency.
	Name      string // The NameKey of its own title.
	Rank      int    // How well it matches the text.
}

// Compare tells which of two places comes first in a list of this order: below 0 for a. It is 0 for one place alone.
func (s ListingSort) Compare(a, b ListingPlace) int {
	newest := func() int { return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID)) }
	switch s {
	case SortPrice:
		return cmp.Or(cmp.Compare(a.Price, b.Price), a.ID.Compare(b.ID))
	case SortPriceDown:
		return cmp.Or(cmp.Compare(b.Price, a.Price), b.ID.Compare(a.ID))
	case SortName:
		return cmp.Or(cmp.Compare(a.Name, b.Name), a.ID.Compare(b.ID))
	case SortRelevance:
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), newest())
	default:
		return newest()
	}
}

// ListingQuery asks for a page of the products on sale in a scope, or for the facets of all of them. Its filters all
// hold at once; what is empty or nil does not filter.
type ListingQuery struct {
	Text       string           // Words that a product has all of, see WordsOf and Search.
	Categories []string         // Slugs: it is in one of these or below.
	Brands     []string         // Slugs: it is of one of these.
	PriceMin   *money.UnitPrice // It costs as much or more.
	PriceMax   *money.UnitPrice // It costs as much or less.
	InStock    *bool
	Featured   *bool
	Sort       ListingSort
	Limit      int           // 1 to PageMax; facets need none.
	After      *ListingPlace // Where the page before ended.
	Breadth    int           // How many products are ranked and counted at most; 0 for BreadthMax.
}

// ListingPage is a page of a list; Next is nil on the last one.
type ListingPage struct {
	Items       []Listed
	Next        *ListingPlace
	Approximate bool // More products have the words than were ranked; the list ends behind these.
}

// BreadthMax is how many products are ranked in a list by relevance, and counted in each facet: the newest. It is a
// twentieth of 100,000, of which a database ranks and counts so many in less than 30 ms; who finds more than that has
// yet to say what they look for.
const BreadthMax = 5_000

// BreadthOrMax is how many products are ranked and counted at most.
func (q ListingQuery) BreadthOrMax() int {
	if q.Breadth == 0 {
		return BreadthMax
	}
	return q.Breadth
}

// Ranks tells whether the order of the list is that of ranks, so that all that is found has to be ranked.
func (q ListingQuery) Ranks() bool { return q.Sort == SortRelevance && len(WordsOf(q.Text)) > 0 }

// The limits of a query.
const (
	QueryTextMax   = 255 // Bytes.
	QueryWordsMax  = 16  // More words than anybody searches with; each is looked for by itself.
	QueryValuesMax = 50  // Categories, or brands.
)

// Validate checks the rules of a query in a currency, all but the limit, and reports all violations with their fields.
func (q ListingQuery) Validate(currency money.Currency) error {
	c := &check{}
	c.text("q", q.Text, 0, QueryTextMax)
	if n := len(WordsOf(q.Text)); n > QueryWordsMax {
		c.add("q", fmt.Sprintf("a search has at most %d words, not %d", QueryWordsMax, n))
	}
	c.count("category", len(q.Categories), 0, QueryValuesMax)
	c.count("brand", len(q.Brands), 0, QueryValuesMax)
	for _, slug := range q.Categories {
		c.text("category", slug, 1, SlugMax)
	}
	for _, slug := range q.Brands {
		c.text("brand", slug, 1, SlugMax)
	}
	if q.Breadth < 0 || q.Breadth > BreadthMax {
		c.add("breadth", fmt.Sprintf("0 to %d products are ranked", BreadthMax))
	}
	c.price("price_min", q.PriceMin, currency)
	c.price("price_max", q.PriceMax, currency)
	if q.PriceMin != nil && q.PriceMax != nil && q.PriceMin.Micro() > q.PriceMax.Micro() {
		c.add("price_max", "it is not below price_min")
	}
	if q.Sort != "" {
		c.sort(q.Sort)
	}
	return fault.Collect(c.violations)
}

func (c *check) price(field string, price *money.UnitPrice, currency money.Currency) {
	if price != nil && (price.Currency() != currency || price.IsNegative()) {
		c.add(field, "it is an amount in the currency of the list, not negative")
	}
}

func (c *check) sort(s ListingSort) {
	for _, known := range ListingSorts() {
		if s == known {
			return
		}
	}
	c.add("sort", fmt.Sprintf("a list goes by one of %v", ListingSorts()))
}
