package pricing

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Service is the one way into pricing. Safe for concurrent use.
type Service struct {
	prices    Prices
	committer Committer
	clock     ports.Clock
	ids       ports.IDs
	note      Note
}

// NewService needs all of its parts.
func NewService(prices Prices, committer Committer, clock ports.Clock, ids ports.IDs) *Service {
	return &Service{prices: prices, committer: committer, clock: clock, ids: ids}
}

// With gives a service whose changes bear the note.
func (s *Service) With(n Note) *Service {
	out := *s
	out.note = n
	return &out
}

// Current gives what the variants cost in the scope at scope.At, by Plan.At; one without a price is left out. One read,
// however many variants.
func (s *Service) Current(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]ResolvedPrice, error) {
	plans, err := s.plans(ctx, scope, variants)
	if err != nil {
		return nil, err
	}
	out := make(map[ref.VariantID]ResolvedPrice, len(plans))
	for id, p := range plans {
		if r, ok := p.At(scope.At); ok {
			out[id] = r
		}
	}
	return out, nil
}

// Standing gives the prices of the variants that hold without an end, by Plan.Standing: what Set changes. One without
// is left out.
func (s *Service) Standing(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]Price, error) {
	plans, err := s.plans(ctx, scope, variants)
	if err != nil {
		return nil, err
	}
	out := make(map[ref.VariantID]Price, len(plans))
	now := ref.Instant(s.clock.Now())
	for id, p := range plans {
		if price, ok := p.Standing(now); ok {
			out[id] = price
		}
	}
	return out, nil
}

// Plans gives the plans of the variants in the scope's channel and currency, for those who edit them; a variant that
// never had a price there is left out.
func (s *Service) Plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]Plan, error) {
	return s.plans(ctx, scope, variants)
}

// History gives what the variant cost in the scope's channel and currency from the moment on until now, by Timeline;
// the first step is the one that was in force then. It has at most HistoryMax of the newest changes.
func (s *Service) History(ctx context.Context, scope ref.Scope, variant ref.VariantID, since time.Time) ([]Step, error) {
	key := Key{Variant: variant, Channel: scope.Channel, Currency: scope.Currency}
	entries, err := s.prices.History(ctx, key)
	if err != nil {
		return nil, err
	}
	steps := Timeline(entries, ref.Instant(s.clock.Now()))
	for len(steps) > 1 && !steps[1].From.After(since) {
		steps = steps[1:]
	}
	return steps, nil
}

func (s *Service) plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]Plan, error) {
	if len(variants) == 0 {
		return map[ref.VariantID]Plan{}, nil
	}
	return s.prices.Plans(ctx, scope, variants)
}
