package pricing

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// WindowsMax is how many prices a plan has at most: more than a shop's calendar of a year, and few enough to be read
// with every cart.
const WindowsMax = 100

// Plan is what a variant costs in a channel and a currency, now and as far as it is planned, and what is needed of
// the past. It is the aggregate of pricing: each change of one of its prices makes its next version, and every
// version stays in the history.
type Plan struct {
	Key
	Version ref.Version
	Since   time.Time // When this version was made, and never before that of the version before.
	Prices  []Price   // In the order of Resolve; all of Key, each with another window.
	Past    []Span    // What was in force before Since, as far as Lowest30 needs it; in order of time.
	Note    Note      // On this version.
}

// Note tells who changed a price and why; both may be empty. By is what the shop calls its staff and programs, never a
// customer.
type Note struct{ By, Why string }

// Standing gives the price that holds at the moment without an end: what the variant costs when nothing special is on.
func (p Plan) Standing(at time.Time) (Price, bool) {
	return Resolve(slices.DeleteFunc(slices.Clone(p.Prices), func(price Price) bool { return !price.Window.standing(at) }), at)
}

// Entry gives what the history keeps of the plan.
func (p Plan) Entry() Entry {
	return Entry{Version: p.Version, Since: p.Since, Prices: p.Prices, Note: p.Note}
}

// live gives the prices that still hold or will: not those whose windows are over, nor those that were the standing
// price until another began, which takes their place for good.
func (p Plan) live(now time.Time) []Price {
	standing, _ := p.Standing(now)
	return slices.DeleteFunc(slices.Clone(p.Prices), func(o Price) bool {
		return o.Window.over(now) || o.Window.standing(now) && !o.Window.Equal(standing.Window)
	})
}

// next is the plan's next version: the prices hold from now on.
func (p Plan) next(prices []Price, now time.Time, n Note) Plan {
	out := Plan{Key: p.Key, Version: p.Version + 1, Since: now, Prices: sorted(prices), Note: n}
	if p.Version > 0 {
		if now.Before(p.Since) { // The clock was put back, or another server's is behind.
			out.Since = p.Since
		}
		out.Past = remembered(joined(p.Past, p.spans(p.Since, out.Since)), out.Since)
	}
	return out
}

// set makes the price the standing one; changed is false when it is already.
func (p Plan) set(price Price, now time.Time) (prices []Price, changed bool) {
	if before, ok := p.Standing(now); ok && before.costs(price) {
		return p.Prices, false
	}
	prices, _ = p.end(Window{}, now)
	return append(prices, price), true
}

// schedule adds the price in the place of one with the same window.
func (p Plan) schedule(price Price, now time.Time) (prices []Price, changed bool) {
	prices = p.live(now)
	if slices.ContainsFunc(prices, price.Same) {
		return p.Prices, false
	}
	prices = slices.DeleteFunc(prices, func(o Price) bool { return o.Window.Equal(price.Window) })
	return append(prices, price), true
}

// end takes out the price with the window; the zero window means the standing one, whenever it began.
func (p Plan) end(w Window, now time.Time) (prices []Price, changed bool) {
	live := p.live(now)
	prices = slices.DeleteFunc(slices.Clone(live), func(o Price) bool {
		return o.Window.Equal(w) || w.Always() && o.Window.standing(now)
	})
	return prices, len(prices) < len(live)
}
