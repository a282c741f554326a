package simulation

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// told is what the outbox told, read by an observer who misses nothing.
type told struct {
	after  ports.Cursor
	all    []event.Event
	places map[ref.EventID]int        // Of an event among those of its aggregate.
	count  map[string]int             // Of an aggregate's events.
	status map[string]ordering.Status // Of an order, as its events say.
}

func newTold() told {
	return told{places: map[ref.EventID]int{}, count: map[string]int{}, status: map[string]ordering.Status{}}
}

// place tells the how-manieth event of its aggregate an event is.
func (t *told) place(id ref.EventID) (int, bool) {
	n, known := t.places[id]
	return n, known
}

// statuses are what the events of an order make of it.
var statuses = map[string]ordering.Status{
	ordering.OrderPending{}.EventName():   ordering.Pending,
	ordering.OrderPlaced{}.EventName():    ordering.Placed,
	ordering.OrderCancelled{}.EventName(): ordering.Cancelled,
	ordering.OrderClaiming{}.EventName():  ordering.Claiming,
	ordering.OrderCompleted{}.EventName(): ordering.Completed,
	ordering.OrderReopened{}.EventName():  ordering.Placed,
}

// listen reads what is new in the outbox.
func (w *world) listen(ctx context.Context) {
	auditor, ok := ports.As[ports.OutboxAuditor](w.ports.Outbox)
	if !ok {
		w.find("unexpected-error", "outbox", "it is no ports.OutboxAuditor")
		return
	}
	for {
		page, err := auditor.AuditEvents(ctx, w.outbox.after, 100)
		if err != nil {
			w.find("unexpected-error", "outbox", err.Error())
			return
		}
		if len(page) == 0 {
			return
		}
		for _, d := range page {
			w.outbox.after = d.Cursor
			w.hear(d.Event)
		}
	}
}

// hear takes an event of the outbox.
func (w *world) hear(e event.Event) {
	t := &w.outbox
	if _, twice := t.places[e.ID]; twice {
		w.find("event-twice", e.ID.String(), e.Name+" of "+e.Aggregate+" stands in the outbox twice")
		return
	}
	t.all = append(t.all, e)
	t.places[e.ID] = t.count[e.Aggregate]
	t.count[e.Aggregate]++
	status, about := statuses[e.Name]
	if !about {
		return
	}
	if t.status[e.Aggregate] == status {
		w.find("event-twice", e.Aggregate, e.Name+" was told twice")
	}
	t.status[e.Aggregate] = status
	if id, err := ref.ParseID[ref.OrderKind](e.Aggregate); err == nil {
		touch(&w.touched.orders, id)
		if _, _, err := w.ports.Orders.Order(ctx(), id); err != nil {
			w.find("event-ghost", e.Aggregate, e.Name+" is of an order that is not there")
		}
	}
}

func ctx() context.Context { return context.Background() }
