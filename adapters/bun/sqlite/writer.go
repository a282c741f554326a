package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// writer gathers what the accepted commits of a group make true: of a thing that several write the last state, once.
type writer struct {
	s     *Store
	tx    *sql.Tx
	facts *facts
	stock inventory.Changes

	claimed map[ref.OrderID]bool // Orders that were there before and claim anew.
	inbox   groups.Latest[[2]string, ordering.InboxEvent]
	orders  groups.Latest[ref.OrderID, ordering.Order]
	carts   groups.Latest[ref.CartID, ordering.Cart]
	purges  []ref.CartID
	pays    groups.Latest[ref.PaymentID, ordering.Payment]
	cmds    groups.Latest[ports.CommandKey, ports.CommandRecord]
	rows    groups.Latest[[2]string, ordering.Attachment]
	events  []event.Event
	jobs    []ports.Job
	any     bool
}

// add takes an accepted commit.
func (w *writer) add(c ordering.Commit) {
	w.any = true
	for _, o := range c.Orders {
		w.orders.Put(o.State.ID, o.State, o.Expected == 0)
	}
	for _, o := range c.Carts {
		w.carts.Put(o.State.ID, o.State, o.Expected == 0)
	}
	for _, p := range c.Purges {
		w.purges = append(w.purges, p.Cart)
	}
	for _, o := range c.Payments {
		w.pays.Put(o.State.ID, o.State, o.Expected == 0)
	}
	if c.Command != nil {
		record := w.facts.Commands[c.Command.Key] // Decide put it there.
		w.cmds.Put(record.Key, record, c.Command.Step == ports.CommandBegin)
	}
	for _, e := range c.Stock {
		if e.Kind == ordering.StockClaim && w.facts.Orders[e.Order] > 1 { // Decide put the new version there.
			if w.claimed == nil {
				w.claimed = map[ref.OrderID]bool{}
			}
			w.claimed[e.Order] = true
		}
	}
	for _, e := range c.Inbox {
		w.inbox.Put([2]string{e.Event.Provider, e.Event.ID}, e, true)
	}
	for _, a := range c.Attach {
		w.rows.Put([2]string{a.Kind, a.Key}, a, true)
	}
	w.events = append(w.events, c.Events...)
	w.jobs = append(w.jobs, c.Jobs...)
}

func (w *writer) writeAttachments(ctx context.Context) error {
	return each(ctx, w.tx, `INSERT INTO attachments (kind, key, data) VALUES (?1, ?2, ?3)
		ON CONFLICT (kind, key) DO UPDATE SET data = excluded.data`, w.rows.Items, func(a ordering.Attachment) []any {
		return []any{a.Kind, a.Key, bytesOf(a.Data)}
	})
}

func (w *writer) writeInbox(ctx context.Context) error {
	return each(ctx, w.tx, `INSERT INTO payment_inbox (provider, id, event, kept_at, due, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (provider, id) DO UPDATE SET event = excluded.event, kept_at = excluded.kept_at, due = excluded.due, note = excluded.note`,
		w.inbox.Items, func(e ordering.InboxEvent) []any {
			return []any{e.Event.Provider, e.Event.ID, jsonText(e.Event), microsOf(e.KeptAt), nullMicros(e.Due), e.Note}
		})
}

// bytesOf is never NULL.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
