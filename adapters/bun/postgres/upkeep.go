package postgres

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
	sqlDue = `SELECT ` + productColumns + ` FROM (SELECT due_at, product_id FROM commerce.product_schedule
			WHERE shop = $1 AND due_at <= $2 ORDER BY due_at, product_id LIMIT $3) d
		JOIN commerce.products p ON p.shop = $1 AND p.id = d.product_id ORDER BY d.due_at, d.product_id`
	sqlWalk = sqlProduct + `p.id > $2 ORDER BY p.id LIMIT $3`
)

// Due reads the products that the clock changes by the moment.
func (u Upkeep) Due(ctx context.Context, at time.Time, limit int) ([]catalog.Product, error) {
	return u.s.Products().read(ctx, sqlDue, u.s.cfg.Shop, at, limit)
}

// Walk reads products in the order of their ids.
func (u Upkeep) Walk(ctx context.Context, after ref.ProductID, limit int) ([]catalog.Product, error) {
	return u.s.Products().read(ctx, sqlWalk, u.s.cfg.Shop, [16]byte(after.UUID()), limit)
}
