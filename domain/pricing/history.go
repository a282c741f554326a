package pricing

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// HistoryMax is how many entries a read of the history gives at most.
const HistoryMax = 1000

// Entry is one version of a plan in its history: what was planned from Since until the next entry's.
type Entry struct {
	Version ref.Version
	Since   time.Time
	Prices  []Price
	Note    Note
}

// Step is a change of what a variant costs: from From on it is Amount, until the next step.
type Step struct {
	From   time.Time
	Amount *money.UnitPrice // Nil when it had no price.
	Note   Note             // On the change, or on the price whose window began or went on.
}

// Timeline gives what a variant cost when, up to and with a moment, from its entries, oldest first: one step for each
// change of the amount, whether somebody changed it or a window began or ended. A change of what is shown beside a price
// is no step.
func Timeline(entries []Entry, at time.Time) []Step {
	var steps []Step
	notes := map[Window]Note{} // On the price of each window, since it is as it is.
	var before []Price
	for i, e := range entries {
		until := at.Add(1)
		if i+1 < len(entries) && entries[i+1].Since.Before(until) {
			until = entries[i+1].Since
		}
		notes, before = noted(notes, before, e), e.Prices
		plan := Plan{Prices: e.Prices}
		for moment := e.Since; moment.Before(until); {
			price, ok := Resolve(e.Prices, moment)
			note := e.Note
			if moment.After(e.Since) {
				note = notes[price.Window]
			}
			steps = stepped(steps, moment, price, ok, note)
			if moment = plan.changes(moment); moment.IsZero() {
				break
			}
		}
	}
	return steps
}

// stepped adds a step unless the variant costs what it did.
func stepped(steps []Step, at time.Time, price Price, ok bool, note Note) []Step {
	var before *money.UnitPrice
	if n := len(steps) - 1; n >= 0 {
		before = steps[n].Amount
	}
	switch {
	case !ok && before == nil, ok && before != nil && *before == price.Amount:
		return steps
	case !ok:
		return append(steps, Step{From: at, Note: note})
	default:
		return append(steps, Step{From: at, Amount: &price.Amount, Note: note})
	}
}

// noted gives the notes on the prices of an entry: those of the entry on what is new in it, the older ones on the rest.
func noted(notes map[Window]Note, before []Price, e Entry) map[Window]Note {
	out := make(map[Window]Note, len(e.Prices))
	for _, p := range e.Prices {
		out[p.Window] = e.Note
		for _, o := range before {
			if o.Same(p) {
				out[p.Window] = notes[o.Window]
			}
		}
	}
	return out
}
