package erpstock

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Holder is the ERP in the words of ordering. Safe for concurrent use.
type Holder struct {
	erp   *ERP
	items map[ref.SKU]int
}

var _ ordering.StockHolder = (*Holder)(nil)

// NewHolder makes the holder. Items are the ERP's numbers of what the shop sells; they are not changed afterwards.
func NewHolder(erp *ERP, items map[ref.SKU]int) *Holder { return &Holder{erp: erp, items: items} }

// Hold reserves the goods of an order. Its id is the reference at the ERP, so that asking again, after an answer that was
// lost or by a sweep, reserves nothing twice.
func (h *Holder) Hold(ctx context.Context, c ordering.HoldCall) ([]ordering.Shortage, error) {
	if err := ended(ctx); err != nil {
		return nil, err
	}
	rows := make([]row, len(c.Lines))
	for i, l := range c.Lines {
		rows[i] = row{item: h.items[l.SKU], quantity: l.Quantity} // A SKU that the ERP does not know is item 0, of which it has none.
	}
	state, short := h.erp.reserve(c.Order.String(), rows, c.Until)
	if state == cancelled {
		// The order was given up while this call was on its way. To hold now would be for ever.
		return nil, ordering.HoldOver.New("the order was given up before its goods were held")
	}
	var out []ordering.Shortage
	for i, l := range c.Lines {
		if available, is := short[i]; is {
			out = append(out, ordering.Shortage{Claim: l.Claim, SKU: l.SKU, Available: available})
		}
	}
	return out, nil
}

// Confirm says that the order stands.
func (h *Holder) Confirm(ctx context.Context, order ref.OrderID) error {
	if err := ended(ctx); err != nil {
		return err
	}
	if !h.erp.fix(order.String()) {
		return ordering.HoldOver.New("the ERP has no reservation for the order")
	}
	return nil
}

// Release gives up what the order holds.
func (h *Holder) Release(ctx context.Context, order ref.OrderID) error {
	if err := ended(ctx); err != nil {
		return err
	}
	h.erp.cancel(order.String())
	return nil
}

// ended refuses work for a caller who is gone. Over a network there is a second case: an answer that does not come is
// fault.Lost, and ordering asks again.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Down.New("the request ended before the ERP was asked; nothing was done").Because(err)
	}
	return nil
}
