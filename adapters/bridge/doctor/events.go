package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// told is what is known of one order while the events are read: some bytes for each order of the shop.
type told struct {
	status    ordering.Status // As it was when the order was read, which is before the events are.
	updated   time.Time
	seen      bool
	untold    bool // Another system sold it: what became of it was news before it came here.
	placed    uint8
	cancelled uint8
}

// stories are the orders with what was told of them.
type stories map[ref.OrderID]*told

// note remembers an order.
func (s stories) note(o ordering.Order) {
	s[o.ID] = &told{status: o.Status, updated: o.UpdatedAt, seen: true, untold: o.Imported()}
}

// The names of the events that tell what an order became.
var (
	placedName    = ordering.OrderPlaced{}.EventName()
	cancelledName = ordering.OrderCancelled{}.EventName()
)

// hear reads all events that are kept. It gives when the oldest of them happened, and how many there are.
func (s stories) hear(ctx context.Context, log ports.OutboxAuditor, page int) (oldest time.Time, n int64, err error) {
	for after := (ports.Cursor{}); ; {
		deliveries, err := log.AuditEvents(ctx, after, page)
		if err != nil {
			return oldest, n, err
		}
		for _, d := range deliveries {
			after = d.Cursor
			if n++; n == 1 || d.Event.At.Before(oldest) {
				oldest = d.Event.At
			}
			id, err := ref.ParseID[ref.OrderKind](d.Event.Aggregate)
			if err != nil {
				continue // Of something else than an order.
			}
			t := s[id]
			if t == nil {
				t = &told{}
				s[id] = t
			}
			switch d.Event.Name {
			case placedName:
				t.placed = min(t.placed+1, 2)
			case cancelledName:
				t.cancelled = min(t.cancelled+1, 2)
			default:
			}
		}
		if len(deliveries) == 0 {
			return oldest, n, nil
		}
	}
}

// compare finds orders whose events say something else. Orders that changed before the oldest event that is kept may have
// been told of by events that are gone. What events say of an order that was read before them is looked up again.
func (s stories) compare(ctx context.Context, orders ordering.Orders, oldest time.Time, add func(Finding)) error {
	for _, id := range slices.SortedFunc(maps.Keys(s), ref.OrderID.Compare) {
		t, subject := s[id], id.String()
		asked := t.seen && !t.untold && !t.updated.Before(oldest)
		status := t.status
		if !t.seen || t.placed > 0 && status == ordering.Pending || t.cancelled > 0 && status != ordering.Cancelled {
			o, _, err := orders.Order(ctx, id)
			switch {
			case fault.Is(err, fault.Missing):
				add(find(EventOrder, subject, "an order", "none, and events that tell of it"))
				continue
			case err != nil:
				return err
			}
			// What happened since may be told of by events behind those that were read.
			status, asked = o.Status, false
		}
		lives := status == ordering.Placed || status == ordering.Completed
		switch {
		case t.placed > 1 || t.cancelled > 1:
			add(find(OrderEvents, subject, "each change told once", fmt.Sprintf("placed %d times, cancelled %d times or more", t.placed, t.cancelled)))
		case t.cancelled > 0 && status != ordering.Cancelled, t.placed > 0 && status == ordering.Pending:
			add(find(EventOrder, subject, "events of an order that is "+string(status), fmt.Sprintf("placed %d times, cancelled %d times", t.placed, t.cancelled)))
		case !asked:
		case lives && t.placed == 0, status == ordering.Cancelled && t.cancelled == 0:
			add(find(OrderEvents, subject, "an event that says "+string(status), "none"))
		}
	}
	return nil
}
