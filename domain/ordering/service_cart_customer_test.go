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

// adopt signs a customer in with a cart.
func (s *shop) adopt(t *testing.T, c ref.CustomerID, id ref.CartID) ordering.Quote {
	t.Helper()
	q, err := s.AdoptCart(t.Context(), scope(), c, id)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestCustomerCart(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := customer(1)
	q, err := s.CustomerCart(t.Context(), scope(), ada)
	if err != nil || q.Cart.Customer != ada || q.Cart.Version != 1 || len(q.Lines) != 0 {
		t.Fatalf("got %+v, %v", q, err)
	}
	s.add(t, q.Cart.ID, 1, 2)
	again, err := s.CustomerCart(t.Context(), scope(), ada)
	if err != nil || again.Cart.ID != q.Cart.ID || len(again.Lines) != 1 {
		t.Errorf("on another device: %+v, %v", again, err)
	}
	for name, in := range map[string]ref.Scope{
		"channel":  {Channel: "market", Currency: money.GBP, At: now()},
		"currency": {Channel: ref.DefaultChannel, Currency: money.EUR, At: now()},
	} {
		if other, err := s.CustomerCart(t.Context(), in, ada); err != nil || other.Cart.ID == q.Cart.ID {
			t.Errorf("in another %s: %+v, %v", name, other, err)
		}
	}
	if bobs, err := s.CustomerCart(t.Context(), scope(), customer(2)); err != nil || bobs.Cart.ID == q.Cart.ID {
		t.Errorf("another customer's: %+v, %v", bobs, err)
	}
	_, err = s.CustomerCart(t.Context(), scope(), ref.CustomerID{})
	wantFields(t, err, "customer")
	s.checkout(t, request(again.Cart, orderingtest.TillCaptures))
	if next, err := s.CustomerCart(t.Context(), scope(), ada); err != nil || next.Cart.ID == q.Cart.ID || len(next.Lines) != 0 {
		t.Errorf("after an order: %+v, %v", next, err)
	}
}

func TestCustomerCartIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	var all sync.WaitGroup
	ids := make([]ref.CartID, 16)
	for i := range ids {
		all.Go(func() {
			q, err := s.CustomerCart(t.Context(), scope(), customer(1))
			if err != nil {
				t.Error(err)
			}
			ids[i] = q.Cart.ID
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Error("a customer has two carts")
		}
	}
}

func TestAdoptCart(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := customer(1)
	guest := s.cart(t, 2)
	q := s.adopt(t, ada, guest.ID)
	if q.Cart.ID != guest.ID || q.Cart.Customer != ada || q.Cart.Version != 2 || q.Lines[0].Quantity != 2 {
		t.Fatalf("got %+v", q)
	}
	if again := s.adopt(t, ada, guest.ID); again.Cart.Version != 2 {
		t.Errorf("again: version %d", again.Cart.Version)
	}
	if got := s.told(t, ordering.CartSubject(guest.ID)); !slices.Equal(got, []string{"ordering.cart_adopted"}) {
		t.Errorf("told %q", got)
	}
	second := s.cart(t, 3)
	merged := s.adopt(t, ada, second.ID)
	if merged.Cart.ID != guest.ID || merged.Lines[0].Quantity != 5 {
		t.Fatalf("merged %+v", merged)
	}
	if again := s.adopt(t, ada, second.ID); again.Cart.ID != guest.ID || again.Cart.Version != merged.Cart.Version {
		t.Errorf("again: %+v", again.Cart)
	}
	_, err := s.AddLine(t.Context(), scope(), second.ID, nil, ordering.LineRequest{Variant: variant(1), Quantity: 1})
	wantClass(t, err, ordering.CartSuperseded)
	_, err = s.Checkout(t.Context(), scope(), request(second, orderingtest.TillCaptures))
	wantClass(t, err, ordering.CartSuperseded)
	for name, tc := range map[string]struct {
		customer ref.CustomerID
		cart     ref.CartID
		class    fault.Class
	}{
		"nobody":                         {ref.CustomerID{}, guest.ID, fault.Bad},
		"no cart":                        {ada, ref.NewCartID([20]byte{9}), fault.Missing},
		"another's cart":                 {customer(2), guest.ID, fault.Missing},
		"what went into another's cart":  {customer(2), second.ID, fault.Missing},
		"another's cart by no cart's id": {ada, ref.CartID{}, fault.Missing},
	} {
		if _, err := s.AdoptCart(t.Context(), scope(), tc.customer, tc.cart); !fault.Is(err, tc.class) {
			t.Errorf("%s: %v, want %s", name, err, tc.class.Code())
		}
	}
	p := s.checkout(t, request(merged.Cart, orderingtest.TillCaptures))
	if p.Order.Customer != ada {
		t.Errorf("the order is %s's", p.Order.Customer)
	}
	_, err = s.AdoptCart(t.Context(), scope(), ada, guest.ID)
	wantClass(t, err, ordering.CartCompleted)
	_, err = s.AdoptCart(t.Context(), scope(), ada, second.ID)
	wantClass(t, err, ordering.CartCompleted)
}

func TestAdoptCartByPolicy(t *testing.T) {
	t.Parallel()
	for _, policy := range ordering.MergePolicies() {
		s := open(t)
		service := s.with(&ordering.Options{Merge: policy}, nil)
		own, err := service.CustomerCart(t.Context(), scope(), customer(1))
		if err != nil {
			t.Fatal(err)
		}
		s.add(t, own.Cart.ID, 2, 20)
		guest := s.cart(t, 1)
		q, err := service.AdoptCart(t.Context(), scope(), customer(1), guest.ID)
		want := map[string]int64{"merge": 21, "keep_guest": 1, "keep_existing": 20, "guest_if_existing_empty": 20}[policy.Name]
		got := int64(0)
		for _, l := range q.Lines {
			got += l.Quantity
		}
		if err != nil || q.Cart.ID != own.Cart.ID || got != want {
			t.Errorf("%s: %d pieces, %v, want %d", policy.Name, got, err, want)
		}
	}
}

func TestAdoptCartTellsWhatItCouldNotKeep(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.cart(t, ordering.QuantityMax)
	s.adopt(t, customer(1), first.ID)
	q := s.adopt(t, customer(1), s.cart(t, 1).ID)
	wantNotices(t, q.Warnings, "merge_bounded lines")
	if q.Lines[0].Quantity != ordering.QuantityMax {
		t.Errorf("%d pieces", q.Lines[0].Quantity)
	}
}

// TestAdoptWhileOrdered orders the guest's cart while it is adopted: it is one or the other.
func TestAdoptWhileOrdered(t *testing.T) {
	t.Parallel()
	for _, has := range []bool{false, true} {
		s := open(t)
		if has {
			s.adopt(t, customer(1), s.cart(t, 1).ID)
		}
		guest := s.cart(t, 1)
		busy := s.with(nil, func(p *ordering.Parts) {
			p.Committer = contested{p.Committer, sync.OnceFunc(func() { s.checkout(t, request(guest, orderingtest.TillCaptures)) })}
		})
		_, err := busy.AdoptCart(t.Context(), scope(), customer(1), guest.ID)
		wantClass(t, err, ordering.CartCompleted)
		q, err := s.Cart(t.Context(), scope(), guest.ID)
		if err != nil || q.Cart.Status != ordering.CartDone || !q.Cart.Customer.IsZero() {
			t.Errorf("the cart is %s of %s, %v", q.Cart.Status, q.Cart.Customer, err)
		}
	}
}

// TestAdoptWhileChanged adds to both carts while they are merged: no addition is lost.
func TestAdoptWhileChanged(t *testing.T) {
	t.Parallel()
	s := open(t)
	own, guest := s.cart(t, 1), s.cart(t, 1)
	s.adopt(t, customer(1), own.ID)
	busy := s.with(nil, func(p *ordering.Parts) {
		p.Committer = contested{p.Committer, sync.OnceFunc(func() {
			s.add(t, own.ID, 2, 5)
			s.add(t, guest.ID, 3, 7)
		})}
	})
	q, err := busy.AdoptCart(t.Context(), scope(), customer(1), guest.ID)
	if err != nil || len(q.Lines) != 3 || q.Lines[0].Quantity != 2 || q.Lines[1].Quantity != 5 || q.Lines[2].Quantity != 7 {
		t.Errorf("got %+v, %v", q.Lines, err)
	}
}

// TestReopenedCartComesBack declines an order after its customer began another cart: the next look has all of it.
func TestReopenedCartComesBack(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"looking", "signing in with the old one", "signing in with the new one"} {
		s := open(t)
		ada := customer(1)
		old := s.cart(t, 2)
		s.adopt(t, ada, old.ID)
		s.till.Fail(fault.Lost.New("the answer was lost"), false)
		pending := s.checkout(t, request(old, orderingtest.TillDeclines))
		next, err := s.CustomerCart(t.Context(), scope(), ada)
		if err != nil || next.Cart.ID == old.ID {
			t.Fatalf("while the order is pending: %+v, %v", next, err)
		}
		s.add(t, next.Cart.ID, 2, 1)
		completed, err := s.parts.Carts.Cart(t.Context(), old.ID)
		if err != nil {
			t.Fatal(err)
		}
		a := apply(t, ordering.Settlement{
			Sale: ordering.Sale{Order: pending.Order, Payments: pending.Payments}, Cart: completed,
			Moment: ordering.Moment{At: now().Add(time.Minute), NextID: s.parts.IDs.New},
		}, ordering.ChargeResult{State: ordering.ChargeDeclined})
		if !a.Changed {
			t.Fatal("nothing was declined")
		}
		if _, err := s.parts.Committer.Commit(t.Context(), a.Commit); err != nil {
			t.Fatal(err)
		}
		var q ordering.Quote
		switch by {
		case "looking":
			q, err = s.CustomerCart(t.Context(), scope(), ada)
		case "signing in with the old one":
			q, err = s.AdoptCart(t.Context(), scope(), ada, old.ID)
		default:
			q, err = s.AdoptCart(t.Context(), scope(), ada, next.Cart.ID)
		}
		pieces := map[ref.VariantID]int64{}
		for _, l := range q.Lines {
			pieces[l.Variant] += l.Quantity
		}
		if err != nil || pieces[variant(1)] != 2 || pieces[variant(2)] != 1 {
			t.Errorf("%s: %+v, %v", by, q.Lines, err)
		}
		left, err := s.parts.Carts.OfCustomer(t.Context(), ada, ref.DefaultChannel, money.GBP)
		if err != nil || len(left) != 1 || left[0].ID != q.Cart.ID {
			t.Errorf("%s: open carts %+v, %v", by, left, err)
		}
	}
}

func TestCustomerCartsWhenPartsAreDown(t *testing.T) {
	t.Parallel()
	s := open(t)
	guest := s.cart(t, 1)
	down := errors.New("down")
	broken := s.with(nil, func(p *ordering.Parts) { p.Committer = committerDown{down} })
	if _, err := broken.AdoptCart(t.Context(), scope(), customer(1), guest.ID); !errors.Is(err, down) {
		t.Errorf("adopting: %v", err)
	}
	if _, err := broken.CustomerCart(t.Context(), scope(), customer(1)); !errors.Is(err, down) {
		t.Errorf("making: %v", err)
	}
	s.adopt(t, customer(1), guest.ID)
	if _, err := broken.AdoptCart(t.Context(), scope(), customer(1), s.cart(t, 1).ID); !errors.Is(err, down) {
		t.Errorf("merging: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"adopting": second(s.AdoptCart(ended, scope(), customer(1), guest.ID)),
		"looking":  second(s.CustomerCart(ended, scope(), customer(1))),
		"sweeping": second(s.SweepCarts(ended, 1)),
		"claiming": second(s.ClaimGuestOrders(ended, "ada@example.org", customer(1))),
		"listing":  second(s.CustomerOrders(ended, customer(1), nil, 1)),
	} {
		if !fault.Is(err, fault.Down) {
			t.Errorf("%s for who has left: %v", name, err)
		}
	}
}

func TestClaimGuestOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	order := func(email string) ordering.PlacedOrder {
		t.Helper()
		r := request(s.cart(t, 1), orderingtest.TillAuthorizes)
		r.Details.Email, r.Provider, r.Token = email, "cash", ""
		return s.checkout(t, r)
	}
	ada := customer(1)
	mine := []ordering.PlacedOrder{order("ada@example.org"), order("Ada@Example.ORG"), order("ADA@example.org")}
	others := order("eve@example.org")
	if n, err := s.ClaimGuestOrders(t.Context(), "ada@example.org", ada); err != nil || n != len(mine) {
		t.Fatalf("claimed %d, %v", n, err)
	}
	if n, err := s.ClaimGuestOrders(t.Context(), "ada@example.org", customer(2)); err != nil || n != 0 {
		t.Errorf("again, by another: %d, %v", n, err)
	}
	page, err := s.CustomerOrders(t.Context(), ada, nil, 2)
	if err != nil || len(page.Items) != 2 || page.Next == nil || page.Items[0].Order.ID != mine[2].Order.ID || len(page.Items[0].Payments) != 1 {
		t.Fatalf("page %+v, %v", page, err)
	}
	if rest, err := s.CustomerOrders(t.Context(), ada, page.Next, 1000); err != nil || len(rest.Items) != 1 || rest.Next != nil || rest.Items[0].Order.ID != mine[0].Order.ID {
		t.Errorf("the rest %+v, %v", rest, err)
	}
	for _, p := range mine {
		if got := s.told(t, p.Order.ID.String()); !slices.Equal(got, []string{"ordering.order_placed", "ordering.order_claimed"}) {
			t.Errorf("told %q", got)
		}
	}
	if p, err := s.Order(t.Context(), others.Order.ID, others.Token); err != nil || !p.Order.Customer.IsZero() {
		t.Errorf("another's order is %s's, %v", p.Order.Customer, err)
	}
	for _, limit := range []int{-1, 0, 1} {
		if page, err := s.CustomerOrders(t.Context(), ada, nil, limit); err != nil || len(page.Items) != 1 {
			t.Errorf("limit %d: %d orders, %v", limit, len(page.Items), err)
		}
	}
	if page, err := s.CustomerOrders(t.Context(), ref.CustomerID{}, nil, 10); err != nil || len(page.Items) != 0 {
		t.Errorf("nobody's: %+v, %v", page, err)
	}
	_, err = s.ClaimGuestOrders(t.Context(), "", ada)
	wantFields(t, err, "email")
	_, err = s.ClaimGuestOrders(t.Context(), "ada@example.org", ref.CustomerID{})
	wantFields(t, err, "customer")
}

// TestClaimWhileOrdersChange claims an order that changes meanwhile, and one that somebody else claims.
func TestClaimWhileOrdersChange(t *testing.T) {
	t.Parallel()
	s := open(t)
	var ids []ref.OrderID
	for range 2 {
		r := request(s.cart(t, 1), "")
		r.Provider = "cash"
		ids = append(ids, s.checkout(t, r).Order.ID)
	}
	change := func(id ref.OrderID, f func(o *ordering.Order)) {
		o, _, err := s.parts.Orders.Order(t.Context(), id)
		if err != nil {
			t.Error(err)
		}
		f(&o)
		o.Version++
		if _, err := s.parts.Committer.Commit(t.Context(), ordering.Commit{
			At: now(), Orders: []ordering.Write[ordering.Order]{{State: o, Expected: o.Version - 1}},
		}); err != nil {
			t.Error(err)
		}
	}
	busy := s.with(nil, func(p *ordering.Parts) {
		p.Committer = contested{p.Committer, sync.OnceFunc(func() {
			change(ids[0], func(o *ordering.Order) { o.Customer = customer(2) })
			change(ids[1], func(o *ordering.Order) { o.Reason = "why not" })
		})}
	})
	if n, err := busy.ClaimGuestOrders(t.Context(), "ada@example.org", customer(1)); err != nil || n != 1 {
		t.Errorf("claimed %d, %v", n, err)
	}
	for i, want := range []ref.CustomerID{customer(2), customer(1)} {
		if o, _, err := s.parts.Orders.Order(t.Context(), ids[i]); err != nil || o.Customer != want {
			t.Errorf("order %d is %s's, %v", i, o.Customer, err)
		}
	}
	down := errors.New("down")
	broken := s.with(nil, func(p *ordering.Parts) { p.Committer = committerDown{down} })
	change(ids[1], func(o *ordering.Order) { o.Customer = ref.CustomerID{} })
	if _, err := broken.ClaimGuestOrders(t.Context(), "ada@example.org", customer(1)); !errors.Is(err, down) {
		t.Errorf("without a store: %v", err)
	}
}
