package orderingtest_test

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

// flaw names what is broken in a sketch; "" is nothing.
type flaw string

// sketch is the smallest store that keeps the contract, with places where it can be broken.
type sketch struct {
	flaw    flaw
	faults  *orderingtest.Faults
	meeting clausetest.Meeting
	turn    sync.Mutex   // Held by a commit from its facts on.
	mu      sync.RWMutex // Held while the state is read or published.

	orders      map[ref.OrderID]ordering.Order
	payments    map[ref.OrderID][]ordering.Payment
	carts       map[ref.CartID]ordering.Cart
	records     map[ports.CommandKey]ports.CommandRecord
	numbers     map[string]ref.OrderID
	attachments map[string][]byte
	inbox       map[string]ordering.InboxEvent
	doneWith    map[string]ordering.InboxEvent
	due         map[ref.OrderID]time.Time
	events      []event.Event
	levels      map[inventory.LevelKey]inventory.Level
	claims      map[ref.ClaimID]inventory.Claim
	sums        map[ref.SKU]inventory.Position
	sites       map[inventory.Location]inventory.Site
	promises    map[ref.SKU]inventory.Promise
}

func newSketch(f flaw) *sketch {
	return &sketch{
		flaw: f, faults: orderingtest.NewFaults(), orders: map[ref.OrderID]ordering.Order{},
		payments: map[ref.OrderID][]ordering.Payment{}, carts: map[ref.CartID]ordering.Cart{},
		records: map[ports.CommandKey]ports.CommandRecord{}, numbers: map[string]ref.OrderID{},
		attachments: map[string][]byte{}, inbox: map[string]ordering.InboxEvent{}, doneWith: map[string]ordering.InboxEvent{}, due: map[ref.OrderID]time.Time{}, levels: map[inventory.LevelKey]inventory.Level{},
		claims: map[ref.ClaimID]inventory.Claim{}, sums: map[ref.SKU]inventory.Position{},
		sites: map[inventory.Location]inventory.Site{}, promises: map[ref.SKU]inventory.Promise{},
	}
}

// harness is the sketch as the suites see it.
func (s *sketch) harness() orderingtest.Harness {
	return orderingtest.Harness{
		Committer: s, Carts: s, Orders: s, Inbox: s, Customers: sketchCustomers{s}, Commands: s, Outbox: sketchOutbox{sketch: s}, Stock: sketchStock{sketch: s}, Faults: s.faults,
		Attachment: func(_ context.Context, kind, key string) ([]byte, bool, error) {
			s.mu.RLock()
			defer s.mu.RUnlock()
			data, found := s.attachments[kind+"/"+key]
			return slices.Clone(data), found, nil
		},
		Claim: func(_ context.Context, id ref.ClaimID) (inventory.Claim, bool, error) {
			s.mu.RLock()
			defer s.mu.RUnlock()
			c, found := s.claims[id]
			return c, found, nil
		},
		Reopen: func(orderingtest.TB) orderingtest.Harness {
			switch s.flaw {
			case forgetsRecords:
				clear(s.records)
			case forgetsClaims:
				for k, v := range s.levels {
					v.Reserved = 0
					s.levels[k] = v
				}
			default:
			}
			return s.harness()
		},
	}
}

// Commit is ordering.Committer's.
func (s *sketch) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	if ctx.Err() != nil {
		return ordering.Outcome{}, fault.Down.New("the caller has left")
	}
	if s.flaw == emptyIsMalformed && len(c.Orders)+len(c.Carts)+len(c.Purges)+len(c.Payments)+len(c.Stock)+len(c.Events)+len(c.Attach)+len(c.Inbox) == 0 && c.Command == nil {
		return ordering.Outcome{}, ordering.MalformedCommit.New("there is nothing to write")
	}
	stale := s.snapshot()
	if s.flaw == staleStock {
		defer s.meeting.Wait()()
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	levels := s.snapshot()
	if s.flaw == staleStock {
		levels = stale
	}
	if err := s.reach(ordering.BeforeFacts, c); err != nil {
		return ordering.Outcome{}, err
	}
	facts := s.facts(c)
	ledger := s.ledger(levels)
	if err := s.reach(ordering.BeforeStock, c); err != nil {
		return ordering.Outcome{}, err
	}
	if err := s.early(c, facts); err != nil {
		return ordering.Outcome{}, err
	}
	v := ordering.Decide([]ordering.Commit{c}, facts, ordering.Rules{Stock: s.rule(ledger)})[0]
	if v.Replay != nil && s.flaw == tellsReplays {
		s.tell(c.Events)
	}
	if !v.Accepted() {
		if fault.Is(v.Err, ordering.OutOfStock) && s.flaw == keepsAttachmentsOfRefused {
			s.attach(c.Attach)
		}
		return ordering.Outcome{Replay: v.Replay}, v.Err
	}
	for _, w := range c.Orders {
		if owner, taken := s.numbers[w.State.Number]; taken && owner != w.State.ID && s.flaw != doubleNumbers {
			return ordering.Outcome{}, ordering.NumberTaken.New("another order has this number")
		}
	}
	if err := s.owned(c); err != nil {
		return ordering.Outcome{}, err
	}
	for _, p := range []ordering.Point{ordering.BeforeWrite, ordering.BeforeEvents, ordering.BeforeCommit} {
		if err := s.reach(p, c); err != nil {
			return ordering.Outcome{}, err
		}
	}
	if ctx.Err() != nil {
		if s.flaw == yesToWhoLeft {
			return ordering.Outcome{}, nil
		}
		return ordering.Outcome{}, fault.Down.New("the caller has left")
	}
	if s.flaw != forgetsOwed {
		c = c.Owing(v.Backordered)
	}
	s.publish(c, ledger.Changes())
	return ordering.Outcome{Backordered: v.Backordered, Steady: v.Steady || s.flaw == alwaysSteady}, s.answer(ctx)
}

// answer is what becomes of the answer of a commit that stands.
func (s *sketch) answer(ctx context.Context) error {
	err := s.faults.Hook(ordering.AfterCommit)
	switch {
	case err == nil && ctx.Err() == nil:
		return nil
	case s.flaw == lostIsUnavailable:
		return fault.Down.New("nothing was written")
	default:
		return fault.Lost.New("the answer was lost")
	}
}

// reach passes a point before anything is true.
func (s *sketch) reach(p ordering.Point, c ordering.Commit) error {
	err := s.faults.Hook(p)
	if err == nil {
		return nil
	}
	if s.flaw == halfOnFault && p == ordering.BeforeCommit {
		s.attach(c.Attach)
	}
	if s.flaw == faultIsInternal {
		return fault.Unexpected.New("the store failed").Because(err)
	}
	return fault.Down.New("the store failed").Because(err)
}

// early is where a flaw judges stock while it takes every version for the right one.
func (s *sketch) early(c ordering.Commit, facts ordering.Facts) error {
	if s.flaw != stockBeforeVersions {
		return nil
	}
	trial := ordering.Facts{Carts: map[ref.CartID]ordering.CartFact{}, Orders: map[ref.OrderID]ref.Version{}, Commands: maps.Clone(facts.Commands)}
	for _, w := range c.Carts {
		trial.Carts[w.State.ID] = ordering.CartFact{Version: w.Expected, Status: ordering.CartActive}
	}
	for _, w := range c.Orders {
		trial.Orders[w.State.ID] = w.Expected
	}
	v := ordering.Decide([]ordering.Commit{c}, trial, ordering.Rules{Stock: s.rule(s.ledger(s.snapshot()))})[0]
	if fault.Is(v.Err, ordering.OutOfStock) {
		return v.Err
	}
	return nil
}

// snapshot copies the levels, in order.
func (s *sketch) snapshot() []inventory.Level {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.levels), func(a, b inventory.Level) int { return a.LevelKey.Compare(b.LevelKey) })
}

func (s *sketch) ledger(levels []inventory.Level) *inventory.Ledger {
	f := inventory.Facts{Levels: levels, Sites: slices.Collect(maps.Values(s.sites)), Promises: slices.Collect(maps.Values(s.promises))}
	for _, c := range s.claims {
		if s.flaw == restocksAgain {
			c.Back = 0
		}
		f.Claims = append(f.Claims, c)
		if c.Owed > 0 {
			f.Owed = append(f.Owed, c)
		}
	}
	return inventory.NewLedger(f)
}

// rule is inventory's rule in ordering's words.
func (s *sketch) rule(l *inventory.Ledger) func(time.Time, []ordering.StockEffect) (ordering.StockVerdict, error) {
	return func(at time.Time, effects []ordering.StockEffect) (ordering.StockVerdict, error) {
		var in []inventory.Effect
		for _, e := range effects {
			if s.flaw == forgetsExtend && e.Kind == ordering.StockExtend {
				continue
			}
			in = append(in, inventory.Effect{
				Kind: inventory.EffectKind(e.Kind), Claim: e.Claim, Owner: e.Order.String(), SKU: e.SKU, Quantity: e.Quantity,
				Damaged: e.Damaged, Until: e.Until,
			})
		}
		granted, err := l.Apply(at, in)
		out := ordering.StockVerdict{Backordered: granted.Owed, Steady: granted.Steady}
		for _, short := range granted.Short {
			out.Short = append(out.Short, ordering.Shortage(short))
		}
		if s.flaw == namesFirstShort && len(out.Short) > 1 {
			out.Short = out.Short[:1]
		}
		return out, err
	}
}

// facts reads what the commit names.
func (s *sketch) facts(c ordering.Commit) ordering.Facts {
	f := ordering.Facts{
		Orders: map[ref.OrderID]ref.Version{}, Carts: map[ref.CartID]ordering.CartFact{},
		Payments: map[ref.PaymentID]ref.Version{}, Commands: map[ports.CommandKey]ports.CommandRecord{},
	}
	for _, w := range c.Orders {
		f.Orders[w.State.ID] = s.orders[w.State.ID].Version
	}
	for _, w := range c.Carts {
		cart := s.carts[w.State.ID]
		f.Carts[w.State.ID], _ = s.cartFact(w.State.ID)
		if s.flaw == ordersAgain && cart.Version == w.Expected && len(c.Orders) > 0 {
			f.Carts[w.State.ID] = ordering.CartFact{Version: cart.Version, Status: ordering.CartActive}
		}
		if s.flaw == oldCart && len(c.Orders) == 0 && w.Expected > 0 && w.Expected < cart.Version && cart.Status == ordering.CartActive {
			f.Carts[w.State.ID] = ordering.CartFact{Version: w.Expected, Status: cart.Status}
		}
	}
	s.purgeFacts(c, f.Carts)
	for _, w := range c.Payments {
		for _, p := range s.payments[w.State.Order] {
			if p.ID == w.State.ID {
				f.Payments[p.ID] = p.Version
				if s.flaw == oldPayment && w.Expected < p.Version {
					f.Payments[p.ID] = w.Expected
				}
			}
		}
	}
	if c.Command != nil {
		s.command(*c.Command, f.Commands)
	}
	return f
}

// command reads the record of a command.
func (s *sketch) command(cmd ports.Command, into map[ports.CommandKey]ports.CommandRecord) {
	r, known := s.records[cmd.Key]
	if !known && s.flaw == keysOfAnyRoute {
		for k, other := range s.records {
			if k.Actor == cmd.Key.Actor && k.Key == cmd.Key.Key {
				r, known = other, true
				r.Fingerprint = cmd.Fingerprint
			}
		}
	}
	if !known {
		return
	}
	switch {
	case s.flaw == ignoresFingerprint:
		r.Fingerprint = cmd.Fingerprint
	case s.flaw == halfFingerprint && [16]byte(r.Fingerprint[:16]) == [16]byte(cmd.Fingerprint[:16]):
		r.Fingerprint = cmd.Fingerprint
	case s.flaw == takesTooEarly && cmd.Step == ports.CommandTake:
		r.Lease = cmd.At
	case s.flaw == anybodyFinishes && cmd.Step == ports.CommandFinish:
		r.Owner = cmd.Owner
	default:
	}
	into[cmd.Key] = r
}

// publish makes the commit true.
func (s *sketch) publish(c ordering.Commit, changes inventory.Changes) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Command != nil {
		next := ordering.NextRecord(s.records[c.Command.Key], *c.Command)
		if s.flaw == forgetsAnswer && c.Command.Step == ports.CommandBegin {
			next.Answer = nil
		}
		s.records[c.Command.Key] = next
	}
	if s.flaw == piecemeal {
		s.mu.Unlock()
		for range 100 {
			runtime.Gosched()
		}
		s.mu.Lock()
	}
	for _, w := range c.Orders {
		o := cloneOrder(w.State)
		s.orders[o.ID], s.numbers[o.Number] = o, o.ID
		s.schedule(o)
	}
	for _, w := range c.Carts {
		cart := w.State
		if s.flaw != keepsCallersCart {
			cart = cloneCart(cart)
		}
		s.carts[cart.ID] = cart
	}
	s.purge(c.Purges)
	for _, w := range c.Payments {
		s.pay(w.State)
	}
	s.move(changes)
	s.attach(c.Attach)
	s.receive(c.Inbox)
	s.tell(c.Events)
}

// cloneEntries shares nothing with the ledger.
func cloneEntries(entries []ordering.PaymentEntry) []ordering.PaymentEntry {
	out := slices.Clone(entries)
	for i := range out {
		out[i].Lines = slices.Clone(out[i].Lines)
	}
	return out
}

func (s *sketch) pay(p ordering.Payment) {
	p.Entries = cloneEntries(p.Entries)
	list := slices.Clone(s.payments[p.Order])
	i := slices.IndexFunc(list, func(o ordering.Payment) bool { return o.ID == p.ID })
	switch {
	case i >= 0 && s.flaw == movesChanged:
		list = append(slices.Delete(list, i, i+1), p)
	case i >= 0:
		list[i] = p
	default:
		list = append(list, p)
	}
	s.payments[p.Order] = list
}

// move applies movements to levels and sums.
func (s *sketch) move(changes inventory.Changes) {
	for _, m := range changes.Movements {
		v := s.levels[m.LevelKey]
		v.LevelKey = m.LevelKey
		v.OnHand += m.OnHand
		v.Reserved += m.Reserved
		s.levels[m.LevelKey] = v
		if s.flaw == forgetsRelease && m.Kind == inventory.MoveRelease {
			continue
		}
		sum := s.sums[m.SKU]
		sum.Movements++
		sum.OnHandSum += m.OnHand
		sum.ReservedSum += m.Reserved
		s.sums[m.SKU] = sum
	}
	for _, c := range changes.Claims {
		s.claims[c.ID] = c
	}
	for _, p := range changes.Promises {
		s.promises[p.SKU] = p
	}
	for _, l := range changes.Sites {
		s.sites[l.Location] = l
	}
}

func (s *sketch) attach(rows []ordering.Attachment) {
	for _, a := range rows {
		key := a.Kind + "/" + a.Key
		if _, known := s.attachments[key]; known && s.flaw == keepsFirstAttachment {
			continue
		}
		if s.flaw == cutsAttachments {
			a.Data = a.Data[:min(len(a.Data), 1<<15)]
		}
		s.attachments[key] = slices.Clone(a.Data)
	}
}

func (s *sketch) tell(events []event.Event) {
	if s.flaw == tellsBackwards {
		events = slices.Clone(events)
		slices.Reverse(events)
	}
	if s.flaw == dropsManyEvents {
		events = events[:min(len(events), 1000)]
	}
	s.events = append(s.events, events...)
	if s.flaw == doublesEvents && len(events) > 2 {
		s.events = append(s.events, events[len(events)-1])
	}
}
