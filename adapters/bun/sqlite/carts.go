package sqlite

import (
	"context"

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
	cartColumns = `id, version, status, channel, currency, customer, lines, details, order_id, successor, reopened, created_at, updated_at`
	sqlReadCart = `SELECT ` + cartColumns + ` FROM carts WHERE id = ?1`
	sqlReadOpen = `SELECT ` + cartColumns + ` FROM carts WHERE customer = ?1 AND channel = ?2 AND currency = ?3 AND status IN ('active', 'abandoned')
		ORDER BY updated_at DESC, id`
	// By carts_idle, whose condition stands here word by word.
	sqlReadIdle = `SELECT ` + cartColumns + ` FROM carts WHERE status = ?1 AND bare = ?2 AND updated_at <= ?3 AND status <> 'completed'
		ORDER BY updated_at, id LIMIT ?4`

	sqlInsertCart = `INSERT INTO carts (id, version, status, channel, currency, customer, lines, bare, details, order_id, successor, reopened,
		created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`
	sqlUpdateCart = `UPDATE carts SET version = ?2, status = ?3, customer = ?4, lines = ?5, bare = ?6, details = ?7, order_id = ?8, successor = ?9,
		reopened = ?10, updated_at = ?11 WHERE id = ?1`
)

// Cart reads a cart by its key.
func (p Carts) Cart(ctx context.Context, id ref.CartID) (ordering.Cart, error) {
	found, err := only(rowsOf(ctx, p.s.reader, scanCart, sqlReadCart, cartKey(id)))
	return found, missing("cart", err)
}

// OfCustomer reads the open carts of a customer by index.
func (p Carts) OfCustomer(ctx context.Context, customer ref.CustomerID, channel ref.Channel, currency money.Currency) ([]ordering.Cart, error) {
	return rowsOf(ctx, p.s.reader, scanCart, sqlReadOpen, idText(customer), string(channel), currency.Code())
}

// Idle reads carts that nobody changes, by index.
func (p Carts) Idle(ctx context.Context, q ordering.IdleCarts) ([]ordering.Cart, error) {
	return rowsOf(ctx, p.s.reader, scanCart, sqlReadIdle, string(q.Status), q.Empty, microsOf(q.Until), max(q.Limit, 0))
}

// remarks are what the buyer and the adopter say on a cart or an order.
type remarks struct {
	Note     string            `json:"note,omitempty"`
	Metadata ordering.Metadata `json:"metadata,omitempty"`
}

func scanCart(row scanned) (c ordering.Cart, err error) {
	var currency string
	var said remarks
	err = row.Scan(intoCart(&c.ID), &c.Version, &c.Status, &c.Channel, &currency, intoID(&c.Customer), intoJSON(&c.Lines), intoJSON(&said),
		intoID(&c.Order), intoCart(&c.Successor), &c.Reopened, intoTime(&c.CreatedAt), intoTime(&c.UpdatedAt))
	if err != nil {
		return c, err
	}
	c.Note, c.Metadata = said.Note, said.Metadata
	c.Currency, err = money.CurrencyOf(currency)
	return c, err
}

// writeCarts writes carts and deletes those that are purged. A cart whose place another one takes in the same group was
// judged by what it was before: the unique index refuses the group then, and each member is written alone.
func (w *writer) writeCarts(ctx context.Context) error {
	fresh, known := w.carts.Split()
	err := each(ctx, w.tx, sqlUpdateCart, known, func(c ordering.Cart) []any {
		return []any{
			cartKey(c.ID), int64(c.Version), string(c.Status), idText(c.Customer), jsonText(c.Lines), len(c.Lines) == 0, cartDetails(c),
			idText(c.Order), cartKey(c.Successor), c.Reopened, microsOf(c.UpdatedAt),
		}
	})
	if err == nil {
		err = each(ctx, w.tx, sqlInsertCart, fresh, func(c ordering.Cart) []any {
			return []any{
				cartKey(c.ID), int64(c.Version), string(c.Status), string(c.Channel), c.Currency.Code(), idText(c.Customer), jsonText(c.Lines),
				len(c.Lines) == 0, cartDetails(c), idText(c.Order), cartKey(c.Successor), c.Reopened, microsOf(c.CreatedAt), microsOf(c.UpdatedAt),
			}
		})
	}
	if err == nil {
		err = each(ctx, w.tx, `DELETE FROM carts WHERE id = ?1`, w.purges, func(id ref.CartID) []any { return []any{cartKey(id)} })
	}
	return err
}

func cartDetails(c ordering.Cart) string {
	return jsonText(remarks{Note: c.Note, Metadata: c.Metadata})
}
