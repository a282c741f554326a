package orderingtest

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// TestAuditor proves an ordering.Auditor, which is found through the harness's Orders; see TestCommitter.
func TestAuditor(t *testing.T, open func(t *testing.T) Harness, f Features) {
	t.Helper()
	run(t, AuditorClauses(), with(open, f))
}

// AuditorClauses are the clauses of ordering.Auditor.
func AuditorClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "audit-orders", Case: "pages of every size", Run: auditPages},
		{ID: "audit-orders", Case: "others come meanwhile", Run: auditGrows},
		{ID: "audit-moment", Case: "all that hangs on it", Run: auditWhole},
		{ID: "audit-moment", Case: "while it is settled", Run: auditAtOneMoment},
		{ID: "audit-carts", Case: "pages of every size", Run: auditCartPages},
		{ID: "audit-carts", Case: "live orders", Run: auditLive},
		{ID: "audit-lines", Case: "of orders with and without", Run: auditLines},
	}
}

// auditor finds the capability.
func (w *world) auditor() ordering.Auditor {
	w.Helper()
	a, ok := ports.As[ordering.Auditor](w.h.Orders)
	if !ok {
		w.Fatalf("the store's orders are no ordering.Auditor")
	}
	return a
}

// walkMost is after how many pages a walk has no end.
const walkMost = 100

// walkOrders reads all orders in pages of a size.
func (w *world) walkOrders(size int, each func(page int)) []ref.OrderID {
	w.Helper()
	var out []ref.OrderID
	var after ref.OrderID
	for n := 0; ; n++ {
		page, err := w.auditor().AuditOrders(w.Context(), after, size)
		if err != nil || len(page) > size || n > walkMost {
			w.Fatalf("page %d of %d orders: %d, %v", n, size, len(page), err)
		}
		for _, a := range page {
			after = a.Order.ID
			out = append(out, after)
		}
		if each != nil {
			each(n)
		}
		if len(page) == 0 {
			return out
		}
	}
}

func auditPages(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var wanted []ref.OrderID
	w.same("no orders", len(w.walkOrders(3, nil)), 0)
	w.seed("A", 20)
	for range 7 {
		wanted = append(wanted, w.order(want{"A", 1}).order.ID)
	}
	slices.SortFunc(wanted, ref.OrderID.Compare)
	for _, size := range []int{1, 2, 3, 7, 100} {
		w.same(fmt.Sprintf("the orders in pages of %d", size), w.walkOrders(size, nil), wanted)
	}
}

func auditGrows(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 20)
	var wanted []ref.OrderID
	for range 5 {
		wanted = append(wanted, w.order(want{"A", 1}).order.ID)
	}
	got := w.walkOrders(2, func(page int) {
		if page < 2 {
			w.order(want{"A", 1})
		}
	})
	for _, id := range wanted {
		if !slices.Contains(got, id) {
			w.Errorf("order %s was left out", id)
		}
	}
	if sorted := slices.SortedFunc(slices.Values(got), ref.OrderID.Compare); !slices.Equal(got, slices.Compact(sorted)) {
		w.Errorf("the orders came as %v", got)
	}
}

// one audits the orders of the store and gives the one with the id.
func (w *world) one(id ref.OrderID) ordering.OrderAudit {
	w.Helper()
	page, err := w.auditor().AuditOrders(w.Context(), ref.OrderID{}, 100)
	if err != nil {
		w.Fatalf("auditing: %v", err)
	}
	i := slices.IndexFunc(page, func(a ordering.OrderAudit) bool { return a.Order.ID == id })
	if i < 0 {
		w.Fatalf("order %s is not audited", id)
	}
	return page[i]
}

func auditWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 10)
	w.seed("B", 10)
	full := w.fullOrder()
	early := w.fullPayment(full)
	w.keepOrder(full, early, w.fullPayment(full))
	p := w.order(want{"A", 2}, want{"B", 3})
	for _, id := range []ref.OrderID{full.ID, p.order.ID} {
		o, payments, err := w.h.Orders.Order(w.Context(), id)
		if err != nil {
			w.Fatalf("reading an order: %v", err)
		}
		a := w.one(id)
		w.same("the order", normalOrder(a.Order), normalOrder(o))
		w.same("its payments", normalPayments(a.Payments), normalPayments(payments))
	}
	w.same("claims of an order that claimed nothing", len(w.one(full.ID).Claims), 0)
	var wanted []ordering.ClaimFact
	for i, e := range p.commit.Stock {
		wanted = append(wanted, ordering.ClaimFact{
			Claim: e.Claim, SKU: p.order.Lines[i].SKU, Owner: p.order.ID.String(), State: "held", Quantity: e.Quantity, Held: e.Quantity, Until: e.Until,
		})
	}
	w.same("its claims", w.one(p.order.ID).Claims, wanted)
	done := w.settle(p, ordering.ChargeDeclined)
	w.accept(done.commit)
	for i := range wanted {
		wanted[i].State, wanted[i].Held = "released", 0
	}
	w.same("its claims when it is cancelled", w.one(p.order.ID).Claims, wanted)
}

// auditAtOneMoment audits while orders are cancelled: an order, its payment and its claims change together.
func auditAtOneMoment(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 1)
	const atLeast, atMost = 30, 3000
	var reads atomic.Int64
	stop := make(chan struct{})
	torn := make(chan string, 3)
	var readers sync.WaitGroup
	auditor := w.auditor()
	for range cap(torn) {
		readers.Go(func() {
			var after ref.OrderID
			for {
				select {
				case <-stop:
					return
				default:
				}
				page, err := auditor.AuditOrders(w.Context(), after, 2)
				reads.Add(1)
				runtime.Gosched() // Where one processor runs all, the writer comes in between.
				if err != nil {
					torn <- err.Error()
					return
				}
				for _, a := range page {
					pending := a.Order.Status == ordering.Pending
					if len(a.Claims) != 1 || len(a.Payments) != 1 || pending != (a.Claims[0].State == "held") || pending == a.Payments[0].Settled() {
						torn <- fmt.Sprintf("an order that is %s with %+v and %+v", a.Order.Status, a.Claims, a.Payments)
						return
					}
				}
				if len(page) > 1 {
					after = page[0].Order.ID // Stay near the end, where something happens.
				}
			}
		})
	}
	for n := 0; n < atLeast || n < atMost && reads.Load() < 10*atLeast && len(torn) == 0; n++ {
		p := w.order(want{"A", 1})
		runtime.Gosched()
		w.accept(w.settle(p, ordering.ChargeDeclined).commit)
		runtime.Gosched()
	}
	close(stop)
	readers.Wait()
	close(torn)
	for text := range torn {
		w.Errorf("an auditor saw %s", text)
	}
}

func auditCartPages(t TB, open func(TB) Harness) {
	w := begin(t, open)
	var wanted []ordering.Cart
	for n := range 7 {
		wanted = append(wanted, w.cart(want{ref.SKU(fmt.Sprintf("S%d", n)), int64(n + 1)}))
	}
	slices.SortFunc(wanted, func(a, b ordering.Cart) int {
		x, y := a.ID.Bytes(), b.ID.Bytes()
		return slices.Compare(x[:], y[:])
	})
	for _, size := range []int{1, 3, 7, 100} {
		var got []ordering.Cart
		var after ref.CartID
		for n := 0; ; n++ {
			page, err := w.auditor().AuditCarts(w.Context(), after, size)
			if err != nil || len(page) > size || n > walkMost {
				w.Fatalf("page %d of %d carts: %d, %v", n, size, len(page), err)
			}
			for _, a := range page {
				after = a.Cart.ID
				got = append(got, a.Cart)
			}
			if len(page) == 0 {
				break
			}
		}
		w.same(fmt.Sprintf("%d carts in pages of %d", len(got), size), each(got, normalCart), each(wanted, normalCart))
	}
}

// each applies f to every element.
func each[T any](in []T, f func(T) T) []T {
	out := make([]T, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

func auditLive(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 10)
	fresh := w.cart(want{"A", 1})
	live := w.order(want{"A", 1})
	dead := w.order(want{"A", 1})
	w.accept(w.settle(dead, ordering.ChargeDeclined).commit)
	page, err := w.auditor().AuditCarts(w.Context(), ref.CartID{}, 100)
	if err != nil || len(page) != 3 {
		w.Fatalf("%d carts, %v; want 3", len(page), err)
	}
	for _, a := range page {
		switch a.Cart.ID {
		case live.cart.ID:
			w.same("of the ordered cart", a.Live, []ref.OrderID{live.order.ID})
		case dead.cart.ID, fresh.ID:
			w.same("of a cart without an order", len(a.Live), 0)
		default:
			w.Errorf("a cart of nobody: %s", a.Cart.ID)
		}
	}
}

func auditLines(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 10)
	w.seed("B", 10)
	p := w.order(want{"B", 1}, want{"A", 1})
	bare := w.fullOrder()
	bare.Lines = nil
	w.keepOrder(bare)
	unknown := ref.NewID[ref.OrderKind](w.id())
	got, err := w.auditor().ClaimsOf(w.Context(), []ref.OrderID{unknown, p.order.ID, bare.ID})
	if err != nil {
		w.Fatalf("reading the claims of orders: %v", err)
	}
	_, found := got[unknown]
	_, known := got[bare.ID]
	w.same("orders that are known", []bool{found, known, len(got[bare.ID]) == 0}, []bool{false, true, true})
	w.same("the claims of two lines", got[p.order.ID], []ref.ClaimID{p.order.Lines[0].Claim, p.order.Lines[1].Claim})
	none, err := w.auditor().ClaimsOf(w.Context(), nil)
	if err != nil || len(none) != 0 {
		w.Errorf("of nothing: %v, %v", none, err)
	}
}
