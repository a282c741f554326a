package pricing

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
)

// PriorPeriod is how far back the lowest price before a reduction is looked for.
const PriorPeriod = 30 * 24 * time.Hour

// SpansMax bounds what a plan keeps of the past. Spans that a later, lower one makes needless are dropped, so a real
// plan keeps a few; where a price rose more often than this within 30 days the oldest are taken together at the lower
// amount, which can only make a prior price lower.
const SpansMax = 64

// Span is a stretch of the past in which an amount was in force, from From to before Until.
type Span struct {
	From, Until time.Time
	Amount      money.UnitPrice
}

// spans gives what was in force from one moment to before another, by the plan: neighbours of one amount are one span.
func (p Plan) spans(from, until time.Time) []Span {
	var out []Span
	for at := from; at.Before(until); {
		next := p.changes(at)
		if next.IsZero() || next.After(until) {
			next = until
		}
		if price, ok := Resolve(p.Prices, at); ok {
			out = appended(out, Span{From: at, Until: next, Amount: price.Amount})
		}
		at = next
	}
	return out
}

// joined puts spans behind others.
func joined(past, more []Span) []Span {
	out := append([]Span(nil), past...)
	for _, s := range more {
		out = appended(out, s)
	}
	return out
}

// appended makes the last span longer where the next one goes on with its amount.
func appended(spans []Span, s Span) []Span {
	if n := len(spans) - 1; n >= 0 && spans[n].Until.Equal(s.From) && spans[n].Amount == s.Amount {
		spans[n].Until = s.Until
		return spans
	}
	return append(spans, s)
}

// lowest is the lowest amount of the PriorPeriod before the amount, which is in force at the moment, began.
func lowest(spans []Span, at time.Time, amount money.UnitPrice) *money.UnitPrice {
	began := at
	if n := len(spans) - 1; n >= 0 && spans[n].Until.Equal(at) && spans[n].Amount == amount {
		began, spans = spans[n].From, spans[:n]
	}
	var low *money.UnitPrice
	for _, s := range spans {
		if s.Until.After(began.Add(-PriorPeriod)) && s.From.Before(began) && (low == nil || s.Amount.Micro() < low.Micro()) {
			low = &s.Amount
		}
	}
	return low
}

// remembered drops what no lowest price from the moment on can need.
//
// The amount that is in force until now may go on, so the period before it is needed, else the one before now. A span
// is in none of these periods alone when a later one is as low or lower, but for the last, which may be the present
// amount itself.
func remembered(spans []Span, now time.Time) []Span {
	began, past, run := now, spans, []Span(nil)
	if n := len(spans) - 1; n >= 0 && spans[n].Until.Equal(now) {
		began, past, run = spans[n].From, spans[:n], spans[n:]
	}
	first := len(past)
	kept := make([]Span, len(past))
	for i := len(past) - 1; i >= 0 && past[i].Until.After(began.Add(-PriorPeriod)); i-- {
		if first == len(past) || past[i].Amount.Micro() < kept[first].Amount.Micro() {
			first--
			kept[first] = past[i]
		}
	}
	kept = append(kept[first:], run...)
	for len(kept) > SpansMax {
		kept[1].From, kept[1].Amount = kept[0].From, kept[0].Amount // The older are the lower ones.
		kept = kept[1:]
	}
	return kept
}
