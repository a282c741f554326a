package inventory

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Availability is what can be sold of a SKU, at all locations together. Promise says how far that goes beyond stock; its
// Until is when a preorder ends.
type Availability struct {
	Promise
	Counted  bool // Whether the SKU has a level. What was never counted has zeros.
	OnHand   int64
	Reserved int64
}

// Available is what is there and neither claimed nor owed: who claims it gets it at once.
func (a Availability) Available() int64 { return max(a.OnHand-a.Reserved-a.Owed, 0) }

// Offer is what can be sold at a moment.
func (a Availability) Offer(at time.Time) Offer {
	o := Offer{Available: a.Available(), Beyond: a.Beyond(at)}
	if o.Beyond > 0 {
		o.Until = a.Until
	}
	return o
}

// SoldUntil tells until when one can be sold, if nothing but the clock goes on: ever, until a moment, or not at all (the
// zero time). It is for those who keep it ready.
func (a Availability) SoldUntil() (until time.Time, ever bool) {
	switch {
	case a.Available() > 0, a.Kind == Backorder && a.Owed < a.Limit:
		return time.Time{}, true
	case a.Kind == Preorder && a.Owed < a.Limit:
		return a.Until, false
	}
	return time.Time{}, false
}

// Offer is what can be sold of a SKU at one moment.
type Offer struct {
	Available int64     // Is there and nobody's.
	Beyond    int64     // Can be promised beyond that, for goods that will come.
	Until     time.Time // Of a preorder: when the promise ends and the goods are to be there; zero else.
}

// Sellable is what can be claimed, in all.
func (o Offer) Sellable() int64 { return o.Available + o.Beyond }

// available gives what is there of each SKU that was counted.
func available(all map[ref.SKU]Availability) map[ref.SKU]int64 {
	out := make(map[ref.SKU]int64, len(all))
	for sku, a := range all {
		if a.Counted {
			out[sku] = a.Available()
		}
	}
	return out
}
