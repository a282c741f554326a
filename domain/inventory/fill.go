package inventory

import (
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// enqueue puts a claim that is owed something into its SKU's queue. Behind a queue that was cut nobody can be put: who
// stands there already is not known.
func (l *Ledger) enqueue(c Claim) {
	q := l.queue(c.SKU)
	i, found := slices.BinarySearchFunc(q.ids, c.ID, ref.ClaimID.Compare)
	if !found && (!q.cut || i < len(q.ids)) {
		q.ids = slices.Insert(q.ids, i, c.ID)
	}
}

// fillIncoming gives stock that came free to those who are owed it.
func (l *Ledger) fillIncoming() {
	for _, sku := range l.incoming {
		l.fill(sku)
	}
}

// fill gives what lies free of a SKU to the claims that are owed some, the oldest first. What is left of it while claims
// that were not loaded are owed some is kept from new claims; FillsWait asks for another commit.
func (l *Ledger) fill(sku ref.SKU) {
	if p, _ := l.promises.get(sku); p.Owed == 0 {
		return
	}
	filled := false
	for _, id := range l.queue(sku).ids {
		n := l.lying(sku)
		if n == 0 {
			return
		}
		if c, known := l.claims.get(id); known && c.Owed > 0 {
			l.fillClaim(c, min(n, c.Owed))
			filled = true
		}
	}
	if p, _ := l.promises.get(sku); filled && p.Owed > 0 && l.lying(sku) > 0 {
		l.tell("sku:"+string(sku), fmt.Sprintf("%s/%d", sku, p.Owed), FillsWait{SKU: sku})
	}
}

// fillClaim gives n to a claim that is owed at least as much.
func (l *Ledger) fillClaim(c Claim, n int64) {
	c.Owed -= n
	why := fmt.Sprintf("%s/%d", c.ID, c.Quantity()+n-c.Owed) // How much is or was there for it, which only grows.
	for _, p := range l.draw(c.SKU, n) {
		l.move(LevelKey{c.SKU, p.Location}, MoveClaim, 0, p.Quantity, why, "")
		c.Parts = add(c.Parts, p)
	}
	l.owe(c.SKU, -n)
	l.claims.set(c.ID, c) // ClaimMachine has it: held, fill, held.
	l.tell(c.ID.String(), why, BackorderFilled{Claim: c.ID, Owner: c.Owner, SKU: c.SKU, Quantity: n, Left: c.Owed})
}
