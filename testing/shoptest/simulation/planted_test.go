package simulation_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/simulation"
)

// plantedSteps is within how many steps a planted bug must be found.
const plantedSteps = 60_000

// planted are shops with one bug each, of the kinds that shops really had.
var planted = []struct {
	name  string
	found []string // One of these checks finds it.
	plant func(p *shoptest.Ports)
}{
	{"sells what it does not have", []string{"stock-available"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		out, err := l.next(c)
		if fault.Is(err, ordering.OutOfStock) {
			c.Stock = nil
			return l.next(c)
		}
		return out, err
	})},
	{"keeps stock of cancelled orders", []string{"stock-available"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		c.Stock = slices.DeleteFunc(slices.Clone(c.Stock), func(e ordering.StockEffect) bool { return e.Kind == ordering.StockRelease })
		return l.next(c)
	})},
	{"loses events", []string{"event-missing"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		if len(c.Orders) > 0 && l.rarely() {
			c.Events = nil
		}
		return l.next(c)
	})},
	{"tells of what was refused", []string{"event-ghost", "event-missing"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		out, err := l.next(c)
		if err != nil && len(c.Events) > 0 {
			_, _ = l.next(ordering.Commit{At: c.At, Events: c.Events})
		}
		return out, err
	})},
	{"loses a cart's change", []string{"cart-write", "cart-version"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		out, err := l.next(c)
		if fault.Is(err, fault.VersionConflict) && len(c.Carts) == 1 && len(c.Orders) == 0 {
			stored, readErr := l.ports.Carts.Cart(context.Background(), c.Carts[0].State.ID)
			if readErr == nil && stored.Status == ordering.CartActive {
				over := c.Carts[0].State
				over.Version = stored.Version + 1
				return l.next(ordering.Commit{At: c.At, Carts: []ordering.Write[ordering.Cart]{{State: over, Expected: stored.Version}}})
			}
		}
		return out, err
	})},
	{"says that nothing was done when it was", []string{"order-ghost"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		out, err := l.next(c)
		if err == nil && out.Replay == nil && len(c.Orders) > 0 && c.Orders[0].Expected == 0 && l.rarely() {
			return ordering.Outcome{}, fault.Down.New("nothing was done")
		}
		return out, err
	})},
	{"says that it was done when it was not", []string{"order-lost", "payment-foreign", "payment-unasked", "unexpected-error"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		if len(c.Orders) > 0 && l.rarely() {
			return ordering.Outcome{}, nil
		}
		return l.next(c)
	})},
	{"makes a second order of one key", []string{"order-duplicate", "order-ghost", "answer-changed", "unexpected-error"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		c.Command = nil
		return l.next(c)
	})},
	{"forgets the answers of keys", []string{"answer-changed", "order-shared", "order-ghost"}, func(p *shoptest.Ports) { p.Commands = forgetful{} }},
	{"charges twice", []string{"payment-foreign", "payment-double"}, func(p *shoptest.Ports) {
		p.Providers = []ordering.PaymentProvider{twice{p.Providers[0], p.IDs}}
	}},
	{"believes to have been paid", []string{"payment-invented"}, func(p *shoptest.Ports) {
		p.Providers = []ordering.PaymentProvider{gullible{p.Providers[0]}}
	}},
	{"forgets money that it took", []string{"payment-missing", "payment-unmatched", "payment-unasked"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		if len(c.Payments) > 0 && c.Payments[0].Expected > 0 && l.rarely() {
			c.Payments = nil
		}
		return l.next(c)
	})},
	{
		"writes half of a commit",
		[]string{"event-missing", "stock-available", "order-lost", "order-version", "payment-missing", "order-ghost", "event-ghost", "unexpected-error", "payment-foreign"},
		onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
			if len(c.Orders) > 0 && c.Orders[0].Expected > 0 && l.rarely() {
				c.Orders, c.Carts = nil, nil
			}
			return l.next(c)
		}),
	},
	{"sends goods and keeps them", []string{"stock-available"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		c.Stock = slices.DeleteFunc(slices.Clone(c.Stock), func(e ordering.StockEffect) bool { return e.Kind == ordering.StockConsume })
		return l.next(c)
	})},
	{"keeps the money of cancelled orders", []string{"payment-left", "payment-kept", "payment-invented", "payment-unasked"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		c.Payments = slices.Clone(c.Payments)
		for i, w := range c.Payments {
			c.Payments[i].State.Entries = slices.DeleteFunc(slices.Clone(w.State.Entries), func(e ordering.PaymentEntry) bool {
				return e.Kind == ordering.EntryRefundRequested || e.Kind == ordering.EntryVoidRequested
			})
		}
		return l.next(c)
	})},
	{"sends money back twice", []string{"payment-unasked"}, func(p *shoptest.Ports) {
		p.Providers = []ordering.PaymentProvider{generous{p.Providers[0], p.IDs}}
	}},
	{"forgets orders that wait", []string{"stuck", "order-stuck", "order-overdue", "claim-overdue"}, func(p *shoptest.Ports) { p.Orders = forgotten{p.Orders} }},
	{"loses what a merged cart had", []string{"cart-merge", "cart-version"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		if len(c.Carts) == 2 && c.Carts[0].State.Status == ordering.CartMerged {
			c.Carts = slices.Clone(c.Carts)
			c.Carts[1].State.Lines = slices.Clone(c.Carts[1].State.Lines)[:len(c.Carts[1].State.Lines)/2]
		}
		return l.next(c)
	})},
	{"brings goods back twice", []string{"stock-available", "level-gone", "line-claim"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		out, err := l.next(c)
		for _, e := range c.Stock {
			if err == nil && e.Kind == ordering.StockRestock {
				_ = l.ports.Stock.Commit(context.Background(), inventory.Commit{At: c.At, Adjustments: []inventory.Adjustment{{
					Key: "again " + e.Claim.String(), LevelKey: inventory.LevelKey{SKU: e.SKU, Location: inventory.DefaultLocation}, Kind: inventory.MoveReceive, Delta: 1,
				}}})
			}
		}
		return out, err
	})},
	{"lets a delivery be booked twice", []string{"stock-available", "stock-ledger"}, func(p *shoptest.Ports) { p.Stock = &eager{Stock: p.Stock} }},
	{"acknowledges more than it delivered", []string{"event-order", "event-undelivered"}, func(p *shoptest.Ports) { p.Outbox = hasty{p.Outbox} }},
	{"changes what was bought", []string{"order-snapshot"}, onCommit(func(l *ledger, c ordering.Commit) (ordering.Outcome, error) {
		c.Orders = slices.Clone(c.Orders)
		for i, w := range c.Orders {
			if w.Expected > 0 && len(w.State.Lines) > 0 {
				lines := slices.Clone(w.State.Lines)
				lines[0].Title += "!"
				c.Orders[i].State.Lines = lines
			}
		}
		return l.next(c)
	})},
	{"takes another price than was agreed", []string{"price-drift"}, plantDearer},
}

// TestPlantedBugsAreFound: each is found within a bounded number of steps, by the check that is for it.
func TestPlantedBugsAreFound(t *testing.T) {
	t.Parallel()
	for _, tc := range planted {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := simulation.Run(simulation.Options{Seed: 5, Steps: plantedSteps, Ports: func(p shoptest.Ports) shoptest.Ports {
				tc.plant(&p)
				return p
			}})
			if r.Clean() {
				t.Fatalf("not found in %d steps", r.Steps)
			}
			if !slices.Contains(tc.found, r.Findings[0].Check) {
				t.Errorf("found by %s", r.Findings[0])
			}
			t.Logf("found: %s", r.Findings[0])
		})
	}
}

// ledger is a committer with a bug.
type ledger struct {
	ordering.Committer
	ports  shoptest.Ports
	commit func(l *ledger, c ordering.Commit) (ordering.Outcome, error)
	asked  int
}

// onCommit plants a bug into commits.
func onCommit(commit func(l *ledger, c ordering.Commit) (ordering.Outcome, error)) func(p *shoptest.Ports) {
	return func(p *shoptest.Ports) { p.Ordering = &ledger{Committer: p.Ordering, ports: *p, commit: commit} }
}

// Unwrap hides nothing.
func (l *ledger) Unwrap() any { return l.Committer }

func (l *ledger) Commit(_ context.Context, c ordering.Commit) (ordering.Outcome, error) {
	return l.commit(l, c)
}

func (l *ledger) next(c ordering.Commit) (ordering.Outcome, error) {
	return l.Committer.Commit(context.Background(), c)
}

// rarely is true for one of the calls in question in 9.
func (l *ledger) rarely() bool {
	l.asked++
	return l.asked%9 == 0
}

// forgetful knows no keys.
type forgetful struct{}

func (forgetful) Find(context.Context, ports.CommandKey) (*ports.CommandRecord, error) {
	return nil, nil
}

// twice charges under a new key when it is asked again.
type twice struct {
	ordering.PaymentProvider
	ids ports.IDs
}

func (t twice) Unwrap() any { return t.PaymentProvider }

func (t twice) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	r, err := t.PaymentProvider.Charge(ctx, c)
	if err != nil && fault.KindOf(err) == fault.Unknown {
		c.Payment = newPayment(t.ids)
		return t.PaymentProvider.Charge(ctx, c)
	}
	return r, err
}

// gullible takes every answer for good.
type gullible struct{ ordering.PaymentProvider }

func (g gullible) Unwrap() any { return g.PaymentProvider }

func (g gullible) Charge(ctx context.Context, c ordering.Charge) (ordering.ChargeResult, error) {
	r, err := g.PaymentProvider.Charge(ctx, c)
	if err == nil && r.State == ordering.ChargePending {
		r.State = ordering.ChargeCaptured
	}
	return r, err
}

// eager books under a key of its own whatever it has had before.
type eager struct {
	inventory.Stock
	booked []string
}

func (e *eager) Unwrap() any { return e.Stock }

func (e *eager) Commit(ctx context.Context, c inventory.Commit) error {
	c.Adjustments = slices.Clone(c.Adjustments)
	for i, a := range c.Adjustments {
		if slices.Contains(e.booked, a.Key) {
			c.Adjustments[i].Key += " again"
		}
		e.booked = append(e.booked, a.Key)
	}
	return e.Stock.Commit(ctx, c)
}

// hasty takes what was not taken for done: what is kept aside is forgotten.
type hasty struct{ ports.Outbox }

func (h hasty) Unwrap() any { return h.Outbox }

func (h hasty) Ack(ctx context.Context, p ports.Progress) error {
	if len(p.Kept) > 0 {
		p.Kept, p.Failed = nil, nil
	}
	return h.Outbox.Ack(ctx, p)
}

// generous sends money back under a key of its own each time.
type generous struct {
	ordering.PaymentProvider
	ids ports.IDs
}

func (g generous) Unwrap() any { return g.PaymentProvider }

func (g generous) Refund(ctx context.Context, c ordering.RefundCall) (ordering.EffectResult, error) {
	refunder, _ := ports.As[ordering.Refunder](g.PaymentProvider)
	if _, err := refunder.Refund(ctx, c); err != nil {
		return ordering.EffectResult{}, err
	}
	c.ID = ref.NewID[ref.RefundKind](g.ids.New())
	return refunder.Refund(ctx, c)
}

// forgotten never tells which orders wait.
type forgotten struct{ ordering.Orders }

func (f forgotten) Unwrap() any { return f.Orders }

func (forgotten) Unsettled(context.Context, time.Time, int) ([]ref.OrderID, error) { return nil, nil }
