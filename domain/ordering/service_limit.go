package ordering

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// Attempts say how often one cart may be checked out; Count 0 is without limit.
type Attempts struct {
	Count  int
	Window time.Duration
}

// DefaultAttempts are two a second for a minute: more than any buyer makes, whatever is declined or out of stock, and too
// few to try stolen cards on. They count for the cart alone, since buyers of one company or network share an address.
var DefaultAttempts = Attempts{Count: 120, Window: time.Minute}

// RateLimited is the case of a cart that was checked out too often.
var RateLimited = fault.Limited

// admit counts an attempt at a checkout. Errors: RateLimited with the details retry_at and, in whole seconds,
// retry_after.
func (s *Service) admit(ctx context.Context, cmd ports.Command) (ports.Allowance, error) {
	if s.parts.Limiter == nil || s.attempts.Count <= 0 {
		return ports.Allowance{}, nil
	}
	key := cmd.Key.Route + ":" + cmd.Key.Actor // A digest of the cart's id, which is a credential.
	a, err := s.parts.Limiter.Take(ctx, cmd.At, []ports.Limit{{Key: key, Count: s.attempts.Count, Window: s.attempts.Window}})
	if err != nil || a.Allowed() {
		return a, err
	}
	return a, RateLimited.New("this cart was checked out too often; wait for the time that Retry-After says").
		With("retry_at", a.From).With("retry_after", a.Wait())
}

// repeated answers a request whose command was begun before, which does not count as an attempt.
func (s *Service) repeated(ctx context.Context, a ports.Allowance, record ports.CommandRecord, cmd ports.Command, p PaymentProvider, r CheckoutRequest) (PlacedOrder, error) {
	if len(a.Limits) > 0 && a.Allowed() {
		if err := s.parts.Limiter.Give(ctx, a); err != nil {
			return PlacedOrder{}, err
		}
	}
	return s.again(ctx, record, cmd, p, r)
}
