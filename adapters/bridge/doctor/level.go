package doctor

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/inventory"
)

// Level checks a level.
func Level(a inventory.LevelAudit) []Finding {
	var out []Finding
	subject := fmt.Sprintf("%s at %s", a.SKU, a.Location)
	if a.Reserved < 0 || a.Reserved > a.OnHand {
		out = append(out, find(LevelBounds, subject, fmt.Sprintf("0 to %d reserved", a.OnHand), fmt.Sprintf("%d reserved", a.Reserved)))
	}
	if a.OnHand != a.OnHandSum || a.Reserved != a.ReservedSum {
		out = append(out, find(LevelLedger, subject, fmt.Sprintf("%d on hand and %d reserved, by %d movements", a.OnHandSum, a.ReservedSum, a.Movements),
			fmt.Sprintf("%d on hand and %d reserved", a.OnHand, a.Reserved)))
	}
	if a.Reserved != a.Held {
		out = append(out, find(LevelHeld, subject, fmt.Sprintf("%d reserved, for claims", a.Held), fmt.Sprintf("%d reserved", a.Reserved)))
	}
	if a.Gone != a.GoneSum {
		out = append(out, find(LevelGone, subject, fmt.Sprintf("%d gone, by claims", a.Gone), fmt.Sprintf("%d gone, by movements", a.GoneSum)))
	}
	return out
}

// Promise checks what is owed of a SKU.
func Promise(a inventory.PromiseAudit) []Finding {
	if a.Owed == a.OwedSum {
		return nil
	}
	return []Finding{find(PromiseOwed, string(a.SKU), fmt.Sprintf("%d owed, by claims", a.OwedSum), fmt.Sprintf("%d owed", a.Owed))}
}

// Claim checks a claim alone.
func Claim(c inventory.Claim) []Finding {
	open := c.Held()+c.Owed > 0
	var rule string
	switch {
	case c.State == inventory.Held && !open:
		rule = "something held or owed"
	case c.State != inventory.Held && open:
		rule = "nothing held or owed any more"
	case c.State == inventory.Consumed && c.Gone() == 0:
		rule = "something that left"
	case (c.State == inventory.Released || c.State == inventory.Expired) && c.Gone() > 0:
		rule = "nothing that left"
	case c.Owed < 0 || c.Freed < 0 || c.Damaged < 0 || c.Damaged > c.Back || c.Back > c.Gone():
		rule = "nothing below nothing, and no more back than left"
	default:
		return nil
	}
	return []Finding{find(ClaimShape, c.ID.String(), "a claim that is "+string(c.State)+" has "+rule,
		fmt.Sprintf("held %d, owed %d, gone %d, freed %d, back %d, damaged %d", c.Held(), c.Owed, c.Gone(), c.Freed, c.Back, c.Damaged))}
}
