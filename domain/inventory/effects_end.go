package inventory

import "fmt"

// consume lets goods leave, inAll since the claim was made; 0 for all that was not given up.
func (l *Ledger) consume(c Claim, inAll int64) error {
	if c.State == Released || c.State == Expired {
		return settled(c)
	}
	if inAll == 0 {
		inAll = c.Quantity() - c.Freed
	}
	n := inAll - c.Gone()
	switch {
	case n <= 0:
		return nil
	case c.State != Held:
		return settled(c)
	case n > c.Held()+c.Owed:
		return BrokenRule.New("no more leaves than was claimed").At("quantity").With("claim", c.ID.String())
	case n > c.Held():
		return ClaimOwed.Newf("%d have come in for the claim, and %d are still owed", c.Held(), c.Owed).
			With("claim", c.ID.String()).With("held", c.Held()).With("owed", c.Owed)
	}
	why := cause(c, inAll)
	taken, rest := take(c.Parts, n)
	for _, p := range taken {
		l.move(LevelKey{c.SKU, p.Location}, MoveConsume, -p.Quantity, -p.Quantity, why, "")
		c.Sent = add(c.Sent, p)
	}
	c.Parts = rest
	if c.Held()+c.Owed > 0 {
		return l.become(c, ClaimUsed)
	}
	return l.become(c, ClaimConsumed)
}

// release gives up inAll since the claim was made; 0 for all that has not left.
func (l *Ledger) release(c Claim, inAll int64) error {
	switch {
	case c.State == Released, c.State == Expired:
		return nil
	case c.State == Consumed && (c.Freed == 0 || inAll > c.Freed):
		return settled(c)
	case inAll == 0:
		inAll = c.Freed + c.Held() + c.Owed
	}
	n := inAll - c.Freed
	switch {
	case n <= 0:
		return nil
	case n > c.Held()+c.Owed:
		return BrokenRule.New("no more is given up than has not left").At("quantity").With("claim", c.ID.String())
	}
	return l.giveUp(c, n, ClaimReleased)
}

// expire takes away all that has not left.
func (l *Ledger) expire(c Claim) error {
	switch {
	case c.State == Released, c.State == Expired, c.State == Consumed && c.Freed > 0:
		return nil
	case !c.Lapsed(l.at):
		return settled(c)
	}
	n := c.Held() + c.Owed
	l.tell(c.ID.String(), c.ID.String(), ClaimLapsed{Claim: c.ID, Owner: c.Owner, SKU: c.SKU, Quantity: n})
	return l.giveUp(c, n, ClaimExpired)
}

// giveUp takes n from what the claim is owed and then from what it holds; on is what happens when nothing had left and
// nothing is left.
func (l *Ledger) giveUp(c Claim, n int64, on ClaimEvent) error {
	why := cause(c, c.Freed+n)
	c.Freed += n
	if k := min(n, c.Owed); k > 0 {
		c.Owed -= k
		n -= k
		l.owe(c.SKU, -k)
	}
	rest, taken := take(c.Parts, c.Held()-n)
	for _, p := range taken {
		l.move(LevelKey{c.SKU, p.Location}, MoveRelease, 0, -p.Quantity, why, "")
	}
	c.Parts = rest
	switch {
	case c.Held()+c.Owed > 0:
		on = ClaimReduced
	case c.Gone() > 0:
		on = ClaimClosed
	}
	return l.become(c, on)
}

// ReasonReturned stands in the ledger for goods that came back and cannot be sold again.
const ReasonReturned = "came back damaged"

// restock takes goods back, inAll of those that left, and writes off those of them that are damaged.
func (l *Ledger) restock(c Claim, inAll, damaged int64) error {
	gone := c.Gone()
	n, broken := max(inAll-c.Back, 0), max(damaged-c.Damaged, 0)
	switch {
	case gone == 0:
		return settled(c)
	case inAll < 1 || inAll > gone:
		return BrokenRule.New("no more comes back than left").At("quantity").With("claim", c.ID.String())
	case damaged < 0 || damaged > inAll:
		return BrokenRule.New("no more is damaged than came back").At("damaged").With("claim", c.ID.String())
	case n == 0 && broken == 0:
		return nil
	case broken > n:
		return BrokenRule.New("what is damaged is told when it comes back").At("damaged").With("claim", c.ID.String())
	}
	key, err := l.home(c)
	if err != nil {
		return err
	}
	if v, _ := l.levels.get(key); v.OnHand+n > QuantityMax {
		return BrokenRule.Newf("at most %d can be on hand", int64(QuantityMax)).At("quantity").With("sku", string(c.SKU))
	}
	why := fmt.Sprintf("%s/%d", c.ID, inAll)
	l.move(key, MoveRestock, n, 0, why, "")
	if broken > 0 {
		l.move(key, MoveDamage, -broken, 0, why, ReasonReturned)
	}
	c.Back, c.Damaged = c.Back+n, c.Damaged+broken
	return l.become(c, ClaimReturned)
}

// home is where goods come back to: the first open location from which they left, else the first open one of the SKU.
func (l *Ledger) home(c Claim) (LevelKey, error) {
	var places []Location
	for _, p := range c.Sent {
		places = append(places, p.Location)
	}
	for _, at := range append(places, l.places[c.SKU]...) {
		if s, known := l.site(at, c.SKU); known && s.State == SiteOpen {
			return LevelKey{c.SKU, at}, nil
		}
	}
	return LevelKey{}, LocationClosed.New("no location of the goods is open to take them back").With("sku", string(c.SKU))
}
