package bridge

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Availability is inventory in ordering's words. Made by NewAvailability; safe for concurrent use.
type Availability struct{ inventory *inventory.Service }

var _ ordering.Availability = (*Availability)(nil)

// NewAvailability reads from inventory.
func NewAvailability(s *inventory.Service) *Availability { return &Availability{inventory: s} }

// Stock gives what can be had of each SKU, in one read.
func (a *Availability) Stock(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ordering.StockFact, error) {
	offers, err := a.inventory.Offers(ctx, skus)
	if err != nil {
		return nil, err
	}
	out := make(map[ref.SKU]ordering.StockFact, len(skus))
	for _, sku := range skus {
		out[sku] = ordering.StockFact{Available: offers[sku].Available, Beyond: offers[sku].Beyond}
	}
	return out, nil
}
