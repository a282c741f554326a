package inventory

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Apply judges the effects of one order and applies all of them, or none when a claim comes up short (every short
// claim is named) or an effect meets a claim that was settled in another way (ClaimSettled).
//
// Two claims on one SKU are judged together: the second sees what the first left. An effect that was applied before
// changes nothing and is no error. One order acts on a claim once at a time: effects are judged by the claims as they
// were before all of them, so two on one claim could contradict each other.
func (l *Ledger) Apply(effects []Effect) ([]Short, error) {
	named := make(map[ref.ClaimID]bool, len(effects))
	for _, e := range effects {
		if named[e.Claim] {
			return nil, BrokenRule.New("one commit has at most one effect on a claim").At("claim").With("claim", e.Claim.String())
		}
		named[e.Claim] = true
	}
	if shorts := l.shorts(effects); len(shorts) > 0 {
		return shorts, nil
	}
	for _, e := range effects {
		if err := l.admissible(e); err != nil {
			return nil, err
		}
	}
	for _, e := range effects {
		l.apply(e)
	}
	return nil, nil
}

// shorts lists the claims for which not enough is available.
func (l *Ledger) shorts(effects []Effect) []Short {
	var out []Short
	taken := map[ref.SKU]int64{}
	for _, e := range effects {
		if _, known := l.claims[e.Claim]; e.Kind != ClaimStock || known {
			continue
		}
		left := l.available(e.SKU) - taken[e.SKU]
		if left < e.Quantity {
			out = append(out, Short{Claim: e.Claim, SKU: e.SKU, Available: max(left, 0)})
			continue
		}
		taken[e.SKU] += e.Quantity
	}
	return out
}

// available adds up what can be claimed of a SKU at all locations.
func (l *Ledger) available(sku ref.SKU) int64 {
	var n int64
	for _, loc := range l.bySKU[sku] {
		n += l.levels[LevelKey{sku, loc}].Available()
	}
	return n
}

// admissible checks an effect against its claim's state.
func (l *Ledger) admissible(e Effect) error {
	c, known := l.claims[e.Claim]
	if e.Kind == ClaimStock {
		if e.Quantity < 1 || e.Quantity > QuantityMax {
			return BrokenRule.Newf("a claim is for 1 to %d", int64(QuantityMax)).At("quantity")
		}
		return nil
	}
	if !known {
		return BrokenRule.New("the claim does not exist").At("claim").With("claim", e.Claim.String())
	}
	settled := ClaimSettled.Newf("the claim is %s", c.State).With("claim", e.Claim.String())
	switch e.Kind {
	case ExtendClaim:
		if c.State != Held {
			return settled
		}
	case ConsumeClaim:
		if c.State != Held && c.State != Consumed {
			return settled
		}
	case ReleaseClaim:
		if c.State == Consumed {
			return settled
		}
	case ExpireClaim:
		if c.State == Consumed || c.State == Held && (c.Until.IsZero() || l.at.Before(c.Until)) {
			return settled
		}
	case RestockClaim:
		if c.State != Consumed {
			return settled
		}
		if e.Quantity < 1 || e.Quantity > c.Quantity() {
			return BrokenRule.New("no more comes back than left").At("quantity")
		}
	default:
		return BrokenRule.New("an effect has a known kind").At("kind")
	}
	return nil
}

// apply does what shorts and admissible allowed.
func (l *Ledger) apply(e Effect) {
	c, known := l.claims[e.Claim]
	cause := e.Claim.String()
	switch e.Kind {
	case ClaimStock:
		if known {
			return
		}
		c = Claim{ID: e.Claim, Owner: e.Owner, SKU: e.SKU, State: Held, Until: e.Until, Parts: l.draw(e.SKU, e.Quantity)}
		for _, p := range c.Parts {
			l.move(LevelKey{e.SKU, p.Location}, MoveClaim, 0, p.Quantity, cause, "")
		}
	case ExtendClaim:
		c.Until = e.Until
	case ConsumeClaim:
		if c.State == Consumed {
			return
		}
		c.State = Consumed
		for _, p := range c.Parts {
			l.move(LevelKey{c.SKU, p.Location}, MoveConsume, -p.Quantity, -p.Quantity, cause, "")
		}
	case ReleaseClaim, ExpireClaim:
		if c.State != Held {
			return
		}
		c.State = Released
		if e.Kind == ExpireClaim {
			c.State = Expired
		}
		for _, p := range c.Parts {
			l.move(LevelKey{c.SKU, p.Location}, MoveRelease, 0, -p.Quantity, cause, "")
		}
	case RestockClaim:
		if e.Quantity <= c.Back {
			return
		}
		l.move(LevelKey{c.SKU, c.Parts[0].Location}, MoveRestock, e.Quantity-c.Back, 0, fmt.Sprintf("%s/%d", cause, e.Quantity), "")
		c.Back = e.Quantity
	}
	l.claims[e.Claim] = c
	l.changed.claims[e.Claim] = true
}

// draw picks locations: the first that has all of it, else those with something, in their order.
func (l *Ledger) draw(sku ref.SKU, quantity int64) []Part {
	for _, loc := range l.bySKU[sku] {
		if l.levels[LevelKey{sku, loc}].Available() >= quantity {
			return []Part{{loc, quantity}}
		}
	}
	var parts []Part
	for _, loc := range l.bySKU[sku] {
		if n := min(l.levels[LevelKey{sku, loc}].Available(), quantity); n > 0 {
			parts = append(parts, Part{loc, n})
			quantity -= n
		}
	}
	return parts
}
