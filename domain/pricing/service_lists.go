package pricing

import (
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// List is a channel and a currency in which there are prices.
type List struct {
	Channel  ref.Channel
	Currency money.Currency
}

// listsPage is how many keys are read at once to find the lists of a shop.
const listsPage = 1000

// Lists gives the channels and currencies in which the shop has prices, in ascending order. It goes through all of them,
// and is for who takes a shop elsewhere. Of a store that is no Auditor it knows none.
func (s *Service) Lists(ctx context.Context) ([]List, error) {
	auditor, ok := ports.As[Auditor](s.prices)
	if !ok {
		return nil, nil
	}
	var out []List
	seen := map[List]bool{}
	for after := (Key{}); ; {
		keys, err := auditor.AuditPrices(ctx, after, listsPage)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if at := (List{k.Channel, k.Currency}); !seen[at] {
				seen[at] = true
				out = append(out, at)
			}
			after = k
		}
		if len(keys) < listsPage {
			break
		}
	}
	slices.SortFunc(out, func(a, b List) int {
		return strings.Compare(string(a.Channel)+"\x00"+a.Currency.Code(), string(b.Channel)+"\x00"+b.Currency.Code())
	})
	return out, nil
}
