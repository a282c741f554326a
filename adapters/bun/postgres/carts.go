package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Carts is the store as ordering.Carts.
type Carts struct{ s *Store }

var _ ordering.Carts = Carts{}

// Carts gives the port ordering.Carts.
func (s *Store) Carts() Carts { return Carts{s} }

const (
	cartColumnNames = `id, version, status, channel, currency, customer, lines, details, order_id, successor, reopened, created_at, updated_at`
	sqlReadCarts    = `SELECT c.* FROM (SELECT unnest($2::bytea[])) AS k(id)
		CROSS JOIN LATERAL (SELECT ` + cartColumnNames + ` FROM commerce.carts WHERE shop = $1 AND id = k.id OFFSET 0) c`
	sqlReadOpen = `SELECT ` + cartColumnNames + ` FROM commerce.carts
		WHERE shop = $1 AND customer = $2 AND channel = $3 AND currency = $4 AND status IN ('active', 'abandoned')
		ORDER BY updated_at DESC, id`
	// By carts_idle: its condition and its expression stand here word by word.
	sqlReadIdle = `SELECT ` + cartColumnNames + ` FROM commerce.carts
		WHERE shop = $1 AND status = $2 AND (lines IN ('[]'::jsonb, 'null'::jsonb)) = $3 AND updated_at <= $4 AND status <> 'completed'
		ORDER BY updated_at, id LIMIT $5`
)

// Cart reads a cart by its key, together with what others ask for at the same time.
func (p Carts) Cart(ctx context.Context, id ref.CartID) (ordering.Cart, error) {
	c, err := readTogether[*ordering.Cart](ctx, p.s, id, 1)
	if err == nil && c == nil {
		err = fault.Missing.New("there is no such cart")
	}
	if err != nil {
		return ordering.Cart{}, err
	}
	return *c, nil
}

// queueByID asks for carts by their keys; nil stands for one that is not there. Who asks twice gets two, for each may
// change its own.
func (p Carts) queueByID(b *pgx.Batch, ids []ref.CartID) func() ([]*ordering.Cart, error) {
	keys := make([][]byte, len(ids))
	wanted := make(map[ref.CartID][]int, len(ids))
	for i, id := range ids {
		keys[i] = cartKey(id)
		wanted[id] = append(wanted[id], i)
	}
	out := make([]*ordering.Cart, len(ids))
	b.Queue(sqlReadCarts, p.s.cfg.Shop, keys).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			c, err := scanCart(rows)
			if err != nil {
				return err
			}
			i := wanted[c.ID][0] // There is a row for each time that it is asked for.
			wanted[c.ID] = wanted[c.ID][1:]
			out[i] = &c
		}
		return rows.Err()
	})
	return func() ([]*ordering.Cart, error) { return out, nil }
}

// OfCustomer reads the open carts of a customer by index.
func (p Carts) OfCustomer(ctx context.Context, customer ref.CustomerID, channel ref.Channel, currency money.Currency) ([]ordering.Cart, error) {
	return p.query(ctx, sqlReadOpen, p.s.cfg.Shop, orNull(customer), string(channel), currency.Code())
}

// Idle reads carts that nobody changes, by index.
func (p Carts) Idle(ctx context.Context, q ordering.IdleCarts) ([]ordering.Cart, error) {
	return p.query(ctx, sqlReadIdle, p.s.cfg.Shop, string(q.Status), q.Empty, q.Until, max(q.Limit, 0))
}

func (p Carts) query(ctx context.Context, sql string, args ...any) ([]ordering.Cart, error) {
	rows, err := p.s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ordering.Cart, error) { return scanCart(row) })
	return out, readError(err)
}

// remarks are what the buyer and the adopter say on a cart or an order.
type remarks struct {
	Note     string            `json:"note,omitempty"`
	Metadata ordering.Metadata `json:"metadata,omitempty"`
}

func scanCart(row pgx.Row) (c ordering.Cart, err error) {
	var currency string
	var id, lines, details, successor []byte
	var order, customer pgtype.UUID
	err = row.Scan(&id, &c.Version, &c.Status, &c.Channel, &currency, &customer, &lines, &details, &order, &successor, &c.Reopened, &c.CreatedAt, &c.UpdatedAt)
	if err != nil {
		return ordering.Cart{}, err
	}
	c.CreatedAt, c.UpdatedAt = ref.Instant(c.CreatedAt), ref.Instant(c.UpdatedAt)
	c.ID, c.Successor = cartID(id), cartID(successor)
	if order.Valid {
		c.Order = ref.NewID[ref.OrderKind](order.Bytes)
	}
	if customer.Valid {
		c.Customer = ref.NewID[ref.CustomerKind](customer.Bytes)
	}
	if c.Currency, err = money.CurrencyOf(currency); err != nil {
		return ordering.Cart{}, corrupt(err)
	}
	var said remarks
	if err := json.Unmarshal(details, &said); err != nil {
		return ordering.Cart{}, corrupt(err)
	}
	c.Note, c.Metadata = said.Note, said.Metadata
	if err := json.Unmarshal(lines, &c.Lines); err != nil {
		return ordering.Cart{}, corrupt(err)
	}
	return c, nil
}

// cartID is the id of NULL for no cart.
func cartID(key []byte) ref.CartID {
	if len(key) != ref.SecretSize {
		return ref.CartID{}
	}
	return ref.NewCartID([ref.SecretSize]byte(key))
}
