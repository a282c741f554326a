package inventory

import (
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// outlook is until when one of a SKU can be sold; see Availability.SoldUntil.
type outlook struct {
	ever  bool
	until time.Time
}

// outlooks gives that of the SKU of each effect.
func (l *Ledger) outlooks(effects []Effect) []outlook {
	out := make([]outlook, len(effects))
	for i, e := range effects {
		sku := e.SKU
		if c, known := l.claims.get(e.Claim); known {
			sku = c.SKU
		}
		out[i] = l.outlook(sku)
	}
	return out
}

func (l *Ledger) outlook(sku ref.SKU) outlook {
	promise, _ := l.promises.get(sku)
	a := Availability{Promise: promise}
	for _, at := range l.places[sku] {
		v, _ := l.levels.get(LevelKey{sku, at})
		a.OnHand, a.Reserved = a.OnHand+v.OnHand, a.Reserved+v.Reserved
	}
	until, ever := a.SoldUntil()
	return outlook{ever, until}
}

// steady tells whether the outlook of every effect is what it was.
func (l *Ledger) steady(effects []Effect, was []outlook) bool {
	return slices.Equal(was, l.outlooks(effects))
}
