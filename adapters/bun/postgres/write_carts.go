package postgres

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlInsertCarts = `INSERT INTO commerce.carts (shop, id, version, status, channel, currency, customer, lines, details, order_id, successor,
			reopened, created_at, updated_at)
		SELECT $1, c.id, c.version, c.status, c.channel, c.currency, c.customer, c.lines::jsonb, c.details::jsonb, c.order_id, c.successor,
			c.reopened, c.created_at, c.updated_at
		FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::uuid[], $11::bytea[],
			$12::boolean[], $13::timestamptz[], $14::timestamptz[])
		AS c(id, version, status, channel, currency, customer, lines, details, order_id, successor, reopened, created_at, updated_at)`
	sqlUpdateCarts = `UPDATE commerce.carts t SET version = c.version, status = c.status, customer = c.customer, lines = c.lines::jsonb,
			details = c.details::jsonb, order_id = c.order_id, successor = c.successor, reopened = c.reopened, updated_at = c.updated_at
		FROM unnest($2::bytea[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::bytea[], $10::boolean[], $11::timestamptz[])
		AS c(id, version, status, customer, lines, details, order_id, successor, reopened, updated_at)
		WHERE t.shop = $1 AND t.id = c.id`
	sqlPurgeCarts = `DELETE FROM commerce.carts t USING unnest($2::bytea[]) AS c(id) WHERE t.shop = $1 AND t.id = c.id`
)

// cartKey is NULL for no cart.
func cartKey(id ref.CartID) []byte {
	if id.IsZero() {
		return nil
	}
	secret := id.Bytes()
	return secret[:]
}

// queueCarts writes carts and deletes those that are purged. A cart whose place another one takes in the same group was
// judged by what it was before: the unique index refuses the group then, and each member is written alone.
func (w *writer) queueCarts() {
	fresh, known := w.carts.Split()
	if len(known) > 0 {
		c := cartColumnsOf(known)
		w.pending.Queue(sqlUpdateCarts, w.s.cfg.Shop, c.ids, c.versions, c.statuses, c.customers, c.lines, c.details, c.orders, c.successors, c.reopened, c.updated)
	}
	if len(fresh) > 0 {
		c := cartColumnsOf(fresh)
		w.pending.Queue(sqlInsertCarts, w.s.cfg.Shop, c.ids, c.versions, c.statuses, c.channels, c.currencies, c.customers, c.lines, c.details,
			c.orders, c.successors, c.reopened, c.created, c.updated)
	}
	if len(w.purges) > 0 {
		w.pending.Queue(sqlPurgeCarts, w.s.cfg.Shop, w.purges)
	}
}

type cartColumns struct {
	ids, successors                                [][]byte
	versions                                       []int64
	statuses, channels, currencies, lines, details []string
	customers, orders                              []pgtype.UUID
	reopened                                       []bool
	created, updated                               []time.Time
}

func cartColumnsOf(carts []ordering.Cart) (c cartColumns) {
	for _, x := range carts {
		c.ids = append(c.ids, cartKey(x.ID))
		c.versions = append(c.versions, int64(x.Version))
		c.statuses = append(c.statuses, string(x.Status))
		c.channels = append(c.channels, string(x.Channel))
		c.currencies = append(c.currencies, x.Currency.Code())
		c.customers = append(c.customers, orNull(x.Customer))
		c.lines = append(c.lines, text(x.Lines))
		c.details = append(c.details, text(remarks{Note: x.Note, Metadata: x.Metadata}))
		c.orders = append(c.orders, orNull(x.Order))
		c.successors = append(c.successors, cartKey(x.Successor))
		c.reopened = append(c.reopened, x.Reopened)
		c.created = append(c.created, x.CreatedAt)
		c.updated = append(c.updated, x.UpdatedAt)
	}
	return c
}
