package ordering

import (
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// MergePolicy is a strategy: which lines a customer's cart has once a guest's cart was merged into it, which is what
// signing in does. Choose gives them from the lines of both; it is pure, and need not care for limits: MergeCarts puts
// equal lines together and bounds what comes out. An adopter may bring another one.
type MergePolicy struct {
	Name   string // For events and settings.
	Choose func(guest, existing []CartLine) []CartLine
}

// The policies. None of them loses what was put in last without being told to.
var (
	// MergeBoth takes the lines of both; of the same thing as many as both together.
	MergeBoth = MergePolicy{Name: "merge", Choose: func(guest, existing []CartLine) []CartLine { return slices.Concat(existing, guest) }}
	// KeepGuest takes the guest's lines alone: what was chosen just now.
	KeepGuest = MergePolicy{Name: "keep_guest", Choose: func(guest, _ []CartLine) []CartLine { return guest }}
	// KeepExisting takes the customer's lines alone.
	KeepExisting = MergePolicy{Name: "keep_existing", Choose: func(_, existing []CartLine) []CartLine { return existing }}
	// GuestIfEmpty takes the customer's lines, or the guest's when there are none.
	GuestIfEmpty = MergePolicy{Name: "guest_if_existing_empty", Choose: func(guest, existing []CartLine) []CartLine {
		if len(existing) == 0 {
			return guest
		}
		return existing
	}}
)

// MergePolicies lists the policies that the toolkit brings.
func MergePolicies() []MergePolicy {
	return []MergePolicy{MergeBoth, KeepGuest, KeepExisting, GuestIfEmpty}
}

// Merged is what came of a merge.
type Merged struct {
	From    Cart       // Merged: it takes no more changes and names its successor.
	Into    Cart       // The customer's.
	Bounded []CartLine // Lines of Into that would have had more than QuantityMax, as the policy wanted them.
	Dropped []CartLine // Lines for which Into had no room.
}

// MergeCarts merges one cart into another, a customer's, by the policy. Lines of the same variant in the same
// customisation become one, with the id, the agreed price and the texts of the first; quantities, lines and texts stay
// within their limits, and what does not fit is told. Both carts get their next version and are to be written in one
// commit, so that a cart which became an order meanwhile is not merged. Errors: CartCompleted and CartSuperseded of
// either cart; CartScope when their channels or currencies differ; VersionConflict for a cart and itself.
func MergeCarts(policy MergePolicy, from, into Cart, now time.Time) (Merged, error) {
	if from.Channel != into.Channel || from.Currency != into.Currency {
		return Merged{}, CartScope.Newf("a cart of %s in %s cannot be merged into one of %s in %s", from.Channel, from.Currency, into.Channel, into.Currency)
	}
	if from.ID == into.ID {
		return Merged{}, CartSuperseded.New("a cart cannot be merged into itself").With("successor", into.ID.String())
	}
	from, err := from.change(now)
	if err != nil {
		return Merged{}, err
	}
	if into, err = into.change(now); err != nil {
		return Merged{}, err
	}
	chosen := policy.Choose(slices.Clone(from.Lines), slices.Clone(into.Lines))
	out := Merged{}
	into.Lines = nil
	for _, l := range chosen {
		out.take(&into, l)
	}
	if into.Note == "" && len(into.Note)+len(from.Note)+into.texts() <= CartTextMax {
		into.Note = from.Note
	}
	from.Status, _ = CartMachine.Next(from.Status, CartMerge)
	from.Successor = into.ID
	out.From, out.Into = from, into
	return out, nil
}

// take puts a line into the cart that is being made.
func (m *Merged) take(into *Cart, l CartLine) {
	i := slices.IndexFunc(into.Lines, func(o CartLine) bool { return o.Variant == l.Variant && maps.Equal(o.Custom, l.Custom) })
	switch {
	case i >= 0:
		o := &into.Lines[i]
		if o.Quantity += l.Quantity; o.Quantity > QuantityMax {
			m.Bounded = append(m.Bounded, *o)
			o.Quantity = QuantityMax
		}
	case len(into.Lines) >= LinesMax, into.texts()+size(l.Custom)+size(l.Metadata)+len(l.Note) > CartTextMax:
		m.Dropped = append(m.Dropped, l)
	default:
		if slices.ContainsFunc(into.Lines, func(o CartLine) bool { return o.ID == l.ID }) {
			m.Dropped = append(m.Dropped, l)
			return
		}
		into.Lines = append(into.Lines, l)
	}
}

// MergeCommit makes the commit of a merge: both carts and what it tells.
func MergeCommit(m Merged, policy MergePolicy, was Cart, at time.Time, nextID func() [16]byte) Commit {
	return Commit{
		At:    at,
		Carts: []Write[Cart]{write(m.From, m.From.Version), write(m.Into, m.Into.Version)},
		Events: append(revivals(was, m.Into, at, nextID), event.New(ref.NewID[ref.EventKind](nextID()), CartSubject(m.From.ID), at, MergedCart{
			Cart: CartSubject(m.From.ID), Into: CartSubject(m.Into.ID), Customer: m.Into.Customer, Policy: policy.Name, Lines: len(m.Into.Lines),
		})),
	}
}
