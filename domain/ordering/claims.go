package ordering

import "github.com/ipswich-retail/commerce/domain/ref"

// lineClaim is one of the claims of a line with what became of it, as the fulfilments tell.
type lineClaim struct {
	id       ref.ClaimID
	quantity int64
	gone     int64 // That left, in all.
	back     int64 // Of those, that came back, in all.
	damaged  int64 // Of those, that are not fit to be sold, in all.
	owed     int64 // Promised beyond stock and not there yet.
}

// claimsOf lists the claims of a line: its own, and one for each time that something of it was called back and is to be
// sent again.
func (o Order) claimsOf(line OrderLine) []lineClaim {
	out := []lineClaim{{id: line.Claim, quantity: line.Quantity, owed: line.Backordered}}
	for _, f := range o.Fulfilments {
		for _, l := range f.Lines {
			if l.Line == line.ID && !l.Again.IsZero() {
				out = append(out, lineClaim{id: l.Again, quantity: l.Quantity, owed: l.Owed})
				out[0].owed -= l.Owed
			}
		}
	}
	for i := range out {
		for _, f := range o.Fulfilments {
			for _, l := range f.Lines {
				if l.Claim != out[i].id {
					continue
				}
				out[i].gone += l.Quantity
				if f.State == FulfilmentCalledBack {
					out[i].back += l.Quantity
					out[i].damaged += l.Damaged
				}
			}
		}
	}
	return out
}

// claims makes an effect on every claim of the order of which not all has left, all of that.
func claims(o Order, kind StockEffectKind) []StockEffect {
	if o.Holding.outside() {
		return nil
	}
	out := make([]StockEffect, 0, len(o.Lines))
	for _, l := range o.Lines {
		for _, c := range o.claimsOf(l) {
			if c.gone < c.quantity {
				out = append(out, StockEffect{Kind: kind, Claim: c.id, Order: o.ID, SKU: l.SKU, Quantity: c.quantity - c.gone})
			}
		}
	}
	return out
}
