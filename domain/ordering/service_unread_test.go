package ordering_test

import (
	"context"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// unread is a store whose orders cannot be read at the moment.
type unread struct{ ordering.Orders }

func (unread) Order(context.Context, ref.OrderID) (ordering.Order, []ordering.Payment, error) {
	return ordering.Order{}, nil, fault.Down.New("orders cannot be read")
}

// TestPlacedAndUnread: the order stands when it cannot be read back. Who made it needs not to read it; whose answer is
// that of another attempt must not be told that nothing was done.
func TestPlacedAndUnread(t *testing.T) {
	t.Parallel()
	s := open(t)
	parts := s.parts
	parts.Orders = unread{parts.Orders}
	r := request(s.cart(t, 2), "captures")
	if p, err := ordering.NewService(parts, nil).Checkout(t.Context(), scope(), r); err != nil || p.Order.Status != ordering.Placed {
		t.Errorf("got %s, %v", p.Order.Status, err)
	}
	if p := s.checkout(t, r); p.Order.Status != ordering.Placed || !p.Replayed {
		t.Errorf("the same key gives an order that is %s, a replay %t", p.Order.Status, p.Replayed)
	}
}
