package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// backorderTries is how often LowerBackorder reads an order anew that others change meanwhile.
const backorderTries = 5

// LowerBackorder tells an order that goods came in for a line's claim, so that only left of it is still promised beyond
// stock. Call it for each event of inventory that says so, in any order and as often as it comes: a line is never
// raised, and what it says already is not written again. A claim of no order is none of ours and no error.
//
// Errors: Missing for an unknown order; VersionConflict when others kept changing the order; kinds Unavailable and
// Unknown. In all but the first case try again.
func (s *Service) LowerBackorder(ctx context.Context, order ref.OrderID, claim ref.ClaimID, left int64) error {
	var err error
	for range backorderTries {
		o, _, readErr := s.parts.Orders.Order(ctx, order)
		if readErr != nil {
			return readErr
		}
		_, c, changed := LowerBackorder(o, claim, left, s.now(), s.parts.IDs.New)
		if !changed {
			return nil
		}
		if _, err = s.parts.Committer.Commit(ctx, c); !fault.Is(err, fault.VersionConflict) {
			return err
		}
	}
	return err
}
