package ordering_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// modelCart is all that the model knows of a cart.
type modelCart struct {
	status   ordering.CartStatus
	version  ref.Version
	customer ref.CustomerID
	pieces   map[byte]int64 // By item.
	changed  time.Time
	into     ref.CartID
	beside   bool // A declined order gave it back.
}

// cartWalk takes the same steps in a shop and in a model.
type cartWalk struct {
	*testing.T
	s       *shop
	random  *rand.Rand
	carts   map[ref.CartID]*modelCart
	ids     []ref.CartID // In the order of their making.
	pending map[ref.CartID]ordering.PlacedOrder
	visited map[ordering.CartStatus]int
	key     int
}

// TestCartWalk walks through the lives of many carts and compares the shop with the model after each step.
func TestCartWalk(t *testing.T) {
	t.Parallel()
	visited := map[ordering.CartStatus]int{}
	for seed := range uint64(4) {
		w := &cartWalk{
			T: t, s: open(t), random: rand.New(rand.NewPCG(20261123, seed)), carts: map[ref.CartID]*modelCart{},
			pending: map[ref.CartID]ordering.PlacedOrder{}, visited: visited,
		}
		for n := byte(1); n <= 3; n++ { // Stock is another walk's business.
			if err := orderingtest.Seed(t, w.s.store.Stock(), "much-"+string(item(n).SKU), item(n).SKU, "main", 1_000_000, now()); err != nil {
				t.Fatal(err)
			}
		}
		for range 700 {
			w.step()
		}
	}
	t.Logf("visited %v", visited)
	for _, s := range ordering.CartMachine.States() {
		if visited[s] < 20 {
			t.Errorf("the walk saw %s %d times; it is to go everywhere", s, visited[s])
		}
	}
}

func (w *cartWalk) step() {
	w.Helper()
	steps := []func(){
		w.create, w.create, w.change, w.change, w.change, w.change, w.order, w.order, w.decide, w.signIn, w.signIn, w.look, w.wait, w.sweep, w.sweep,
	}
	steps[w.random.IntN(len(steps))]()
	w.compare()
}

// any picks a cart, if there is one; late ones more often than early ones.
func (w *cartWalk) any() (ref.CartID, *modelCart) {
	if len(w.ids) == 0 {
		return ref.CartID{}, nil
	}
	id := w.ids[max(w.random.IntN(len(w.ids)), w.random.IntN(len(w.ids)))]
	return id, w.carts[id]
}

func (w *cartWalk) at() time.Time { return w.s.clock.Now() }

func (w *cartWalk) create() {
	n, q := byte(1+w.random.IntN(3)), int64(w.random.IntN(4))
	var lines []ordering.LineRequest
	m := &modelCart{status: ordering.CartActive, version: 1, pieces: map[byte]int64{}, changed: w.at()}
	if q > 0 {
		lines, m.pieces[n] = []ordering.LineRequest{{Variant: variant(n), Quantity: q}}, q
	}
	made, err := w.s.CreateCart(w.Context(), scope(), lines)
	if err != nil {
		w.Fatal(err)
	}
	w.know(made.Cart.ID, m)
}

func (w *cartWalk) know(id ref.CartID, m *modelCart) {
	w.carts[id] = m
	w.ids = append(w.ids, id)
}

// others are the open carts of a customer, the latest change first, but for one.
func (w *cartWalk) others(c ref.CustomerID, but ref.CartID) []ref.CartID {
	var out []ref.CartID
	for _, id := range w.ids {
		if m := w.carts[id]; m.customer == c && m.status.Open() && id != but {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b ref.CartID) int {
		x, y := a.Bytes(), b.Bytes()
		if n := w.carts[b].changed.Compare(w.carts[a].changed); n != 0 {
			return n
		}
		return slices.Compare(y[:], x[:])
	})
	return out
}

// taken tells whether a revived cart would be its customer's second one.
func (w *cartWalk) taken(id ref.CartID, m *modelCart) bool {
	if m.customer.IsZero() || m.status != ordering.CartExpired || m.beside {
		return false
	}
	return slices.ContainsFunc(w.others(m.customer, id), func(o ref.CartID) bool { return !w.carts[o].beside })
}

// refusal is what a change of the cart is refused with, if it is.
func (w *cartWalk) refusal(id ref.CartID, m *modelCart) *fault.Class {
	switch {
	case m.status == ordering.CartDone:
		return &ordering.CartCompleted
	case m.status == ordering.CartMerged:
		return &ordering.CartSuperseded
	case w.taken(id, m):
		return &ordering.CustomerHasCart
	}
	return nil
}

// expect checks an answer and tells whether the step was taken.
func (w *cartWalk) expect(err error, refusal *fault.Class) bool {
	w.Helper()
	if refusal != nil {
		wantClass(w.T, err, *refusal)
		return false
	}
	if err != nil {
		w.Fatal(err)
	}
	return true
}

func (m *modelCart) touch(at time.Time) {
	m.status, m.changed = ordering.CartActive, at
	m.version++
}

func (w *cartWalk) change() {
	id, m := w.any()
	if m == nil {
		return
	}
	refusal := w.refusal(id, m)
	if n := byte(1 + w.random.IntN(3)); w.random.IntN(3) > 0 {
		q := int64(1 + w.random.IntN(3))
		_, err := w.s.AddLine(w.Context(), scope(), id, nil, ordering.LineRequest{Variant: variant(n), Quantity: q})
		if w.expect(err, refusal) {
			m.pieces[n] += q
			m.touch(w.at())
		}
		return
	}
	q, err := w.s.Cart(w.Context(), scope(), id)
	if err != nil || len(q.Lines) == 0 {
		return
	}
	l := q.Lines[w.random.IntN(len(q.Lines))]
	n := l.Variant.UUID()[15]
	want := int64(w.random.IntN(3))
	_, err = w.s.SetQuantity(w.Context(), scope(), id, nil, l.ID, want)
	if w.expect(err, refusal) {
		if m.pieces[n] = want; want == 0 {
			delete(m.pieces, n)
		}
		m.touch(w.at())
	}
}

// order checks a cart out, with a payment that is made, declined, or not decided yet.
func (w *cartWalk) order() {
	id, m := w.any()
	if m == nil {
		return
	}
	token := []string{orderingtest.TillCaptures, orderingtest.TillDeclines, orderingtest.TillWaits}[w.random.IntN(3)]
	w.key++
	r := ordering.CheckoutRequest{Cart: id, Key: string(rune('a'+w.key%26)) + string(rune('0'+w.key/26)), Details: details(), Provider: "till", Token: token}
	p, err := w.s.Checkout(w.Context(), scope(), r)
	refusal := w.refusal(id, m)
	if refusal == &ordering.CustomerHasCart {
		refusal = nil // An expired cart is ordered as it stands and takes no place.
	}
	switch {
	case refusal == nil && len(m.pieces) == 0:
		refusal = &ordering.RequirementsUnmet
	case refusal == nil && token == orderingtest.TillDeclines:
		wantClass(w.T, err, ordering.PaymentDeclined)
		m.touch(w.at())
		m.version++ // Completed and reopened.
		m.beside = true
		return
	}
	if w.expect(err, refusal) {
		m.touch(w.at())
		m.status = ordering.CartDone
		if token == orderingtest.TillWaits {
			w.pending[id] = p
		}
	}
}

// decide tells what came of a pending payment: it was declined.
func (w *cartWalk) decide() {
	for _, id := range w.ids {
		p, waits := w.pending[id]
		if !waits {
			continue
		}
		delete(w.pending, id)
		cart, err := w.s.parts.Carts.Cart(w.Context(), id)
		if err != nil {
			w.Fatal(err)
		}
		a := apply(w.T, ordering.Settlement{
			Sale: ordering.Sale{Order: p.Order, Payments: p.Payments}, Cart: cart, Moment: ordering.Moment{At: w.at(), NextID: w.s.parts.IDs.New},
		}, ordering.ChargeResult{State: ordering.ChargeDeclined})
		if _, err := w.s.parts.Committer.Commit(w.Context(), a.Commit); err != nil {
			w.Fatal(err)
		}
		m := w.carts[id]
		m.touch(w.at())
		m.beside = true
		return
	}
}

func (w *cartWalk) signIn() {
	id, m := w.any()
	if m == nil {
		return
	}
	c := customer(byte(1 + w.random.IntN(3)))
	for m.status == ordering.CartMerged {
		id = m.into
		m = w.carts[id]
		if m == nil || m.customer != c {
			break
		}
	}
	q, err := w.s.AdoptCart(w.Context(), scope(), c, id)
	switch {
	case m == nil, !m.customer.IsZero() && m.customer != c:
		wantClass(w.T, err, fault.Missing)
		return
	case m.status == ordering.CartDone:
		wantClass(w.T, err, ordering.CartCompleted)
		return
	case err != nil:
		w.Fatal(err)
	}
	if others := w.others(c, id); len(others) > 0 {
		w.merge(id, others[0], q)
		return
	}
	if m.customer == c {
		return
	}
	m.touch(w.at())
	m.customer, m.beside = c, false
}

// merge merges the model's carts.
func (w *cartWalk) merge(from, into ref.CartID, q ordering.Quote) {
	w.Helper()
	a, b := w.carts[from], w.carts[into]
	if q.Cart.ID != into {
		w.Fatalf("it was merged into %s, want %s", q.Cart.ID, into)
	}
	for n, q := range a.pieces {
		b.pieces[n] += q
	}
	a.touch(w.at())
	b.touch(w.at())
	a.status, a.into = ordering.CartMerged, into
}

// look asks for a customer's cart.
func (w *cartWalk) look() {
	c := customer(byte(1 + w.random.IntN(3)))
	others := w.others(c, ref.CartID{})
	q, err := w.s.CustomerCart(w.Context(), scope(), c)
	switch {
	case err != nil:
		w.Fatal(err)
	case len(others) == 0:
		w.know(q.Cart.ID, &modelCart{status: ordering.CartActive, version: 1, customer: c, pieces: map[byte]int64{}, changed: w.at()})
	case len(others) == 1 && q.Cart.ID != others[0]:
		w.Errorf("the cart is %s, want %s", q.Cart.ID, others[0])
	case len(others) > 1:
		w.merge(others[1], others[0], q)
	}
}

// wait lets time pass: minutes, hours or weeks.
func (w *cartWalk) wait() {
	w.s.clock.Advance([]time.Duration{time.Minute, 40 * time.Minute, 2 * time.Hour, 8 * 24 * time.Hour, 31 * 24 * time.Hour}[w.random.IntN(5)])
}

// sweep does to the model what time does.
func (w *cartWalk) sweep() {
	const day = 24 * time.Hour
	var want ordering.CartSweep
	for _, id := range slices.Clone(w.ids) {
		m := w.carts[id]
		idle := w.at().Sub(m.changed)
		next := m.status
		switch {
		case m.status == ordering.CartActive && len(m.pieces) > 0 && idle >= time.Hour:
			next = ordering.CartAbandoned
			want.Abandoned++
		case m.status == ordering.CartActive && len(m.pieces) == 0 && idle >= 7*day, m.status == ordering.CartAbandoned && idle >= 30*day:
			next = ordering.CartExpired
			want.Expired++
		case (m.status == ordering.CartExpired || m.status == ordering.CartMerged) && idle >= 30*day:
			want.Purged++
			delete(w.carts, id)
			w.ids = slices.DeleteFunc(w.ids, func(o ref.CartID) bool { return o == id })
			continue
		}
		if next != m.status {
			m.touch(w.at())
			m.status = next
		}
	}
	if got, err := w.s.SweepCarts(w.Context(), 10_000); err != nil || got != want {
		w.Fatalf("swept %+v, %v, want %+v", got, err, want)
	}
}

// compare demands that the shop has what the model has.
func (w *cartWalk) compare() {
	w.Helper()
	open := map[ref.CustomerID]int{}
	for _, id := range w.ids {
		m := w.carts[id]
		w.visited[m.status]++
		c, err := w.s.parts.Carts.Cart(w.Context(), id)
		if err != nil {
			w.Fatal(err)
		}
		got := map[byte]int64{}
		for _, l := range c.Lines {
			got[l.Variant.UUID()[15]] += l.Quantity
		}
		same := len(got) == len(m.pieces)
		for n, q := range m.pieces {
			same = same && got[n] == q
		}
		if !same || c.Status != m.status || c.Version != m.version || c.Customer != m.customer || !c.UpdatedAt.Equal(m.changed) ||
			c.Successor != m.into || c.Order.IsZero() == (m.status == ordering.CartDone) {
			w.Fatalf("the cart is %+v, pieces %v\nthe model %+v", c, got, *m)
		}
		if !m.customer.IsZero() && m.status.Open() && !c.Reopened {
			open[m.customer]++
		}
	}
	for c, n := range open {
		if n > 1 {
			w.Errorf("%s has %d open carts", c, n)
		}
	}
}
