package erpstock

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// ERP is the other side. It knows goods by item numbers, and a reservation by the customer's reference, of which there is
// one at most, whatever became of it. Made by NewERP; safe for concurrent use.
type ERP struct {
	clock ports.Clock

	mu           sync.Mutex
	free         map[int]int64
	reservations map[string]*reservation
}

// reservation is one, in the state it is in.
type reservation struct {
	rows  []row
	short map[int]int64 // Row numbers that there was not enough for, and how much there was.
	state state
	until time.Time
}

// row is a quantity of an item.
type row struct {
	item     int
	quantity int64
}

// state is what became of a reservation.
type state int

const (
	reserved  state = iota // Until its time is over.
	fixed                  // For good.
	rejected               // There was not enough.
	cancelled              // By the customer.
)

// NewERP has nothing in its warehouse.
func NewERP(clock ports.Clock) *ERP {
	return &ERP{clock: clock, free: map[int]int64{}, reservations: map[string]*reservation{}}
}

// Deliver adds goods to the warehouse.
func (e *ERP) Deliver(item int, quantity int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.free[item] += quantity
}

// Free is how many of an item nobody has reserved.
func (e *ERP) Free(item int) int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lapse()
	return e.free[item]
}

// reserve reserves all rows or none. A reference that is known gets the answer that it got before.
func (e *ERP) reserve(reference string, rows []row, until time.Time) (state, map[int]int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lapse()
	r, known := e.reservations[reference]
	if known {
		return r.state, maps.Clone(r.short)
	}
	r = &reservation{rows: slices.Clone(rows), short: map[int]int64{}, until: until}
	e.reservations[reference] = r
	left := maps.Clone(e.free)
	for i, w := range rows {
		if left[w.item] < w.quantity {
			r.short[i], r.state = left[w.item], rejected
			continue
		}
		left[w.item] -= w.quantity
	}
	if r.state == reserved {
		e.free = left
	}
	return r.state, maps.Clone(r.short)
}

// fix makes a reservation last. It is false when there is none.
func (e *ERP) fix(reference string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lapse()
	r, known := e.reservations[reference]
	if !known || r.state == rejected || r.state == cancelled {
		return false
	}
	r.state = fixed
	return true
}

// cancel gives a reservation up. One that was never made is noted as cancelled, so that it is not made later.
func (e *ERP) cancel(reference string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lapse()
	r, known := e.reservations[reference]
	if !known {
		r = &reservation{}
		e.reservations[reference] = r
	}
	e.giveBack(r)
	r.state = cancelled
}

// lapse forgets reservations whose time is over.
func (e *ERP) lapse() {
	for reference, r := range e.reservations {
		if r.state == reserved && !e.clock.Now().Before(r.until) {
			e.giveBack(r)
			delete(e.reservations, reference)
		}
	}
}

// giveBack frees what is reserved.
func (e *ERP) giveBack(r *reservation) {
	if r.state != reserved && r.state != fixed {
		return
	}
	for _, w := range r.rows {
		e.free[w.item] += w.quantity
	}
}
