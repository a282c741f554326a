package sqlite

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Upkeep is the store as catalog.Upkeep.
type Upkeep struct{ s *Store }

var _ catalog.Upkeep = Upkeep{}

// Upkeep gives the port catalog.Upkeep.
func (s *Store) Upkeep() Upkeep { return Upkeep{s} }

const (
	sqlDue = `SELECT ` + productColumns + ` FROM product_schedule d CROSS JOIN products p ON p.id = d.product_id
		WHERE d.due_at <= ?1 ORDER BY d.due_at, d.product_id LIMIT ?2`
	sqlWalk = sqlProduct + `p.id > ?1 ORDER BY p.id LIMIT ?2`
)

// Due reads the products that the clock changes by the moment.
func (u Upkeep) Due(ctx context.Context, at time.Time, limit int) ([]catalog.Product, error) {
	return u.s.Products().read(ctx, sqlDue, microsOf(at), limit)
}

// Walk reads products in the order of their ids.
func (u Upkeep) Walk(ctx context.Context, after ref.ProductID, limit int) ([]catalog.Product, error) {
	return u.s.Products().read(ctx, sqlWalk, after.String(), limit)
}
