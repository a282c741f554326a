package inventory_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// waiting makes a held claim on A that has nothing and is owed some.
func waiting(n int, owed int64) inventory.Claim {
	return inventory.Claim{ID: claim(n), Owner: fmt.Sprint("ord_", n), SKU: "A", State: inventory.Held, Owed: owed}
}

func TestClaimsBeyondStock(t *testing.T) {
	t.Parallel()
	until := day.Add(time.Hour)
	pre := policy("A", inventory.Preorder, 4)
	pre.Until = until
	for name, tc := range map[string]struct {
		promise  inventory.Promise
		at       time.Time
		quantity int64
		owed     int64
		short    int64 // What could be had; -1 for what is granted.
	}{
		"nothing promised":        {promise(policy("A", inventory.Deny, 0), 0), day, 4, 0, 3},
		"what is there":           {promise(policy("A", inventory.Backorder, 4), 0), day, 3, 0, -1},
		"some beyond":             {promise(policy("A", inventory.Backorder, 4), 0), day, 4, 1, -1},
		"up to the limit":         {promise(policy("A", inventory.Backorder, 4), 0), day, 7, 4, -1},
		"beyond the limit":        {promise(policy("A", inventory.Backorder, 4), 0), day, 8, 0, 7},
		"owed before":             {promise(policy("A", inventory.Backorder, 8), 5), day, 3, 3, -1}, // What is there is kept for who waits.
		"owed before, and more":   {promise(policy("A", inventory.Backorder, 8), 5), day, 4, 0, 3},
		"a limit that was cut":    {promise(policy("A", inventory.Backorder, 2), 5), day, 1, 0, 0},
		"before the preorder":     {promise(pre, 0), until.Add(-1), 7, 4, -1},
		"the preorder is over":    {promise(pre, 0), until, 4, 0, 3},
		"it is over and is there": {promise(pre, 0), until, 3, 0, -1},
	} {
		l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 3, 0)}, Promises: []inventory.Promise{tc.promise}})
		granted, err := l.Apply(tc.at, []inventory.Effect{take(1, "A", tc.quantity)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if tc.short >= 0 {
			if len(granted.Short) != 1 || granted.Short[0].Available != tc.short || granted.Owed != nil || !l.Changes().Empty() {
				t.Errorf("%s: %+v, %+v", name, granted, l.Changes())
			}
			continue
		}
		c := l.Changes().Claims[0]
		if len(granted.Short) != 0 || granted.Owed[claim(1)] != tc.owed || c.Owed != tc.owed || c.Held() != tc.quantity-tc.owed {
			t.Errorf("%s: %+v, %+v", name, granted, c)
		}
	}
}

func TestOneOrderIsJudgedTogetherBeyondStock(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{
		Levels: []inventory.Level{level("A", "a", 3, 0)}, Promises: []inventory.Promise{promise(policy("A", inventory.Backorder, 4), 0)},
	})
	granted, err := l.Apply(day, []inventory.Effect{take(1, "A", 4), take(2, "A", 3), take(3, "A", 1), take(4, "B", 1)})
	want := []inventory.Short{{Claim: claim(3), SKU: "A", Available: 0}, {Claim: claim(4), SKU: "B", Available: 0}}
	if err != nil || !slices.Equal(granted.Short, want) || !l.Changes().Empty() {
		t.Errorf("got %+v, %v, %+v", granted, err, l.Changes())
	}
	granted, err = l.Apply(day, []inventory.Effect{take(1, "A", 4), take(2, "A", 3)})
	if err != nil || granted.Owed[claim(1)] != 1 || granted.Owed[claim(2)] != 3 {
		t.Errorf("got %+v, %v", granted, err)
	}
	again, err := l.Apply(day, []inventory.Effect{take(2, "A", 3)})
	if err != nil || again.Owed[claim(2)] != 3 {
		t.Errorf("the same again: %+v, %v", again, err)
	}
}

// fills lists the events of fills as claim, quantity and what is left.
func fills(t *testing.T, events []event.Event) []string {
	t.Helper()
	var out []string
	for _, e := range events {
		var f inventory.BackorderFilled
		if e.Name != f.EventName() {
			continue
		}
		if err := json.Unmarshal(e.Data, &f); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(f.Owner, " ", f.Quantity, f.Left))
		if e.Aggregate != f.Claim.String() || f.SKU != "A" || e.ID.IsZero() {
			t.Errorf("got event %+v", e)
		}
	}
	return out
}

// TestIncomingGoesToWhoWaitsLongest brings stock in by each way there is.
func TestIncomingGoesToWhoWaitsLongest(t *testing.T) {
	t.Parallel()
	adjustment := func(a inventory.Adjustment) func(l *inventory.Ledger) error {
		return func(l *inventory.Ledger) error {
			return l.Commit(inventory.Commit{At: day, Adjustments: []inventory.Adjustment{a}})
		}
	}
	effect := func(e inventory.Effect) func(l *inventory.Ledger) error {
		return func(l *inventory.Ledger) error {
			_, err := l.Apply(day, []inventory.Effect{e})
			return err
		}
	}
	for name, tc := range map[string]struct {
		do   func(l *inventory.Ledger) error
		want []string
	}{
		"received":        {adjustment(change("k", inventory.MoveReceive, 4)), []string{"ord_2 3 0", "ord_3 1 1"}},
		"a lot":           {adjustment(change("k", inventory.MoveReceive, 40)), []string{"ord_2 3 0", "ord_3 2 0"}},
		"corrected":       {adjustment(change("k", inventory.MoveAdjust, 2)), []string{"ord_2 2 1"}},
		"counted":         {adjustment(counted("k", ptr(4), 6)), []string{"ord_2 2 1"}},
		"released":        {effect(on(inventory.ReleaseClaim, 1, 1)), []string{"ord_2 1 2"}},
		"lapsed":          {effect(on(inventory.ExpireClaim, 1, 0)), []string{"ord_2 3 0", "ord_3 1 1"}},
		"came back":       {effect(on(inventory.RestockClaim, 4, 1)), []string{"ord_2 1 2"}},
		"left":            {effect(on(inventory.ConsumeClaim, 1, 1)), nil},
		"less owed":       {effect(on(inventory.ReleaseClaim, 2, 0)), nil},
		"corrected below": {adjustment(change("k", inventory.MoveAdjust, 0)), nil},
	} {
		lapsing := held(1, inventory.Held)
		lapsing.Until = day
		l := inventory.NewLedger(inventory.Facts{
			Levels:   []inventory.Level{level("A", "a", 4, 4)},
			Promises: []inventory.Promise{promise(policy("A", inventory.Deny, 0), 5)}, // A promise outlives its policy.
			Claims:   []inventory.Claim{lapsing, held(4, inventory.Consumed), waiting(2, 3)},
			Owed:     []inventory.Claim{waiting(3, 2), waiting(2, 3)},
		})
		if err := tc.do(l); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		changes := l.Changes()
		if got := fills(t, changes.Events); !slices.Equal(got, tc.want) {
			t.Errorf("%s: filled %q, want %q", name, got, tc.want)
		}
		onHand, reserved := int64(4), int64(4)
		for _, m := range changes.Movements {
			onHand += m.OnHand
			reserved += m.Reserved
		}
		for _, v := range changes.Levels {
			if v != level("A", "a", onHand, reserved) || reserved > onHand || (len(tc.want) == 2) != (reserved >= onHand || name == "a lot") && len(tc.want) == 2 {
				t.Errorf("%s: level %+v after movements to %d and %d", name, v, onHand, reserved)
			}
		}
	}
}

// TestFillsAreBounded receives for more claims than one commit fills.
func TestFillsAreBounded(t *testing.T) {
	t.Parallel()
	const all = inventory.FillMax + 20
	owed := make([]inventory.Claim, inventory.FillMax) // What a store gives of all.
	for i := range owed {
		owed[i] = waiting(i+1, 1)
	}
	l := inventory.NewLedger(inventory.Facts{
		Levels: []inventory.Level{level("A", "a", 0, 0)}, Promises: []inventory.Promise{promise(policy("A", inventory.Backorder, 22), all)}, Owed: owed,
	})
	if err := l.Commit(inventory.Commit{At: day, Adjustments: []inventory.Adjustment{change("k", inventory.MoveReceive, all+5)}}); err != nil {
		t.Fatal(err)
	}
	changes := l.Changes()
	if n := len(fills(t, changes.Events)); n != inventory.FillMax || changes.Promises[0].Owed != 20 {
		t.Errorf("%d were filled and %d are owed", n, changes.Promises[0].Owed)
	}
	if last := changes.Events[len(changes.Events)-1]; last.Name != "inventory.fills_wait" || last.Aggregate != "sku:A" || string(last.Data) != `{"sku":"A"}` {
		t.Errorf("the last event is %+v", last)
	}
	// Of the 25 that lie free 20 are kept for those who wait; who comes new is owed the rest.
	granted, err := l.Apply(day, []inventory.Effect{take(9000, "A", 8)})
	if err != nil || len(granted.Short) != 1 || granted.Short[0].Available != 5+2 {
		t.Errorf("got %+v, %v", granted, err)
	}
	if granted, err = l.Apply(day, []inventory.Effect{take(9000, "A", 6)}); err != nil || granted.Owed[claim(9000)] != 1 {
		t.Errorf("got %+v, %v", granted, err)
	}
	// The next commit goes on with the claims that come next.
	rest := []inventory.Claim{}
	for n := inventory.FillMax + 1; n <= all; n++ {
		rest = append(rest, waiting(n, 1))
	}
	l = inventory.NewLedger(inventory.Facts{
		Levels: []inventory.Level{level("A", "a", all+5, inventory.FillMax)}, Promises: []inventory.Promise{promise(policy("A", inventory.Backorder, all), 20)}, Owed: rest,
	})
	if err := l.Commit(inventory.Commit{At: day, Fill: []ref.SKU{"A", "A", "B"}}); err != nil {
		t.Fatal(err)
	}
	if c := l.Changes(); len(fills(t, c.Events)) != 20 || len(c.Events) != 20 || c.Promises[0].Owed != 0 || c.Levels[0].Reserved != all {
		t.Errorf("got %+v of %d events", c.Levels, len(c.Events))
	}
	if err := l.Commit(inventory.Commit{At: day, Fill: []ref.SKU{"A"}}); err != nil || len(l.Changes().Events) != 20 {
		t.Errorf("once more: %v", err)
	}
}

func TestAClaimBehindACutQueueWaits(t *testing.T) {
	t.Parallel()
	owed := make([]inventory.Claim, inventory.FillMax)
	for i := range owed {
		owed[i] = waiting(10+i, 1)
	}
	l := inventory.NewLedger(inventory.Facts{
		Levels: []inventory.Level{level("A", "a", 0, 0)}, Promises: []inventory.Promise{promise(policy("A", inventory.Backorder, 9999), 1000)}, Owed: owed,
	})
	for _, n := range []int{5, 9999} { // Before all of them, and behind those that are not known.
		if _, err := l.Apply(day, []inventory.Effect{take(n, "A", 1)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Commit(inventory.Commit{At: day, Adjustments: []inventory.Adjustment{change("k", inventory.MoveReceive, 900)}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range l.Changes().Claims {
		if (c.Owed == 0) == (c.ID == claim(9999)) {
			t.Errorf("claim %s is owed %d", c.ID, c.Owed)
		}
	}
}

func TestEventsOfALedgerHaveIdsOfTheirOwn(t *testing.T) {
	t.Parallel()
	run := func(at time.Time) []event.Event {
		l := inventory.NewLedger(inventory.Facts{
			Levels: []inventory.Level{level("A", "a", 0, 0)}, Promises: []inventory.Promise{promise(policy("A", inventory.Backorder, 9), 5)},
			Owed: []inventory.Claim{waiting(1, 3), waiting(2, 2)},
		})
		for i := range 5 {
			if err := l.Commit(inventory.Commit{At: at, Adjustments: []inventory.Adjustment{change(strconv.Itoa(i), inventory.MoveReceive, 1)}}); err != nil {
				t.Fatal(err)
			}
		}
		return l.Changes().Events
	}
	first, again, later := run(day), run(day), run(day.Add(time.Microsecond))
	seen := map[ref.EventID]bool{}
	for i, e := range first {
		if seen[e.ID] || e.ID != again[i].ID || e.ID == later[i].ID {
			t.Errorf("event %d has the id %s", i, e.ID)
		}
		u := e.ID.UUID()
		if u[6]>>4 != 7 || u[8]>>6 != 2 {
			t.Errorf("the id %s is not of version 7", u)
		}
		seen[e.ID] = true
	}
	if len(first) != 5 {
		t.Errorf("%d events, want 5", len(first))
	}
}

func TestCommitsOfLocationsAndPolicies(t *testing.T) {
	t.Parallel()
	site := func(at inventory.Location, version ref.Version, state inventory.SiteState) inventory.Write[inventory.Site] {
		return inventory.Write[inventory.Site]{Expected: version - 1, State: inventory.Site{Location: at, Version: version, Name: "N", State: state}}
	}
	rule := func(sku ref.SKU, version ref.Version, kind inventory.PolicyKind, limit int64) inventory.Write[inventory.Policy] {
		p := policy(sku, kind, limit)
		p.Version = version
		return inventory.Write[inventory.Policy]{Expected: version - 1, State: p}
	}
	sites := func(w ...inventory.Write[inventory.Site]) inventory.Commit {
		return inventory.Commit{At: day, Sites: w}
	}
	policies := func(w ...inventory.Write[inventory.Policy]) inventory.Commit {
		return inventory.Commit{At: day, Policies: w}
	}
	unversioned := site("new", 1, inventory.SiteOpen)
	unversioned.State.Version = 7
	here := change("k", inventory.MoveReceive, 1)
	here.Location = "new"
	for name, tc := range map[string]struct {
		commit inventory.Commit
		class  *fault.Class
		field  string
	}{
		"a new location":        {sites(site("new", 1, inventory.SiteOpen)), nil, ""},
		"the default one":       {sites(site(inventory.DefaultLocation, 1, inventory.SiteOpen)), nil, ""},
		"a change":              {sites(site("a", 3, inventory.SiteOpen)), nil, ""},
		"an old version":        {sites(site("new", 1, inventory.SiteOpen), site("a", 2, inventory.SiteOpen)), &fault.VersionConflict, "sites[1]"},
		"it is there":           {sites(site("a", 1, inventory.SiteOpen)), &fault.VersionConflict, "sites[0]"},
		"it is not":             {sites(site("b", 2, inventory.SiteOpen)), &fault.VersionConflict, "sites[0]"},
		"no version of its own": {sites(unversioned), &fault.VersionConflict, "sites[0]"},
		"closed":                {sites(site("a", 3, inventory.SiteClosed)), nil, ""},
		"closed with stock":     {sites(site("full", 2, inventory.SiteClosed)), &inventory.LocationInUse, "sites[0]"},
		"neither":               {sites(site("a", 3, "ajar")), &inventory.BrokenRule, "sites[0].state"},
		"no code":               {sites(site("A", 1, inventory.SiteOpen)), &inventory.BrokenRule, "sites[0].location"},
		"made and filled":       {inventory.Commit{At: day, Sites: sites(site("new", 1, inventory.SiteOpen)).Sites, Adjustments: []inventory.Adjustment{here}}, nil, ""},
		"shut and filled":       {inventory.Commit{At: day, Sites: sites(site("new", 1, inventory.SiteClosed)).Sites, Adjustments: []inventory.Adjustment{here}}, &inventory.LocationClosed, "adjustments[0].location"},
		"a policy":              {policies(rule("B", 1, inventory.Backorder, 1)), nil, ""},
		"another policy":        {policies(rule("A", 2, inventory.Deny, 0)), nil, ""},
		"an old policy":         {policies(rule("A", 1, inventory.Deny, 0)), &fault.VersionConflict, "policies[0]"},
		"no kind":               {policies(rule("B", 1, "", 1)), &inventory.BrokenRule, "policies[0].kind"},
		"no limit":              {policies(rule("B", 1, inventory.Backorder, 0)), &inventory.BrokenRule, "policies[0].limit"},
		"a limit of nothing":    {policies(rule("B", 1, inventory.Deny, 1)), &inventory.BrokenRule, "policies[0].limit"},
		"no end":                {policies(rule("B", 1, inventory.Preorder, 1)), &inventory.BrokenRule, "policies[0].until"},
		"too many":              {inventory.Commit{Adjustments: make([]inventory.Adjustment, inventory.AdjustmentsMax+1)}, &inventory.BrokenRule, ""},
	} {
		l := inventory.NewLedger(inventory.Facts{
			Levels:   []inventory.Level{level("A", "full", 1, 0)},
			Sites:    []inventory.Site{{Location: "a", Version: 2, Name: "A", State: inventory.SiteOpen}, open("full", 0)},
			Promises: []inventory.Promise{promise(policy("A", inventory.Backorder, 5), 4)}, Occupied: []inventory.Location{"full"},
		})
		tc.commit.Events = []event.Event{{Name: "x"}}
		err := l.Commit(tc.commit)
		if tc.class == nil {
			c := l.Changes()
			if err != nil || c.Empty() || len(c.Events) != 1 || len(c.Promises) == 1 && c.Promises[0].SKU == "A" && c.Promises[0].Owed != 4 {
				t.Errorf("%s: %v, %+v", name, err, c)
			}
			continue
		}
		if !fault.Is(err, *tc.class) || fault.Of(err).Field() != tc.field || !l.Changes().Empty() {
			t.Errorf("%s: %v, %+v", name, err, l.Changes())
		}
	}
}

func TestACommitThatChangesNothingTellsNothing(t *testing.T) {
	t.Parallel()
	l := inventory.NewLedger(inventory.Facts{Levels: []inventory.Level{level("A", "a", 5, 0)}, Applied: []string{"k"}, Claims: []inventory.Claim{held(1, inventory.Held)}})
	c := inventory.Commit{
		At: day, Adjustments: []inventory.Adjustment{change("k", inventory.MoveReceive, 1)}, Events: []event.Event{{Name: "x"}},
		Lapsed: []inventory.ClaimKey{{ID: claim(1), SKU: "A"}, {ID: claim(7), SKU: "A"}}, Fill: []ref.SKU{"A"},
	}
	c.Adjustments[0].Event = event.Event{Name: "y"}
	if err := l.Commit(c); err != nil || !l.Changes().Empty() {
		t.Errorf("%v, %+v", err, l.Changes())
	}
}
