package inventory

import (
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// EffectKind tells what an order does to stock.
type EffectKind uint8

// The kinds of effects. All but ClaimStock name a claim that exists. "In all" counts from the claim's beginning, so that
// the same effect again changes nothing.
const (
	ClaimStock   EffectKind = iota // Hold Quantity of SKU until Until.
	ExtendClaim                    // Hold until Until, zero for ever.
	ConsumeClaim                   // Quantity left, in all; 0 for all that was not given up.
	ReleaseClaim                   // Quantity is given up, in all, first of what is owed; 0 for all that has not left.
	RestockClaim                   // Of the goods that left Quantity came back, in all; Damaged of them, in all, cannot be sold again.
	ExpireClaim                    // Its time is over: take away what has not left.
)

// Effect is what an order does to stock. Each is idempotent: the second time it changes nothing.
type Effect struct {
	Kind     EffectKind
	Claim    ref.ClaimID
	Owner    string
	SKU      ref.SKU // That of the claim.
	Quantity int64
	Damaged  int64
	Until    time.Time
}

// Short is a claim that could not be had: less can be sold than it asks for.
type Short struct {
	Claim     ref.ClaimID
	SKU       ref.SKU
	Available int64 // What the first claim that fails could have had, beyond stock too.
}

// Granted is what came of the effects of one order.
type Granted struct {
	Short []Short               // Every claim that could not be had; then nothing was applied.
	Owed  map[ref.ClaimID]int64 // Of the claims that were asked for: what is promised beyond stock. None for the others.
	// Steady tells that each SKU of the effects can be sold afterwards if it could before, and until when: nobody who shows
	// whether something is in stock shows anything else.
	Steady bool
}

// Apply judges the effects of one order at a moment, one after the other, each seeing what those before it did, and
// applies all of them, or none when a claim comes up short (every short claim is named) or an effect is refused. Stock
// that came free goes to those who are owed it.
//
// An effect that was applied before changes nothing and is no error. One order acts on a claim once at a time.
//
// Errors: ClaimSettled for an effect on a claim that was settled in another way; ClaimOwed for goods that leave before
// they came in; LocationClosed for goods that come back when no location of theirs is open; BrokenRule.
func (l *Ledger) Apply(at time.Time, effects []Effect) (Granted, error) {
	var out Granted
	named := make(map[ref.ClaimID]bool, len(effects))
	was := l.outlooks(effects)
	err := l.wholly(at, func() (bool, error) {
		for _, e := range effects {
			if named[e.Claim] {
				return false, BrokenRule.New("one commit has at most one effect on a claim").At("claim").With("claim", e.Claim.String())
			}
			named[e.Claim] = true
			if err := l.effect(e, &out); err != nil {
				return false, err
			}
		}
		if len(out.Short) > 0 {
			return false, nil
		}
		l.fillIncoming()
		return true, nil
	})
	switch {
	case err != nil:
		return Granted{}, err
	case len(out.Short) > 0:
		return Granted{Short: out.Short}, nil
	}
	out.Steady = l.steady(effects, was)
	return out, nil
}

// effect does one thing to a claim.
func (l *Ledger) effect(e Effect, out *Granted) error {
	c, known := l.claims.get(e.Claim)
	switch {
	case known && e.SKU != "" && e.SKU != c.SKU:
		return BrokenRule.New("the claim is on another SKU").At("sku").With("claim", e.Claim.String())
	case known && e.Kind == ClaimStock:
		out.owe(c)
		return nil
	case e.Kind == ClaimStock:
		return l.claim(e, out)
	case !known:
		return BrokenRule.New("the claim does not exist").At("claim").With("claim", e.Claim.String())
	case e.Quantity < 0 || e.Quantity > QuantityMax:
		return BrokenRule.Newf("a quantity is 0 to %d", int64(QuantityMax)).At("quantity")
	}
	switch e.Kind {
	case ExtendClaim:
		return l.extend(c, e.Until)
	case ConsumeClaim:
		return l.consume(c, e.Quantity)
	case ReleaseClaim:
		return l.release(c, e.Quantity)
	case RestockClaim:
		return l.restock(c, e.Quantity, e.Damaged)
	case ExpireClaim:
		return l.expire(c)
	default:
		return BrokenRule.New("an effect has a known kind").At("kind")
	}
}

// owe notes what a claim is owed.
func (g *Granted) owe(c Claim) {
	if c.Owed == 0 {
		return
	}
	if g.Owed == nil {
		g.Owed = map[ref.ClaimID]int64{}
	}
	g.Owed[c.ID] = c.Owed
}

// claim holds what is free and owes the rest, as far as the SKU's policy goes.
func (l *Ledger) claim(e Effect, out *Granted) error {
	if e.Quantity < 1 || e.Quantity > QuantityMax {
		return BrokenRule.Newf("a claim is for 1 to %d", int64(QuantityMax)).At("quantity")
	}
	if e.Claim.IsZero() {
		return BrokenRule.New("a claim has an id").At("claim")
	}
	p, _ := l.promises.get(e.SKU)
	held := min(l.free(e.SKU), e.Quantity)
	owed := e.Quantity - held
	if beyond := p.Beyond(l.at); owed > beyond {
		out.Short = append(out.Short, Short{Claim: e.Claim, SKU: e.SKU, Available: held + beyond})
		return nil
	}
	c := Claim{ID: e.Claim, Owner: e.Owner, SKU: e.SKU, State: ClaimMachine.Initial, Until: e.Until, Owed: owed, Parts: l.draw(e.SKU, held)}
	for _, part := range c.Parts {
		l.move(LevelKey{e.SKU, part.Location}, MoveClaim, 0, part.Quantity, c.ID.String(), "")
	}
	if owed > 0 {
		l.owe(e.SKU, owed)
		l.enqueue(c)
	}
	l.claims.set(c.ID, c)
	out.owe(c)
	return nil
}

// owe adds to what is owed of a SKU; less than 0 takes from it.
func (l *Ledger) owe(sku ref.SKU, n int64) {
	p, _ := l.promises.get(sku)
	p.Owed += n
	l.promises.set(sku, p)
}

// become moves a claim through its machine and stores it.
func (l *Ledger) become(c Claim, on ClaimEvent) error {
	to, possible := ClaimMachine.Next(c.State, on)
	if !possible {
		return settled(c)
	}
	c.State = to
	l.claims.set(c.ID, c)
	return nil
}

// settled is the error of an effect that a claim does not take any more.
func settled(c Claim) error {
	return ClaimSettled.Newf("the claim is %s", c.State).With("claim", c.ID.String())
}

// cause names an effect on a claim in the ledger: the claim for all of it, else with how much in all.
func cause(c Claim, inAll int64) string {
	if inAll == c.Quantity() {
		return c.ID.String()
	}
	return fmt.Sprintf("%s/%d", c.ID, inAll)
}

// extend sets until when a claim is held.
func (l *Ledger) extend(c Claim, until time.Time) error {
	c.Until = until
	return l.become(c, ClaimExtended)
}
