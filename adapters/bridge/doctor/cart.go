package doctor

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// Cart checks a cart and its orders.
func Cart(a ordering.CartAudit) []Finding {
	subject := a.Cart.ID.String()
	switch {
	case len(a.Live) > 1:
		return []Finding{find(CartOrder, subject, "one live order", fmt.Sprint(a.Live))}
	case a.Cart.Status == ordering.CartDone && (a.Cart.Order.IsZero() || len(a.Live) > 0 && a.Live[0] != a.Cart.Order):
		// Its order may be dead: the cart of an order that staff cancelled stays closed.
		return []Finding{find(CartOrder, subject, "the order "+a.Cart.Order.String(), fmt.Sprint(a.Live))}
	case a.Cart.Status != ordering.CartDone && (len(a.Live) > 0 || !a.Cart.Order.IsZero()):
		return []Finding{find(CartOrder, subject, "no live order while the cart is "+string(a.Cart.Status), fmt.Sprint(a.Live, " ", a.Cart.Order))}
	}
	return nil
}
