package memory

import (
	"maps"
	"slices"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
)

// The copies are deep: what callers do with a value changes nothing in the store.

func copyPlan(p pricing.Plan) pricing.Plan {
	p.Prices, p.Past = slices.Clone(p.Prices), slices.Clone(p.Past)
	for i := range p.Prices {
		p.Prices[i].CompareAt = copyOf(p.Prices[i].CompareAt)
	}
	return p
}

func copyCart(c ordering.Cart) ordering.Cart {
	c.Lines, c.Metadata = slices.Clone(c.Lines), maps.Clone(c.Metadata)
	for i := range c.Lines {
		l := &c.Lines[i]
		l.Agreed, l.Custom, l.Metadata = copyOf(l.Agreed), maps.Clone(l.Custom), maps.Clone(l.Metadata)
	}
	return c
}

func copyOrder(o ordering.Order) ordering.Order {
	o.Lines, o.Metadata = slices.Clone(o.Lines), maps.Clone(o.Metadata)
	for i := range o.Lines {
		o.Lines[i].Custom, o.Lines[i].Metadata = maps.Clone(o.Lines[i].Custom), maps.Clone(o.Lines[i].Metadata)
	}
	o.Shipping, o.Taxes = slices.Clone(o.Shipping), slices.Clone(o.Taxes)
	o.Timeline, o.Notes, o.Open = slices.Clone(o.Timeline), slices.Clone(o.Notes), slices.Clone(o.Open)
	o.Fulfilments = slices.Clone(o.Fulfilments)
	for i := range o.Fulfilments {
		f := &o.Fulfilments[i]
		f.Lines, f.Tracking = slices.Clone(f.Lines), copyOf(f.Tracking)
	}
	o.BillingAddress = copyOf(o.BillingAddress)
	return o
}

func copyPayment(p ordering.Payment) ordering.Payment {
	p.Entries = slices.Clone(p.Entries)
	for i := range p.Entries {
		p.Entries[i].Lines = slices.Clone(p.Entries[i].Lines)
	}
	return p
}

func copyEvent(e event.Event) event.Event {
	e.Data = slices.Clone(e.Data)
	return e
}

func copyRecord(r *ports.CommandRecord) *ports.CommandRecord {
	out := *r
	out.Answer = copyOf(r.Answer)
	return &out
}

// copyOf copies what p points to, if anything.
func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	out := *p
	return &out
}
