package inventory

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Service is the one way into stock, but for the claims of orders. Safe for concurrent use.
type Service struct {
	stock Stock
	clock ports.Clock
	ids   ports.IDs
}

// NewService needs all of its parts.
func NewService(stock Stock, clock ports.Clock, ids ports.IDs) *Service {
	return &Service{stock: stock, clock: clock, ids: ids}
}

// StockAdjusted tells that what is on hand of a SKU changed other than by an order.
type StockAdjusted struct {
	SKU      ref.SKU      `json:"sku"`
	Location Location     `json:"location"`
	Kind     MovementKind `json:"kind"`
	Key      string       `json:"key"`
}

// EventName is the event's stable name.
func (StockAdjusted) EventName() string { return "inventory.stock_adjusted" }

// Available gives what can be claimed of each SKU that has a level.
func (s *Service) Available(ctx context.Context, skus []ref.SKU) (map[ref.SKU]int64, error) {
	if len(skus) == 0 {
		return map[ref.SKU]int64{}, nil
	}
	return s.stock.Available(ctx, skus)
}

// Position gives the levels and the ledger's sums of a SKU at one moment.
func (s *Service) Position(ctx context.Context, sku ref.SKU) (Position, error) {
	return s.stock.Position(ctx, sku)
}

// Adjust applies all of the adjustments in one commit, or none. An adjustment without a location is for
// DefaultLocation. Errors: Bad, CountChanged, BelowZero, each with the path "adjustments[i]".
func (s *Service) Adjust(ctx context.Context, adjustments []Adjustment) error {
	if len(adjustments) == 0 {
		return nil
	}
	if len(adjustments) > AdjustmentsMax {
		return fault.Collect([]*fault.Error{BrokenRule.Newf("at most %d at once", AdjustmentsMax).At("adjustments")})
	}
	c := Commit{Adjustments: make([]Adjustment, len(adjustments)), At: s.clock.Now()}
	for i, a := range adjustments {
		if a.Location == "" {
			a.Location = DefaultLocation
		}
		c.Adjustments[i] = a
		c.Events = append(c.Events, event.New(ref.NewID[ref.EventKind](s.ids.New()), "sku:"+string(a.SKU), c.At,
			StockAdjusted{SKU: a.SKU, Location: a.Location, Kind: a.Kind, Key: a.Key}))
	}
	return s.stock.Commit(ctx, c)
}
