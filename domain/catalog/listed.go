package catalog

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Listed is a product as a list shows it in a scope: what the catalogue says of it, what it costs there and whether it
// can be delivered. The catalogue holds neither prices nor stock; a store joins them for reading.
type Listed struct {
	ID        ref.ProductID
	Slug      string
	Title     string // In the scope's locale, as Product.In gives it.
	Brand     string // The present name of the brand; "" for none.
	BrandID   ref.BrandID
	Featured  bool
	Image     Media // The first picture of which there is a copy of our own; zero for none.
	CreatedAt time.Time

	VariantPrice // Of the cheapest variant.

	InStock bool         // Whether a variant that is sold and has a price there can be delivered.
	Place   ListingPlace // Where it stands in a list.
}

// VariantPrice is what one unit of a variant costs, as pricing tells it.
type VariantPrice struct {
	Price     money.UnitPrice
	CompareAt *money.UnitPrice // A former or recommended price to show beside it.
	Lowest30  *money.UnitPrice // The lowest price of the 30 days before the present one began.
}

// same tells whether both say the same.
func (v VariantPrice) same(o VariantPrice) bool {
	equal := func(a, b *money.UnitPrice) bool { return a == b || a != nil && b != nil && *a == *b }
	return v.Price == o.Price && equal(v.CompareAt, o.CompareAt) && equal(v.Lowest30, o.Lowest30)
}

// listed makes what a list shows of the candidate, in a locale.
func (c Candidate) listed(locale string, rank int) Listed {
	p := c.Product.translated(locale)
	out := Listed{
		ID: p.ID, Slug: p.Slug, Title: p.Title, Brand: p.Brand, BrandID: p.BrandID, Featured: p.Featured, CreatedAt: p.CreatedAt,
		VariantPrice: c.Price, InStock: c.InStock,
		Place: ListingPlace{CreatedAt: p.CreatedAt, ID: p.ID, Price: c.Price.Price.Micro(), Name: NameKey(c.Product.Title), Rank: rank},
	}
	if c.Brand != nil {
		out.Brand = c.Brand.In(ref.Scope{Locale: locale}).Name
	}
	if i := slices.IndexFunc(p.Media, func(m Media) bool { return m.Key != "" }); i >= 0 {
		out.Image = p.Media[i]
	}
	return out
}

// Cheapest gives the price that a list shows of the product in a channel: the lowest of the variants that are sold
// there and have one, the first of equal ones; and the SKUs of all these variants, ascending: when one of them is in
// stock the product is. ok is false when none has a price.
func (p Product) Cheapest(channel ref.Channel, price func(ref.VariantID) (VariantPrice, bool)) (low VariantPrice, skus []ref.SKU, ok bool) {
	for _, v := range p.Variants {
		if !v.SoldIn(channel) {
			continue
		}
		found, priced := price(v.ID)
		if !priced {
			continue
		}
		if !ok || found.Price.Micro() < low.Price.Micro() {
			low = found
		}
		skus, ok = append(skus, v.SKU), true
	}
	slices.Sort(skus)
	return low, skus, ok
}

// PriceSpell is what a variant costs while a window is open.
type PriceSpell struct {
	Window
	VariantPrice
}

// ListingSpell is a stretch of time in which lists of a channel show a product in the same way, as far as the clock is
// what changes it.
type ListingSpell struct {
	Window
	VariantPrice

	SKUs []ref.SKU // As Cheapest gives them.
}

// ListingSpells gives when and how lists of a channel show the product, for a store that keeps this ready for reading:
// spells that follow each other, with gaps where it is not shown. Prices are all that the variants cost in the channel
// in one currency, whenever.
func (p Product) ListingSpells(channel ref.Channel, prices map[ref.VariantID][]PriceSpell) []ListingSpell {
	shown, ok := p.Shown(channel)
	if !ok {
		return nil
	}
	var out []ListingSpell
	for _, w := range p.stretches(channel, shown, prices) {
		low, skus, ok := p.Cheapest(channel, func(id ref.VariantID) (VariantPrice, bool) {
			i := slices.IndexFunc(prices[id], func(s PriceSpell) bool { return s.Open(w.From) })
			if i < 0 {
				return VariantPrice{}, false
			}
			return prices[id][i].VariantPrice, true
		})
		if !ok {
			continue
		}
		if n := len(out) - 1; n >= 0 && out[n].Until.Equal(w.From) && out[n].same(low) && slices.Equal(out[n].SKUs, skus) {
			out[n].Until = w.Until
			continue
		}
		out = append(out, ListingSpell{Window: w, VariantPrice: low, SKUs: skus})
	}
	return out
}

// stretches cuts the window at every moment at which a price begins or ends.
func (p Product) stretches(channel ref.Channel, shown Window, prices map[ref.VariantID][]PriceSpell) []Window {
	var cuts []time.Time
	for _, v := range p.Variants {
		for _, s := range prices[v.ID] {
			for _, at := range [2]time.Time{s.From, s.Until} {
				if v.SoldIn(channel) && at.After(shown.From) && (shown.Until.IsZero() || at.Before(shown.Until)) {
					cuts = append(cuts, at)
				}
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	var out []Window
	from := shown.From
	for _, at := range slices.CompactFunc(cuts, time.Time.Equal) {
		out = append(out, Window{From: from, Until: at})
		from = at
	}
	return append(out, Window{From: from, Until: shown.Until})
}
