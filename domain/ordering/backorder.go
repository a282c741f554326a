package ordering

import (
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TimelineStocked is the kind of the timeline's entry for a line whose goods have all come in.
const TimelineStocked = "backorder_filled"

// BackorderLowered tells that goods came in for a line that had been promised more than there was.
type BackorderLowered struct {
	Order  ref.OrderID `json:"order"`
	Number string      `json:"number"`
	Line   ref.LineID  `json:"line"`
	SKU    ref.SKU     `json:"sku"`
	Left   int64       `json:"left"` // What is still promised and not there.
}

// EventName is the event's stable name.
func (BackorderLowered) EventName() string { return "ordering.backorder_lowered" }

// LowerBackorder makes the commit that tells an order how much of a line's claim is still promised beyond stock. It is
// false when there is nothing to write: the line says so already or says less, for what came in never goes again; the
// order is cancelled; or no line has the claim. NextID makes the id of the event.
func LowerBackorder(o Order, claim ref.ClaimID, left int64, at time.Time, nextID func() [16]byte) (Order, Commit, bool) {
	i := o.lineOf(claim)
	if i < 0 || !o.Live() || left < 0 || o.owed(claim) <= left {
		return o, Commit{}, false
	}
	lower := o.owing(map[ref.ClaimID]int64{claim: left})
	line := lower.Lines[i]
	var entries []TimelineEntry
	if line.Backordered == 0 {
		entries = append(entries, TimelineEntry{At: at, Kind: TimelineStocked, Message: fmt.Sprintf("%d × %s", line.Quantity, line.SKU)})
	}
	o = lower.change(at, entries...)
	return o, Commit{
		At: at, Orders: []Write[Order]{write(o, o.Version)},
		Events: []event.Event{about(o, nextID(), at, BackorderLowered{Order: o.ID, Number: o.Number, Line: line.ID, SKU: line.SKU, Left: line.Backordered})},
	}, true
}

// owing gives the order with what its claims are owed written into it: into the line all that its claims are owed, into
// the fulfilment that was called back what the claim for its goods is.
func (o Order) owing(backordered map[ref.ClaimID]int64) Order {
	cloned := false
	for claim, n := range backordered {
		i, was := o.lineOf(claim), o.owed(claim)
		if i < 0 || n == was {
			continue
		}
		if !cloned {
			o.Lines, o.Fulfilments, cloned = slices.Clone(o.Lines), slices.Clone(o.Fulfilments), true
		}
		o.Lines[i].Backordered += n - was
		if f, l := o.sentAgain(claim); f >= 0 {
			o.Fulfilments[f].Lines = slices.Clone(o.Fulfilments[f].Lines)
			o.Fulfilments[f].Lines[l].Owed = n
		}
	}
	return o
}

// owed is what a claim of the order is promised beyond stock.
func (o Order) owed(claim ref.ClaimID) int64 {
	if i := o.lineOf(claim); i >= 0 {
		for _, c := range o.claimsOf(o.Lines[i]) {
			if c.id == claim {
				return c.owed
			}
		}
	}
	return 0
}

// lineOf finds the line that has the claim, its own or one for what was called back and is sent again; -1 for none.
func (o Order) lineOf(claim ref.ClaimID) int {
	if f, l := o.sentAgain(claim); f >= 0 {
		id := o.Fulfilments[f].Lines[l].Line
		return slices.IndexFunc(o.Lines, func(x OrderLine) bool { return x.ID == id })
	}
	return slices.IndexFunc(o.Lines, func(l OrderLine) bool { return l.Claim == claim })
}

// sentAgain finds where the claim stands for what was called back and is sent again; -1 for nowhere.
func (o Order) sentAgain(claim ref.ClaimID) (fulfilment, line int) {
	for i, f := range o.Fulfilments {
		for j, l := range f.Lines {
			if l.Again == claim && !claim.IsZero() {
				return i, j
			}
		}
	}
	return -1, -1
}

// unowed gives the order with its claims given up: nothing is promised to them any more.
func (o Order) unowed() Order {
	o.Lines, o.Fulfilments = slices.Clone(o.Lines), slices.Clone(o.Fulfilments)
	for i := range o.Lines {
		o.Lines[i].Backordered = 0
	}
	for i := range o.Fulfilments {
		f := &o.Fulfilments[i]
		f.Lines = slices.Clone(f.Lines)
		for j := range f.Lines {
			f.Lines[j].Owed = 0
		}
	}
	return o
}

// Backordered adds up what of the order's lines is promised beyond stock and not there yet.
func (o Order) Backordered() int64 {
	var n int64
	for _, l := range o.Lines {
		n += l.Backordered
	}
	return n
}
