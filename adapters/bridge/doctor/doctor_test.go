package doctor_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// crooked shows a store's data with changes, as if something had written them below the ports.
type crooked struct {
	ordering.Orders
	orders func(*ordering.OrderAudit)
	carts  func(*ordering.CartAudit)
	lines  func(map[ref.OrderID][]ref.ClaimID)
}

func (c crooked) auditor() ordering.Auditor {
	a, _ := ports.As[ordering.Auditor](c.Orders)
	return a
}

func (c crooked) AuditOrders(ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
	out, err := c.auditor().AuditOrders(ctx, after, limit)
	for i := range out {
		if c.orders != nil {
			c.orders(&out[i])
		}
	}
	return out, err
}

func (c crooked) AuditCarts(ctx context.Context, after ref.CartID, limit int) ([]ordering.CartAudit, error) {
	out, err := c.auditor().AuditCarts(ctx, after, limit)
	for i := range out {
		if c.carts != nil {
			c.carts(&out[i])
		}
	}
	return out, err
}

func (c crooked) ClaimsOf(ctx context.Context, orders []ref.OrderID) (map[ref.OrderID][]ref.ClaimID, error) {
	out, err := c.auditor().ClaimsOf(ctx, orders)
	if c.lines != nil {
		c.lines(out)
	}
	return out, err
}

// crookedStock does it with stock.
type crookedStock struct {
	inventory.Stock
	levels   func(*inventory.LevelAudit)
	claims   func(*inventory.Claim)
	promises func(*inventory.PromiseAudit)
}

// changed applies a change to a page.
func changed[T any](page []T, change func(*T)) []T {
	for i := range page {
		if change != nil {
			change(&page[i])
		}
	}
	return page
}

func (c crookedStock) AuditPromises(ctx context.Context, after ref.SKU, limit int) ([]inventory.PromiseAudit, error) {
	a, _ := ports.As[inventory.Auditor](c.Stock)
	out, err := a.AuditPromises(ctx, after, limit)
	return changed(out, c.promises), err
}

func (c crookedStock) AuditLevels(ctx context.Context, after inventory.LevelKey, limit int) ([]inventory.LevelAudit, error) {
	a, _ := ports.As[inventory.Auditor](c.Stock)
	out, err := a.AuditLevels(ctx, after, limit)
	return changed(out, c.levels), err
}

func (c crookedStock) AuditClaims(ctx context.Context, after ref.ClaimID, limit int) ([]inventory.Claim, error) {
	a, _ := ports.As[inventory.Auditor](c.Stock)
	out, err := a.AuditClaims(ctx, after, limit)
	return changed(out, c.claims), err
}

// crookedOutbox does it with events.
type crookedOutbox struct {
	ports.Outbox
	change func([]ports.Delivery) []ports.Delivery
}

func (c crookedOutbox) AuditEvents(ctx context.Context, after ports.Cursor, limit int) ([]ports.Delivery, error) {
	a, _ := ports.As[ports.OutboxAuditor](c.Outbox)
	out, err := a.AuditEvents(ctx, after, limit)
	return c.change(out), err
}

// shop is a shop with an order of each kind: paid, waiting for its payment, and cancelled.
func shop(t *testing.T) (*shoptest.Shop, doctor.Sources) {
	t.Helper()
	s := shoptest.New(t, nil)
	mug := s.Product(t, shoptest.Product{Title: "Mug", Price: "9.99", Stock: 20}).Variants[0].SKU
	lid := s.Product(t, shoptest.Product{Title: "Lid", Price: "1.01", Stock: 20}).Variants[0].SKU
	both := []shoptest.Line{{SKU: mug, Quantity: 2}, {SKU: lid}}
	s.Order(t, shoptest.Order{Lines: both})
	s.Order(t, shoptest.Order{Lines: both, Pay: shoptest.CapturesLater})
	if _, err := s.Ordering.Checkout(t.Context(), s.Scope(), s.Request(t, shoptest.Order{Lines: both, Pay: shoptest.Declines})); !fault.Is(err, ordering.PaymentDeclined) {
		t.Fatalf("declined: %v", err)
	}
	s.Cart(t, shoptest.Line{SKU: mug})
	if _, err := s.Inventory.SetPolicies(t.Context(), []inventory.Policy{{SKU: mug, Kind: inventory.Backorder, Limit: 5}}); err != nil {
		t.Fatal(err)
	}
	return s, doctor.Sources{
		Orders: s.Plain.Orders, Stock: s.Plain.Stock, Outbox: s.Plain.Outbox, Prices: s.Plain.Prices,
		Products: s.Plain.Upkeep, Providers: s.Plain.Providers, Clock: s.Clock,
	}
}

// examine reports with pages of two, so that everything is read in pages.
func examine(t *testing.T, s doctor.Sources) doctor.Report {
	t.Helper()
	d, err := doctor.New(s, &doctor.Options{Page: 2})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASoundShop(t *testing.T) {
	t.Parallel()
	_, sources := shop(t)
	r := examine(t, sources)
	if !r.Clean() {
		t.Errorf("found %+v", r.Findings)
	}
	for what, n := range map[string]int64{"orders": 3, "carts": 4, "levels": 2, "promises": 1, "claims": 6, "events": 16, "prices": 2} {
		if r.Examined[what] != n {
			t.Errorf("%d %s were examined, want %d", r.Examined[what], what, n)
		}
	}
}

// with gives the sources with crooked orders.
func with(orders func(*ordering.OrderAudit)) func(doctor.Sources) doctor.Sources {
	return func(s doctor.Sources) doctor.Sources {
		s.Orders = crooked{Orders: s.Orders, orders: orders}
		return s
	}
}

// placed limits a change to orders with a status.
func having(status ordering.Status, change func(*ordering.OrderAudit)) func(*ordering.OrderAudit) {
	return func(a *ordering.OrderAudit) {
		if a.Order.Status == status {
			change(a)
		}
	}
}

func stock(levels func(*inventory.LevelAudit)) func(doctor.Sources) doctor.Sources {
	return func(s doctor.Sources) doctor.Sources {
		s.Stock = crookedStock{Stock: s.Stock, levels: levels}
		return s
	}
}

// shapes changes claims that are in a state.
func shapes(state inventory.ClaimState, change func(*inventory.Claim)) func(doctor.Sources) doctor.Sources {
	return func(s doctor.Sources) doctor.Sources {
		s.Stock = crookedStock{Stock: s.Stock, claims: func(c *inventory.Claim) {
			if c.State == state {
				change(c)
			}
		}}
		return s
	}
}

func entries(a *ordering.OrderAudit, add ...ordering.PaymentEntry) {
	a.Payments[0].Entries = append(slices.Clone(a.Payments[0].Entries), add...)
}

func entry(kind ordering.PaymentEntryKind, minor int64) ordering.PaymentEntry {
	return ordering.PaymentEntry{Kind: kind, Amount: money.New(minor, money.GBP)}
}

// faults are what each check finds.
var faults = []struct {
	name   string
	check  string
	number int64 // Of findings.
	plant  func(doctor.Sources) doctor.Sources
}{
	{"more is reserved than is there", doctor.LevelBounds, 2, stock(func(a *inventory.LevelAudit) {
		a.Reserved, a.ReservedSum, a.Held = 21, 21, 21
	})},
	{"less than nothing is reserved", doctor.LevelBounds, 2, stock(func(a *inventory.LevelAudit) {
		a.Reserved, a.ReservedSum, a.Held = -1, -1, -1
	})},
	{"a movement is lost", doctor.LevelLedger, 2, stock(func(a *inventory.LevelAudit) { a.OnHandSum-- })},
	{"a reservation without a movement", doctor.LevelLedger, 2, stock(func(a *inventory.LevelAudit) { a.ReservedSum-- })},
	{"a claim leaks", doctor.LevelHeld, 2, stock(func(a *inventory.LevelAudit) { a.Held-- })},
	{"goods left without a claim", doctor.LevelGone, 2, stock(func(a *inventory.LevelAudit) { a.GoneSum++ })},
	{"more is owed than to anybody", doctor.PromiseOwed, 1, func(s doctor.Sources) doctor.Sources {
		s.Stock = crookedStock{Stock: s.Stock, promises: func(p *inventory.PromiseAudit) { p.Owed++ }}
		return s
	}},
	{"a held claim of nothing", doctor.ClaimShape, 4, shapes(inventory.Held, func(c *inventory.Claim) { c.Parts = nil })},
	{"a released claim that holds", doctor.ClaimShape, 2, shapes(inventory.Released, func(c *inventory.Claim) { c.Owed = 1 })},
	{"a released claim of which some left", doctor.ClaimShape, 2, shapes(inventory.Released, func(c *inventory.Claim) { c.Sent = []inventory.Part{{Location: "main", Quantity: 1}} })},
	{"a consumed claim of which nothing left", doctor.ClaimShape, 2, shapes(inventory.Released, func(c *inventory.Claim) { c.State = inventory.Consumed })},
	{"more came back than left", doctor.ClaimShape, 4, shapes(inventory.Held, func(c *inventory.Claim) { c.Back = 1 })},
	{"a line without a claim", doctor.LineClaim, 3, with(func(a *ordering.OrderAudit) { a.Claims = a.Claims[1:] })},
	{"a claim on something else", doctor.LineClaim, 3, with(func(a *ordering.OrderAudit) { a.Claims[0].SKU = "OTHER" })},
	{"a claim on more", doctor.LineClaim, 3, with(func(a *ordering.OrderAudit) { a.Claims[0].Quantity++ })},
	{"another order's claim", doctor.LineClaim, 3, with(func(a *ordering.OrderAudit) { a.Claims[0].Owner = "ord_other" })},
	{"two lines with one claim", doctor.LineClaim, 3, with(func(a *ordering.OrderAudit) {
		a.Order.Lines = slices.Clone(a.Order.Lines)
		a.Order.Lines[1].Claim = a.Order.Lines[0].Claim
	})},
	{"a claim that was not released", doctor.ClaimState, 1, with(having(ordering.Cancelled, func(a *ordering.OrderAudit) { a.Claims[0].Held = 2 }))},
	{"a placed order whose claim was released", doctor.ClaimState, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { a.Claims[0].Held = 0 }))},
	{"goods that left before the payment", doctor.LineClaim, 1, with(having(ordering.Pending, func(a *ordering.OrderAudit) { a.Claims[0].Gone = 1 }))},
	{"a placed order whose claim has an end", doctor.ClaimState, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { a.Claims[0].Until = a.Order.CreatedAt }))},
	{"a claim of nobody", doctor.ClaimLine, 2, func(s doctor.Sources) doctor.Sources {
		s.Orders = crooked{Orders: s.Orders, lines: func(m map[ref.OrderID][]ref.ClaimID) {
			for id, o := range m {
				if first, err := firstOrder(s); err == nil && id == first {
					m[id] = o[:0]
				}
			}
		}}
		return s
	}},
	{"a payment above the total", doctor.PaymentBounds, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { a.Payments[0].Amount = money.New(9999, money.GBP) }))},
	{"a payment of another order", doctor.PaymentBounds, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { a.Payments[0].Order = ref.OrderID{} }))},
	{"captured twice", doctor.PaymentBounds, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { entries(a, entry(ordering.EntryCaptured, 2099)) }))},
	{"refunded more than captured", doctor.PaymentBounds, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { entries(a, entry(ordering.EntryRefunded, 2100)) }))},
	{"captured beyond what was authorised", doctor.PaymentBounds, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { entries(a, entry(ordering.EntryCaptureRequested, 100)) }))},
	{"given up after it was taken", doctor.PaymentBounds, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { entries(a, entry(ordering.EntryVoided, 100)) }))},
	{"placed and not paid", doctor.PaymentDue, 1, with(having(ordering.Placed, func(a *ordering.OrderAudit) { a.Payments[0].Entries = a.Payments[0].Entries[:1] }))},
	{"cancelled and paid", doctor.PaymentLeft, 1, with(having(ordering.Cancelled, func(a *ordering.OrderAudit) { entries(a, entry(ordering.EntryCaptured, 2099)) }))},
	{"a line that costs something else", doctor.OrderTotal, 3, with(func(a *ordering.OrderAudit) {
		a.Order.Lines = slices.Clone(a.Order.Lines)
		a.Order.Lines[0].Total = money.New(1, money.GBP)
	})},
	{"a subtotal that is no sum", doctor.OrderTotal, 3, with(func(a *ordering.OrderAudit) { a.Order.Totals.Subtotal = money.New(1, money.GBP) })},
	{"a total that is no sum", doctor.OrderTotal, 3, with(func(a *ordering.OrderAudit) { a.Order.Totals.Shipping = money.New(1, money.GBP) })},
	{"two currencies", doctor.OrderTotal, 3, with(func(a *ordering.OrderAudit) { a.Order.Totals.Tax = money.New(0, money.MustCurrency("EUR")) })},
	{"less than nothing", doctor.OrderTotal, 3, with(func(a *ordering.OrderAudit) { a.Order.Totals.Discount = money.New(-1, money.GBP) })},
	{"two live orders of a cart", doctor.CartOrder, 2, carts(func(a *ordering.CartAudit) {
		if len(a.Live) > 0 {
			a.Live = append(a.Live, a.Live[0])
		}
	})},
	{"a completed cart that knows no order", doctor.CartOrder, 2, carts(func(a *ordering.CartAudit) { a.Cart.Order = ref.OrderID{} })},
	{"a completed cart with another order", doctor.CartOrder, 2, carts(func(a *ordering.CartAudit) {
		if len(a.Live) > 0 {
			a.Live = []ref.OrderID{{}}
		}
	})},
	{"an active cart with an order", doctor.CartOrder, 2, carts(func(a *ordering.CartAudit) { a.Cart.Status = ordering.CartActive })},
	{"an event is lost", doctor.OrderEvents, 1, told(func(d ports.Delivery) []ports.Delivery {
		if d.Event.Name == (ordering.OrderPlaced{}).EventName() {
			return nil
		}
		return []ports.Delivery{d}
	})},
	{"an event is told twice", doctor.OrderEvents, 1, told(func(d ports.Delivery) []ports.Delivery {
		if d.Event.Name == (ordering.OrderCancelled{}).EventName() {
			return []ports.Delivery{d, d}
		}
		return []ports.Delivery{d}
	})},
	{"an event of an order that is not there", doctor.EventOrder, 1, told(func(d ports.Delivery) []ports.Delivery {
		if d.Event.Name == (ordering.OrderCancelled{}).EventName() {
			return []ports.Delivery{d, {Cursor: d.Cursor, Event: event.Event{Name: d.Event.Name, Aggregate: ref.NewID[ref.OrderKind]([16]byte{9}).String(), At: d.Event.At}}}
		}
		return []ports.Delivery{d}
	})},
	{"an event of what did not happen", doctor.EventOrder, 1, told(func(d ports.Delivery) []ports.Delivery {
		if d.Event.Name == (ordering.OrderPlaced{}).EventName() {
			lie := d
			lie.Event.Name = ordering.OrderCancelled{}.EventName()
			return []ports.Delivery{d, lie}
		}
		return []ports.Delivery{d}
	})},
	{"a price of nothing", doctor.PriceVariant, 2, func(s doctor.Sources) doctor.Sources {
		s.Products = bare{s.Products}
		return s
	}},
	{"an order waits for ever", doctor.OrderOverdue, 1, later(func(a *ordering.OrderAudit) { a.Claims[0].Until, a.Claims[1].Until = time.Time{}, time.Time{} })},
	{"a claim is held past its time", doctor.ClaimOverdue, 2, later(func(a *ordering.OrderAudit) { a.Order.Due = time.Time{} })},
}

// bare is a catalogue without products.
type bare struct{ catalog.Upkeep }

func (bare) Walk(context.Context, ref.ProductID, int) ([]catalog.Product, error) { return nil, nil }

func carts(change func(*ordering.CartAudit)) func(doctor.Sources) doctor.Sources {
	return func(s doctor.Sources) doctor.Sources {
		s.Orders = crooked{Orders: s.Orders, carts: change}
		return s
	}
}

func told(change func(ports.Delivery) []ports.Delivery) func(doctor.Sources) doctor.Sources {
	return func(s doctor.Sources) doctor.Sources {
		s.Outbox = crookedOutbox{s.Outbox, func(in []ports.Delivery) []ports.Delivery {
			out := make([]ports.Delivery, 0, len(in))
			for _, d := range in {
				out = append(out, change(d)...)
			}
			return out
		}}
		return s
	}
}

// later examines an hour later, what the change leaves.
func later(change func(*ordering.OrderAudit)) func(doctor.Sources) doctor.Sources {
	return func(s doctor.Sources) doctor.Sources {
		s.Clock = shoptest.NewClock(shoptest.Morning().Add(time.Hour))
		s.Orders = crooked{Orders: s.Orders, orders: having(ordering.Pending, change)}
		return s
	}
}

func firstOrder(s doctor.Sources) (ref.OrderID, error) {
	a, ok := ports.As[ordering.Auditor](s.Orders)
	if !ok {
		return ref.OrderID{}, errors.New("no auditor")
	}
	page, err := a.AuditOrders(context.Background(), ref.OrderID{}, 1)
	if err != nil {
		return ref.OrderID{}, err
	}
	return page[0].Order.ID, nil
}

// TestEveryCheckFindsItsFault: what is planted is found by the check that is for it, and by no other.
func TestEveryCheckFindsItsFault(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, tc := range faults {
		found[tc.check] = true
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, sources := shop(t)
			r := examine(t, tc.plant(sources))
			if r.Count != tc.number {
				t.Errorf("%d findings, want %d: %+v", r.Count, tc.number, r.Findings)
			}
			for _, f := range r.Findings {
				if f.Check != tc.check || f.Invariant == "" || f.Subject == "" || f.Expected == f.Got {
					t.Errorf("got %+v, want %s", f, tc.check)
				}
			}
		})
	}
	for _, c := range doctor.Checks() {
		if !found[c.Name] {
			t.Errorf("no fault is planted for %s", c.Name)
		}
	}
}

func TestFindingsAreBoundedAndAllCounted(t *testing.T) {
	t.Parallel()
	_, sources := shop(t)
	d, err := doctor.New(with(func(a *ordering.OrderAudit) { a.Claims = nil })(sources), &doctor.Options{Most: 2})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Examine(t.Context())
	if err != nil || r.Count != 6 || len(r.Findings) != 2 || r.Clean() {
		t.Errorf("%d findings of %d, %v; want 2 of 6", len(r.Findings), r.Count, err)
	}
}

func TestOnlyAuditorsAreExamined(t *testing.T) {
	t.Parallel()
	_, sources := shop(t)
	for name, s := range map[string]doctor.Sources{
		"orders": {Stock: sources.Stock, Outbox: sources.Outbox, Clock: sources.Clock},
		"stock":  {Orders: sources.Orders, Outbox: sources.Outbox, Clock: sources.Clock},
		"outbox": {Orders: sources.Orders, Stock: sources.Stock, Clock: sources.Clock},
		"prices": {Orders: sources.Orders, Stock: sources.Stock, Outbox: sources.Outbox, Products: sources.Products, Clock: sources.Clock},
	} {
		_, err := doctor.New(s, nil)
		if !fault.Is(err, fault.Bad) || len(fault.Of(err).Violations()) != 1 || fault.Of(err).Violations()[0].Field() != name {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestAStoreThatIsDown(t *testing.T) {
	t.Parallel()
	s, _ := shop(t)
	for _, method := range [][2]string{
		{"ordering.Auditor", "AuditOrders"},
		{"ordering.Auditor", "AuditCarts"},
		{"ordering.Auditor", "ClaimsOf"},
		{"inventory.Auditor", "AuditLevels"},
		{"inventory.Auditor", "AuditClaims"},
		{"inventory.Auditor", "AuditPromises"},
		{"ports.OutboxAuditor", "AuditEvents"},
	} {
		s.Faults.On(method[0], method[1], faulty.Fault{Kind: faulty.Before})
		d, err := doctor.New(doctor.Sources{Orders: s.Ports.Orders, Stock: s.Ports.Stock, Outbox: s.Ports.Outbox, Clock: s.Clock}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Examine(t.Context()); err == nil || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%v: got %v", method, err)
		}
	}
}
