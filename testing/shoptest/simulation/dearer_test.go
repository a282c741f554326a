package simulation_test

import (
	"context"
	"slices"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shoptest"
)

// newPayment makes the id of a payment.
func newPayment(ids ports.IDs) ref.PaymentID { return ref.NewID[ref.PaymentKind](ids.New()) }

// dearer sells every line for a pound more than was agreed, in all of its books and at the provider.
type dearer struct {
	ordering.PaymentProvider
	totals map[ref.PaymentID]money.Money
	orders map[ref.OrderID]ordering.Order
}

func plantDearer(p *shoptest.Ports) {
	d := &dearer{p.Providers[0], map[ref.PaymentID]money.Money{}, map[ref.OrderID]ordering.Order{}}
	p.Providers = []ordering.PaymentProvider{d}
	onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) { return l.next(d.raise(c)) })(p)
}

func (d *dearer) Unwrap() any { return d.PaymentProvider }

func (d *dearer) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	c.Amount = d.totals[c.Payment]
	return d.PaymentProvider.Charge(ctx, c)
}

// raise makes the orders and payments of a commit dearer, each always in the same way.
func (d *dearer) raise(c ordering.Commit) ordering.Commit {
	c.Orders, c.Payments = slices.Clone(c.Orders), slices.Clone(c.Payments)
	for i := range c.Orders {
		o := &c.Orders[i].State
		dear, known := d.orders[o.ID]
		if !known {
			dear = raised(*o)
			d.orders[o.ID] = dear
		}
		o.Lines, o.Totals = dear.Lines, dear.Totals
	}
	for i := range c.Payments {
		p := &c.Payments[i].State
		total := d.orders[p.Order].Totals.Total
		d.totals[p.ID] = total
		agreed := p.Amount
		p.Amount, p.Entries = total, slices.Clone(p.Entries)
		for n := range p.Entries {
			if p.Entries[n].Amount == agreed {
				p.Entries[n].Amount = total
			}
		}
	}
	return c
}

func raised(o ordering.Order) ordering.Order {
	o.Lines = slices.Clone(o.Lines)
	sum := money.Zero(o.Currency())
	for i := range o.Lines {
		l := &o.Lines[i]
		l.UnitPrice = money.NewUnitPrice(l.UnitPrice.Micro()+1_000_000, o.Currency())
		l.Total, _ = l.UnitPrice.Mul(l.Quantity, ordering.LineRounding)
		sum, _ = sum.Add(l.Total)
	}
	o.Totals.Subtotal, o.Totals.Total = sum, sum
	return o
}
