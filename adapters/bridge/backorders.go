package bridge

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Backorders carries what inventory tells of promises beyond stock: orders learn that goods came in for their lines, and
// inventory goes on where one commit did not reach all who wait. It is a consumer of the outbox; each event may come more
// than once. Made by NewBackorders; safe for concurrent use.
type Backorders struct {
	orders    *ordering.Service
	inventory *inventory.Service
}

// BackordersConsumer is the name of its cursors in the outbox.
const BackordersConsumer = "backorders"

// NewBackorders needs both services.
func NewBackorders(o *ordering.Service, i *inventory.Service) *Backorders {
	return &Backorders{orders: o, inventory: i}
}

// Handle takes one event; those that are not its own it drops. An error means that the event is to come again.
func (b *Backorders) Handle(ctx context.Context, e event.Event) error {
	switch e.Name {
	case inventory.BackorderFilled{}.EventName():
		var filled inventory.BackorderFilled
		if err := json.Unmarshal(e.Data, &filled); err != nil {
			return fmt.Errorf("reading an event: %w", err)
		}
		order, ours := orderOf(filled.Owner)
		if !ours {
			return nil
		}
		err := b.orders.LowerBackorder(ctx, order, filled.Claim, filled.Left)
		if fault.Is(err, fault.Missing) {
			err = nil
		}
		return err
	case inventory.FillsWait{}.EventName():
		var waits inventory.FillsWait
		if err := json.Unmarshal(e.Data, &waits); err != nil {
			return fmt.Errorf("reading an event: %w", err)
		}
		return b.inventory.Fill(ctx, waits.SKU)
	}
	return nil
}

// orderOf is the order that owns a claim, unless the claim is somebody else's, whom we do not know.
func orderOf(owner string) (ref.OrderID, bool) {
	id, err := ref.ParseID[ref.OrderKind](owner)
	return id, err == nil
}
