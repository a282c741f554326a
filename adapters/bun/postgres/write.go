package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/groups"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// writer gathers what the accepted commits of a group make true and writes it as sets: the second round trip.
type writer struct {
	s       *Store
	facts   *facts
	stock   inventory.Changes
	claimed map[ref.OrderID]bool // Orders that were there before and claim anew.
	inbox   groups.Latest[[2]string, ordering.InboxEvent]
	orders  groups.Latest[ref.OrderID, ordering.Order]
	carts   groups.Latest[ref.CartID, ordering.Cart]
	purges  [][]byte
	pays    groups.Latest[ref.PaymentID, ordering.Payment]
	cmds    groups.Latest[ports.CommandKey, ports.CommandRecord]
	rows    groups.Latest[[2]string, ordering.Attachment]
	events  []event.Event
	jobs    []ports.Job
	any     bool
	pending *pgx.Batch
	// committing is true from when COMMIT may have been sent.
	committing bool
}

func newWriter(s *Store, f *facts, stock inventory.Changes) *writer {
	return &writer{s: s, facts: f, stock: stock}
}

func (w *writer) empty() bool { return !w.any }

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
		w.purges = append(w.purges, cartKey(p.Cart))
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

// send writes everything and commits, in one round trip; with a fault hook, in pieces.
func (w *writer) send(ctx context.Context, conn *pgxpool.Conn) error {
	w.pending = &pgx.Batch{}
	w.queueCarts()
	w.queueOrders()
	w.queuePayments()
	w.queueStock()
	w.queueCommands()
	if err := w.piece(ctx, conn, ordering.BeforeEvents); err != nil {
		return err
	}
	w.queueEvents()
	w.queueAttachments()
	w.queueInbox()
	queueJobs(w.pending, w.s.cfg.Shop, w.jobs)
	if err := w.piece(ctx, conn, ordering.BeforeCommit); err != nil {
		return err
	}
	w.pending.Queue("COMMIT")
	w.committing = true
	return conn.SendBatch(ctx, w.pending).Close()
}

// piece sends what is queued when a test wants to fail at the point, and asks it.
func (w *writer) piece(ctx context.Context, conn *pgxpool.Conn, p ordering.Point) error {
	if w.s.cfg.Fault == nil {
		return nil
	}
	if err := conn.SendBatch(ctx, w.pending).Close(); err != nil {
		return err
	}
	w.pending = &pgx.Batch{}
	return w.s.cfg.Fault(p)
}

const (
	sqlInsertEvents = `INSERT INTO commerce.outbox (shop, id, name, aggregate, at, data)
		SELECT $1, e.id, e.name, e.aggregate, e.at, e.data::json
		FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[]) WITH ORDINALITY AS e(id, name, aggregate, at, data, n)
		ORDER BY e.n`
	sqlUpsertAttachments = `INSERT INTO commerce.attachments (shop, kind, key, data)
		SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[])
		ON CONFLICT (shop, kind, key) DO UPDATE SET data = excluded.data`
)

func (w *writer) queueEvents() {
	queueEvents(w.pending, w.s.cfg.Shop, slices.Concat(w.events, w.stock.Events))
}

// queueEvents writes events in their order; the positions that they get ascend with it.
func queueEvents(b *pgx.Batch, shop int32, events []event.Event) {
	if len(events) == 0 {
		return
	}
	var c eventColumns
	for _, e := range events {
		c.add(e)
	}
	b.Queue(sqlInsertEvents, shop, c.ids, c.names, c.aggregates, c.ats, c.data)
}

func (w *writer) queueAttachments() {
	if len(w.rows.Items) == 0 {
		return
	}
	// In one order, for two groups may write the same rows, which nothing locked before.
	slices.SortFunc(w.rows.Items, func(a, b ordering.Attachment) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	kinds, keys, data := make([]string, len(w.rows.Items)), make([]string, len(w.rows.Items)), make([][]byte, len(w.rows.Items))
	for i, a := range w.rows.Items {
		kinds[i], keys[i], data[i] = a.Kind, a.Key, a.Data
		if data[i] == nil {
			data[i] = []byte{}
		}
	}
	w.pending.Queue(sqlUpsertAttachments, w.s.cfg.Shop, kinds, keys, data)
}
