package memory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// pricingState holds the versions of each plan, from the first to the present one.
type pricingState struct {
	plans map[pricing.Key][]pricing.Plan
}

func newPricingState() pricingState {
	return pricingState{plans: map[pricing.Key][]pricing.Plan{}}
}

// present gives the plan as last committed; it has version 0 when there is none.
func (p *pricingState) present(key pricing.Key) pricing.Plan {
	versions := p.plans[key]
	if len(versions) == 0 {
		return pricing.Plan{}
	}
	return versions[len(versions)-1]
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

// Plans gives the plans of the variants in the scope's channel and currency.
func (p prices) Plans(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]pricing.Plan, error) {
	return view(ctx, p.store, func() (map[ref.VariantID]pricing.Plan, error) {
		out := make(map[ref.VariantID]pricing.Plan, len(variants))
		for _, v := range variants {
			plan := p.store.pricing.present(pricing.Key{Variant: v, Channel: scope.Channel, Currency: scope.Currency})
			if plan.Version > 0 {
				out[v] = copyPlan(plan)
			}
		}
		return out, nil
	})
}

// History gives the versions of a plan.
func (p prices) History(ctx context.Context, key pricing.Key) ([]pricing.Entry, error) {
	return view(ctx, p.store, func() ([]pricing.Entry, error) {
		versions := p.store.pricing.plans[key]
		versions = versions[max(len(versions)-pricing.HistoryMax, 0):]
		out := make([]pricing.Entry, len(versions))
		for i, v := range versions {
			out[i] = copyPlan(v).Entry()
		}
		return out, nil
	})
}

// Commit makes the commit true, wholly or not at all.
func (p pricingCommitter) Commit(ctx context.Context, c pricing.Commit) error {
	s := p.store
	return s.update(ctx, func() (func(), error) {
		written := make(map[pricing.Key]bool, len(c.Plans))
		for _, w := range c.Plans {
			if written[w.State.Key] || s.pricing.present(w.State.Key).Version != w.Expected {
				return nil, fault.VersionConflict.New("the price was changed meanwhile; read it again").
					With("variant", w.State.Variant.String())
			}
			written[w.State.Key] = true
		}
		return func() {
			for _, w := range c.Plans {
				s.pricing.plans[w.State.Key] = append(s.pricing.plans[w.State.Key], copyPlan(w.State))
			}
			s.tell(c.Events)
		}, nil
	})
}
