package ordering_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// plenty grants every claim.
func plenty(time.Time, []ordering.StockEffect) (ordering.StockVerdict, error) {
	return ordering.StockVerdict{}, nil
}

// facts are those of an active cart of version v.
func facts(c ordering.Commit, v ref.Version) ordering.Facts {
	return ordering.Facts{
		Carts: map[ref.CartID]ordering.CartFact{c.Carts[0].State.ID: {Version: v, Status: ordering.CartActive}},
	}
}

// decide judges one commit.
func decide(c ordering.Commit, f ordering.Facts) ordering.Verdict {
	return ordering.Decide([]ordering.Commit{c}, f, ordering.Rules{Stock: plenty})[0]
}

func TestDecideAccepts(t *testing.T) {
	t.Parallel()
	_, _, c := ordering.Place(placement(t, false))
	if v := decide(c, facts(c, c.Carts[0].Expected)); !v.Accepted() {
		t.Errorf("a placement: %v", v.Err)
	}
	if v := decide(ordering.Commit{}, ordering.Facts{}); !v.Accepted() {
		t.Errorf("nothing: %v", v.Err)
	}
}

func TestDecideVersions(t *testing.T) {
	t.Parallel()
	base := func() ordering.Commit { return secondWrite(t) }
	for name, tc := range map[string]struct {
		spoil func(*ordering.Facts)
		class fault.Class
	}{
		"cart":         {func(f *ordering.Facts) { editCart(f, func(c *ordering.CartFact) { c.Version++ }) }, fault.VersionConflict},
		"cart is gone": {func(f *ordering.Facts) { clear(f.Carts) }, fault.VersionConflict},
		"completed cart": {func(f *ordering.Facts) {
			editCart(f, func(c *ordering.CartFact) { *c = ordering.CartFact{Version: 9, Status: ordering.CartDone} })
		}, ordering.CartCompleted},
		"order":   {func(f *ordering.Facts) { clear(f.Orders) }, fault.VersionConflict},
		"payment": {func(f *ordering.Facts) { clear(f.Payments) }, fault.VersionConflict},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := base()
			f := present(c)
			if v := decide(c, f); !v.Accepted() {
				t.Fatalf("before: %v", v.Err)
			}
			f = present(c)
			tc.spoil(&f)
			wantClass(t, decide(c, f).Err, tc.class)
		})
	}
}

// editCart changes the only cart's fact.
func editCart(f *ordering.Facts, edit func(*ordering.CartFact)) {
	for id, c := range f.Carts {
		edit(&c)
		f.Carts[id] = c
	}
}

// secondWrite is a commit that writes an order, its payment and its cart, all of which exist.
func secondWrite(t *testing.T) ordering.Commit {
	t.Helper()
	return apply(t, settlement(t), ordering.ChargeResult{State: ordering.ChargeDeclined}).Commit
}

// present are the facts in which the commit's expectations hold.
func present(c ordering.Commit) ordering.Facts {
	f := ordering.Facts{
		Orders: map[ref.OrderID]ref.Version{}, Carts: map[ref.CartID]ordering.CartFact{}, Payments: map[ref.PaymentID]ref.Version{},
	}
	for _, w := range c.Orders {
		f.Orders[w.State.ID] = w.Expected
	}
	for _, w := range c.Carts {
		f.Carts[w.State.ID] = ordering.CartFact{Version: w.Expected, Status: ordering.CartActive}
	}
	for _, w := range c.Payments {
		f.Payments[w.State.ID] = w.Expected
	}
	return f
}

func TestDecideOneLiveOrder(t *testing.T) {
	t.Parallel()
	_, _, c := ordering.Place(placement(t, false))
	f := present(c)
	editCart(&f, func(c *ordering.CartFact) { c.Status = ordering.CartDone })
	wantClass(t, decide(c, f).Err, ordering.CartCompleted)

	old := settlement(t).Order // Its cart's live order gives way in the same commit.
	old.ID, old.Status, old.Version = ref.NewID[ref.OrderKind](uuid(77)), ordering.Cancelled, 2
	c.Orders = append(c.Orders, ordering.Write[ordering.Order]{State: old, Expected: 1})
	f = present(c)
	editCart(&f, func(c *ordering.CartFact) { c.Status = ordering.CartDone })
	if v := decide(c, f); !v.Accepted() {
		t.Errorf("an order in place of another: %v", v.Err)
	}
}

func TestDecideCommand(t *testing.T) {
	t.Parallel()
	begun := ordering.NextRecord(ports.CommandRecord{}, begin())
	answered := begun
	answered.Answer = &ports.Answer{}
	other := begin()
	other.Fingerprint[31]++
	take := func(at time.Time) ports.Command {
		c := begin()
		c.Step, c.Owner, c.At = ports.CommandTake, uuid(201), at
		return c
	}
	finish := begin()
	finish.Step = ports.CommandFinish
	stranger := finish
	stranger.Owner = uuid(201)
	unknownStep := begin()
	unknownStep.Step = 9
	for name, tc := range map[string]struct {
		cmd    ports.Command
		stored *ports.CommandRecord
		replay bool
		class  *fault.Class
	}{
		"begin":                  {begin(), nil, false, nil},
		"begin again":            {begin(), &begun, true, nil},
		"begin answered":         {begin(), &answered, true, nil},
		"other fingerprint":      {other, &begun, false, &ordering.IdempotencyMismatch},
		"take never begun":       {take(now()), nil, false, &ordering.MalformedCommit},
		"take while leased":      {take(begun.Lease.Add(-1)), &begun, true, nil},
		"take when over":         {take(begun.Lease), &begun, false, nil},
		"take answered":          {take(begun.Lease.Add(time.Hour)), &answered, true, nil},
		"finish never begun":     {finish, nil, false, &ordering.MalformedCommit},
		"finish":                 {finish, &begun, false, nil},
		"finish answered":        {finish, &answered, true, nil},
		"finish of a stranger":   {stranger, &begun, false, &ordering.Superseded},
		"a step that is unknown": {unknownStep, nil, false, &ordering.MalformedCommit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ordering.Facts{Commands: map[ports.CommandKey]ports.CommandRecord{}}
			if tc.stored != nil {
				f.Commands[tc.stored.Key] = *tc.stored
			}
			v := decide(ordering.Commit{Command: &tc.cmd}, f)
			switch {
			case tc.class != nil:
				wantClass(t, v.Err, *tc.class)
			case tc.replay:
				if v.Replay == nil || *v.Replay != *tc.stored || v.Accepted() {
					t.Errorf("got %+v", v)
				}
			case !v.Accepted():
				t.Errorf("got %+v", v)
			}
		})
	}
}

func TestNextRecord(t *testing.T) {
	t.Parallel()
	cmd := begin()
	cmd.Subject = "ord_1"
	r := ordering.NextRecord(ports.CommandRecord{}, cmd)
	want := ports.CommandRecord{
		Key: cmd.Key, Fingerprint: cmd.Fingerprint, Owner: cmd.Owner, Subject: "ord_1", CreatedAt: cmd.At, Lease: cmd.Lease,
	}
	if r != want {
		t.Fatalf("begin: %+v", r)
	}
	take := ports.Command{Step: ports.CommandTake, Owner: uuid(7), Lease: now().Add(time.Hour), At: now().Add(time.Minute)}
	want.Owner, want.Lease = take.Owner, take.Lease
	if r = ordering.NextRecord(r, take); r != want {
		t.Fatalf("take: %+v", r)
	}
	answer := &ports.Answer{Code: "payment_declined"}
	want.Answer = answer
	if r = ordering.NextRecord(r, ports.Command{Step: ports.CommandFinish, Answer: answer}); r != want {
		t.Fatalf("finish: %+v", r)
	}
}

func TestDecideInOrderOfArrival(t *testing.T) {
	t.Parallel()
	p := placement(t, false)
	_, _, first := ordering.Place(p)
	_, _, retry := ordering.Place(p)
	p.Command.Key.Key = "other"
	_, _, second := ordering.Place(p)
	verdicts := ordering.Decide([]ordering.Commit{first, retry, second, {Events: first.Events}}, facts(first, first.Carts[0].Expected),
		ordering.Rules{Stock: plenty})
	if !verdicts[0].Accepted() || verdicts[1].Replay == nil || verdicts[1].Replay.Subject != first.Command.Subject || !verdicts[3].Accepted() {
		t.Errorf("got %+v", verdicts)
	}
	wantClass(t, verdicts[2].Err, ordering.CartCompleted)
}

func TestDecideRefusedLeavesFacts(t *testing.T) {
	t.Parallel()
	_, _, c := ordering.Place(placement(t, false))
	calls := 0
	rules := ordering.Rules{Stock: func(_ time.Time, e []ordering.StockEffect) (ordering.StockVerdict, error) {
		if calls++; calls == 1 {
			return ordering.StockVerdict{Short: []ordering.Shortage{{Claim: e[1].Claim, SKU: e[1].SKU, Available: 2}}}, nil
		}
		return ordering.StockVerdict{}, nil
	}}
	v := ordering.Decide([]ordering.Commit{c, c}, facts(c, c.Carts[0].Expected), rules)
	wantClass(t, v[0].Err, ordering.OutOfStock)
	wantFields(t, v[0].Err, "lines[1].quantity")
	d := fault.Of(v[0].Err).Violations()[0].Details()
	if d["sku"] != string(c.Stock[1].SKU) || d["available"] != int64(2) {
		t.Errorf("details %v", d)
	}
	if !v[1].Accepted() {
		t.Errorf("the same commit again, with stock: %v", v[1].Err)
	}
}

func TestDecideStockErrors(t *testing.T) {
	t.Parallel()
	_, _, c := ordering.Place(placement(t, false))
	settled := fault.Define(fault.Conflict, "settled", "Settled.")
	rules := ordering.Rules{Stock: func(time.Time, []ordering.StockEffect) (ordering.StockVerdict, error) {
		return ordering.StockVerdict{}, settled.New("settled")
	}}
	wantClass(t, ordering.Decide([]ordering.Commit{c}, facts(c, c.Carts[0].Expected), rules)[0].Err, settled)
	alone := ordering.Commit{Stock: []ordering.StockEffect{{SKU: "A"}}}
	rules.Stock = func(time.Time, []ordering.StockEffect) (ordering.StockVerdict, error) {
		return ordering.StockVerdict{Short: []ordering.Shortage{{SKU: "A"}}}, nil
	}
	err := ordering.Decide([]ordering.Commit{alone}, ordering.Facts{}, rules)[0].Err
	wantClass(t, err, ordering.OutOfStock)
	wantFields(t, err, "lines")
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil func(*ordering.Commit)
		class fault.Class
	}{
		"cart twice":      {func(c *ordering.Commit) { c.Carts = append(c.Carts, c.Carts[0]) }, ordering.MalformedCommit},
		"cart version":    {func(c *ordering.Commit) { c.Carts[0].Expected++ }, ordering.MalformedCommit},
		"cart id":         {func(c *ordering.Commit) { c.Carts[0].State.ID = ref.CartID{} }, ordering.MalformedCommit},
		"order twice":     {func(c *ordering.Commit) { c.Orders = append(c.Orders, c.Orders[0]) }, ordering.MalformedCommit},
		"order version":   {func(c *ordering.Commit) { c.Orders[0].Expected++ }, ordering.MalformedCommit},
		"order id":        {func(c *ordering.Commit) { c.Orders[0].State.ID = ref.OrderID{} }, ordering.MalformedCommit},
		"payment twice":   {func(c *ordering.Commit) { c.Payments = append(c.Payments, c.Payments[0]) }, ordering.MalformedCommit},
		"payment version": {func(c *ordering.Commit) { c.Payments[0].State.Version = 5 }, ordering.MalformedCommit},
		"payment id":      {func(c *ordering.Commit) { c.Payments[0].State.ID = ref.PaymentID{} }, ordering.MalformedCommit},
		"payment ledger": {func(c *ordering.Commit) {
			p := &c.Payments[0].State
			p.Entries = append(p.Entries, ordering.PaymentEntry{Kind: ordering.EntryCaptured, Amount: gbp(p.Amount.Minor() + 1)})
		}, ordering.MalformedCommit},
		"inbox":                {func(c *ordering.Commit) { c.Inbox = []ordering.InboxEvent{{}} }, ordering.MalformedCommit},
		"without its cart":     {func(c *ordering.Commit) { c.Carts = nil }, ordering.MalformedCommit},
		"cart of another":      {func(c *ordering.Commit) { c.Carts[0].State.Order = ref.OrderID{} }, ordering.MalformedCommit},
		"too many attachments": {func(c *ordering.Commit) { c.Attach = make([]ordering.Attachment, ordering.AttachMax+1) }, fault.Bad},
		"attachment kind":      {func(c *ordering.Commit) { c.Attach = []ordering.Attachment{{Key: "k"}} }, fault.Bad},
		"attachment key":       {func(c *ordering.Commit) { c.Attach = []ordering.Attachment{{Kind: "k"}} }, fault.Bad},
		"attachment size": {func(c *ordering.Commit) {
			c.Attach = []ordering.Attachment{{Kind: "k", Key: "k", Data: make([]byte, ordering.AttachSizeMax+1)}}
		}, fault.Bad},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, c := ordering.Place(placement(t, false))
			c.Attach = []ordering.Attachment{{Kind: "k", Key: "k", Data: make([]byte, ordering.AttachSizeMax)}}
			if err := c.Validate(); err != nil {
				t.Fatal(err)
			}
			tc.spoil(&c)
			wantClass(t, c.Validate(), tc.class)
			wantClass(t, decide(c, ordering.Facts{}).Err, tc.class)
		})
	}
}
