package pricing

import (
	"cmp"
	"context"
)

// Auditor is the capability of a store to tell all that it has prices of, for who checks whether it is sold anywhere. Find
// it with ports.As on Prices.
//
// Contract: [audit-prices] AuditPrices gives the keys of plans behind a key, in ascending order, at most limit, each once
// and none left out that is there all the while. Errors: kind Unavailable. Safe for concurrent use.
type Auditor interface {
	AuditPrices(ctx context.Context, after Key, limit int) ([]Key, error)
}

// Compare orders keys: by variant, channel and currency.
func (k Key) Compare(o Key) int {
	return cmp.Or(k.Variant.Compare(o.Variant), cmp.Compare(k.Channel, o.Channel), cmp.Compare(k.Currency.Code(), o.Currency.Code()))
}
