package memory

import (
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
	c.Lines = slices.Clone(c.Lines)
	return c
}

func copyOrder(o ordering.Order) ordering.Order {
	o.Lines = slices.Clone(o.Lines)
	o.Shipping = slices.Clone(o.Shipping)
	o.Timeline = slices.Clone(o.Timeline)
	o.BillingAddress = copyOf(o.BillingAddress)
	return o
}

func copyPayment(p ordering.Payment) ordering.Payment {
	p.Entries = slices.Clone(p.Entries)
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
