package pricing

import (
	"cmp"
	"time"
)

// Window is the time in which a price holds: from From, which belongs to it, to Until, which does not. A zero end is
// open, so the zero Window is always. Times are of ref.Instant's form.
type Window struct{ From, Until time.Time }

// Holds tells whether the moment is in the window.
func (w Window) Holds(at time.Time) bool { return w.begun(at) && !w.over(at) }

// Always tells whether both ends are open.
func (w Window) Always() bool { return w.From.IsZero() && w.Until.IsZero() }

// Equal tells whether both are the same time.
func (w Window) Equal(o Window) bool { return w.From.Equal(o.From) && w.Until.Equal(o.Until) }

// Compare orders windows from narrow to wide, which is the order in which Resolve prefers their prices: those with two
// ends by their length, then those with one, then the one that is always. Of two that are equally wide the one that
// begins later comes first, then the one that ends earlier. It is 0 only for the same window.
func (w Window) Compare(o Window) int {
	return cmp.Or(
		cmp.Compare(w.openEnds(), o.openEnds()),
		cmp.Compare(w.length(), o.length()),
		o.From.Compare(w.From),
		w.Until.Compare(o.Until),
	)
}

func (w Window) begun(at time.Time) bool { return !at.Before(w.From) }

func (w Window) over(at time.Time) bool { return !w.Until.IsZero() && !at.Before(w.Until) }

// standing tells whether the window holds at the moment and has no end.
func (w Window) standing(at time.Time) bool { return w.Until.IsZero() && w.begun(at) }

func (w Window) openEnds() int {
	n := 0
	if w.From.IsZero() {
		n++
	}
	if w.Until.IsZero() {
		n++
	}
	return n
}

// length is that of a window with two ends, else 0.
func (w Window) length() time.Duration {
	if w.openEnds() > 0 {
		return 0
	}
	return w.Until.Sub(w.From)
}
