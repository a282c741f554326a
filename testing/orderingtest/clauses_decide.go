package orderingtest

import (
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// decideClauses prove [commit-decide]: the order of judgement, and what no other clause asks for.
func decideClauses() []Clause[Harness] {
	const id = "commit-decide"
	return []Clause[Harness]{
		{ID: id, Case: "versions come before stock", Run: versionsBeforeStock},
		{ID: id, Case: "a command comes before versions", Run: commandBeforeVersions},
		{ID: id, Case: "a cart that became an order", Run: completedCart},
		{ID: id, Case: "what contradicts itself", Run: malformed},
		{ID: id, Case: "a step of a command that was never begun", Run: neverBegun},
		{ID: id, Case: "nothing to write", Run: nothingToWrite},
	}
}

func versionsBeforeStock(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cart := w.cart(want{"none left", 1})
	c := w.place(cart).commit
	cart.Version++
	w.accept(ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: cart, Expected: 1}}})
	w.refuses(c, fault.VersionConflict)
}

func commandBeforeVersions(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 1)
	first := w.order(want{"A", 1})
	again := w.place(first.cart)
	again.commit.Command = first.commit.Command
	before := w.glance(again.commit)
	if out, err := w.commit(again.commit); err != nil || out.Replay == nil {
		w.Errorf("a retry whose cart became an order meanwhile is a replay, not %v", err)
	}
	w.nothing(before, w.glance(again.commit))
}

func completedCart(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 1)
	p := w.order(want{"A", 1})
	cart := p.cart
	cart.Version = 2 // As if it had been read before it became the order.
	w.refuses(ordering.Commit{At: w.at, Carts: []ordering.Write[ordering.Cart]{{State: cart, Expected: 1}}}, ordering.CartCompleted)
}

func malformed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	good := func() ordering.Commit { return w.place(w.cart(want{"A", 1})).commit }
	for _, spoil := range []func(*ordering.Commit){
		func(c *ordering.Commit) { c.Orders[0].State.Version = 2 },
		func(c *ordering.Commit) { c.Orders[0].State.ID = ref.OrderID{} },
		func(c *ordering.Commit) { c.Orders = append(c.Orders, c.Orders[0]) },
		func(c *ordering.Commit) { c.Carts = append(c.Carts, c.Carts[0]) },
		func(c *ordering.Commit) { c.Payments = append(c.Payments, c.Payments[0]) },
		func(c *ordering.Commit) { c.Carts = nil },
	} {
		c := good()
		spoil(&c)
		w.refuses(c, ordering.MalformedCommit)
	}
	c := good()
	c.Attach = make([]ordering.Attachment, ordering.AttachMax+1)
	w.refuses(c, fault.Bad)
	c.Attach = []ordering.Attachment{{Kind: "erp", Key: "1", Data: make([]byte, ordering.AttachSizeMax+1)}}
	w.refuses(c, fault.Bad)
}

func neverBegun(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for _, step := range []ports.CommandStep{ports.CommandTake, ports.CommandFinish, ports.CommandFinish + 1} {
		cmd := w.command()
		cmd.Step, cmd.Answer = step, &ports.Answer{}
		w.refuses(ordering.Commit{At: w.at, Command: &cmd}, ordering.MalformedCommit)
	}
}

func nothingToWrite(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.accept(ordering.Commit{At: w.at})
}
