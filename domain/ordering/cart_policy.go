package ordering

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
)

// CartPolicy tells how long carts are kept that nobody changes. Each time counts from the last change, that of the
// sweeper too; a time of zero or less means never. Carts with a live order are none of its business.
type CartPolicy struct {
	AbandonAfter     time.Duration // Until a cart with lines counts as abandoned.
	ExpireEmptyAfter time.Duration // Until one without lines is expired.
	ExpireAfter      time.Duration // Until an abandoned one is expired.
	PurgeAfter       time.Duration // Until one that is expired or merged is deleted.
}

// DefaultCartPolicy calls a cart abandoned after an hour, which is longer than people compare prices in one sitting,
// and keeps it for as long as they come back to it.
func DefaultCartPolicy() CartPolicy {
	const day = 24 * time.Hour
	return CartPolicy{AbandonAfter: time.Hour, ExpireEmptyAfter: 7 * day, ExpireAfter: 30 * day, PurgeAfter: 30 * day}
}

// CartFate is what time does to a cart.
type CartFate string

// The fates.
const (
	CartStays       CartFate = ""
	CartIsAbandoned CartFate = "abandon"
	CartExpires     CartFate = "expire"
	CartIsPurged    CartFate = "purge"
)

// wait gives what time does to carts of a status, and after how long; zero for never.
func (p CartPolicy) wait(s CartStatus, empty bool) (CartFate, time.Duration) {
	switch {
	case s == CartActive && empty:
		return CartExpires, p.ExpireEmptyAfter
	case s == CartActive:
		return CartIsAbandoned, p.AbandonAfter
	case s == CartAbandoned:
		return CartExpires, p.ExpireAfter
	case s == CartExpired, s == CartMerged:
		return CartIsPurged, p.PurgeAfter
	}
	return CartStays, 0
}

// Fate is what is due to a cart at a moment. One with a live order stays, whatever its status.
func (p CartPolicy) Fate(c Cart, now time.Time) CartFate {
	fate, after := p.wait(c.Status, len(c.Lines) == 0)
	if after <= 0 || !c.Order.IsZero() || now.Sub(c.UpdatedAt) < after {
		return CartStays
	}
	return fate
}

// Due lists the carts to look for at a moment, by status and whether they have lines; Limit is for the caller to set.
func (p CartPolicy) Due(now time.Time) []IdleCarts {
	var out []IdleCarts
	for _, s := range []CartStatus{CartActive, CartAbandoned, CartExpired, CartMerged} {
		for _, empty := range []bool{false, true} {
			if fate, after := p.wait(s, empty); fate != CartStays && after > 0 {
				out = append(out, IdleCarts{Status: s, Empty: empty, Until: now.Add(-after)})
			}
		}
	}
	return out
}

// SweepCart makes the commit of what is due to a cart; it is false when nothing is. NextID makes the ids of events.
func SweepCart(p CartPolicy, c Cart, now time.Time, nextID func() [16]byte) (CartFate, Commit, bool) {
	fate := p.Fate(c, now)
	out := Commit{At: now}
	var e event.Payload
	switch fate {
	case CartIsAbandoned:
		c.Status, _ = CartMachine.Next(c.Status, CartAbandon)
		e = AbandonedCart{Cart: CartSubject(c.ID), Customer: c.Customer, Channel: c.Channel, Currency: c.Currency.Code(), Lines: len(c.Lines)}
	case CartExpires:
		c.Status, _ = CartMachine.Next(c.Status, CartExpire)
		e = ExpiredCart{Cart: CartSubject(c.ID), Customer: c.Customer, Lines: len(c.Lines)}
	case CartIsPurged:
		out.Purges = []CartPurge{{Cart: c.ID, Expected: c.Version}}
		return fate, out, true
	case CartStays:
		return fate, Commit{}, false
	}
	c.Version++
	c.UpdatedAt = now
	out.Carts = []Write[Cart]{write(c, c.Version)}
	out.Events = []event.Event{aboutCart(c, nextID(), now, e)}
	return fate, out, true
}
