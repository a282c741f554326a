package inventory

import (
	"cmp"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Ledger judges commits and the effects of orders against the facts it was made of, and gathers what they change. It is
// pure and no store: a store loads what is named under its locks, asks the ledger, and writes Changes. Each call of
// Apply or Commit acts wholly or not at all, and sees what those before it did. Not safe for concurrent use.
type Ledger struct {
	levels   rows[LevelKey, Level]
	sites    rows[Location, Site]
	promises rows[ref.SKU, Promise]
	claims   rows[ref.ClaimID, Claim]
	applied  rows[string, string]
	places   map[ref.SKU][]Location // In the order in which claims draw on them.
	queues   map[ref.SKU]*queue
	occupied map[Location]bool

	at        time.Time
	incoming  []ref.SKU // Of which stock came free in this call.
	movements []Movement
	events    []event.Event
}

// queue is the claims on a SKU that are owed something, in the order in which they are filled.
type queue struct {
	ids []ref.ClaimID
	cut bool // There are more than were loaded.
}

// NewLedger starts from facts.
func NewLedger(f Facts) *Ledger {
	l := &Ledger{
		levels:   newRows(f.Levels, func(v Level) LevelKey { return v.LevelKey }),
		sites:    newRows(f.Sites, func(s Site) Location { return s.Location }),
		promises: newRows(f.Promises, func(p Promise) ref.SKU { return p.SKU }),
		claims:   newRows(f.Claims, func(c Claim) ref.ClaimID { return c.ID }),
		applied:  newRows(f.Applied, func(key string) string { return key }),
		places:   make(map[ref.SKU][]Location, len(f.Levels)), queues: map[ref.SKU]*queue{}, occupied: map[Location]bool{},
	}
	for _, v := range f.Levels {
		l.places[v.SKU] = append(l.places[v.SKU], v.Location)
	}
	for sku := range l.places {
		l.order(sku)
	}
	for _, c := range f.Owed {
		if _, named := l.claims.get(c.ID); !named {
			l.claims.all[c.ID] = row[Claim]{value: c, known: true}
		}
		l.queue(c.SKU).ids = append(l.queue(c.SKU).ids, c.ID)
	}
	for _, q := range l.queues {
		slices.SortFunc(q.ids, ref.ClaimID.Compare)
		q.cut = len(q.ids) >= FillMax
	}
	for _, o := range f.Occupied {
		l.occupied[o] = true
	}
	return l
}

// Changes gives what changed since NewLedger.
func (l *Ledger) Changes() Changes {
	return Changes{
		Sites:    l.sites.changes(func(a, b Site) int { return cmp.Compare(a.Location, b.Location) }),
		Promises: l.promises.changes(func(a, b Promise) int { return cmp.Compare(a.SKU, b.SKU) }),
		Levels:   l.levels.changes(func(a, b Level) int { return a.LevelKey.Compare(b.LevelKey) }),
		Claims:   l.claims.changes(func(a, b Claim) int { return a.ID.Compare(b.ID) }),
		Applied:  l.applied.changes(cmp.Compare[string]), Movements: l.movements, Events: l.events,
	}
}

// wholly runs a step at a moment, and takes all of it back unless it is done.
func (l *Ledger) wholly(at time.Time, step func() (done bool, err error)) error {
	movements, events := len(l.movements), len(l.events)
	l.at, l.incoming = at, nil
	if done, err := step(); err != nil || !done {
		l.levels.back()
		l.sites.back()
		l.promises.back()
		l.claims.back()
		l.applied.back()
		l.movements, l.events = l.movements[:movements:movements], l.events[:events:events]
		return err
	}
	l.levels.keep()
	l.sites.keep()
	l.promises.keep()
	l.claims.keep()
	l.applied.keep()
	return nil
}

// site gives a location and whether it is known: it was made, it is the default one, or stock of the SKU lies there
// since before locations were made.
func (l *Ledger) site(at Location, sku ref.SKU) (Site, bool) {
	if s, known := l.sites.get(at); known {
		return s, true
	}
	if at == DefaultLocation {
		return defaultSite(), true
	}
	_, stocked := l.levels.get(LevelKey{sku, at})
	return Site{Location: at, Name: string(at), State: SiteOpen}, stocked
}

// order puts the locations of a SKU into the order in which claims draw on them.
func (l *Ledger) order(sku ref.SKU) {
	slices.SortFunc(l.places[sku], func(a, b Location) int {
		first, _ := l.site(a, sku)
		second, _ := l.site(b, sku)
		return compareSites(first, second)
	})
}

// queue gives the queue of a SKU.
func (l *Ledger) queue(sku ref.SKU) *queue {
	if l.queues[sku] == nil {
		l.queues[sku] = &queue{}
	}
	return l.queues[sku]
}

// lying adds up what is not claimed of a SKU, at all locations.
func (l *Ledger) lying(sku ref.SKU) int64 {
	var n int64
	for _, at := range l.places[sku] {
		v, _ := l.levels.get(LevelKey{sku, at})
		n += v.Available()
	}
	return n
}

// free is what of a SKU is neither claimed nor owed.
func (l *Ledger) free(sku ref.SKU) int64 {
	p, _ := l.promises.get(sku)
	return max(l.lying(sku)-p.Owed, 0)
}

// draw picks locations: the first that has all of it, else those with something, in their order.
func (l *Ledger) draw(sku ref.SKU, quantity int64) []Part {
	if quantity == 0 {
		return nil
	}
	for _, at := range l.places[sku] {
		if v, _ := l.levels.get(LevelKey{sku, at}); v.Available() >= quantity {
			return []Part{{at, quantity}}
		}
	}
	var parts []Part
	for _, at := range l.places[sku] {
		v, _ := l.levels.get(LevelKey{sku, at})
		if n := min(v.Available(), quantity); n > 0 {
			parts = append(parts, Part{at, n})
			quantity -= n
		}
	}
	return parts
}

// move changes a level and writes the movement. Stock that comes free is remembered, for who is owed it.
func (l *Ledger) move(key LevelKey, kind MovementKind, onHand, reserved int64, cause, reason string) {
	v, known := l.levels.get(key)
	if !known {
		v.LevelKey = key
		if !slices.Contains(l.places[key.SKU], key.Location) { // It is there after a step that was taken back.
			l.places[key.SKU] = append(l.places[key.SKU], key.Location)
			l.order(key.SKU)
		}
	}
	v.OnHand += onHand
	v.Reserved += reserved
	l.levels.set(key, v)
	l.movements = append(l.movements, Movement{
		LevelKey: key, Kind: kind, OnHand: onHand, Reserved: reserved, OnHandAfter: v.OnHand, ReservedAfter: v.Reserved,
		Cause: cause, Reason: reason, At: l.at,
	})
	if onHand > reserved && !slices.Contains(l.incoming, key.SKU) {
		l.incoming = append(l.incoming, key.SKU)
	}
}
