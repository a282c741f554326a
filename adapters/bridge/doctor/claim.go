package doctor

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// claims compares the claims that an order has, as it tells, with those that the stock has.
func claims(a ordering.OrderAudit, r Rules) []Finding {
	var out []Finding
	subject := a.Order.ID.String()
	byID := make(map[ref.ClaimID]ordering.ClaimFact, len(a.Claims))
	for _, c := range a.Claims {
		byID[c.Claim] = c
	}
	seen := map[ref.ClaimID]bool{}
	for i, want := range a.Order.Claims() {
		if want.Claim.IsZero() {
			continue // Nothing was ever claimed for it, as for an order of another system.
		}
		c, known := byID[want.Claim]
		at := fmt.Sprintf("%s claim %d", subject, i)
		rest := want.Quantity - want.Gone
		switch {
		case seen[want.Claim]:
			out = append(out, find(LineClaim, at, "a claim of its own", "that of another line"))
		case !known:
			out = append(out, find(LineClaim, at, "the claim "+want.Claim.String(), "none"))
		case c.SKU != want.SKU || c.Quantity != want.Quantity || c.Gone != want.Gone || c.Owner != subject:
			out = append(out, find(LineClaim, at, fmt.Sprintf("a claim of this order on %d of %s, of which %d left", want.Quantity, want.SKU, want.Gone),
				fmt.Sprintf("one of %s on %d of %s, of which %d left", c.Owner, c.Quantity, c.SKU, c.Gone)))
		case !fits(a.Order, c, rest):
			out = append(out, find(ClaimState, at, fmt.Sprintf("a claim with %d left to send, as of an order that is %s and %s", rest, a.Order.Status, a.Order.Holding),
				fmt.Sprintf("%s, %d held and %d owed", c.State, c.Held, c.Owed)))
		case c.Held+c.Owed > 0 && r.late(c.Until):
			out = append(out, find(ClaimOverdue, at, "held until "+stamp(c.Until), c.State))
		}
		seen[want.Claim] = true
	}
	return out
}

// fits tells whether a claim holds what its order needs of it: all that is left to send while the order lives, nothing
// when it is done with or its time was over.
func fits(o ordering.Order, c ordering.ClaimFact, rest int64) bool {
	holds := c.Held + c.Owed
	switch {
	case o.Status == ordering.Cancelled || o.Status == ordering.Completed || o.Holding == ordering.HoldingLapsed:
		return holds == 0
	case o.Status == ordering.Placed:
		return holds == rest && c.Until.IsZero()
	default:
		// Whoever settles it finds out that its time was over.
		return holds == rest || holds == 0 && c.State == string(inventory.Expired)
	}
}
