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
	if i < 0 || !o.Live() || left < 0 || o.Lines[i].Backordered <= left {
		return o, Commit{}, false
	}
	var entries []TimelineEntry
	line := o.Lines[i]
	if left == 0 {
		entries = append(entries, TimelineEntry{At: at, Kind: TimelineStocked, Message: fmt.Sprintf("%d × %s", line.Quantity, line.SKU)})
	}
	o = o.change(at, entries...)
	o.Lines = slices.Clone(o.Lines)
	o.Lines[i].Backordered = left
	return o, Commit{
		At: at, Orders: []Write[Order]{write(o, o.Version)},
		Events: []event.Event{about(o, nextID(), at, BackorderLowered{Order: o.ID, Number: o.Number, Line: line.ID, SKU: line.SKU, Left: left})},
	}, true
}

// owing gives the order with what its claims are owed written into its lines.
func (o Order) owing(backordered map[ref.ClaimID]int64) Order {
	cloned := false
	for claim, n := range backordered {
		if i := o.lineOf(claim); i >= 0 && n != o.Lines[i].Backordered {
			if !cloned {
				o.Lines, cloned = slices.Clone(o.Lines), true
			}
			o.Lines[i].Backordered = n
		}
	}
	return o
}

// lineOf finds the line that has the claim, its own or one for what was called back and is sent again; -1 for none.
func (o Order) lineOf(claim ref.ClaimID) int {
	i := slices.IndexFunc(o.Lines, func(l OrderLine) bool { return l.Claim == claim })
	for _, f := range o.Fulfilments {
		for _, l := range f.Lines {
			if l.Again == claim && !claim.IsZero() {
				i = slices.IndexFunc(o.Lines, func(x OrderLine) bool { return x.ID == l.Line })
			}
		}
	}
	return i
}

// unowed gives lines whose claims were given up: nothing is promised to them any more.
func unowed(lines []OrderLine) []OrderLine {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Backordered = 0
	}
	return out
}

// Backordered adds up what of the order's lines is promised beyond stock and not there yet.
func (o Order) Backordered() int64 {
	var n int64
	for _, l := range o.Lines {
		n += l.Backordered
	}
	return n
}
