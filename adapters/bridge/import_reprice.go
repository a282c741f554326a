package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/pricing"
)

// adoptMost is how many plans are taken over in one commit.
const adoptMost = 1000

// reprice writes the prices of a batch: first the plans that are taken over, then what is planned, then what stands.
func (w *walk) reprice(ctx context.Context, plans []*plan) error {
	var adopts []pricing.Plan
	var lists []pricing.List
	prices, windows := map[pricing.List][]pricing.Price{}, map[pricing.List][]pricing.Price{}
	sort := func(into map[pricing.List][]pricing.Price, all []pricing.Price) {
		for _, price := range all {
			at := pricing.List{Channel: price.Channel, Currency: price.Currency}
			if into[at] = append(into[at], price); !slices.Contains(lists, at) {
				lists = append(lists, at)
			}
		}
	}
	for _, p := range plans {
		adopts = append(adopts, p.adopts...)
		sort(windows, p.windows)
		sort(prices, p.prices)
	}
	for some := range slices.Chunk(adopts, adoptMost) {
		if _, err := w.pricing.Adopt(ctx, some); err != nil {
			return fmt.Errorf("taking prices over: %w", err)
		}
	}
	for _, at := range lists {
		scope := within(w.scope, at)
		if len(windows[at]) > 0 {
			if _, err := w.pricing.Schedule(ctx, scope, windows[at]); err != nil {
				return fmt.Errorf("planning prices: %w", err)
			}
		}
		if len(prices[at]) > 0 {
			if _, err := w.pricing.Set(ctx, scope, prices[at]); err != nil {
				return fmt.Errorf("setting prices: %w", err)
			}
		}
	}
	return nil
}
