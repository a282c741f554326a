package inventory_test

import (
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// naive is a model of claims so simple that it must be right: each unit of each claim is a word. It knows nothing of
// locations but how much lies free in all.
type naive struct {
	lying    map[ref.SKU]int64
	promises map[ref.SKU]inventory.Policy
	claims   map[ref.ClaimID]*naiveClaim
}

// naiveClaim has a word for each unit: held, owed, gone or freed.
type naiveClaim struct {
	sku           ref.SKU
	units         []string
	back, damaged int64
	until         time.Time
	state         inventory.ClaimState
}

func (c *naiveClaim) count(word string) (n int64) {
	for _, u := range c.units {
		if u == word {
			n++
		}
	}
	return n
}

// turn makes one unit another word.
func (c *naiveClaim) turn(from, to string) bool {
	i := slices.Index(c.units, from)
	if i < 0 {
		return false
	}
	c.units[i] = to
	return true
}

// owed counts the units that are owed of a SKU.
func (m *naive) owed(sku ref.SKU) (n int64) {
	for _, c := range m.claims {
		if c.sku == sku {
			n += c.count("owed")
		}
	}
	return n
}

// fill hands out what lies free, unit by unit.
func (m *naive) fill(sku ref.SKU) {
	ids := slices.SortedFunc(maps.Keys(m.claims), ref.ClaimID.Compare)
	for m.lying[sku] > 0 {
		i := slices.IndexFunc(ids, func(id ref.ClaimID) bool { return m.claims[id].sku == sku && m.claims[id].count("owed") > 0 })
		if i < 0 {
			return
		}
		m.claims[ids[i]].turn("owed", "held")
		m.lying[sku]--
	}
}

// beyond tells whether one more unit may be promised.
func (m *naive) beyond(sku ref.SKU, at time.Time) bool {
	p := m.promises[sku]
	return m.owed(sku) < p.Limit && (p.Kind == inventory.Backorder || p.Kind == inventory.Preorder && at.Before(p.Until))
}

// clone copies the model.
func (m *naive) clone() *naive {
	out := &naive{lying: maps.Clone(m.lying), promises: maps.Clone(m.promises), claims: map[ref.ClaimID]*naiveClaim{}}
	for id, c := range m.claims {
		own := *c
		own.units = slices.Clone(c.units)
		out.claims[id] = &own
	}
	return out
}

// apply does the effects of one order, and tells whether they are all right: "" for done, "short", or "refused".
func (m *naive) apply(at time.Time, effects []inventory.Effect) string {
	short := false
	seen := map[ref.ClaimID]bool{}
	for _, e := range effects {
		c := m.claims[e.Claim]
		switch {
		case seen[e.Claim], c == nil && e.Kind != inventory.ClaimStock, c != nil && c.sku != e.SKU:
			return "refused"
		case c == nil:
			short = m.claim(at, e) || short
		case e.Kind != inventory.ClaimStock && !m.effect(at, c, e):
			return "refused"
		}
		seen[e.Claim] = true
	}
	if short {
		return "short"
	}
	for _, e := range effects {
		m.fill(e.SKU)
	}
	return ""
}

// claim claims unit by unit, and tells whether it came up short; then it took nothing.
func (m *naive) claim(at time.Time, e inventory.Effect) (short bool) {
	c := &naiveClaim{sku: e.SKU, until: e.Until, state: inventory.Held}
	m.claims[e.Claim] = c
	waiting := m.owed(e.SKU)
	for range e.Quantity {
		switch {
		case m.lying[e.SKU] > waiting && c.count("owed") == 0:
			m.lying[e.SKU]--
			c.units = append(c.units, "held")
		case m.beyond(e.SKU, at):
			c.units = append(c.units, "owed")
		default:
			m.lying[e.SKU] += c.count("held")
			delete(m.claims, e.Claim)
			return true
		}
	}
	return false
}

// effect does one thing to a claim, and tells whether that is all right.
func (m *naive) effect(at time.Time, c *naiveClaim, e inventory.Effect) bool {
	gone, freed, open := c.count("gone"), c.count("freed"), c.count("held")+c.count("owed")
	switch e.Kind {
	case inventory.ExtendClaim:
		c.until = e.Until
		return open > 0
	case inventory.ConsumeClaim:
		want := e.Quantity
		if want == 0 {
			want = gone + open
		}
		if c.state == inventory.Released || c.state == inventory.Expired {
			return false
		}
		for ; want > gone; want-- {
			if !c.turn("held", "gone") {
				return false
			}
		}
	case inventory.ReleaseClaim:
		want := e.Quantity
		if want == 0 {
			want = freed + open
		}
		switch {
		case c.state == inventory.Released, c.state == inventory.Expired:
			return true
		case c.state == inventory.Consumed && freed == 0:
			return false
		}
		for ; want > freed; want-- {
			if !m.free(c) {
				return false
			}
		}
		c.rest(inventory.Released)
	case inventory.ExpireClaim:
		switch {
		case open == 0:
			return freed > 0
		case c.until.IsZero() || at.Before(c.until):
			return false
		}
		for left := open; left > 0; left-- {
			m.free(c)
		}
		c.rest(inventory.Expired)
	case inventory.RestockClaim:
		back, damaged := max(e.Quantity, c.back), max(e.Damaged, c.damaged)
		if e.Quantity < 1 || e.Quantity > gone || e.Damaged > e.Quantity || damaged-c.damaged > back-c.back {
			return false
		}
		m.lying[c.sku] += (back - c.back) - (damaged - c.damaged)
		c.back, c.damaged = back, damaged
	case inventory.ClaimStock: // Of a claim that is there: nothing.
	}
	c.rest(inventory.Consumed)
	return true
}

// free gives one unit up, first one that is owed.
func (m *naive) free(c *naiveClaim) bool {
	if c.turn("owed", "freed") {
		return true
	}
	if c.turn("held", "freed") {
		m.lying[c.sku]++
		return true
	}
	return false
}

// rest settles a claim of which nothing is open.
func (c *naiveClaim) rest(as inventory.ClaimState) {
	if c.count("held")+c.count("owed") > 0 || c.state != inventory.Held {
		return
	}
	if c.count("gone") > 0 {
		as = inventory.Consumed
	}
	c.state = as
}
