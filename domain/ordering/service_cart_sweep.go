package ordering

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// SweepBatch is how many carts one commit of a sweep changes.
const SweepBatch = 50

// CartSweep counts what a sweep did.
type CartSweep struct{ Abandoned, Expired, Purged int }

// All is how many carts it changed.
func (c CartSweep) All() int { return c.Abandoned + c.Expired + c.Purged }

// SweepCarts does to carts what time does, by Options.Carts: it abandons, expires and purges at most limit carts, the
// oldest of each kind first. Call it from a job, again at once while it did as much as it was let. A cart that somebody
// changes meanwhile is left to the next sweep; any number of sweeps may run at once. Errors: kinds Unavailable and
// Unknown; what was done before stays done and is counted.
func (s *Service) SweepCarts(ctx context.Context, limit int) (CartSweep, error) {
	var done CartSweep
	now := s.now()
	for _, q := range s.carts.policy.Due(now) {
		for done.All() < limit {
			q.Limit = min(limit-done.All(), SweepBatch)
			carts, err := s.parts.Carts.Idle(ctx, q)
			if err != nil {
				return done, err
			}
			before := done
			if err := s.sweep(ctx, carts, now, &done); err != nil {
				return done, err
			}
			// With none done the same would come again.
			if len(carts) < q.Limit || done == before {
				break
			}
		}
	}
	return done, nil
}

// sweep commits what is due to the carts together, and one by one when somebody changes one of them meanwhile.
func (s *Service) sweep(ctx context.Context, carts []Cart, now time.Time, done *CartSweep) error {
	all := Commit{At: now}
	var fates []CartFate
	for _, c := range carts {
		fate, one, due := SweepCart(s.carts.policy, c, now, s.parts.IDs.New)
		if !due {
			continue
		}
		all.Carts, all.Purges = append(all.Carts, one.Carts...), append(all.Purges, one.Purges...)
		all.Events = append(all.Events, one.Events...)
		fates = append(fates, fate)
	}
	if len(fates) == 0 {
		return nil
	}
	_, err := s.parts.Committer.Commit(ctx, all)
	switch {
	case err == nil:
		done.count(fates...)
		return nil
	case fault.KindOf(err) != fault.Conflict:
		return err
	case len(carts) == 1:
		return nil
	}
	for _, c := range carts {
		if err := s.sweep(ctx, []Cart{c}, now, done); err != nil {
			return err
		}
	}
	return nil
}

// count adds fates.
func (c *CartSweep) count(fates ...CartFate) {
	for _, f := range fates {
		switch f {
		case CartIsAbandoned:
			c.Abandoned++
		case CartExpires:
			c.Expired++
		case CartIsPurged:
			c.Purged++
		case CartStays:
		}
	}
}
