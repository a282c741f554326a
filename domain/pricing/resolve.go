package pricing

import (
	"cmp"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ResolvedPrice is what a variant costs at a moment, with what a shop shows beside it.
type ResolvedPrice struct {
	Amount    money.UnitPrice
	CompareAt *money.UnitPrice // A former or recommended price, as the shop says.
	// Lowest30 is the lowest price of the 30 days before the present amount began, the prior price of Art. 6a of
	// directive 98/6/EC; nil when it had no price then. See Plan.At.
	Lowest30 *money.UnitPrice
	Source   Source
	// Changes is when this changes by itself, for whoever keeps it; zero for never.
	Changes time.Time
}

// Source tells where a resolved price comes from.
type Source struct {
	Version ref.Version // Of the plan.
	Window  Window      // Of the price that was chosen.
}

// Reduced tells whether this is a price reduction that may be announced as one: the amount is below the prior price.
// It is from Lowest30 then, whatever CompareAt says.
func (r ResolvedPrice) Reduced() bool {
	return r.Lowest30 != nil && r.Amount.Micro() < r.Lowest30.Micro()
}

// Resolve chooses the price that holds at the moment; ok is false when none does. The narrowest window wins, by
// Window.Compare: a day's offer before a season's sale, a sale before the standing price, a standing price that began
// last week before one that always was. Of prices with the same window the lower wins, then the first.
// The same input gives the same answer.
func Resolve(prices []Price, at time.Time) (best Price, ok bool) {
	for _, p := range prices {
		if p.Window.Holds(at) && (!ok || prefer(p, best) < 0) {
			best, ok = p, true
		}
	}
	return best, ok
}

// prefer is the order of Resolve.
func prefer(a, b Price) int {
	return cmp.Or(a.Window.Compare(b.Window), cmp.Compare(a.Amount.Micro(), b.Amount.Micro()))
}

// At gives what the variant costs at a moment; ok is false when it has no price then.
//
// Lowest30 follows the directive 98/6/EC, Art. 6a, as amended by 2019/2161: a price reduction names the lowest price
// that applied in the 30 days before the reduction. The reduction begins at R, when the present amount began to apply
// without interruption; the lowest price is that of all amounts in force at any moment t with R - 30 days <= t < R, a
// day being 24 hours. Hence a price that ended exactly 30 days before R does not count and one that was in force at
// that instant does; the present amount does not count but where it was in force earlier, with another price or none
// in between; a further reduction begins anew, with the price before it; and a variant that was first priced at R
// has no prior price, so that no reduction can be announced.
//
// The plan is as last committed: At of a moment before p.Since tells what the present plan says of it, beside the
// lowest price before p.Since, and not what was said then; see Timeline for that.
func (p Plan) At(at time.Time) (r ResolvedPrice, ok bool) {
	price, ok := Resolve(p.Prices, at)
	if !ok {
		return ResolvedPrice{}, false
	}
	known := at // The past is known until p.Since.
	if known.Before(p.Since) {
		known = p.Since
	}
	return ResolvedPrice{
		Amount: price.Amount, CompareAt: price.CompareAt, Lowest30: lowest(joined(p.Past, p.spans(p.Since, known)), known, price.Amount),
		Source: Source{Version: p.Version, Window: price.Window}, Changes: p.changes(at),
	}, true
}

// Spell is a stretch of time in which a price does not change by itself.
type Spell struct {
	Window Window
	Price  ResolvedPrice
}

// Spells gives all that At can say: spells that follow each other, with gaps where the variant has no price. The first
// has no beginning and the last no end, unless the variant has no price then.
func (p Plan) Spells() []Spell {
	var out []Spell
	for at := (time.Time{}); ; {
		next := p.changes(at)
		if r, ok := p.At(at); ok {
			out = append(out, Spell{Window: Window{From: at, Until: next}, Price: r})
		}
		if next.IsZero() {
			return out
		}
		at = next
	}
}

// changes is the first moment after the given one at which a window begins or ends; zero for none.
func (p Plan) changes(at time.Time) time.Time {
	var next time.Time
	for _, price := range p.Prices {
		for _, end := range []time.Time{price.Window.From, price.Window.Until} {
			if end.After(at) && (next.IsZero() || end.Before(next)) {
				next = end
			}
		}
	}
	return next
}

// sorted gives the prices in the order of Resolve.
func sorted(prices []Price) []Price {
	slices.SortStableFunc(prices, prefer)
	return prices
}
