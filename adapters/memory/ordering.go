package memory

import (
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// orderingCommitter makes ordering's commits true.
type orderingCommitter struct{ store *Store }

var _ ordering.Committer = orderingCommitter{}

// Ordering gives the port that changes carts and orders, with all that hangs on them.
func (s *Store) Ordering() ordering.Committer { return orderingCommitter{s} }

// Commit makes the commit true, wholly or not at all.
func (o orderingCommitter) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	s := o.store
	var out ordering.Outcome
	err := s.update(ctx, func() (func(), error) {
		publish, made, err := s.decide(c)
		out = made
		return publish, err
	})
	if err != nil {
		return ordering.Outcome{}, err
	}
	if out.Replay != nil {
		return out, nil
	}
	if err := s.pass(ordering.AfterCommit); err != nil {
		return ordering.Outcome{}, lost(err)
	}
	if err := ctx.Err(); err != nil {
		return ordering.Outcome{}, lost(err)
	}
	return out, nil
}

// lost is the error of a commit that stands and whose answer does not reach the caller.
func lost(cause error) error {
	return fault.Lost.New("the answer of the store was lost; retry with the same key").Because(cause)
}

// decide judges the commit and gives what publishes it and what came of it, which may be the record of a replay.
func (s *Store) decide(c ordering.Commit) (publish func(), out ordering.Outcome, err error) {
	if err := s.reach(ordering.BeforeFacts); err != nil {
		return nil, out, err
	}
	facts := s.facts(c)
	effects := effectsOf(c.Stock)
	ledger := inventory.NewLedger(s.stock.ofEffects(effects))
	if err := s.reach(ordering.BeforeStock); err != nil {
		return nil, out, err
	}
	verdict := ordering.Decide([]ordering.Commit{c}, facts, ordering.Rules{Stock: stockRule(ledger)})[0]
	switch {
	case verdict.Err != nil:
		return nil, out, verdict.Err
	case verdict.Replay != nil:
		return func() {}, ordering.Outcome{Replay: copyRecord(verdict.Replay)}, nil
	}
	c = c.Owing(verdict.Backordered)
	if err := s.ordering.unique(c.Orders); err != nil {
		return nil, out, err
	}
	if err := s.ordering.owners.unique(c.Carts); err != nil {
		return nil, out, err
	}
	for _, p := range []ordering.Point{ordering.BeforeWrite, ordering.BeforeEvents, ordering.BeforeCommit} {
		if err := s.reach(p); err != nil {
			return nil, out, err
		}
	}
	changes := ledger.Changes()
	return func() {
		s.ordering.write(c)
		s.stock.write(changes)
		if c.Command != nil {
			s.commands.write(facts.Commands[c.Command.Key], c.Command.At)
		}
		s.tell(slices.Concat(c.Events, changes.Events))
		s.enqueue(c.Jobs)
	}, ordering.Outcome{Backordered: verdict.Backordered, Steady: verdict.Steady}, nil
}

// reach passes a point at which nothing is true yet.
func (s *Store) reach(p ordering.Point) error {
	if err := s.pass(p); err != nil {
		return fault.Down.New("the store failed; nothing was written").Because(err)
	}
	return nil
}

// facts reads what Decide needs to know.
func (s *Store) facts(c ordering.Commit) ordering.Facts {
	f := ordering.Facts{
		Orders: map[ref.OrderID]ref.Version{}, Carts: map[ref.CartID]ordering.CartFact{},
		Payments: map[ref.PaymentID]ref.Version{}, Commands: map[ports.CommandKey]ports.CommandRecord{},
	}
	for _, w := range c.Orders {
		if stored, known := s.ordering.orders[w.State.ID]; known {
			f.Orders[w.State.ID] = stored.Version
		}
	}
	for _, w := range c.Carts {
		if stored, known := s.ordering.carts[w.State.ID]; known {
			f.Carts[w.State.ID] = cartFact(stored)
		}
	}
	for _, p := range c.Purges {
		if stored, known := s.ordering.carts[p.Cart]; known {
			f.Carts[p.Cart] = cartFact(stored)
		}
	}
	for _, w := range c.Payments {
		if stored, known := s.ordering.payments[w.State.ID]; known {
			f.Payments[w.State.ID] = stored.Version
		}
	}
	if c.Command != nil {
		if stored, known := s.commands.records[c.Command.Key]; known {
			f.Commands[c.Command.Key] = stored
		}
	}
	return f
}

// cartFact is what Decide needs to know of a cart.
func cartFact(c ordering.Cart) ordering.CartFact {
	return ordering.CartFact{Version: c.Version, Status: c.Status, Channel: c.Channel, Currency: c.Currency}
}

// stockRule is inventory's rule in the words of ordering.
func stockRule(ledger *inventory.Ledger) func(time.Time, []ordering.StockEffect) (ordering.StockVerdict, error) {
	return func(at time.Time, effects []ordering.StockEffect) (ordering.StockVerdict, error) {
		granted, err := ledger.Apply(at, effectsOf(effects))
		out := ordering.StockVerdict{Backordered: granted.Owed, Steady: granted.Steady}
		for _, s := range granted.Short {
			out.Short = append(out.Short, ordering.Shortage(s))
		}
		return out, err
	}
}

// effectKinds are ordering's kinds of effects in the words of inventory.
var effectKinds = map[ordering.StockEffectKind]inventory.EffectKind{
	ordering.StockClaim:   inventory.ClaimStock,
	ordering.StockExtend:  inventory.ExtendClaim,
	ordering.StockConsume: inventory.ConsumeClaim,
	ordering.StockRelease: inventory.ReleaseClaim,
	ordering.StockRestock: inventory.RestockClaim, ordering.StockExpire: inventory.ExpireClaim,
}

// effectsOf translates effects. A kind that is unknown here stays unknown, so that the ledger refuses it.
func effectsOf(effects []ordering.StockEffect) []inventory.Effect {
	out := make([]inventory.Effect, len(effects))
	for i, e := range effects {
		kind, known := effectKinds[e.Kind]
		if !known {
			kind = inventory.EffectKind(e.Kind)
		}
		out[i] = inventory.Effect{
			Kind: kind, Claim: e.Claim, Owner: e.Order.String(), SKU: e.SKU, Quantity: e.Quantity, Damaged: e.Damaged, Until: e.Until,
		}
	}
	return out
}
