package ordering

import "github.com/ipswich-retail/commerce/domain/ref"

// LineClaim is a claim on stock as the order that has it tells: what was claimed, and what became of it.
type LineClaim struct {
	Line     ref.LineID
	Claim    ref.ClaimID
	SKU      ref.SKU
	Quantity int64
	Gone     int64 // That left, in all.
	Back     int64 // Of those, that came back, in all.
	Damaged  int64 // Of those, that are not fit to be sold, in all.
	Owed     int64 // Promised beyond stock and not there yet.
}

// Claims lists the claims that the order has, by line: one for each line, and one more for each time that something of it
// was called back and is to be sent again. None are in the shop's own stock when the goods are somebody else's.
func (o Order) Claims() []LineClaim {
	if o.Holding.outside() {
		return nil
	}
	var out []LineClaim
	for _, l := range o.Lines {
		for _, c := range o.claimsOf(l) {
			out = append(out, LineClaim{Line: l.ID, Claim: c.id, SKU: l.SKU, Quantity: c.quantity, Gone: c.gone, Back: c.back, Damaged: c.damaged, Owed: c.owed})
		}
	}
	return out
}
