package integration_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// TestStoresAgree makes random histories of commits, sound and unsound, on memory and on another store: every answer and
// everything that can be read afterwards is the same.
func TestStoresAgree(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if needsDatabase(t) {
			storesAgree(t, postgresStore(t).ordering(t))
		}
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		storesAgree(t, sqliteStore().ordering(t))
	})
}

func storesAgree(t *testing.T, other orderingtest.Harness) {
	t.Helper()
	stores := [2]orderingtest.Harness{memoryStore().ordering(t), other}
	ids, run := &orderingtest.Sequence{}, 0
	rapid.Check(t, func(r *rapid.T) {
		run++ // Each history has its own goods, keys and ids in the same two stores.
		h := &history{r: r, ids: ids, run: run, stores: stores}
		for _, sku := range []ref.SKU{"A", "B", "C"} { // Few, so that commits meet.
			h.skus = append(h.skus, ref.SKU(fmt.Sprintf("%s-%d", sku, run)))
		}
		h.stock()
		for range rapid.IntRange(1, 20).Draw(r, "steps") {
			h.step()
		}
		h.compare()
	})
}

// history is what was done to two stores alike.
type history struct {
	r      *rapid.T
	ids    *orderingtest.Sequence
	run    int
	skus   []ref.SKU
	stores [2]orderingtest.Harness
	carts  []ordering.Cart
	placed []placement
	sales  []ordering.Sale // As they were once; the later ones are more often as they are.
}

// placement is an order that was tried, with the commit that did.
type placement struct {
	order   ordering.Order
	payment ordering.Payment
	cart    ordering.Cart
	commit  ordering.Commit
}

// stock puts a little on hand, at two locations.
func (h *history) stock() {
	c := inventory.Commit{At: orderingtest.Moment()}
	if h.run == 1 {
		c.Sites = []inventory.Write[inventory.Site]{{State: inventory.Site{Location: "shop", Version: 1, Name: "Shop", State: inventory.SiteOpen, Priority: -1}}}
	}
	// Of one SKU more is sold than there is.
	c.Policies = append(c.Policies, inventory.Write[inventory.Policy]{State: inventory.Policy{SKU: h.skus[0], Version: 1, Kind: inventory.Backorder, Limit: 5}})
	for i, sku := range h.skus {
		for j, at := range []inventory.Location{inventory.DefaultLocation, "shop"} {
			c.Adjustments = append(c.Adjustments, inventory.Adjustment{
				Key: fmt.Sprintf("%d-%d-%d", h.run, i, j), LevelKey: inventory.LevelKey{SKU: sku, Location: at}, Kind: inventory.MoveReceive,
				Delta: int64(rapid.IntRange(1, 4).Draw(h.r, "stock")),
			})
		}
	}
	for _, s := range h.stores {
		if err := s.Stock.Commit(context.Background(), c); err != nil {
			h.r.Fatalf("stocking: %v", err)
		}
	}
}

// step does one thing to both.
func (h *history) step() {
	switch n := rapid.IntRange(0, 15).Draw(h.r, "step"); {
	case n < 3 || len(h.carts) == 0:
		h.makeCart()
	case n < 6 || len(h.placed) == 0:
		h.place()
	case n < 8:
		h.settle()
	case n == 8:
		h.again()
	case n == 9:
		h.receive()
	case n < 12:
		h.effects()
	case n < 15 && len(h.sales) > 0:
		h.desk()
	default:
		h.touchCart()
	}
}

// receive puts more on hand, perhaps under a key that was used.
func (h *history) receive() {
	c := inventory.Commit{At: orderingtest.Moment(), Adjustments: []inventory.Adjustment{{
		Key:      fmt.Sprintf("%d-more-%d", h.run, rapid.IntRange(0, 9).Draw(h.r, "key")),
		LevelKey: inventory.LevelKey{SKU: rapid.SampledFrom(h.skus).Draw(h.r, "sku"), Location: inventory.DefaultLocation},
		Kind:     inventory.MoveReceive, Delta: int64(rapid.IntRange(1, 4).Draw(h.r, "received")),
	}}}
	for _, s := range h.stores {
		if err := s.Stock.Commit(context.Background(), c); err != nil {
			h.r.Fatalf("receiving: %v", err)
		}
	}
}

// effects does something to some of an order's claims, of all of each or of a part.
func (h *history) effects() {
	p := h.placed[rapid.IntRange(0, len(h.placed)-1).Draw(h.r, "order")]
	c := ordering.Commit{At: orderingtest.Moment()}
	for _, l := range p.order.Lines {
		if rapid.Bool().Draw(h.r, "this line") {
			e := ordering.StockEffect{
				Kind:  rapid.SampledFrom([]ordering.StockEffectKind{ordering.StockExtend, ordering.StockConsume, ordering.StockRelease, ordering.StockRestock, ordering.StockExpire}).Draw(h.r, "effect"),
				Claim: l.Claim, Order: p.order.ID, SKU: l.SKU, Quantity: int64(rapid.IntRange(0, int(l.Quantity)).Draw(h.r, "quantity")),
			}
			e.Damaged = int64(rapid.IntRange(0, int(e.Quantity)).Draw(h.r, "damaged"))
			c.Stock = append(c.Stock, e)
		}
	}
	h.commit(c)
}

func (h *history) makeCart() {
	c := ordering.Cart{
		ID: ref.NewCartID(h.ids.Secret()), Version: 1, Status: ordering.CartActive, Channel: ref.DefaultChannel, Currency: money.GBP,
		CreatedAt: orderingtest.Moment(), UpdatedAt: orderingtest.Moment(),
	}
	for _, sku := range h.skus {
		if n := rapid.IntRange(0, 3).Draw(h.r, "quantity"); n > 0 {
			c.Lines = append(c.Lines, ordering.CartLine{
				ID: ref.NewID[ref.LineKind](h.ids.New()), Variant: ref.NewID[ref.VariantKind](h.ids.New()), SKU: sku, Quantity: int64(n),
			})
		}
	}
	if len(c.Lines) > 0 && h.commit(ordering.Commit{At: c.CreatedAt, Carts: []ordering.Write[ordering.Cart]{{State: c}}}) {
		h.carts = append(h.carts, c)
	}
}

// place orders a cart as it was once, perhaps under a key that was used.
func (h *history) place() {
	cart := h.carts[rapid.IntRange(0, len(h.carts)-1).Draw(h.r, "cart")]
	items, prices := map[ref.VariantID]ordering.Item{}, map[ref.VariantID]ordering.PriceFact{}
	for _, l := range cart.Lines {
		items[l.Variant] = ordering.Item{Variant: l.Variant, Product: ref.NewID[ref.ProductKind](h.ids.New()), SKU: l.SKU, Title: "Of " + string(l.SKU)}
		prices[l.Variant] = ordering.PriceFact{Unit: money.NewUnitPrice(1_234_567, money.GBP)}
	}
	q, err := ordering.QuoteCart(cart, items, prices)
	if err != nil {
		h.r.Fatalf("quoting: %v", err)
	}
	o, pay, c := ordering.Place(ordering.Placement{
		Quote: q, Details: ordering.Details{Email: "ada@example.org", ShippingAddress: ordering.Address{
			Name: "Ada Byron", Line1: "1 Cornhill", City: "Ipswich", PostalCode: "IP1 1DD", Country: "GB",
		}},
		Locale: "en-GB", Provider: "till", At: orderingtest.Moment(), NextID: h.ids.New, Offline: rapid.Bool().Draw(h.r, "offline"),
		Command: ports.Command{
			Step: ports.CommandBegin, At: orderingtest.Moment(), Lease: orderingtest.Moment(), Owner: h.ids.New(),
			Key:         ports.CommandKey{Actor: fmt.Sprintf("cart:%d", h.run), Route: "checkout", Key: rapid.SampledFrom([]string{"1", "2", "3", "4", "5", "6"}).Draw(h.r, "key")},
			Fingerprint: [32]byte{byte(rapid.IntRange(0, 3).Draw(h.r, "body") / 3)},
		},
	})
	if h.commit(c) {
		h.placed = append(h.placed, placement{o, pay, c.Carts[0].State, c})
		h.sales = append(h.sales, ordering.Sale{Order: o, Payments: []ordering.Payment{pay}})
	}
}

// settle tells what came of a charge, perhaps once more or of an order that has gone on.
func (h *history) settle() {
	p := h.placed[rapid.IntRange(0, len(h.placed)-1).Draw(h.r, "order")]
	state := rapid.SampledFrom([]ordering.ChargeState{ordering.ChargeCaptured, ordering.ChargeAuthorized, ordering.ChargeDeclined}).Draw(h.r, "charge")
	a, err := ordering.ApplyPaymentEvent(ordering.Settlement{
		Sale: ordering.Sale{Order: p.order, Payments: []ordering.Payment{p.payment}}, Cart: p.cart,
		Moment: ordering.Moment{At: orderingtest.Moment(), NextID: h.ids.New},
	}, ordering.ChargeEvent(p.payment, ordering.ChargeResult{State: state, Reference: "ch"}))
	if err != nil || !a.Changed {
		return
	}
	c := a.Commit
	begun := p.commit.Command
	c.Command = &ports.Command{
		Step: rapid.SampledFrom([]ports.CommandStep{ports.CommandFinish, ports.CommandFinish, ports.CommandTake}).Draw(h.r, "command"),
		Key:  begun.Key, Fingerprint: begun.Fingerprint, Owner: begun.Owner, At: c.At, Lease: c.At, Answer: &ports.Answer{Code: "c", Detail: "d"},
	}
	if h.commit(c) {
		h.sales = append(h.sales, a.Sale)
		if len(c.Carts) > 0 {
			h.carts = append(h.carts, c.Carts[0].State)
		}
	}
}

// again sends a commit that was accepted once more.
func (h *history) again() {
	c := h.placed[rapid.IntRange(0, len(h.placed)-1).Draw(h.r, "order")].commit
	if rapid.Bool().Draw(h.r, "without its command") {
		c.Command = nil
	}
	h.commit(c)
}

// touchCart changes a cart as it was once.
func (h *history) touchCart() {
	c := h.carts[rapid.IntRange(0, len(h.carts)-1).Draw(h.r, "cart")]
	c.Version++
	if h.commit(ordering.Commit{At: c.UpdatedAt, Carts: []ordering.Write[ordering.Cart]{{State: c, Expected: c.Version - 1}}}) {
		h.carts = append(h.carts, c)
	}
}

// commit gives both stores the commit and compares what they say; it is true when they accepted it.
func (h *history) commit(c ordering.Commit) bool {
	var says [2]string
	for i, s := range h.stores {
		out, err := s.Committer.Commit(context.Background(), c)
		switch {
		case err != nil:
			says[i] = "refused: " + fault.CodeOf(err)
			for _, v := range fault.Of(err).Violations() {
				says[i] += fmt.Sprintf(" %s %s %v", v.Field(), v.Code(), v.Details())
			}
		case out.Replay != nil:
			record, answer := *out.Replay, "none"
			if record.Answer != nil {
				answer = fmt.Sprintf("%+v", *record.Answer)
			}
			record.Answer = nil // Not where it stands in memory.
			says[i] = fmt.Sprintf("replay of %+v, answered %s", record, answer)
		default:
			says[i] = "accepted"
		}
	}
	if says[0] != says[1] {
		h.r.Fatalf("memory says %q and the other store %q of %+v", says[0], says[1], c)
	}
	return says[0] == "accepted"
}

// compare reads everything from both.
func (h *history) compare() {
	ctx := context.Background()
	h.compareOrders()
	h.same("the stock", func(s orderingtest.Harness) (any, error) {
		var out []inventory.Position
		for _, sku := range h.skus {
			p, err := s.Stock.Position(ctx, sku)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
		return out, nil
	})
	for _, p := range h.placed {
		for _, l := range p.order.Lines {
			h.same("a claim", func(s orderingtest.Harness) (any, error) {
				claim, found, err := s.Claim(ctx, l.Claim)
				claim.Parts, claim.Sent = append([]inventory.Part{}, claim.Parts...), append([]inventory.Part{}, claim.Sent...)
				return []any{claim, found}, err
			})
		}
	}
	for _, c := range h.carts {
		h.same("a cart", func(s orderingtest.Harness) (any, error) { return s.Carts.Cart(ctx, c.ID) })
	}
	for _, p := range h.placed {
		h.same("an order", func(s orderingtest.Harness) (any, error) {
			o, payments, err := s.Orders.Order(ctx, p.order.ID)
			return []any{o, payments}, err
		})
		h.same("a command", func(s orderingtest.Harness) (any, error) { return s.Commands.Find(ctx, p.commit.Command.Key) })
	}
}

// same compares what a read gives.
func (h *history) same(what string, read func(orderingtest.Harness) (any, error)) {
	var got [2]any
	for i, s := range h.stores {
		var err error
		if got[i], err = read(s); err != nil {
			h.r.Fatalf("reading %s: %v", what, err)
		}
	}
	if !reflect.DeepEqual(got[0], got[1]) {
		h.r.Fatalf("%s in memory\n%+v\nand in the other store\n%+v", what, got[0], got[1])
	}
}
