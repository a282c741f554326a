package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var _ ordering.Auditor = Orders{}

const (
	sqlAuditPage   = `WITH page AS MATERIALIZED (SELECT id FROM commerce.orders WHERE shop = $1 AND id > $2 ORDER BY id LIMIT $3) `
	sqlAuditClaims = `SELECT ` + claimFields + ` FROM commerce.stock_claims WHERE shop = $1 AND id = ANY($2)`
	sqlAuditCarts  = `SELECT ARRAY(SELECT o.id FROM commerce.orders o WHERE o.shop = $1 AND o.cart = c.id AND o.status <> 'cancelled' ORDER BY o.id), ` +
		cartColumnNames + ` FROM commerce.carts c WHERE shop = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlNamedPage = `WITH page AS MATERIALIZED (SELECT DISTINCT id FROM unnest($2::uuid[]) AS k(id)) `
)

// AuditOrders gives orders with what must agree with them: four statements for any number of orders, in one snapshot.
func (p Orders) AuditOrders(ctx context.Context, after ref.OrderID, limit int) ([]ordering.OrderAudit, error) {
	args := []any{p.s.cfg.Shop, [16]byte(after.UUID()), max(limit, 0)}
	var read listedOrders
	claims := map[ref.ClaimID]ordering.ClaimFact{}
	err := p.s.snapshot(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(sqlAuditPage+sqlListOrders, args...).Query(each(read.order))
		b.Queue(sqlAuditPage+sqlListLines, args...).Query(each(read.line))
		b.Queue(sqlAuditPage+sqlListPayments, args...).Query(each(read.payment))
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		var ids [][16]byte
		for _, item := range read.items {
			for _, c := range item.Order.Claims() {
				ids = append(ids, c.Claim.UUID())
			}
		}
		rows, err := tx.Query(ctx, sqlAuditClaims, p.s.cfg.Shop, ids)
		if err != nil {
			return err
		}
		found, err := scanClaims(rows)
		for _, c := range found {
			claims[c.ID] = mapping.ClaimFact(c)
		}
		return err
	})
	if err != nil {
		return nil, readError(err)
	}
	out := make([]ordering.OrderAudit, len(read.items))
	for i, item := range read.items {
		out[i] = ordering.OrderAudit{Order: item.Order, Payments: item.Payments}
		for _, c := range item.Order.Claims() {
			if fact, known := claims[c.Claim]; known {
				out[i].Claims = append(out[i].Claims, fact)
			}
		}
	}
	slices.SortFunc(out, func(a, b ordering.OrderAudit) int { return a.Order.ID.Compare(b.Order.ID) })
	return out, nil
}

// withLive reads the live orders of a cart before its columns.
type withLive struct {
	row  pgx.Row
	live [][16]byte
}

// Scan is pgx.Row's.
func (w *withLive) Scan(dest ...any) error { return w.row.Scan(append([]any{&w.live}, dest...)...) }

// AuditCarts gives carts with their live orders, in one statement.
func (p Orders) AuditCarts(ctx context.Context, after ref.CartID, limit int) ([]ordering.CartAudit, error) {
	key := after.Bytes()
	rows, err := p.s.pool.Query(ctx, sqlAuditCarts, p.s.cfg.Shop, key[:], max(limit, 0))
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ordering.CartAudit, error) {
		w := &withLive{row: row}
		cart, err := scanCart(w)
		a := ordering.CartAudit{Cart: cart}
		for _, id := range w.live {
			a.Live = append(a.Live, ref.NewID[ref.OrderKind](id))
		}
		return a, err
	})
	return out, readError(err)
}

// ClaimsOf gives the ids of the claims that orders have.
func (p Orders) ClaimsOf(ctx context.Context, orders []ref.OrderID) (map[ref.OrderID][]ref.ClaimID, error) {
	ids := make([][16]byte, len(orders))
	for i, id := range orders {
		ids[i] = id.UUID()
	}
	var read listedOrders
	err := p.s.snapshot(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(sqlNamedPage+sqlListOrders, p.s.cfg.Shop, ids).Query(each(read.order))
		b.Queue(sqlNamedPage+sqlListLines, p.s.cfg.Shop, ids).Query(each(read.line))
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return nil, readError(err)
	}
	out := make(map[ref.OrderID][]ref.ClaimID, len(read.items))
	for _, item := range read.items {
		claims := item.Order.Claims()
		list := make([]ref.ClaimID, len(claims))
		for i, c := range claims {
			list[i] = c.Claim
		}
		out[item.Order.ID] = list
	}
	return out, nil
}

// snapshot runs reads that all see one moment.
func (s *Store) snapshot(ctx context.Context, read func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, read)
}
