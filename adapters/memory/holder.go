package memory

import (
	"context"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Holder is stock that is not the shop's own, as an ERP would hold it: an example of an ordering.StockHolder, and one for
// tests. It is no part of a Store, as an ERP is none. Made by NewHolder; safe for concurrent use.
type Holder struct {
	clock ports.Clock
	mu    sync.Mutex
	stock map[ref.SKU]int64 // What nobody holds.
	holds map[ref.OrderID]*hold
}

// hold is what an order holds.
type hold struct {
	lines     []ordering.HoldLine
	short     []ordering.Shortage
	until     time.Time
	confirmed bool
	released  bool
}

var _ ordering.StockHolder = (*Holder)(nil)

// NewHolder holds nothing and has nothing.
func NewHolder(clock ports.Clock) *Holder {
	return &Holder{clock: clock, stock: map[ref.SKU]int64{}, holds: map[ref.OrderID]*hold{}}
}

// Receive adds goods.
func (h *Holder) Receive(sku ref.SKU, quantity int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stock[sku] += quantity
}

// Free is how many of a SKU nobody holds.
func (h *Holder) Free(sku ref.SKU) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapse()
	return h.stock[sku]
}

// Hold holds all lines or none.
func (h *Holder) Hold(ctx context.Context, c ordering.HoldCall) ([]ordering.Shortage, error) {
	if err := ended(ctx); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapse()
	if known, again := h.holds[c.Order]; again {
		if known.released {
			return nil, ordering.HoldOver.New("the order was given up before its goods were held")
		}
		return append([]ordering.Shortage(nil), known.short...), nil
	}
	made := &hold{lines: append([]ordering.HoldLine(nil), c.Lines...), until: c.Until}
	taken := map[ref.SKU]int64{}
	for _, l := range c.Lines {
		if left := h.stock[l.SKU] - taken[l.SKU]; left < l.Quantity {
			made.short = append(made.short, ordering.Shortage{Claim: l.Claim, SKU: l.SKU, Available: max(left, 0)})
			continue
		}
		taken[l.SKU] += l.Quantity
	}
	h.holds[c.Order] = made
	if len(made.short) > 0 {
		return append([]ordering.Shortage(nil), made.short...), nil
	}
	for sku, n := range taken {
		h.stock[sku] -= n
	}
	return nil, nil
}

// Confirm makes a hold last.
func (h *Holder) Confirm(ctx context.Context, order ref.OrderID) error {
	if err := ended(ctx); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapse()
	known, held := h.holds[order]
	if !held || known.released || len(known.short) > 0 {
		return ordering.HoldOver.New("nothing is held for the order")
	}
	known.confirmed = true
	return nil
}

// Release gives up what an order holds.
func (h *Holder) Release(ctx context.Context, order ref.OrderID) error {
	if err := ended(ctx); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapse()
	known, held := h.holds[order]
	if !held {
		h.holds[order] = &hold{released: true}
		return nil
	}
	h.free(known)
	return nil
}

// free gives back what is held.
func (h *Holder) free(x *hold) {
	if !x.released && len(x.short) == 0 {
		for _, l := range x.lines {
			h.stock[l.SKU] += l.Quantity
		}
	}
	x.released = true
}

// lapse gives back what is held too long and not confirmed.
func (h *Holder) lapse() {
	now := h.clock.Now()
	for order, x := range h.holds {
		if !x.confirmed && !x.released && !now.Before(x.until) {
			h.free(x)
			delete(h.holds, order) // It may be asked for anew.
		}
	}
}
