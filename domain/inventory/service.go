package inventory

import (
	"context"
	"time"

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

// Availability gives what can be sold of each SKU that has a level or a policy, and leaves out the others.
func (s *Service) Availability(ctx context.Context, skus []ref.SKU) (map[ref.SKU]Availability, error) {
	if len(skus) == 0 {
		return map[ref.SKU]Availability{}, nil
	}
	return s.stock.Availability(ctx, skus)
}

// Available gives what is there and neither claimed nor owed of each SKU that was counted: Availability without what is
// promised beyond.
func (s *Service) Available(ctx context.Context, skus []ref.SKU) (map[ref.SKU]int64, error) {
	all, err := s.Availability(ctx, skus)
	if err != nil {
		return nil, err
	}
	return available(all), nil
}

// Offers gives what can be sold now of each SKU that has a level or a policy, beyond stock too.
func (s *Service) Offers(ctx context.Context, skus []ref.SKU) (map[ref.SKU]Offer, error) {
	all, err := s.Availability(ctx, skus)
	if err != nil {
		return nil, err
	}
	now := s.now()
	out := make(map[ref.SKU]Offer, len(all))
	for sku, a := range all {
		out[sku] = a.Offer(now)
	}
	return out, nil
}

// Position gives the levels and the ledger's sums of a SKU at one moment.
func (s *Service) Position(ctx context.Context, sku ref.SKU) (Position, error) {
	return s.stock.Position(ctx, sku)
}

// Movements gives a page of a SKU's ledger, the newest first: 1 to MovementsMax entries before a place, 0 for the
// newest.
func (s *Service) Movements(ctx context.Context, sku ref.SKU, before uint64, limit int) (Movements, error) {
	return s.stock.Movements(ctx, sku, before, min(max(limit, 1), MovementsMax))
}

// Adjust applies all of the adjustments in one commit, or none, and tells of each that changed something. Goods that
// come in go first to claims that are owed some. An adjustment without a location is for DefaultLocation, and the event
// is made here.
//
// Errors, each with the path "adjustments[i]": CountChanged, BelowZero, UnknownLocation, LocationClosed, BrokenRule,
// ref.MalformedSKU.
func (s *Service) Adjust(ctx context.Context, adjustments []Adjustment) error {
	if len(adjustments) == 0 {
		return nil
	}
	if len(adjustments) > AdjustmentsMax {
		return fault.Collect([]*fault.Error{BrokenRule.Newf("at most %d at once", AdjustmentsMax).At("adjustments")})
	}
	c := Commit{Adjustments: make([]Adjustment, len(adjustments)), At: s.now()}
	for i, a := range adjustments {
		if a.Location == "" {
			a.Location = DefaultLocation
		}
		a.Event = s.event("sku:"+string(a.SKU), c.At, StockAdjusted{SKU: a.SKU, Location: a.Location, Kind: a.Kind, Key: a.Key, To: a.To})
		c.Adjustments[i] = a
	}
	return s.stock.Commit(ctx, c)
}

// Fill gives what lies free of a SKU to the claims that are owed some. Goods that come in do so by themselves, but for
// at most FillMax claims at once; call it for each event FillsWait, as often as it comes.
func (s *Service) Fill(ctx context.Context, sku ref.SKU) error {
	return s.stock.Commit(ctx, Commit{Fill: []ref.SKU{sku}, At: s.now()})
}

// ExpireLapsed takes away held claims whose time is over, the longest over first, in commits of at most LapsedMax, and
// gives how many it looked at: fewer than limit when there are no more. It is for claims that nobody else watches; an
// order that waits for its payment is cancelled with its claims, by ordering.
func (s *Service) ExpireLapsed(ctx context.Context, limit int) (int, error) {
	now, seen := s.now(), 0
	for seen < limit {
		batch := min(limit-seen, LapsedMax)
		claims, err := s.stock.Lapsed(ctx, now, batch)
		if err != nil || len(claims) == 0 {
			return seen, err
		}
		c := Commit{At: now}
		for _, claim := range claims {
			c.Lapsed = append(c.Lapsed, ClaimKey{ID: claim.ID, SKU: claim.SKU})
		}
		if err := s.stock.Commit(ctx, c); err != nil {
			return seen, err
		}
		seen += len(claims)
		if len(claims) < batch {
			break
		}
	}
	return seen, nil
}

// now is the time of a decision.
func (s *Service) now() time.Time { return ref.Instant(s.clock.Now()) }

// event makes an event with an id of its own.
func (s *Service) event(aggregate string, at time.Time, p event.Payload) event.Event {
	return event.New(ref.NewID[ref.EventKind](s.ids.New()), aggregate, at, p)
}
