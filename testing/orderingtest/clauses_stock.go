package orderingtest

import (
	"fmt"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// stockClauses prove [commit-stock] for claims; effectClauses do for what comes after.
func stockClauses() []Clause[Harness] {
	const id = "commit-stock"
	return []Clause[Harness]{
		{ID: id, Case: "many race for few", Run: manyRaceForFew},
		{ID: id, Case: "many race for few in lots", Run: manyRaceForLots},
		{ID: id, Case: "two lines of one sku", Run: twoLinesOfOneSKU},
		{ID: id, Case: "every short line is named", Run: everyShortLine},
		{ID: id, Case: "opposite orders of locking", Run: oppositeOrders},
		{ID: id, Case: "two locations", Run: twoLocations},
		{ID: id, Case: "a thousand lines", Run: thousandLines},
	}
}

// rush races orders of the SKU hot, each of the quantity.
func (w *world) rush(quantity int64) []answer {
	w.Helper()
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		commits[i] = w.place(w.cart(want{"hot", quantity})).commit
	}
	return w.race(commits...)
}

func manyRaceForFew(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("hot", 10)
	answers := w.rush(1)
	if accepted, _, refused := w.count(answers, ordering.OutOfStock); accepted != 10 || refused != racers-10 {
		w.Errorf("%d accepted and %d refused, want 10 and %d", accepted, refused, racers-10)
	}
	for _, a := range answers {
		if a.err != nil {
			w.shorts(a.err, map[string]short{"lines[0].quantity": {"hot", 0}})
		}
	}
	w.levels("hot", 10, 10)
}

func manyRaceForLots(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("hot", 20)
	if accepted, _, refused := w.count(w.rush(3), ordering.OutOfStock); accepted != 6 || refused != racers-6 {
		w.Errorf("%d accepted and %d refused, want 6 and %d", accepted, refused, racers-6)
	}
	w.levels("hot", 20, 18)
}

// short is what is left of a SKU that a line wants more of.
type short struct {
	sku       ref.SKU
	available int64
}

// shorts checks that an error names exactly these short lines, by field.
func (w *world) shorts(err error, wanted map[string]short) {
	w.Helper()
	w.refused(err, ordering.OutOfStock)
	got := map[string]short{}
	if e := fault.Of(err); e != nil {
		for _, v := range e.Violations() {
			sku, _ := v.Details()["sku"].(string)
			available, _ := v.Details()["available"].(int64)
			got[v.Field()] = short{ref.SKU(sku), available}
		}
	}
	w.same("the short lines", got, wanted)
}

func twoLinesOfOneSKU(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	_, err := w.commit(w.place(w.cart(want{"A", 3}, want{"A", 3})).commit)
	w.shorts(err, map[string]short{"lines[1].quantity": {"A", 2}})
	w.levels("A", 5, 0)
	w.seed("A", 1)
	w.order(want{"A", 3}, want{"A", 3})
	w.levels("A", 6, 6)
}

func everyShortLine(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 1)
	w.seed("B", 9)
	_, err := w.commit(w.place(w.cart(want{"A", 2}, want{"B", 2}, want{"unknown", 1}, want{"B", 8})).commit)
	w.shorts(err, map[string]short{
		"lines[0].quantity": {"A", 1}, "lines[2].quantity": {"unknown", 0}, "lines[3].quantity": {"B", 7},
	})
}

func oppositeOrders(t TB, open func(TB) Harness) {
	w := begin(t, open)
	const stock = racers / 2
	w.seed("A", stock)
	w.seed("B", stock)
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		wants := []want{{"A", 1}, {"B", 1}}
		if i%2 == 1 {
			wants[0], wants[1] = wants[1], wants[0]
		}
		commits[i] = w.place(w.cart(wants...)).commit
	}
	if accepted, _, refused := w.count(w.race(commits...), ordering.OutOfStock); accepted != stock || refused != racers-stock {
		w.Errorf("%d accepted and %d refused, want %d and %d", accepted, refused, stock, racers-stock)
	}
	w.levels("A", stock, stock)
	w.levels("B", stock, stock)
}

func twoLocations(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seedAt("A", "cellar", 3)
	w.seedAt("A", "window", 3)
	w.order(want{"A", 5})
	w.levels("A", 6, 5)
	for _, l := range w.position("A").Levels {
		if l.Reserved > l.OnHand {
			w.Errorf("%d are reserved of %d at %s", l.Reserved, l.OnHand, l.Location)
		}
	}
	_, err := w.commit(w.place(w.cart(want{"A", 2})).commit)
	w.shorts(err, map[string]short{"lines[0].quantity": {"A", 1}})
}

func thousandLines(t TB, open func(TB) Harness) {
	w := begin(t, open)
	wants := make([]want, ordering.LinesMax)
	goods := make([]inventory.Adjustment, 0, len(wants)/4)
	for i := range wants {
		sku := ref.SKU(fmt.Sprintf("S%d", i%cap(goods)))
		wants[i] = want{sku, 2}
		if len(goods) < cap(goods) {
			goods = append(goods, inventory.Adjustment{
				Key: "seed-" + string(sku), LevelKey: inventory.LevelKey{SKU: sku, Location: inventory.DefaultLocation},
				Kind: inventory.MoveReceive, Delta: 8,
			})
		}
	}
	if err := w.h.Stock.Commit(w.Context(), inventory.Commit{At: w.at, Adjustments: goods}); err != nil {
		w.Fatalf("seeding: %v", err)
	}
	p := w.order(wants...)
	got := w.glance(p.commit)
	w.same("an order of a thousand lines", got.Orders[p.order.ID], normalOrder(p.order))
	for sku, pos := range got.Positions {
		if onHand, reserved := pos.Totals(); onHand != 8 || reserved != 8 {
			w.Errorf("%s has %d on hand and %d reserved, want 8 and 8", sku, onHand, reserved)
		}
	}
}
