package ordering

import (
	"fmt"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Write is one aggregate in a commit: its new state, and the version that it replaces, 0 for none. The new state's
// version is Expected + 1.
type Write[T any] struct {
	State    T
	Expected ref.Version
}

// StockEffectKind tells what an order does to stock.
type StockEffectKind uint8

// The kinds of stock effects. All but StockClaim name a claim that exists. "In all" counts from the claim's beginning,
// so that the same effect again changes nothing.
const (
	StockClaim   StockEffectKind = iota // Hold Quantity of SKU until Until.
	StockExtend                         // Hold until Until, zero for ever.
	StockConsume                        // Quantity of the goods left, in all; 0 for the whole claim.
	StockRelease                        // Quantity is given up, in all; 0 for all that has not left.
	StockRestock                        // Of the goods that left Quantity came back, in all, Damaged of them not fit to be sold.
	StockExpire                         // The claim's time is over: take away what has not left.
)

// StockEffect is what an order does to stock. Each is idempotent: the second time it changes nothing. The store picks
// the location. What of a claim is promised beyond stock cannot be consumed before goods came in for it.
type StockEffect struct {
	Kind     StockEffectKind
	Claim    ref.ClaimID
	Order    ref.OrderID
	SKU      ref.SKU
	Quantity int64
	Damaged  int64 // Of a restock: how many of Quantity, in all, came back and are not fit to be sold.
	Until    time.Time
}

// Attachment is a row of the adopter's own that becomes true with the commit. Kind and Key together are unique: a
// second one replaces the first.
type Attachment struct {
	Kind string
	Key  string
	Data []byte
}

// CartPurge deletes a cart that is expired or merged. Nothing is left of it: its id is that of no cart.
type CartPurge struct {
	Cart     ref.CartID
	Expected ref.Version
}

// Commit is all that must become true together, or not at all.
type Commit struct {
	At       time.Time // When it was decided; the time of its movements.
	Orders   []Write[Order]
	Carts    []Write[Cart]
	Purges   []CartPurge
	Payments []Write[Payment]
	Stock    []StockEffect
	Inbox    []InboxEvent // Kept while Due is set, else done with; known by provider and id.
	Events   []event.Event
	Command  *ports.Command
	Jobs     []ports.Job // To be done later, if the commit becomes true.
	Attach   []Attachment
}

// Outcome is what came of a commit that was not refused. With Replay set nothing was written: the command had been
// begun before, and this is its record.
type Outcome struct {
	Replay *ports.CommandRecord
	// Backordered tells for each claim that got less than it asked for how much is promised beyond stock. The store has
	// written it into the order's lines; see Commit.Owing.
	Backordered map[ref.ClaimID]int64
	// Steady tells that of no SKU it changed whether it can be sold, or until when: what shows no more than that is not old
	// by this commit. A store that does not know says false.
	Steady bool
}

// Owing gives the commit with what is promised beyond stock written into the lines of its orders: what a store writes
// once Decide has accepted it.
func (c Commit) Owing(backordered map[ref.ClaimID]int64) Commit {
	if len(backordered) == 0 {
		return c
	}
	c.Orders = slices.Clone(c.Orders)
	for i, w := range c.Orders {
		c.Orders[i].State = w.State.owing(backordered)
	}
	return c
}

// write makes the write of a state that has its new version already.
func write[T any](state T, version ref.Version) Write[T] {
	return Write[T]{State: state, Expected: version - 1}
}

// Validate refuses a commit that contradicts itself, with MalformedCommit: a version that does not follow, an
// aggregate that stands in it twice, a new order without the completion of its cart, a payment whose ledger breaks the
// invariants of Balance, attachments over the limits.
func (c Commit) Validate() error {
	orders := map[ref.OrderID]bool{}
	carts := map[ref.CartID]ref.OrderID{}
	payments := map[ref.PaymentID]bool{}
	for _, w := range c.Carts {
		if _, twice := carts[w.State.ID]; twice || w.State.Version != w.Expected+1 || w.State.ID.IsZero() {
			return MalformedCommit.New("a cart is written twice or its version does not follow")
		}
		carts[w.State.ID] = w.State.Order
	}
	for _, p := range c.Purges {
		if _, twice := carts[p.Cart]; twice || p.Expected < 1 {
			return MalformedCommit.New("a cart is purged that is written too or named twice, or without a version")
		}
		carts[p.Cart] = ref.OrderID{}
	}
	for _, w := range c.Orders {
		if orders[w.State.ID] || w.State.Version != w.Expected+1 || w.State.ID.IsZero() {
			return MalformedCommit.New("an order is written twice or its version does not follow")
		}
		orders[w.State.ID] = true
		if w.Expected == 0 && !w.State.Cart.IsZero() && w.State.Live() && carts[w.State.Cart] != w.State.ID {
			return MalformedCommit.New("a new order comes with the completion of its cart, so that a cart has one live order")
		}
	}
	for _, w := range c.Payments {
		if payments[w.State.ID] || w.State.Version != w.Expected+1 || w.State.ID.IsZero() {
			return MalformedCommit.New("a payment is written twice or its version does not follow")
		}
		payments[w.State.ID] = true
		if err := w.State.sound(); err != nil {
			return MalformedCommit.New("a payment's ledger adds up to what cannot be").Because(err)
		}
	}
	for _, e := range c.Inbox {
		if e.Event.Provider == "" || e.Event.ID == "" {
			return MalformedCommit.New("an event of the inbox has a provider and an id")
		}
	}
	if err := ports.ValidateJobs(c.Jobs); err != nil {
		return err
	}
	if len(c.Attach) > AttachMax {
		return fault.Collect([]*fault.Error{Rule.Newf("at most %d attachments", AttachMax).At("attach")})
	}
	for i, a := range c.Attach {
		if a.Kind == "" || a.Key == "" || len(a.Data) > AttachSizeMax {
			return fault.Collect([]*fault.Error{Rule.Newf("an attachment has a kind, a key and at most %d bytes", AttachSizeMax).At(fmt.Sprintf("attach[%d]", i))})
		}
	}
	return nil
}
