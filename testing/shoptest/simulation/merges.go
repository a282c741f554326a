package simulation

import (
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// follow looks at the merge of a commit that was accepted: together both carts had what the one has that is left.
func (w *world) follow(c ordering.Commit) {
	for _, wr := range c.Carts {
		from := wr.State
		if from.Status != ordering.CartMerged {
			continue
		}
		w.history.count("merge")
		if ss, known := w.byCart[from.ID]; known {
			ss.merged = true
		}
		for _, other := range c.Carts {
			if into := other.State; into.ID == from.Successor {
				w.checkMerge(wr, other)
			}
		}
	}
}

// checkMerge adds up what the carts held before.
func (w *world) checkMerge(from, into ordering.Write[ordering.Cart]) {
	source, known := w.byCart[from.State.ID]
	target, also := w.byCart[into.State.ID]
	if !known || !also {
		return
	}
	first, seen := source.versions[from.Expected]
	second, too := target.versions[into.Expected]
	if !seen || !too {
		return
	}
	want := map[ref.VariantID]int64{}
	for _, l := range append(append([]chosen(nil), first...), second...) {
		want[l.variant] += l.quantity
	}
	for _, l := range into.State.Lines {
		want[l.Variant] -= l.Quantity
	}
	for _, n := range want {
		if n != 0 {
			w.find("cart-merge", target.name, sprintf("of %v and %v came %v", quantities(first), quantities(second), quantities(chosenOf(into.State))))
			return
		}
	}
}
