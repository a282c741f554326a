package ordering

import (
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// adviceTime is how long a cart waits for advice on stock, which it can do without.
const adviceTime = 500 * time.Millisecond

// cartOptions are the options of carts, with the defaults in place.
type cartOptions struct {
	merge        MergePolicy
	policy       CartPolicy
	requirements []Requirement
}

func cartOptionsOf(opts *Options) cartOptions {
	out := cartOptions{merge: MergeBoth, policy: DefaultCartPolicy()}
	if opts == nil {
		return out
	}
	if opts.Merge.Choose != nil {
		out.merge = opts.Merge
	}
	if opts.Carts != nil {
		out.policy = *opts.Carts
	}
	out.requirements = slices.Clone(opts.Requirements)
	return out
}

// advised adds what stock has to say, in one read. When that fails or takes long the cart is shown without a word on
// stock: it is advice, and the claim decides. A cart that became an order has its claim, so there is nothing to say.
func (s *Service) advised(ctx context.Context, q Quote) Quote {
	if _, err := q.Cart.revived(); err != nil || s.parts.Stock == nil {
		return q
	}
	var skus []ref.SKU
	for _, l := range q.Lines {
		if l.Available {
			skus = append(skus, l.SKU)
		}
	}
	if len(skus) == 0 {
		return q
	}
	slices.Sort(skus)
	ctx, cancel := context.WithTimeout(ctx, adviceTime)
	defer cancel()
	facts, err := s.parts.Stock.Stock(ctx, slices.Compact(skus))
	if err != nil {
		return q
	}
	return q.Stocked(facts)
}
