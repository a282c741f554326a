package catalog

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Walk gives whole products of any status in ascending order of their ids, from the first after the given one, at most
// limit and PageMax: for who takes all of the catalogue elsewhere. A product that is made meanwhile comes at the end.
func (s *Service) Walk(ctx context.Context, after ref.ProductID, limit int) ([]Product, error) {
	return s.parts.Upkeep.Walk(ctx, after, min(max(limit, 1), PageMax))
}
