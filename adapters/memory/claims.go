package memory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Claim reads a claim on stock; found is false when there is none.
func (s *Store) Claim(_ context.Context, id ref.ClaimID) (claim inventory.Claim, found bool, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, known := s.stock.claims[id]
	return c.Clone(), known, nil
}
