package postgres

import (
	"bytes"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// facts are what the commits of a group name, as it is under the locks of the transaction.
type facts struct {
	ordering.Facts
	stock       inventory.Facts
	owed        map[ref.OrderID]bool // Orders of which some line is promised beyond stock.
	transaction uint64               // Its id, to ask the server by when the answer of COMMIT is lost.
}

// The statements of the first round trip. Every transaction locks in this order, and within each by key, so that no
// two wait for each other. Carts stand before commands, for a cart is the actor of its commands: who holds the cart
// reads their records as last committed.
//
// Each goes through the sorted keys and finds the rows of one at a time: a subquery that locks cannot be turned into
// another join, so whatever the statistics say the plan is an index lookup for each key, in this order.
const (
	sqlTransaction = `SELECT pg_current_xact_id()::text`
	sqlCarts       = `SELECT t.* FROM (SELECT DISTINCT id FROM unnest($2::bytea[]) AS k(id) ORDER BY id) k
		CROSS JOIN LATERAL (SELECT id, version, status, channel, currency FROM commerce.carts WHERE shop = $1 AND id = k.id FOR UPDATE) t`
	sqlCommands = `SELECT t.* FROM (SELECT DISTINCT actor, route, key FROM unnest($2::text[], $3::text[], $4::text[]) AS k(actor, route, key)
			ORDER BY actor, route, key) k
		CROSS JOIN LATERAL (SELECT actor, route, key, fingerprint, owner, subject, created_at, lease, answered, code, detail
			FROM commerce.commands WHERE shop = $1 AND actor = k.actor AND route = k.route AND key = k.key FOR UPDATE) t`
	sqlOrders = `SELECT t.* FROM (SELECT DISTINCT id FROM unnest($2::uuid[]) AS k(id) ORDER BY id) k
		CROSS JOIN LATERAL (SELECT id, version, backordered FROM commerce.orders WHERE shop = $1 AND id = k.id FOR UPDATE) t`
	sqlPayments = `SELECT t.* FROM (SELECT DISTINCT order_id, id FROM unnest($2::uuid[], $3::uuid[]) AS k(order_id, id) ORDER BY order_id, id) k
		CROSS JOIN LATERAL (SELECT id, version FROM commerce.payments WHERE shop = $1 AND order_id = k.order_id AND id = k.id FOR UPDATE) t`
)

// names are the keys that a group's commits name. The statements sort them; those that are hot stand here once each.
type names struct {
	carts    [][]byte
	commands []ports.CommandKey
	orders   []ref.OrderID
	payments []ordering.Payment
	stock    stockNames
}

// namesOf gathers the keys. New orders and payments are looked for only when careful: their ids are new too, and
// should one exist the insert fails and the commit is tried again with care. The same goes for the claims of a commit
// that begins a command; a commit without one may claim again under an id that it used before.
func namesOf(commits []ordering.Commit, careful bool) names {
	n := names{}
	for _, c := range commits {
		for _, w := range c.Carts {
			id := w.State.ID.Bytes()
			n.carts = append(n.carts, id[:])
		}
		for _, p := range c.Purges {
			n.carts = append(n.carts, cartKey(p.Cart))
		}
		for _, w := range c.Orders {
			if careful || w.Expected > 0 {
				n.orders = append(n.orders, w.State.ID)
			}
		}
		for _, w := range c.Payments {
			if careful || w.Expected > 0 {
				n.payments = append(n.payments, w.State)
			}
		}
		begins := c.Command != nil && c.Command.Step == ports.CommandBegin
		for _, e := range c.Stock {
			n.stock.add(e, careful || !begins)
		}
		if c.Command != nil {
			n.commands = append(n.commands, c.Command.Key)
		}
	}
	slices.SortFunc(n.carts, bytes.Compare)
	n.carts = slices.CompactFunc(n.carts, bytes.Equal)
	n.stock.sort()
	return n
}

// readFacts begins the transaction, locks and reads: one round trip.
func (s *Store) readFacts(ctx context.Context, conn *pgxpool.Conn, commits []ordering.Commit, careful bool) (*facts, error) {
	n := namesOf(commits, careful)
	f := &facts{owed: map[ref.OrderID]bool{}, Facts: ordering.Facts{
		Orders: map[ref.OrderID]ref.Version{}, Carts: map[ref.CartID]ordering.CartFact{},
		Payments: map[ref.PaymentID]ref.Version{}, Commands: map[ports.CommandKey]ports.CommandRecord{},
	}}
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL READ COMMITTED")
	b.Queue(sqlTransaction).QueryRow(func(row pgx.Row) (err error) {
		f.transaction, err = scanTransaction(row)
		return err
	})
	s.queueCartFacts(b, n, f)
	s.queueOrderFacts(b, n, f)
	s.queueStockFacts(b, n.stock, &f.stock)
	return f, conn.SendBatch(ctx, b).Close()
}

// queueCartFacts asks for carts and commands.
func (s *Store) queueCartFacts(b *pgx.Batch, n names, f *facts) {
	if len(n.carts) > 0 {
		b.Queue(sqlCarts, s.cfg.Shop, n.carts).Query(func(rows pgx.Rows) error {
			var id []byte
			var fact ordering.CartFact
			var currency string
			_, err := pgx.ForEachRow(rows, []any{&id, &fact.Version, &fact.Status, &fact.Channel, &currency}, func() error {
				fact.Currency, _ = money.CurrencyOf(currency) // Whoever wants the cart itself is told that it cannot be read.
				f.Carts[ref.NewCartID([ref.SecretSize]byte(id))] = fact
				return nil
			})
			return err
		})
	}
	if len(n.commands) > 0 {
		actors, routes, keys := make([]string, len(n.commands)), make([]string, len(n.commands)), make([]string, len(n.commands))
		for i, k := range n.commands {
			actors[i], routes[i], keys[i] = k.Actor, k.Route, k.Key
		}
		b.Queue(sqlCommands, s.cfg.Shop, actors, routes, keys).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				r, err := scanCommand(rows)
				if err != nil {
					return err
				}
				f.Commands[r.Key] = r
			}
			return rows.Err()
		})
	}
}

// queueOrderFacts asks for orders and payments.
func (s *Store) queueOrderFacts(b *pgx.Batch, n names, f *facts) {
	if len(n.orders) > 0 {
		b.Queue(sqlOrders, s.cfg.Shop, uuids(n.orders)).Query(func(rows pgx.Rows) error {
			var id [16]byte
			var version ref.Version
			var backordered int64
			_, err := pgx.ForEachRow(rows, []any{&id, &version, &backordered}, func() error {
				f.Orders[ref.NewID[ref.OrderKind](id)] = version
				if backordered > 0 {
					f.owed[ref.NewID[ref.OrderKind](id)] = true
				}
				return nil
			})
			return err
		})
	}
	if len(n.payments) > 0 {
		orders, ids := make([][16]byte, len(n.payments)), make([][16]byte, len(n.payments))
		for i, p := range n.payments {
			orders[i], ids[i] = p.Order.UUID(), p.ID.UUID()
		}
		b.Queue(sqlPayments, s.cfg.Shop, orders, ids).Query(func(rows pgx.Rows) error {
			var id [16]byte
			var version ref.Version
			_, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
				f.Payments[ref.NewID[ref.PaymentKind](id)] = version
				return nil
			})
			return err
		})
	}
}

// uuids gives the bytes of ids.
func uuids[K ref.Kind](ids []ref.ID[K]) [][16]byte {
	out := make([][16]byte, len(ids))
	for i, id := range ids {
		out[i] = id.UUID()
	}
	return out
}
