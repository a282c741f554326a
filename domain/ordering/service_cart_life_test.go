package ordering_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// with makes another service over the same parts, which is another process on the same store.
func (s *shop) with(opts *ordering.Options, change func(p *ordering.Parts)) *ordering.Service {
	parts := s.parts
	if change != nil {
		change(&parts)
	}
	return ordering.NewService(parts, opts)
}

// add adds item n to a cart.
func (s *shop) add(t *testing.T, id ref.CartID, n byte, quantity int64) ordering.Quote {
	t.Helper()
	q, err := s.AddLine(t.Context(), scope(), id, nil, ordering.LineRequest{Variant: variant(n), Quantity: quantity})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// told lists the names of the events about an aggregate.
func (s *shop) told(t *testing.T, aggregate string) []string {
	t.Helper()
	deliveries, err := s.store.Outbox().Pending(t.Context(), "reader", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range deliveries {
		if d.Event.Aggregate == aggregate {
			out = append(out, d.Event.Name)
		}
	}
	return out
}

func TestLinesAgreeToTheirPrice(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	first := money.NewUnitPrice(9_990_000, money.GBP)
	if a := c.Lines[0].Agreed; a == nil || *a != first {
		t.Fatalf("a new line agreed to %v", a)
	}
	s.shelf.Price(ref.DefaultChannel, variant(1), money.NewUnitPrice(12_000_000, money.GBP))
	q := s.add(t, c.ID, 2, 1)
	wantNotices(t, q.Warnings, "price_changed lines[0].unit_price")
	if q.Totals.Total != gbp(1200+999) || *q.Lines[0].Agreed != first || *q.Lines[1].Agreed != first {
		t.Errorf("quote %+v", q)
	}
	q = s.add(t, c.ID, 1, 1) // More of it is no agreement.
	wantNotices(t, q.Warnings, "price_changed lines[0].unit_price")
	stale := c.Version
	_, err := s.ConfirmPrices(t.Context(), scope(), c.ID, &stale)
	wantClass(t, err, ordering.ExpectedVersion)
	q, err = s.ConfirmPrices(t.Context(), scope(), c.ID, &q.Cart.Version)
	if err != nil || len(q.Warnings) != 0 || q.Cart.Version != 4 {
		t.Fatalf("confirmed: %+v, %v", q, err)
	}
	if q, err = s.ConfirmPrices(t.Context(), scope(), c.ID, nil); err != nil || q.Cart.Version != 4 {
		t.Errorf("again: version %d, %v", q.Cart.Version, err)
	}
	if q, err = s.Cart(t.Context(), scope(), c.ID); err != nil || len(q.Warnings) != 0 || q.Cart.Version != 4 {
		t.Errorf("read again: %+v, %v", q, err)
	}
	_, err = s.ConfirmPrices(t.Context(), scope(), ref.NewCartID([20]byte{9}), nil)
	wantClass(t, err, fault.Missing)
}

// TestComplaint04PriceDrift: between filling a cart and paying, a price changes. Nobody pays a price that they were not
// shown, as long as they say what they expect to pay.
func TestComplaint04PriceDrift(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 2)
	q := s.add(t, c.ID, 2, 1)
	shown := q.Totals.Total
	for _, micro := range []int64{12_500_000, 8_000_000} { // Dearer and cheaper.
		price := money.NewUnitPrice(micro, money.GBP)
		s.shelf.Price(ref.DefaultChannel, variant(1), price)
		r := request(c, orderingtest.TillCaptures)
		r.ExpectedTotal = &shown
		_, err := s.Checkout(t.Context(), scope(), r)
		wantClass(t, err, ordering.PriceChanged)
		wantFields(t, err, "lines[0].unit_price")
		e := fault.Of(err)
		if want := gbp(2*micro/10_000 + 999); e.Details()["current_total"] != want {
			t.Errorf("current_total is %v, want %s", e.Details()["current_total"], want)
		}
		v := e.Violations()[0].Details()
		if v["sku"] != "SKU-B" || v["agreed"] != money.NewUnitPrice(9_990_000, money.GBP) || v["current"] != price {
			t.Errorf("the line is told as %v", v)
		}
		s.reserved(t, 0)
	}
	// The buyer is shown the cart anew, with the change, and agrees.
	q, err := s.Cart(t.Context(), scope(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantNotices(t, q.Warnings, "price_changed lines[0].unit_price")
	if q, err = s.ConfirmPrices(t.Context(), scope(), c.ID, &q.Cart.Version); err != nil {
		t.Fatal(err)
	}
	r := request(c, orderingtest.TillCaptures)
	r.ExpectedTotal = &q.Totals.Total
	p := s.checkout(t, r)
	if p.Order.Totals.Total != gbp(2*800+999) || p.Order.Lines[0].Origin.Version != 3 {
		t.Errorf("ordered for %s, origin %+v", p.Order.Totals.Total, p.Order.Lines[0].Origin)
	}
	// What happens to prices afterwards is nothing to the order.
	s.shelf.Price(ref.DefaultChannel, variant(1), money.NewUnitPrice(1, money.GBP))
	again, err := s.Order(t.Context(), p.Order.ID, p.Token)
	if err != nil || again.Order.Totals != p.Order.Totals || again.Order.Lines[0].UnitPrice != p.Order.Lines[0].UnitPrice {
		t.Errorf("later it costs %+v, %v", again.Order.Totals, err)
	}
}

// TestComplaint09LostCartWrite: a shopper's browser, and their telephone, add to one cart at once. Every addition is in
// the cart, and every version was somebody's.
func TestComplaint09LostCartWrite(t *testing.T) {
	t.Parallel()
	s := open(t)
	other := s.with(nil, nil) // Another process.
	c := s.cart(t, 1)
	const adds = 64
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[ref.Version]int{}
	for i := range adds {
		all.Go(func() {
			service := s.Service
			if i%2 == 1 {
				service = other
			}
			q, err := service.AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(byte(i%3) + 1), Quantity: int64(i)%5 + 1})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			seen[q.Cart.Version]++
		})
	}
	all.Wait()
	q, err := s.Cart(t.Context(), scope(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	got, want := int64(0), int64(1)
	for _, l := range q.Lines {
		got += l.Quantity
	}
	for i := range adds {
		want += int64(i)%5 + 1
	}
	if got != want || q.Cart.Version != adds+1 || len(seen) != adds {
		t.Errorf("%d pieces of %d, version %d, %d versions were answered", got, want, q.Cart.Version, len(seen))
	}
	for v := ref.Version(2); v <= adds+1; v++ {
		if seen[v] != 1 {
			t.Errorf("version %d was answered %d times", v, seen[v])
		}
	}
}

func TestChangesWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	reached, release := make(chan struct{}), make(chan struct{})
	slow := s.with(nil, func(p *ordering.Parts) {
		p.Committer = contested{p.Committer, sync.OnceFunc(func() {
			close(reached)
			<-release
		})}
	})
	add := func(ctx context.Context) error {
		_, err := slow.AddLine(ctx, scope(), c.ID, nil, ordering.LineRequest{Variant: variant(1), Quantity: 1})
		return err
	}
	first := make(chan error, 1)
	go func() { first <- add(t.Context()) }()
	<-reached
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := add(ctx); !fault.Is(err, fault.Down) {
		t.Errorf("who leaves while another changes the cart: %v", err)
	}
	close(release)
	if err := errors.Join(<-first, add(t.Context())); err != nil {
		t.Error(err)
	}
	if q := s.add(t, c.ID, 1, 1); q.Lines[0].Quantity != 4 || q.Cart.Version != 4 {
		t.Errorf("%d pieces, version %d", q.Lines[0].Quantity, q.Cart.Version)
	}
}

func TestStockIsAdvice(t *testing.T) {
	t.Parallel()
	s := open(t)
	asked := s.with(nil, func(p *ordering.Parts) { p.Stock = s.shelf })
	s.shelf.Stocks(item(1).SKU, ordering.StockFact{Available: 3})
	q, err := asked.CreateCart(t.Context(), scope(), []ordering.LineRequest{{Variant: variant(1), Quantity: 4}, {Variant: variant(2), Quantity: 1}})
	if err != nil {
		t.Fatal(err)
	}
	wantNotices(t, q.Warnings, "not_enough_stock lines[0].quantity", "out_of_stock lines[1].quantity")
	if s.shelf.Calls("Stock") != 1 {
		t.Errorf("%d reads of stock for a cart", s.shelf.Calls("Stock"))
	}
	if q, err = asked.Cart(t.Context(), scope(), q.Cart.ID); err != nil || len(q.Warnings) != 2 {
		t.Errorf("read again: %+v, %v", q.Warnings, err)
	}
	r := request(q.Cart, orderingtest.TillCaptures) // The shelf says none, the stock has ten.
	if p, err := asked.Checkout(t.Context(), scope(), r); err != nil || p.Order.Status != ordering.Placed {
		t.Errorf("ordered all the same: %+v, %v", p.Order, err)
	}
	if q, err = asked.Cart(t.Context(), scope(), q.Cart.ID); err != nil || len(q.Warnings) != 0 || s.shelf.Calls("Stock") != 2 {
		t.Errorf("once it is ordered: %+v, %v", q.Warnings, err)
	}
	down := s.with(nil, func(p *ordering.Parts) { p.Stock = stockDown{} })
	if q, err = down.CreateCart(t.Context(), scope(), []ordering.LineRequest{{Variant: variant(1), Quantity: 400}}); err != nil || len(q.Warnings) != 0 {
		t.Errorf("without advice: %+v, %v", q.Warnings, err)
	}
	if q, err = asked.CreateCart(t.Context(), scope(), nil); err != nil || len(q.Warnings) != 0 || s.shelf.Calls("Stock") != 2 {
		t.Errorf("an empty cart: %+v, %v, %d reads", q.Warnings, err, s.shelf.Calls("Stock"))
	}
}

// stockDown is stock that cannot be asked.
type stockDown struct{}

func (stockDown) Stock(context.Context, []ref.SKU) (map[ref.SKU]ordering.StockFact, error) {
	return nil, fault.Down.New("nobody answers")
}

func TestQuantityRules(t *testing.T) {
	t.Parallel()
	s := open(t)
	six := item(1)
	six.Quantity = ordering.OrderQuantity{Min: 6, Step: 3}
	s.shelf.Put(six)
	_, err := s.CreateCart(t.Context(), scope(), []ordering.LineRequest{{Variant: variant(2), Quantity: 1}, {Variant: variant(1), Quantity: 5}})
	wantFields(t, err, "lines[1].quantity")
	// Both lines together keep the rule, and either alone would not.
	q, err := s.CreateCart(t.Context(), scope(), []ordering.LineRequest{
		{Variant: variant(1), Quantity: 4}, {Variant: variant(1), Quantity: 2, Custom: ordering.Customisation{"engraving": "Ada"}},
	})
	if err != nil || len(q.Lines) != 2 || len(q.Requirements) != 0 || q.Lines[0].Rule.Min != 6 {
		t.Fatalf("got %+v, %v", q, err)
	}
	id, plain, engraved := q.Cart.ID, q.Lines[0].ID, q.Lines[1].ID
	_, err = s.SetQuantity(t.Context(), scope(), id, nil, plain, 5)
	wantFields(t, err, "quantity")
	if q, err = s.SetQuantity(t.Context(), scope(), id, nil, plain, 7); err != nil || len(q.Requirements) != 0 {
		t.Errorf("nine in all: %+v, %v", q.Requirements, err)
	}
	if q, err = s.SetQuantity(t.Context(), scope(), id, nil, engraved, 0); err != nil {
		t.Fatalf("a line can always be removed: %v", err)
	}
	wantNotices(t, q.Requirements, "quantity_rule lines[0].quantity")
	_, err = s.Checkout(t.Context(), scope(), request(q.Cart, orderingtest.TillCaptures))
	wantClass(t, err, ordering.RequirementsUnmet)
	s.shelf.Withdraw(variant(1)) // What is not on sale has no rule.
	if q, err = s.SetQuantity(t.Context(), scope(), id, nil, plain, 1); err != nil || q.Lines[0].Available {
		t.Errorf("of what is no longer on sale: %+v, %v", q.Lines, err)
	}
}

func TestRemarks(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	note, data := "ring twice\nplease", ordering.Metadata{"source": "qr"}
	q, err := s.RemarkCart(t.Context(), scope(), c.ID, &c.Version, ordering.Remarks{Note: &note, Metadata: &data})
	if err != nil || q.Cart.Note != note || q.Cart.Metadata["source"] != "qr" {
		t.Fatalf("got %+v, %v", q.Cart, err)
	}
	blue := "blue"
	if q, err = s.RemarkLine(t.Context(), scope(), c.ID, nil, c.Lines[0].ID, ordering.Remarks{Note: &blue}); err != nil || q.Lines[0].Note != "blue" || q.Cart.Note != note {
		t.Fatalf("got %+v, %v", q, err)
	}
	_, err = s.RemarkLine(t.Context(), scope(), c.ID, nil, line(99), ordering.Remarks{Note: &blue})
	wantClass(t, err, fault.Missing)
	p := s.checkout(t, request(c, orderingtest.TillCaptures))
	if p.Order.Note != note || p.Order.Metadata["source"] != "qr" || p.Order.Lines[0].Note != "blue" {
		t.Errorf("the order says %+v", p.Order)
	}
}

func TestRequirementsOfTheAdopter(t *testing.T) {
	t.Parallel()
	s := open(t)
	asked := 0
	trade := s.with(&ordering.Options{Requirements: []ordering.Requirement{func(q ordering.Quote, d *ordering.Details) []ordering.Notice {
		if asked++; d == nil || q.Cart.Metadata["po"] != "" {
			return nil
		}
		return []ordering.Notice{{Step: ordering.StepPayment, Code: "po_number", Field: "metadata.po", Message: "a number is needed"}}
	}}}, nil)
	c := s.cart(t, 1)
	q, err := trade.Cart(t.Context(), scope(), c.ID)
	if err != nil || len(q.Requirements) != 0 || asked == 0 {
		t.Errorf("looked at: %+v, %v", q.Requirements, err)
	}
	needs, err := trade.CheckoutNeeds(t.Context(), scope(), c.ID, ordering.Details{ShippingAddress: home()})
	if err != nil {
		t.Fatal(err)
	}
	wantNotices(t, needs, "po_number metadata.po", "missing email")
	_, err = trade.Checkout(t.Context(), scope(), request(c, orderingtest.TillCaptures))
	wantClass(t, err, ordering.RequirementsUnmet)
	wantFields(t, err, "metadata.po")
	s.reserved(t, 0)
	data := ordering.Metadata{"po": "4711"}
	if _, err := trade.RemarkCart(t.Context(), scope(), c.ID, nil, ordering.Remarks{Metadata: &data}); err != nil {
		t.Fatal(err)
	}
	if _, err := trade.Checkout(t.Context(), scope(), request(c, orderingtest.TillCaptures)); err != nil {
		t.Error(err)
	}
	_, err = trade.CheckoutNeeds(t.Context(), scope(), c.ID, details())
	wantClass(t, err, ordering.CartCompleted)
	_, err = trade.CheckoutNeeds(t.Context(), scope(), ref.NewCartID([20]byte{9}), details())
	wantClass(t, err, fault.Missing)
}

func TestSweepCarts(t *testing.T) {
	t.Parallel()
	s := open(t)
	const carts = ordering.SweepBatch + 7
	for range carts {
		s.cart(t, 1)
	}
	empty, err := s.CreateCart(t.Context(), scope(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ordered := s.cart(t, 1)
	s.checkout(t, request(ordered, orderingtest.TillCaptures))
	used := s.cart(t, 1)
	sweep := func(limit int, want ordering.CartSweep) {
		t.Helper()
		if got, err := s.SweepCarts(t.Context(), limit); err != nil || got != want {
			t.Errorf("swept %+v, %v, want %+v", got, err, want)
		}
	}
	sweep(1000, ordering.CartSweep{})
	s.clock.Advance(time.Hour)
	s.add(t, used.ID, 2, 1)
	sweep(10, ordering.CartSweep{Abandoned: 10})
	sweep(1000, ordering.CartSweep{Abandoned: carts - 10})
	sweep(1000, ordering.CartSweep{})
	s.clock.Advance(time.Hour)
	sweep(1000, ordering.CartSweep{Abandoned: 1})
	if got := s.told(t, ordering.CartSubject(used.ID)); !slices.Equal(got, []string{"ordering.cart_abandoned"}) {
		t.Errorf("told %q", got)
	}
	q := s.add(t, used.ID, 3, 1) // It is revived, and left alone again.
	if q.Cart.Status != ordering.CartActive {
		t.Errorf("the cart is %s", q.Cart.Status)
	}
	s.clock.Advance(7 * 24 * time.Hour)
	sweep(1000, ordering.CartSweep{Abandoned: 1, Expired: 1})
	if got := s.told(t, ordering.CartSubject(used.ID)); !slices.Equal(got, []string{"ordering.cart_abandoned", "ordering.cart_revived", "ordering.cart_abandoned"}) {
		t.Errorf("told %q", got)
	}
	s.clock.Advance(30 * 24 * time.Hour)
	sweep(1000, ordering.CartSweep{Expired: carts + 1, Purged: 1})
	_, err = s.Cart(t.Context(), scope(), empty.Cart.ID)
	wantClass(t, err, fault.Missing)
	// Who comes back to an expired cart has it as it was.
	if q = s.add(t, used.ID, 1, 1); q.Cart.Status != ordering.CartActive || len(q.Lines) != 3 {
		t.Errorf("an expired cart that is used is %s with %d lines", q.Cart.Status, len(q.Lines))
	}
	s.clock.Advance(30 * 24 * time.Hour)
	sweep(1000, ordering.CartSweep{Purged: carts, Abandoned: 1})
	s.clock.Advance(1000 * 24 * time.Hour)
	if _, err := s.SweepCarts(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}
	if q, err = s.Cart(t.Context(), scope(), ordered.ID); err != nil || q.Cart.Status != ordering.CartDone {
		t.Errorf("the cart of a live order: %+v, %v", q.Cart, err)
	}
}

// TestSweepLeavesWhatIsUsed changes a cart while it is swept: the others are swept all the same.
func TestSweepLeavesWhatIsUsed(t *testing.T) {
	t.Parallel()
	s := open(t)
	var ids []ref.CartID
	for range 5 {
		ids = append(ids, s.cart(t, 1).ID)
	}
	s.clock.Advance(time.Hour)
	busy := s.with(nil, func(p *ordering.Parts) {
		p.Committer = contested{p.Committer, sync.OnceFunc(func() { s.add(t, ids[2], 2, 1) })}
	})
	if got, err := busy.SweepCarts(t.Context(), 100); err != nil || got.Abandoned != 4 {
		t.Errorf("swept %+v, %v", got, err)
	}
	if q, err := s.Cart(t.Context(), scope(), ids[2]); err != nil || q.Cart.Status != ordering.CartActive {
		t.Errorf("the cart in use is %s, %v", q.Cart.Status, err)
	}
	down := errors.New("down")
	broken := s.with(nil, func(p *ordering.Parts) { p.Committer = committerDown{down} })
	s.clock.Advance(time.Hour)
	if _, err := broken.SweepCarts(t.Context(), 100); !errors.Is(err, down) {
		t.Errorf("without a store: %v", err)
	}
	never := s.with(&ordering.Options{Carts: &ordering.CartPolicy{}}, nil)
	if got, err := never.SweepCarts(t.Context(), 100); err != nil || got.All() != 0 {
		t.Errorf("by a policy that keeps all: %+v, %v", got, err)
	}
}

// committerDown is a committer that fails.
type committerDown struct{ err error }

func (c committerDown) Commit(context.Context, ordering.Commit) (ordering.Outcome, error) {
	return ordering.Outcome{}, c.err
}
