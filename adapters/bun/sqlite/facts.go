package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// facts are what the commits of a group name, as it is within the transaction, which nobody else writes beside.
type facts struct {
	ordering.Facts
	stock inventory.Facts
	owed  map[ref.OrderID]bool // Orders of which some line is promised beyond stock.
}

// The statements of the facts. Each goes through the keys and finds the rows of one at a time.
const (
	// sqlNamed are the names of a list in JSON. (json_each has more columns, which would hide those of tables.)
	sqlNamed     = `(SELECT value, key AS place FROM json_each(?1)) k`
	sqlCartFacts = `SELECT c.id, c.version, c.status, c.channel, c.currency
		FROM ` + sqlNamed + ` CROSS JOIN carts c ON c.id = unhex(k.value)`
	sqlCommandFacts = `SELECT ` + commandColumns + `
		FROM ` + sqlNamed + ` CROSS JOIN commands ON actor = k.value ->> 0 AND route = k.value ->> 1 AND commands.key = k.value ->> 2`
	sqlOrderFacts = `SELECT o.id, o.version, EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.backordered > 0)
		FROM ` + sqlNamed + ` CROSS JOIN orders o ON o.id = k.value`
	sqlPaymentFacts = `SELECT p.id, p.version FROM ` + sqlNamed + ` CROSS JOIN payments p ON p.id = k.value`
)

// readFacts reads what the commits name.
func readFacts(ctx context.Context, tx *sql.Tx, commits []ordering.Commit) (*facts, error) {
	f := &facts{owed: map[ref.OrderID]bool{}, Facts: ordering.Facts{
		Orders: map[ref.OrderID]ref.Version{}, Carts: map[ref.CartID]ordering.CartFact{},
		Payments: map[ref.PaymentID]ref.Version{}, Commands: map[ports.CommandKey]ports.CommandRecord{},
	}}
	n := namesOf(commits)
	for _, read := range []func(context.Context, *sql.Tx, names) error{f.readCarts, f.readCommands, f.readOrders, f.readPayments} {
		if err := read(ctx, tx, n); err != nil {
			return nil, err
		}
	}
	var err error
	f.stock, err = readStockFacts(ctx, tx, n.stock)
	return f, err
}

// names are the keys that commits name.
type names struct {
	carts    set[string] // In hexadecimal, for JSON holds no bytes.
	commands set[[3]string]
	orders   set[string]
	payments set[string]
	stock    stockNames
}

// set keeps each value once, in the order in which they came.
type set[T comparable] struct {
	has   map[T]bool
	items []T
}

func (s *set[T]) add(v T) {
	if s.has[v] {
		return
	}
	if s.has == nil {
		s.has = map[T]bool{}
	}
	s.has[v] = true
	s.items = append(s.items, v)
}

// namesOf gathers the keys.
func namesOf(commits []ordering.Commit) (n names) {
	for _, c := range commits {
		for _, w := range c.Carts {
			n.carts.add(hexOf(w.State.ID))
		}
		for _, p := range c.Purges {
			n.carts.add(hexOf(p.Cart))
		}
		for _, w := range c.Orders {
			n.orders.add(w.State.ID.String())
		}
		for _, w := range c.Payments {
			n.payments.add(w.State.ID.String())
		}
		for _, e := range c.Stock {
			n.stock.add(e)
		}
		if c.Command != nil {
			k := c.Command.Key
			n.commands.add([3]string{k.Actor, k.Route, k.Key})
		}
	}
	return n
}

func (f *facts) readCarts(ctx context.Context, tx *sql.Tx, n names) error {
	var id ref.CartID
	var fact ordering.CartFact
	var currency string
	return namedRows(ctx, tx, sqlCartFacts, n.carts.items, []any{intoCart(&id), &fact.Version, &fact.Status, &fact.Channel, &currency}, func() {
		fact.Currency, _ = money.CurrencyOf(currency) // Whoever wants the cart itself is told that it cannot be read.
		f.Carts[id] = fact
	})
}

func (f *facts) readCommands(ctx context.Context, tx *sql.Tx, n names) error {
	var row commandRow
	return namedRows(ctx, tx, sqlCommandFacts, n.commands.items, row.into(), func() {
		r := row.record()
		f.Commands[r.Key] = r
	})
}

func (f *facts) readOrders(ctx context.Context, tx *sql.Tx, n names) error {
	var id ref.OrderID
	var version ref.Version
	var owed bool
	return namedRows(ctx, tx, sqlOrderFacts, n.orders.items, []any{intoID(&id), &version, &owed}, func() {
		f.Orders[id] = version
		if owed {
			f.owed[id] = true
		}
	})
}

func (f *facts) readPayments(ctx context.Context, tx *sql.Tx, n names) error {
	var id ref.PaymentID
	var version ref.Version
	return namedRows(ctx, tx, sqlPaymentFacts, n.payments.items, []any{intoID(&id), &version}, func() {
		f.Payments[id] = version
	})
}

// namedRows reads the rows of keys into the same places, one after the other; without a key it asks nothing.
func namedRows[K any](ctx context.Context, tx *sql.Tx, query string, keys []K, places []any, keep func()) error {
	if len(keys) == 0 {
		return nil
	}
	return eachRow(ctx, tx, query, []any{jsonText(keys)}, places, keep)
}
