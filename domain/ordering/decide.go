package ordering

import (
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// CartFact is what a store knows of a cart that a commit writes or purges.
type CartFact struct {
	Version  ref.Version
	Status   CartStatus
	Channel  ref.Channel
	Currency money.Currency
}

// factOf is what a store will know of a cart once it is written.
func factOf(c Cart) CartFact {
	return CartFact{Version: c.Version, Status: c.Status, Channel: c.Channel, Currency: c.Currency}
}

// Facts are what a store read, under its locks, of everything that the commits name; what does not exist is left
// out. Decide works on them: they are its scratch afterwards.
type Facts struct {
	Orders   map[ref.OrderID]ref.Version
	Carts    map[ref.CartID]CartFact
	Payments map[ref.PaymentID]ref.Version
	Commands map[ports.CommandKey]ports.CommandRecord
}

// ready gives facts in which what nobody read is known to be absent.
func (f Facts) ready() Facts {
	if f.Orders == nil {
		f.Orders = map[ref.OrderID]ref.Version{}
	}
	if f.Carts == nil {
		f.Carts = map[ref.CartID]CartFact{}
	}
	if f.Payments == nil {
		f.Payments = map[ref.PaymentID]ref.Version{}
	}
	if f.Commands == nil {
		f.Commands = map[ports.CommandKey]ports.CommandRecord{}
	}
	return f
}

// Shortage is a claim for which less is available than it asks for.
type Shortage struct {
	Claim     ref.ClaimID
	SKU       ref.SKU
	Available int64
}

// Rules are the rules of other contexts that a store hands in.
type Rules struct {
	// Stock applies the effects of one commit wholly, or not at all when it gives shortages or an error; it sees what
	// the effects of accepted commits before did. At is when the commit was decided. inventory.Ledger is that rule.
	Stock func(at time.Time, effects []StockEffect) (StockVerdict, error)
}

// StockVerdict is what the rule of stock says of the effects of one commit.
type StockVerdict struct {
	Short       []Shortage            // Every claim that cannot be had; then nothing was applied.
	Backordered map[ref.ClaimID]int64 // What is promised beyond stock, of each claim of which something is.
	Steady      bool                  // Of no SKU it changes whether it can be sold, or until when.
}

// Verdict is what Decide says of one commit: accepted (Replay and Err nil), a replay, or refused.
type Verdict struct {
	Replay      *ports.CommandRecord
	Err         error
	Backordered map[ref.ClaimID]int64 // Of an accepted one; to be written by Commit.Owing.
	Steady      bool                  // Of an accepted one; see Outcome.
}

// Accepted tells whether the commit is to be written.
func (v Verdict) Accepted() bool { return v.Replay == nil && v.Err == nil }

// Decide judges commits in the order of their arrival, each wholly in or wholly out, each seeing what the accepted
// ones before it wrote. It is the meaning of a commit, for every store: pure, and it decides
//
//   - the command first, so that a retry is a replay whatever became of the cart meanwhile;
//   - then the versions of carts, orders and payments, and that no cart becomes an order a second time;
//   - the stock last, naming every line that comes up short.
func Decide(commits []Commit, facts Facts, rules Rules) []Verdict {
	facts = facts.ready()
	out := make([]Verdict, len(commits))
	for i, c := range commits {
		out[i] = decide(c, facts, rules)
	}
	return out
}

func decide(c Commit, facts Facts, rules Rules) Verdict {
	if err := c.Validate(); err != nil {
		return Verdict{Err: err}
	}
	record, v := judgeCommand(c.Command, facts.Commands)
	if !v.Accepted() {
		return v
	}
	if err := judgeVersions(c, facts); err != nil {
		return Verdict{Err: err}
	}
	stock := StockVerdict{Steady: true}
	if len(c.Stock) > 0 {
		var err error
		if stock, err = rules.Stock(c.At, c.Stock); err != nil {
			return Verdict{Err: err}
		}
		if len(stock.Short) > 0 {
			return Verdict{Err: outOfStock(c, stock.Short)}
		}
	}
	if record != nil {
		facts.Commands[record.Key] = *record
	}
	for _, w := range c.Orders {
		facts.Orders[w.State.ID] = w.State.Version
	}
	for _, w := range c.Carts {
		facts.Carts[w.State.ID] = factOf(w.State)
	}
	for _, p := range c.Purges {
		delete(facts.Carts, p.Cart)
	}
	for _, w := range c.Payments {
		facts.Payments[w.State.ID] = w.State.Version
	}
	return Verdict{Backordered: stock.Backordered, Steady: stock.Steady}
}

// judgeCommand tells what becomes of the command's record.
func judgeCommand(cmd *ports.Command, records map[ports.CommandKey]ports.CommandRecord) (*ports.CommandRecord, Verdict) {
	if cmd == nil {
		return nil, Verdict{}
	}
	stored, known := records[cmd.Key]
	switch {
	case cmd.Step > ports.CommandFinish:
		return nil, Verdict{Err: MalformedCommit.New("a commit begins, takes over or finishes its command")}
	case !known && cmd.Step == ports.CommandTake:
		return nil, Verdict{Err: MalformedCommit.New("a command is taken over that was never begun")}
	case !known && cmd.Step == ports.CommandFinish:
		return nil, Verdict{Err: MalformedCommit.New("a command is finished that was never begun")}
	}
	var was *ports.CommandRecord
	if known {
		was = &stored
	}
	next, standing, err := cmd.Judge(was)
	return next, Verdict{Replay: standing, Err: err}
}

// NextRecord is the record of a command after the step, for stores to write; stored is the one before, if any.
func NextRecord(stored ports.CommandRecord, cmd ports.Command) ports.CommandRecord {
	return cmd.On(stored)
}

// judgeVersions refuses a write against a version that is not the stored one.
func judgeVersions(c Commit, facts Facts) error {
	if err := judgeCarts(c, facts); err != nil {
		return err
	}
	for _, w := range c.Orders {
		if facts.Orders[w.State.ID] != w.Expected {
			return fault.VersionConflict.New("the order was changed meanwhile; read it again")
		}
		if w.Expected == 0 && w.State.Live() && facts.Carts[w.State.Cart].Status == CartDone && !c.replaces(w.State.Cart) {
			return CartCompleted.New("the cart became an order; start a new one")
		}
	}
	for _, w := range c.Payments {
		if facts.Payments[w.State.ID] != w.Expected {
			return fault.VersionConflict.New("the payment was changed meanwhile; read it again")
		}
	}
	return nil
}

// judgeCarts refuses a write of a cart against a version that is not the stored one, to a status that the stored one
// does not lead to, or in another channel or currency; and the purge of a cart that somebody may still want.
func judgeCarts(c Commit, facts Facts) error {
	for _, w := range c.Carts {
		f := facts.Carts[w.State.ID]
		switch {
		case f.Version != w.Expected:
			return stale(f)
		case f.Version == 0:
		case !f.Status.leadsTo(w.State.Status):
			return Cart{ID: w.State.ID, Status: f.Status}.refusal()
		case !f.Currency.IsZero() && (f.Channel != w.State.Channel || f.Currency != w.State.Currency):
			return CartScope.New("a cart keeps its channel and currency; make a new one")
		}
	}
	for _, p := range c.Purges {
		f := facts.Carts[p.Cart]
		if f.Version != p.Expected || f.Status != CartExpired && f.Status != CartMerged {
			return stale(f)
		}
	}
	return nil
}

// stale is the error of a write against another version of a cart.
func stale(f CartFact) error {
	switch f.Status {
	case CartDone:
		return CartCompleted.New("the cart became an order; start a new one")
	case CartMerged:
		return CartSuperseded.New("the cart was merged into another one; use that")
	case CartActive, CartAbandoned, CartExpired:
	}
	return fault.VersionConflict.New("the cart was changed meanwhile; read it again")
}

// replaces tells whether the commit ends an order of the cart, so that another one may come in its place.
func (c Commit) replaces(cart ref.CartID) bool {
	return slices.ContainsFunc(c.Orders, func(w Write[Order]) bool {
		return w.State.Cart == cart && !w.State.Live()
	})
}

// outOfStock names every short line by its place in the order.
func outOfStock(c Commit, short []Shortage) error {
	e := OutOfStock.New("not enough is in stock for one or more lines")
	for _, s := range short {
		field := "lines"
		for _, w := range c.Orders {
			for i, l := range w.State.Lines {
				if l.Claim == s.Claim {
					field = fmt.Sprintf("lines[%d].quantity", i)
				}
			}
		}
		e = e.Listing(OutOfStock.Newf("%d of %s left", s.Available, s.SKU).At(field).
			With("sku", string(s.SKU)).With("available", s.Available))
	}
	return e
}
