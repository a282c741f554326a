package pricing

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Service is the one way into pricing. Safe for concurrent use.
type Service struct {
	prices    Prices
	committer Committer
	clock     ports.Clock
	ids       ports.IDs
}

// NewService needs all of its parts.
func NewService(prices Prices, committer Committer, clock ports.Clock, ids ports.IDs) *Service {
	return &Service{prices: prices, committer: committer, clock: clock, ids: ids}
}

// Current gives the prices of the variants in the scope; a variant without one is left out.
func (s *Service) Current(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]Price, error) {
	if len(variants) == 0 {
		return map[ref.VariantID]Price{}, nil
	}
	return s.prices.Current(ctx, scope, variants)
}

// Set makes the prices what they should be in the scope's channel and currency, in one commit, and reports how many
// it wrote: a price that is already so is not written again. Errors: Bad with "prices[i]" paths, VersionConflict when
// someone else set one meanwhile.
func (s *Service) Set(ctx context.Context, scope ref.Scope, prices []Price) (int, error) {
	variants := make([]ref.VariantID, len(prices))
	for i, p := range prices {
		variants[i] = p.Variant
	}
	stored, err := s.Current(ctx, scope, variants)
	if err != nil {
		return 0, err
	}
	var c Commit
	var violations []*fault.Error
	now := s.clock.Now()
	for i, p := range prices {
		p.Channel, p.Currency = scope.Channel, scope.Currency
		before, known := stored[p.Variant]
		if known && before.Same(p) {
			continue
		}
		if err := p.Validate(); err != nil {
			violations = append(violations, prefixed(i, err)...)
			continue
		}
		p.Version = before.Version + 1
		c.Prices = append(c.Prices, Write{State: p, Expected: before.Version})
		c.Events = append(c.Events, event.New(ref.NewID[ref.EventKind](s.ids.New()), p.Variant.String(), now, PriceSet{
			Variant: p.Variant, Channel: p.Channel, Currency: p.Currency.Code(), Amount: p.Amount.Decimal(),
		}))
	}
	if err := fault.Collect(violations); err != nil || len(c.Prices) == 0 {
		return 0, err
	}
	if err := s.committer.Commit(ctx, c); err != nil {
		return 0, err
	}
	return len(c.Prices), nil
}
