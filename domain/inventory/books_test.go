package inventory_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// books is what a store would keep: a ledger is made of what is named, and what it changed is written.
type books struct {
	sites     map[inventory.Location]inventory.Site
	promises  map[ref.SKU]inventory.Promise
	levels    map[inventory.LevelKey]inventory.Level
	claims    map[ref.ClaimID]inventory.Claim
	movements []inventory.Movement
	keys      map[string]bool
	events    map[ref.EventID]bool
}

func newBooks() *books {
	return &books{
		sites: map[inventory.Location]inventory.Site{}, promises: map[ref.SKU]inventory.Promise{},
		levels: map[inventory.LevelKey]inventory.Level{}, claims: map[ref.ClaimID]inventory.Claim{}, keys: map[string]bool{},
		events: map[ref.EventID]bool{},
	}
}

// facts loads what is named, and nothing else.
func (b *books) facts(n inventory.Names) inventory.Facts {
	var f inventory.Facts
	for _, v := range b.levels {
		if slices.Contains(n.SKUs, v.SKU) {
			f.Levels = append(f.Levels, v)
			n.Locations = append(n.Locations, v.Location)
		}
	}
	for at, s := range b.sites {
		if slices.Contains(n.Locations, at) {
			f.Sites = append(f.Sites, s)
		}
	}
	for sku, p := range b.promises {
		if slices.Contains(n.SKUs, sku) {
			f.Promises = append(f.Promises, p)
		}
	}
	for _, c := range b.byID() {
		if slices.Contains(n.Claims, c.ID) {
			f.Claims = append(f.Claims, c.Clone())
		}
		if c.Owed > 0 && slices.Contains(n.SKUs, c.SKU) {
			f.Owed = append(f.Owed, c.Clone())
		}
	}
	for _, key := range n.Keys {
		if b.keys[key] {
			f.Applied = append(f.Applied, key)
		}
	}
	for _, at := range n.Closing {
		if slices.ContainsFunc(slices.Collect(maps.Values(b.levels)), func(v inventory.Level) bool { return v.Location == at && v.OnHand > 0 }) {
			f.Occupied = append(f.Occupied, at)
		}
	}
	return f
}

// byID lists the claims in the order of their ids.
func (b *books) byID() []inventory.Claim {
	return slices.SortedFunc(maps.Values(b.claims), func(x, y inventory.Claim) int { return x.ID.Compare(y.ID) })
}

// write keeps what changed.
func (b *books) write(t *testing.T, c inventory.Changes) {
	t.Helper()
	for _, s := range c.Sites {
		b.sites[s.Location] = s
	}
	for _, p := range c.Promises {
		b.promises[p.SKU] = p
	}
	for _, v := range c.Levels {
		b.levels[v.LevelKey] = v
	}
	for _, claim := range c.Claims {
		old, known := b.claims[claim.ID]
		if known && old.State != inventory.Held && old.State != claim.State {
			t.Fatalf("a claim that was %s is %s", old.State, claim.State)
		}
		if known && old.Quantity() != claim.Quantity() {
			t.Fatalf("a claim for %d is for %d", old.Quantity(), claim.Quantity())
		}
		b.claims[claim.ID] = claim.Clone()
	}
	b.movements = append(b.movements, c.Movements...)
	for _, key := range c.Applied {
		b.keys[key] = true
	}
	for _, e := range c.Events {
		if b.events[e.ID] {
			t.Fatalf("the event %+v was told before", e)
		}
		b.events[e.ID] = true
	}
}

// check fails unless the books are true: every level is within its bounds and what its movements and the held claims
// say; no cause moved a level twice in one way; what is owed adds up; who waits does so because nothing lies free; a
// closed location is empty; a settled claim has nothing.
func (b *books) check(t *testing.T) {
	t.Helper()
	onHand, reserved := map[inventory.LevelKey]int64{}, map[inventory.LevelKey]int64{}
	type once struct {
		key   inventory.LevelKey
		kind  inventory.MovementKind
		cause string
	}
	causes := map[once]bool{}
	for _, m := range b.movements {
		onHand[m.LevelKey] += m.OnHand
		reserved[m.LevelKey] += m.Reserved
		if m.OnHandAfter != onHand[m.LevelKey] || m.ReservedAfter != reserved[m.LevelKey] {
			t.Fatalf("the movement %+v leaves %d and %d", m, onHand[m.LevelKey], reserved[m.LevelKey])
		}
		if o := (once{m.LevelKey, m.Kind, m.Cause}); causes[o] {
			t.Fatalf("%s moved a level twice: %+v", m.Cause, m)
		} else {
			causes[o] = true
		}
	}
	held, owed, lying := map[inventory.LevelKey]int64{}, map[ref.SKU]int64{}, map[ref.SKU]int64{}
	for _, c := range b.claims {
		for _, p := range c.Parts {
			held[inventory.LevelKey{SKU: c.SKU, Location: p.Location}] += p.Quantity
		}
		owed[c.SKU] += c.Owed
		open := c.Held()+c.Owed > 0
		if open != (c.State == inventory.Held) || c.Back > c.Gone() || c.Damaged > c.Back || min(c.Owed, c.Freed, c.Damaged) < 0 {
			t.Fatalf("the claim %+v is out of order", c)
		}
	}
	for key, v := range b.levels {
		lying[key.SKU] += v.Available()
		if v.Reserved < 0 || v.Reserved > v.OnHand {
			t.Fatalf("the level %+v is out of bounds", v)
		}
		if v.OnHand != onHand[key] || v.Reserved != reserved[key] || v.Reserved != held[key] {
			t.Fatalf("the level %+v has movements of %d and %d and claims of %d", v, onHand[key], reserved[key], held[key])
		}
		if b.sites[key.Location].State == inventory.SiteClosed && v.OnHand > 0 {
			t.Fatalf("%+v lies at a closed location", v)
		}
	}
	for sku, n := range owed {
		if b.promises[sku].Owed != n || n > 0 && lying[sku] > 0 {
			t.Fatalf("of %s %d are owed by claims and %d by promise, while %d lie free", sku, n, b.promises[sku].Owed, lying[sku])
		}
	}
}

// sorted gives the locations of a SKU in the order in which claims draw on them.
func (b *books) sorted(sku ref.SKU) []inventory.Level {
	levels := slices.DeleteFunc(slices.Collect(maps.Values(b.levels)), func(v inventory.Level) bool { return v.SKU != sku })
	slices.SortFunc(levels, func(x, y inventory.Level) int {
		return cmp.Or(cmp.Compare(b.sites[x.Location].Priority, b.sites[y.Location].Priority), cmp.Compare(x.Location, y.Location))
	})
	return levels
}
