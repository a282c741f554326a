package memory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// pricingState holds the prices.
type pricingState struct{ prices map[pricing.Key]pricing.Price }

func newPricingState() pricingState {
	return pricingState{prices: map[pricing.Key]pricing.Price{}}
}

// prices reads the prices of a store.
type prices struct{ store *Store }

// pricingCommitter changes the prices of a store.
type pricingCommitter struct{ store *Store }

var (
	_ pricing.Prices    = prices{}
	_ pricing.Committer = pricingCommitter{}
)

// Prices gives the port that reads prices.
func (s *Store) Prices() pricing.Prices { return prices{s} }

// Pricing gives the port that changes prices.
func (s *Store) Pricing() pricing.Committer { return pricingCommitter{s} }

// Current gives the prices of the variants in the scope's channel and currency.
func (p prices) Current(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Price, error) {
	return view(ctx, p.store, func() (map[ref.VariantID]pricing.Price, error) {
		out := make(map[ref.VariantID]pricing.Price, len(variants))
		for _, v := range variants {
			key := pricing.Key{Variant: v, Channel: scope.Channel, Currency: scope.Currency}
			if stored, known := p.store.pricing.prices[key]; known {
				out[v] = copyPrice(stored)
			}
		}
		return out, nil
	})
}

// Commit makes the commit true, wholly or not at all.
func (p pricingCommitter) Commit(ctx context.Context, c pricing.Commit) error {
	s := p.store
	return s.update(ctx, func() (func(), error) {
		written := make(map[pricing.Key]bool, len(c.Prices))
		for _, w := range c.Prices {
			if written[w.State.Key] || s.pricing.prices[w.State.Key].Version != w.Expected {
				return nil, fault.VersionConflict.New("the price was changed meanwhile; read it again").
					With("variant", w.State.Variant.String())
			}
			written[w.State.Key] = true
		}
		return func() {
			for _, w := range c.Prices {
				s.pricing.prices[w.State.Key] = copyPrice(w.State)
			}
			s.tell(c.Events)
		}, nil
	})
}
