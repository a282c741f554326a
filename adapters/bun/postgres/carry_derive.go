package postgres

import (
	"context"

	"github.com/ipswich-retail/commerce/adapters/bun/carry"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// sqlOwedByOrders is what orders say of their lines, in the column that this store alone has.
const sqlOwedByOrders = `UPDATE commerce.orders o SET backordered = l.backordered FROM (
		SELECT order_id, sum(backordered) AS backordered FROM commerce.order_lines WHERE shop = $1 AND backordered > 0 GROUP BY order_id) l
	WHERE o.shop = $1 AND o.id = l.order_id`

// Derive writes what orders say of their lines, what lists show of all products, and their words.
func (s *Shop) Derive(ctx context.Context, tell func(products int)) error {
	if _, err := s.tx.Exec(ctx, sqlOwedByOrders, s.s.cfg.Shop); err != nil {
		return readError(err)
	}
	for _, t := range carry.Tables { // What follows is planned by how much there is now.
		if err := s.analyse(ctx, t.Name); err != nil {
			return err
		}
	}
	if err := s.list(ctx, tell); err != nil {
		return err
	}
	for _, name := range carry.Made(carry.PostgreSQL) {
		if err := s.analyse(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// analyse lets the planner know how much is in a table.
func (s *Shop) analyse(ctx context.Context, table string) error {
	_, err := s.tx.Exec(ctx, "ANALYZE commerce."+table)
	return readError(err)
}

// list writes what lists show of all products.
func (s *Shop) list(ctx context.Context, tell func(products int)) error {
	done := 0
	var last ref.UUID
	for {
		ids, err := s.s.projectNext(ctx, s.tx, last)
		if err != nil || len(ids) == 0 {
			return readError(err)
		}
		done, last = done+len(ids), ids[len(ids)-1]
		tell(done)
	}
}
