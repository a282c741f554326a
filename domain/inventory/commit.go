package inventory

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Write is one value in a commit: its new state, and the version that it replaces, 0 for none. The new state's version
// is Expected + 1.
type Write[T any] struct {
	State    T
	Expected ref.Version
}

// ClaimKey names a claim and the SKU that it is on.
type ClaimKey struct {
	ID  ref.ClaimID
	SKU ref.SKU
}

// Commit is all that must become true together, or not at all. It is judged in the order of its fields.
type Commit struct {
	Sites       []Write[Site]
	Policies    []Write[Policy]
	Adjustments []Adjustment
	Lapsed      []ClaimKey // To be taken away, as far as they are held and lapsed at At; the others stay as they are.
	Fill        []ref.SKU  // Whose claims are to get what they are owed, as far as it is there.
	At          time.Time
	Events      []event.Event // Told when the commit changes anything.
}

// Names are the keys of all that a commit reads and changes, for stores that load it. Keys may come twice.
type Names struct {
	Keys      []string   // Of adjustments.
	Locations []Location // Written or adjusted at; the levels' own besides.
	Closing   []Location // Of those, the ones that the commit closes.
	SKUs      []ref.SKU
	Claims    []ref.ClaimID
}

// Names lists what the commit names.
func (c Commit) Names() Names {
	var n Names
	for _, w := range c.Sites {
		n.Locations = append(n.Locations, w.State.Location)
		if w.State.State == SiteClosed {
			n.Closing = append(n.Closing, w.State.Location)
		}
	}
	for _, w := range c.Policies {
		n.SKUs = append(n.SKUs, w.State.SKU)
	}
	for _, a := range c.Adjustments {
		n.Keys, n.SKUs, n.Locations = append(n.Keys, a.Key), append(n.SKUs, a.SKU), append(n.Locations, a.Location)
		if a.To != "" {
			n.Locations = append(n.Locations, a.To)
		}
	}
	for _, k := range c.Lapsed {
		n.SKUs, n.Claims = append(n.SKUs, k.SKU), append(n.Claims, k.ID)
	}
	n.SKUs = append(n.SKUs, c.Fill...)
	return n
}

// Facts are what a store knows, under its locks, of all that is named. What does not exist is left out.
type Facts struct {
	Levels   []Level    // Every level of each SKU that is named.
	Sites    []Site     // Of the locations of those levels and of those that are named.
	Promises []Promise  // Of the SKUs.
	Claims   []Claim    // Those that are named.
	Owed     []Claim    // Of each SKU of which stock may come free, the first FillMax claims by id that are owed something.
	Applied  []string   // Keys of the adjustments that were applied before.
	Occupied []Location // Of the locations to be closed, those that have a level above 0.
}

// Changes is what a ledger gathered, for a store to write as it stands: the new states, sorted by key, and what is to be
// added, in order. Levels, claims, sites and promises that the facts did not hold are new.
type Changes struct {
	Sites     []Site
	Promises  []Promise
	Levels    []Level
	Claims    []Claim
	Movements []Movement
	Applied   []string // Keys of adjustments.
	Events    []event.Event
}

// Empty tells whether there is nothing to write.
func (c Changes) Empty() bool {
	return len(c.Sites)+len(c.Promises)+len(c.Levels)+len(c.Claims)+len(c.Movements)+len(c.Applied)+len(c.Events) == 0
}
