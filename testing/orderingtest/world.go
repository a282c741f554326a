package orderingtest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// world is a test with its store, and makes what is ordered in it. Safe for concurrent use but for the methods that
// may end the test, which are for the test's own goroutine: must, seed, cart, accept.
type world struct {
	TB
	h    Harness
	last *atomic.Uint64
	at   time.Time
}

// begin opens a store.
func begin(t TB, open func(TB) Harness) *world {
	t.Helper()
	return &world{
		TB: t, h: open(t), last: &atomic.Uint64{},
		at: Moment(),
	}
}

// excused logs why the store cannot do what comes next, if it cannot.
func (w *world) excused(reason string) bool {
	w.Helper()
	if reason != "" {
		w.Logf("excused: %s", reason)
	}
	return reason != ""
}

// id makes a UUID of version 7 that ascends.
func (w *world) id() [16]byte {
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(w.at.UnixMilli())<<16)
	u[6], u[8] = 0x70, 0x80
	binary.BigEndian.PutUint32(u[12:], uint32(w.last.Add(1)))
	return u
}

// secret makes the bytes of a cart's id.
func (w *world) secret() (s [ref.SecretSize]byte) {
	u := w.id()
	copy(s[:], u[:])
	s[len(s)-1] = 1
	return s
}

// want is a line to order.
type want struct {
	sku      ref.SKU
	quantity int64
}

// seed puts goods of a SKU on hand, at the main location.
func (w *world) seed(sku ref.SKU, quantity int64) {
	w.Helper()
	w.seedAt(sku, inventory.DefaultLocation, quantity)
}

// seedAt puts goods of a SKU on hand.
func (w *world) seedAt(sku ref.SKU, at inventory.Location, quantity int64) {
	w.Helper()
	err := Seed(w.TB, w.h.Stock, fmt.Sprintf("seed-%d", w.last.Add(1)), sku, at, quantity, w.at)
	if err != nil {
		w.Fatalf("seeding %d of %s: %v", quantity, sku, err)
	}
}

// Seed receives goods of a SKU at a location, which it makes if there is none, under a key that is new to the store.
func Seed(t TB, stock inventory.Stock, key string, sku ref.SKU, at inventory.Location, quantity int64, now time.Time) error {
	t.Helper()
	c := inventory.Commit{At: now, Adjustments: []inventory.Adjustment{{
		Key: key, LevelKey: inventory.LevelKey{SKU: sku, Location: at}, Kind: inventory.MoveReceive, Delta: quantity,
	}}}
	if at != inventory.DefaultLocation {
		all, err := stock.Locations(t.Context())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(s inventory.Site) bool { return s.Location == at }) {
			c.Sites = append(c.Sites, inventory.Write[inventory.Site]{State: inventory.Site{
				Location: at, Version: 1, Name: string(at), State: inventory.SiteOpen,
			}})
		}
	}
	return stock.Commit(t.Context(), c)
}

// Backorders lets a SKU that has no policy yet be sold beyond its stock, up to a limit.
func Backorders(t TB, stock inventory.Stock, sku ref.SKU, limit int64, now time.Time) error {
	t.Helper()
	return stock.Commit(t.Context(), inventory.Commit{At: now, Policies: []inventory.Write[inventory.Policy]{
		{State: inventory.Policy{SKU: sku, Version: 1, Kind: inventory.Backorder, Limit: limit}},
	}})
}

// newCart makes a cart that is in no store yet.
func (w *world) newCart(wants ...want) ordering.Cart {
	c := ordering.Cart{
		ID: ref.NewCartID(w.secret()), Version: 1, Status: ordering.CartActive, Channel: ref.DefaultChannel,
		Currency: money.GBP, CreatedAt: w.at, UpdatedAt: w.at,
	}
	for _, l := range wants {
		c.Lines = append(c.Lines, ordering.CartLine{
			ID: ref.NewID[ref.LineKind](w.id()), Variant: ref.NewID[ref.VariantKind](w.id()), SKU: l.sku, Quantity: l.quantity,
		})
	}
	return c
}

// cart makes an active cart in the store.
func (w *world) cart(wants ...want) ordering.Cart {
	w.Helper()
	c := w.newCart(wants...)
	w.accept(ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: c}}})
	return c
}

// placed is an order as it is about to be placed, with the commit that claims it.
type placed struct {
	order   ordering.Order
	payment ordering.Payment
	cart    ordering.Cart // Completed.
	commit  ordering.Commit
}

// address is where the orders go.
func address() ordering.Address {
	return ordering.Address{Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB"}
}

// place makes the commit that claims an order of the cart, pending its payment.
func (w *world) place(cart ordering.Cart) placed {
	items := map[ref.VariantID]ordering.Item{}
	prices := map[ref.VariantID]ordering.PriceFact{}
	for _, l := range cart.Lines {
		items[l.Variant] = ordering.Item{Variant: l.Variant, Product: ref.NewID[ref.ProductKind](w.id()), SKU: l.SKU, Title: "Of " + string(l.SKU)}
		prices[l.Variant] = ordering.PriceFact{Unit: money.NewUnitPrice(9_990_000, cart.Currency)}
	}
	q, err := ordering.QuoteCart(cart, items, prices)
	if err != nil {
		w.Errorf("quoting a cart: %v", err)
	}
	o, pay, c := ordering.Place(ordering.Placement{
		Quote: q, Details: ordering.Details{Email: "ada@example.org", ShippingAddress: address()}, Locale: "en-GB",
		Provider: "till", At: w.at, NextID: w.id, Command: w.command(),
	})
	return placed{order: o, payment: pay, cart: c.Carts[0].State, commit: c}
}

// command makes the Begin of a command under a key of its own.
func (w *world) command() ports.Command {
	n := w.last.Add(1)
	return ports.Command{
		Step: ports.CommandBegin, Key: ports.CommandKey{Actor: "cart:suite", Route: "checkout", Key: fmt.Sprintf("key-%d", n)},
		Fingerprint: [32]byte{1, byte(n)}, Owner: w.id(), At: w.at, Lease: w.at.Add(15 * time.Second),
	}
}

// settle makes the commit that tells what came of the order's charge, and finishes its command.
func (w *world) settle(p placed, state ordering.ChargeState) placed {
	at := p.order.UpdatedAt.Add(time.Second)
	begun := p.commit.Command
	order := p.order
	order.Open = nil // Its command is answered with it.
	applied, err := ordering.ApplyPaymentEvent(ordering.Settlement{
		Sale: ordering.Sale{Order: order, Payments: []ordering.Payment{p.payment}}, Cart: p.cart, Moment: ordering.Moment{At: at, NextID: w.id},
	}, ordering.ChargeEvent(p.payment, ordering.ChargeResult{State: state, Reference: "ch_1"}))
	if err != nil || !applied.Changed {
		w.Errorf("settling %s changed %v: %v", p.order.Number, applied.Changed, err)
		return p
	}
	c := applied.Commit
	c.Command = &ports.Command{
		Step: ports.CommandFinish, Key: begun.Key, Fingerprint: begun.Fingerprint, Owner: begun.Owner, At: at, Answer: &ports.Answer{},
	}
	out := placed{order: applied.Order, payment: c.Payments[0].State, cart: p.cart, commit: c}
	if len(c.Carts) > 0 {
		out.cart = c.Carts[0].State
	}
	return out
}

// order places an order of what is wanted, out of a cart of its own.
func (w *world) order(wants ...want) placed {
	w.Helper()
	p := w.place(w.cart(wants...))
	w.accept(p.commit)
	return p
}

// commit hands the store a commit.
func (w *world) commit(c ordering.Commit) (ordering.Outcome, error) {
	return w.h.Committer.Commit(w.Context(), c)
}

// accept ends the test unless the commit is accepted.
func (w *world) accept(c ordering.Commit) {
	w.Helper()
	if out, err := w.commit(c); err != nil || out.Replay != nil {
		w.Fatalf("the commit was not accepted: replay %v, error %v", out.Replay != nil, err)
	}
}
