package inventory_test

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

type still struct{}

func (still) Now() time.Time { return day }

// counting makes ids that count up.
type counting struct{ last atomic.Uint64 }

func (c *counting) New() (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], c.last.Add(1))
	return id
}

func (c *counting) Secret() [20]byte { return [20]byte{} }

func TestService(t *testing.T) {
	t.Parallel()
	store := memory.New(still{}, nil)
	s := inventory.NewService(store.Stock(), still{}, &counting{})
	a := change("k", inventory.MoveReceive, 5)
	a.Location = ""
	given := []inventory.Adjustment{a}
	if err := s.Adjust(t.Context(), given); err != nil {
		t.Fatalf("Adjust: %v", err)
	}
	if given[0].Location != "" {
		t.Error("Adjust changed what it was given")
	}
	p, err := s.Position(t.Context(), "A")
	if err != nil || len(p.Levels) != 1 || p.Levels[0] != level("A", inventory.DefaultLocation, 5, 0) || p.Movements != 1 {
		t.Errorf("got %+v, %v", p, err)
	}
	if got, err := s.Available(t.Context(), []ref.SKU{"A", "B"}); err != nil || len(got) != 1 || got["A"] != 5 {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := s.Available(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	pending, err := store.Outbox().Pending(t.Context(), "test", 10)
	if err != nil || len(pending) != 1 {
		t.Fatalf("%d events, %v; want one", len(pending), err)
	}
	want := `{"sku":"A","location":"main","kind":"receive","key":"k"}`
	if e := pending[0].Event; e.Name != "inventory.stock_adjusted" || e.Aggregate != "sku:A" || string(e.Data) != want {
		t.Errorf("got event %+v with %s, want %s", e, e.Data, want)
	}
}

// told lists the events of a store, as name and payload.
func told(t *testing.T, store *memory.Store) []string {
	t.Helper()
	pending, err := store.Outbox().Pending(t.Context(), "told", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range pending {
		out = append(out, d.Event.Name+" "+string(d.Event.Data))
	}
	return out
}

func TestARepeatedAdjustmentIsToldOnce(t *testing.T) {
	t.Parallel()
	store := memory.New(still{}, nil)
	s := inventory.NewService(store.Stock(), still{}, &counting{})
	first, second := change("k", inventory.MoveReceive, 5), change("l", inventory.MoveReceive, 5)
	first.Location, second.Location = "", ""
	for _, batch := range [][]inventory.Adjustment{{first}, {first}, {first, second}, {first, second}} {
		if err := s.Adjust(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	if got := told(t, store); len(got) != 2 {
		t.Errorf("two adjustments were told as %q", got)
	}
}

func TestServiceLocations(t *testing.T) {
	t.Parallel()
	store := memory.New(still{}, nil)
	s := inventory.NewService(store.Stock(), still{}, &counting{})
	ctx := t.Context()
	if all, err := s.Locations(ctx); err != nil || len(all) != 1 || all[0].Location != inventory.DefaultLocation || all[0].State != inventory.SiteOpen {
		t.Errorf("a new shop has %+v, %v", all, err)
	}
	shop, err := s.OpenLocation(ctx, inventory.Site{Location: "shop", Name: "The shop", Priority: -1, State: inventory.SiteClosed, Version: 9})
	if err != nil || shop.State != inventory.SiteOpen || shop.Version != 1 {
		t.Fatalf("OpenLocation: %+v, %v", shop, err)
	}
	if _, err := s.OpenLocation(ctx, inventory.Site{Location: "shop", Name: "Again"}); !fault.Is(err, inventory.LocationTaken) {
		t.Errorf("twice: %v", err)
	}
	if _, err := s.OpenLocation(ctx, inventory.Site{Location: "Shop!", Priority: inventory.PriorityMax + 1}); !fault.Is(err, fault.Bad) || len(fault.Of(err).Violations()) != 3 {
		t.Errorf("a bad one: %v", err)
	}
	if changed, err := s.ChangeLocation(ctx, "shop", 1, "Shop", 5); err != nil || changed.Version != 2 || changed.Priority != 5 {
		t.Errorf("ChangeLocation: %+v, %v", changed, err)
	}
	if _, err := s.ChangeLocation(ctx, "shop", 1, "Shop", 5); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("an old version: %v", err)
	}
	if _, err := s.ChangeLocation(ctx, "shop", 0, "", 5); !fault.Is(err, fault.Bad) {
		t.Errorf("without a name: %v", err)
	}
	if _, err := s.CloseLocation(ctx, "nowhere"); !fault.Is(err, fault.Missing) {
		t.Errorf("closing what is not: %v", err)
	}
	if _, err := s.ChangeLocation(ctx, "nowhere", 0, "x", 0); !fault.Is(err, fault.Missing) {
		t.Errorf("changing what is not: %v", err)
	}
	if _, err := s.ReopenLocation(ctx, "shop"); !fault.Is(err, statemachine.IllegalTransition) {
		t.Errorf("opening what is open: %v", err)
	}
	goods := change("k", inventory.MoveReceive, 1)
	goods.Location = "shop"
	if err := s.Adjust(ctx, []inventory.Adjustment{goods}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CloseLocation(ctx, "shop"); !fault.Is(err, inventory.LocationInUse) {
		t.Errorf("closing where stock lies: %v", err)
	}
	move := change("m", inventory.MoveTransfer, 1)
	move.Location, move.To = "shop", inventory.DefaultLocation
	if err := s.Adjust(ctx, []inventory.Adjustment{move}); err != nil {
		t.Fatal(err)
	}
	if shut, err := s.CloseLocation(ctx, "shop"); err != nil || shut.State != inventory.SiteClosed {
		t.Errorf("CloseLocation: %+v, %v", shut, err)
	}
	goods.Key = "k2"
	if err := s.Adjust(ctx, []inventory.Adjustment{goods}); !fault.Is(err, inventory.LocationClosed) {
		t.Errorf("receiving where it is shut: %v", err)
	}
	if _, err := s.ReopenLocation(ctx, "shop"); err != nil {
		t.Errorf("ReopenLocation: %v", err)
	}
	want := `inventory.location_written {"location":"shop","name":"The shop","state":"open","priority":-1}`
	if got := told(t, store); len(got) != 6 || got[0] != want {
		t.Errorf("told %q", got)
	}
}

func TestServicePolicies(t *testing.T) {
	t.Parallel()
	store := memory.New(still{}, nil)
	s := inventory.NewService(store.Stock(), still{}, &counting{})
	ctx := t.Context()
	set := func(p ...inventory.Policy) int {
		t.Helper()
		n, err := s.SetPolicies(ctx, p)
		if err != nil {
			t.Fatalf("SetPolicies: %v", err)
		}
		return n
	}
	back, pre := policy("A", inventory.Backorder, 5), policy("B", inventory.Preorder, 7)
	pre.Until = day.Add(time.Hour)
	if n := set(); n != 0 {
		t.Errorf("nothing changed %d", n)
	}
	if n := set(back, pre, policy("C", inventory.Deny, 0)); n != 2 {
		t.Errorf("%d changed, want 2: what has no policy denies already", n)
	}
	if n := set(back, pre); n != 0 {
		t.Errorf("the same again changed %d", n)
	}
	back.Limit, back.Version = 6, 1
	if n := set(back); n != 1 {
		t.Errorf("a new limit changed %d", n)
	}
	if _, err := s.SetPolicies(ctx, []inventory.Policy{back}); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("an old version: %v", err)
	}
	bad := policy("", "maybe", inventory.QuantityMax+1)
	if _, err := s.SetPolicies(ctx, []inventory.Policy{back, bad}); !fault.Is(err, fault.Bad) || fault.Of(err).Violations()[0].Field() != "policies[1].sku" {
		t.Errorf("a bad one: %v", err)
	}
	if _, err := s.SetPolicies(ctx, make([]inventory.Policy, inventory.PoliciesMax+1)); !fault.Is(err, fault.Bad) {
		t.Errorf("too many: %v", err)
	}
	all, err := s.Availability(ctx, []ref.SKU{"A", "B", "C"})
	if err != nil || len(all) != 2 || all["A"].Counted || all["A"].Beyond(day) != 6 || all["B"].Beyond(day) != 7 || all["B"].Beyond(pre.Until) != 0 {
		t.Errorf("got %+v, %v", all, err)
	}
	if got, err := s.Available(ctx, []ref.SKU{"A"}); err != nil || len(got) != 0 {
		t.Errorf("what was never counted is available: %v, %v", got, err)
	}
	got, err := s.Offers(ctx, []ref.SKU{"A", "B", "C"})
	if err != nil || len(got) != 2 || got["A"] != (inventory.Offer{Beyond: 6}) || got["B"] != (inventory.Offer{Beyond: 7, Until: pre.Until}) || got["B"].Sellable() != 7 {
		t.Errorf("on offer %v, %v", got, err)
	}
}

// kept is the port over books, as far as the test asks it.
type kept struct {
	inventory.Stock
	t     *testing.T
	books *books
	told  map[string]int
	fail  error
}

func (k *kept) Commit(_ context.Context, c inventory.Commit) error {
	l := inventory.NewLedger(k.books.facts(c.Names()))
	if err := l.Commit(c); err != nil || k.fail != nil {
		return errors.Join(err, k.fail)
	}
	k.keep(l.Changes())
	return nil
}

func (k *kept) keep(c inventory.Changes) {
	k.t.Helper()
	k.books.write(k.t, c)
	for _, e := range c.Events {
		k.told[e.Name]++
	}
}

func (k *kept) Lapsed(_ context.Context, at time.Time, limit int) ([]inventory.Claim, error) {
	all := slices.DeleteFunc(k.books.byID(), func(c inventory.Claim) bool { return !c.Lapsed(at) })
	return all[:min(limit, len(all))], nil
}

func TestServiceExpiresAndFills(t *testing.T) {
	t.Parallel()
	k := &kept{t: t, books: newBooks(), told: map[string]int{}}
	s := inventory.NewService(k, still{}, &counting{})
	ctx := t.Context()
	const lapsing = inventory.LapsedMax + 5
	goods := change("k", inventory.MoveReceive, 2*lapsing)
	goods.Location = ""
	if err := s.Adjust(ctx, []inventory.Adjustment{goods}); err != nil {
		t.Fatal(err)
	}
	k.books.promises["A"] = promise(policy("A", inventory.Backorder, 3), 0)
	claims := func(effects ...inventory.Effect) {
		t.Helper()
		l := inventory.NewLedger(k.books.facts(inventory.Names{SKUs: []ref.SKU{"A"}}))
		if granted, err := l.Apply(day, effects); err != nil || len(granted.Short) > 0 {
			t.Fatalf("claiming: %+v, %v", granted, err)
		}
		k.keep(l.Changes())
	}
	for n := range lapsing {
		claims(take(n+1, "A", 2)) // Until day, which is now.
	}
	waits := take(9000, "A", 2)
	waits.Until = time.Time{}
	claims(waits)
	for _, want := range []struct{ limit, seen int }{{3, 3}, {9999, lapsing - 3}, {9999, 0}} {
		if n, err := s.ExpireLapsed(ctx, want.limit); n != want.seen || err != nil {
			t.Errorf("ExpireLapsed of at most %d looked at %d, %v; want %d", want.limit, n, err, want.seen)
		}
	}
	if c := k.books.claims[claim(9000)]; c.Owed != 0 || c.Held() != 2 {
		t.Errorf("who waited has %+v", c)
	}
	if err := s.Fill(ctx, "A"); err != nil {
		t.Errorf("Fill: %v", err)
	}
	if k.told["inventory.claim_expired"] != lapsing || k.told["inventory.backorder_filled"] != 1 || len(k.told) != 3 {
		t.Errorf("told %v", k.told)
	}
	claims(take(9001, "A", 1))
	k.fail = fault.Down.New("away")
	if n, err := s.ExpireLapsed(ctx, 10); n != 0 || !fault.Is(err, fault.Down) {
		t.Errorf("ExpireLapsed on a store that is away: %d, %v", n, err)
	}
}

func TestServiceMovements(t *testing.T) {
	t.Parallel()
	s := inventory.NewService(memory.New(still{}, nil).Stock(), still{}, &counting{})
	for _, key := range []string{"k", "l", "m"} {
		a := change(key, inventory.MoveReceive, 1)
		a.Location = ""
		if err := s.Adjust(t.Context(), []inventory.Adjustment{a}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.Movements(t.Context(), "A", 0, 2)
	if err != nil || len(page.Entries) != 2 || page.Next == 0 || page.Entries[0].Cause != "m" {
		t.Errorf("Movements: %+v, %v", page, err)
	}
	if page, err = s.Movements(t.Context(), "A", page.Next, -1); err != nil || len(page.Entries) != 1 || page.Next != 0 {
		t.Errorf("Movements: %+v, %v", page, err)
	}
}

func TestServiceRefuses(t *testing.T) {
	t.Parallel()
	store := memory.New(still{}, nil)
	s := inventory.NewService(store.Stock(), still{}, &counting{})
	if err := s.Adjust(t.Context(), nil); err != nil {
		t.Errorf("nothing to do: %v", err)
	}
	if err := s.Adjust(t.Context(), make([]inventory.Adjustment, inventory.AdjustmentsMax+1)); !fault.Is(err, fault.Bad) {
		t.Errorf("too many: got %v, want invalid", err)
	}
	below := change("k", inventory.MoveAdjust, -1)
	below.Location = ""
	if err := s.Adjust(t.Context(), []inventory.Adjustment{below}); !fault.Is(err, inventory.BelowZero) {
		t.Errorf("below zero: got %v, want stock_below_reserved", err)
	}
}
