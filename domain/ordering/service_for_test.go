package ordering_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// Who handed a shopper a cart before they signed in knows its id, and has nothing of it from then on; neither has
// another customer. Both are answered as for a cart that there is not.
func TestForHidesCartsOfOthers(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, guest := customer(1), ref.CustomerID{}
	planted := s.cart(t, 2)
	if _, err := s.For(guest).Cart(t.Context(), scope(), planted.ID); err != nil {
		t.Fatalf("a guest and a guest's cart: %v", err)
	}
	if _, err := s.For(ada).Cart(t.Context(), scope(), planted.ID); err != nil {
		t.Fatalf("a customer and a guest's cart: %v", err)
	}
	mine := s.adopt(t, ada, planted.ID).Cart
	_, unknown := s.For(guest).Cart(t.Context(), scope(), ref.NewCartID([20]byte{9}))
	for name, who := range map[string]ref.CustomerID{"a guest": guest, "another customer": customer(2)} {
		other := s.For(who)
		calls := map[string]error{}
		_, calls["Cart"] = other.Cart(t.Context(), scope(), mine.ID)
		_, calls["AddLine"] = other.AddLine(t.Context(), scope(), mine.ID, nil, ordering.LineRequest{Variant: variant(2), Quantity: 1})
		_, calls["SetQuantity"] = other.SetQuantity(t.Context(), scope(), mine.ID, nil, mine.Lines[0].ID, 0)
		_, calls["RemarkCart"] = other.RemarkCart(t.Context(), scope(), mine.ID, nil, ordering.Remarks{})
		_, calls["ConfirmPrices"] = other.ConfirmPrices(t.Context(), scope(), mine.ID, nil)
		_, calls["CheckoutNeeds"] = other.CheckoutNeeds(t.Context(), scope(), mine.ID, details())
		_, calls["Checkout"] = other.Checkout(t.Context(), scope(), request(mine, orderingtest.TillCaptures))
		for call, err := range calls {
			if !fault.Is(err, fault.Missing) || err.Error() != unknown.Error() {
				t.Errorf("%s, %s: %v, want %v", name, call, err, unknown)
			}
		}
	}
	q, err := s.For(ada).AddLine(t.Context(), scope(), mine.ID, nil, ordering.LineRequest{Variant: variant(2), Quantity: 1})
	if err != nil || len(q.Lines) != 2 {
		t.Errorf("the customer: %+v, %v", q, err)
	}
}

// A cart that is taken over while somebody changes it takes no change of theirs afterwards.
func TestForHoldsWhileACartIsAdopted(t *testing.T) {
	t.Parallel()
	for range 20 {
		s := open(t)
		planted := s.cart(t, 1)
		var all sync.WaitGroup
		var accepted atomic.Int64
		for range 4 {
			all.Go(func() {
				_, err := s.For(ref.CustomerID{}).AddLine(t.Context(), scope(), planted.ID, nil, ordering.LineRequest{Variant: variant(1), Quantity: 1})
				if err == nil {
					accepted.Add(1)
				} else if !fault.Is(err, fault.Missing) {
					t.Errorf("AddLine: %v", err)
				}
			})
		}
		all.Go(func() { s.adopt(t, customer(1), planted.ID) })
		all.Wait()
		before := accepted.Load()
		q, err := s.For(customer(1)).Cart(t.Context(), scope(), planted.ID)
		if err != nil || q.Lines[0].Quantity != 1+before {
			t.Fatalf("%d additions were accepted and the cart is %+v, %v", before, q, err)
		}
		if _, err := s.For(ref.CustomerID{}).AddLine(t.Context(), scope(), planted.ID, nil, ordering.LineRequest{Variant: variant(1), Quantity: 1}); !fault.Is(err, fault.Missing) {
			t.Errorf("afterwards: %v", err)
		}
	}
}

// An order that a customer makes of a guest's cart is the customer's; another's is not there.
func TestCustomerOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := customer(1)
	placed, err := s.For(ada).Checkout(t.Context(), scope(), request(s.cart(t, 1), orderingtest.TillCaptures))
	if err != nil || placed.Order.Customer != ada {
		t.Fatalf("the order is of %s, %v", placed.Order.Customer, err)
	}
	got, err := s.CustomerOrder(t.Context(), ada, placed.Order.ID)
	if err != nil || got.Order.ID != placed.Order.ID || got.Token != placed.Token {
		t.Errorf("%+v, %v", got, err)
	}
	guests := s.checkout(t, request(s.cart(t, 1), orderingtest.TillCaptures))
	_, unknown := s.Order(t.Context(), placed.Order.ID, "wrong")
	for name, err := range map[string]error{
		"another":   second(s.CustomerOrder(t.Context(), customer(2), placed.Order.ID)),
		"nobody":    second(s.CustomerOrder(t.Context(), ref.CustomerID{}, guests.Order.ID)),
		"a guest's": second(s.CustomerOrder(t.Context(), ada, guests.Order.ID)),
		"none":      second(s.CustomerOrder(t.Context(), ada, ref.NewID[ref.OrderKind](uuid(99)))),
	} {
		if !fault.Is(err, fault.Missing) || err.Error() != unknown.Error() {
			t.Errorf("%s: %v, want %v", name, err, unknown)
		}
	}
}

// Reading makes no cart.
func TestPresentCart(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := customer(1)
	if _, err := s.PresentCart(t.Context(), scope(), ada); !fault.Is(err, fault.Missing) {
		t.Errorf("without a cart: %v", err)
	}
	made, err := s.CustomerCart(t.Context(), scope(), ada)
	if err != nil {
		t.Fatal(err)
	}
	if q, err := s.PresentCart(t.Context(), scope(), ada); err != nil || q.Cart.ID != made.Cart.ID || q.Cart.Version != 1 {
		t.Errorf("%+v, %v", q, err)
	}
}
