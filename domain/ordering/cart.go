package ordering

import (
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// CartStatus is where a cart is in its life.
type CartStatus string

// The statuses: an active cart takes changes, a completed one became an order; it is active again when that order's
// payment is declined.
const (
	CartActive CartStatus = "active"
	CartDone   CartStatus = "completed"
)

// Cart is what a guest means to buy. It holds what was chosen and no prices: those are facts, read when it is shown.
type Cart struct {
	ID        ref.CartID
	Version   ref.Version
	Status    CartStatus
	Channel   ref.Channel
	Currency  money.Currency
	Lines     []CartLine
	Order     ref.OrderID // The live order of a completed cart.
	CreatedAt time.Time
	UpdatedAt time.Time
}

// CartLine is a quantity of one variant; a cart has at most one line of each.
type CartLine struct {
	ID       ref.LineID    `json:"id"`
	Variant  ref.VariantID `json:"variant"`
	SKU      ref.SKU       `json:"sku"`
	Quantity int64         `json:"quantity"`
}

// change copies the cart for a change of its lines.
func (c Cart) change(now time.Time) (Cart, error) {
	if c.Status != CartActive {
		return Cart{}, CartCompleted.New("the cart became an order; start a new one")
	}
	c.Lines = slices.Clone(c.Lines)
	c.Version++
	c.UpdatedAt = now
	return c, nil
}

// Add puts more of a variant into the cart, on the line that has it or a new one. Errors: CartCompleted; Bad for a
// quantity or a number of lines outside the limits, with "quantity" or "lines" as field.
func (c Cart) Add(id ref.LineID, item Item, quantity int64, now time.Time) (Cart, error) {
	c, err := c.change(now)
	if err != nil {
		return Cart{}, err
	}
	if quantity < 1 || quantity > QuantityMax {
		return Cart{}, badQuantity(1)
	}
	if i := slices.IndexFunc(c.Lines, func(l CartLine) bool { return l.Variant == item.Variant }); i >= 0 {
		if c.Lines[i].Quantity += quantity; c.Lines[i].Quantity > QuantityMax {
			return Cart{}, badQuantity(1)
		}
		return c, nil
	}
	if len(c.Lines) >= LinesMax {
		return Cart{}, fault.Collect([]*fault.Error{Rule.Newf("a cart has at most %d lines", LinesMax).At("lines")})
	}
	c.Lines = append(c.Lines, CartLine{ID: id, Variant: item.Variant, SKU: item.SKU, Quantity: quantity})
	return c, nil
}

// Set makes a line's quantity what is given; 0 removes the line. Errors: CartCompleted; Missing for an unknown line;
// Bad for a quantity outside the limits.
func (c Cart) Set(line ref.LineID, quantity int64, now time.Time) (Cart, error) {
	c, err := c.change(now)
	if err != nil {
		return Cart{}, err
	}
	i := slices.IndexFunc(c.Lines, func(l CartLine) bool { return l.ID == line })
	switch {
	case i < 0:
		return Cart{}, fault.Missing.New("the cart has no such line")
	case quantity < 0 || quantity > QuantityMax:
		return Cart{}, badQuantity(0)
	case quantity == 0:
		c.Lines = slices.Delete(c.Lines, i, i+1)
	default:
		c.Lines[i].Quantity = quantity
	}
	return c, nil
}

// badQuantity is the error of a quantity outside its limits.
func badQuantity(low int64) error {
	return fault.Collect([]*fault.Error{Rule.New(fmt.Sprintf("a quantity is a whole number from %d to %d", low, int64(QuantityMax))).At("quantity")})
}

// complete makes the cart that became the order.
func (c Cart) complete(order ref.OrderID, now time.Time) Cart {
	c.Status, c.Order, c.UpdatedAt = CartDone, order, now
	c.Version++
	return c
}

// reopen makes the cart active again, its order being dead.
func (c Cart) reopen(now time.Time) Cart {
	c.Status, c.Order, c.UpdatedAt = CartActive, ref.OrderID{}, now
	c.Version++
	return c
}
