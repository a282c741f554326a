package memory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// answered commits a command that is begun, and answered at once or not.
func answered(t *testing.T, s *memory.Store, key string, at time.Time, a *ports.Answer) {
	t.Helper()
	_, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: at, Command: &ports.Command{
		Step: ports.CommandBegin, Key: ports.CommandKey{Key: key}, At: at, Lease: at, Answer: a,
	}})
	if err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

func TestOldAnsweredCommandsAreDropped(t *testing.T) {
	t.Parallel()
	s := open()
	answered(t, s, "open", day, nil)
	for i := range 10 {
		answered(t, s, fmt.Sprintf("old %d", i), day.Add(time.Duration(i)*time.Minute), &ports.Answer{})
	}
	known := func(key string) bool {
		r, err := s.Commands().Find(t.Context(), ports.CommandKey{Key: key})
		if err != nil {
			t.Fatalf("Find: %v", err)
		}
		return r != nil
	}
	edge := day.Add(ports.CommandTTL)
	answered(t, s, "edge", edge, &ports.Answer{})
	if !known("old 0") {
		t.Error("a record was dropped within its time")
	}
	for i := range 10 {
		answered(t, s, fmt.Sprintf("new %d", i), edge.Add(time.Hour), &ports.Answer{})
	}
	for i := range 10 {
		if old := fmt.Sprintf("old %d", i); known(old) {
			t.Errorf("%q is still there an hour after its time", old)
		}
		if fresh := fmt.Sprintf("new %d", i); !known(fresh) {
			t.Errorf("%q was dropped", fresh)
		}
	}
	if !known("open") {
		t.Error("a record that nobody answered was dropped")
	}
	answered(t, s, "old 0", edge.Add(2*time.Hour), &ports.Answer{}) // Its key is free again.
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	s := open()
	data := []byte("first")
	for _, a := range [][]ordering.Attachment{
		{{Kind: "gift", Key: "b", Data: data}, {Kind: "gift", Key: "a"}, {Kind: "note", Key: "a", Data: []byte("note")}},
		{{Kind: "gift", Key: "a", Data: []byte("second")}},
	} {
		if _, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: day, Attach: a}); err != nil {
			t.Fatalf("Commit: %v", err)
		}
	}
	data[0] = 'F'
	if keys := s.Attachments().Keys("gift"); !slices.Equal(keys, []string{"a", "b"}) {
		t.Errorf("Keys: %v", keys)
	}
	if keys := s.Attachments().Keys("none"); len(keys) != 0 {
		t.Errorf("Keys of no kind: %v", keys)
	}
	for key, want := range map[string]string{"a": "second", "b": "first"} {
		got, found := s.Attachments().Get("gift", key)
		if !found || string(got) != want {
			t.Errorf("Get(%q): %q, %v; want %q", key, got, found, want)
		}
	}
	if _, found := s.Attachments().Get("note", "b"); found {
		t.Error("Get found a row that nobody attached")
	}
}

func TestFaultPointsComeInOrderAndReadersDoNotWait(t *testing.T) {
	t.Parallel()
	var s *memory.Store
	var passed []ordering.Point
	var seen []int
	s = memory.New(fixed(day), &memory.Options{Fault: func(p ordering.Point) error {
		passed = append(passed, p)
		keys := s.Attachments().Keys("k") // A reader beside the commit.
		seen = append(seen, len(keys))
		return nil
	}})
	c := ordering.Commit{At: day, Attach: []ordering.Attachment{{Kind: "k", Key: "1"}}}
	if _, err := s.Ordering().Commit(t.Context(), c); err != nil {
		t.Fatalf("Commit: %v", err)
	}
	if !slices.Equal(passed, ordering.Points()) {
		t.Errorf("passed %v, want %v", passed, ordering.Points())
	}
	if !slices.Equal(seen, []int{0, 0, 0, 0, 0, 1}) {
		t.Errorf("readers saw %v rows at the points, want the row after the commit only", seen)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, point := range ordering.Points() {
		t.Run(string(point), func(t *testing.T) {
			t.Parallel()
			broken := errors.New("broken")
			s := memory.New(fixed(day), &memory.Options{Fault: func(p ordering.Point) error {
				if p == point {
					return broken
				}
				return nil
			}})
			e := event.Event{Name: "x", Data: []byte("{}")}
			_, err := s.Ordering().Commit(t.Context(), ordering.Commit{
				At: day, Events: []event.Event{e}, Attach: []ordering.Attachment{{Kind: "k", Key: "1"}},
			})
			class, rows := fault.Down, 0
			if point == ordering.AfterCommit {
				class, rows = fault.Lost, 1
			}
			if !fault.Is(err, class) || !errors.Is(err, broken) {
				t.Errorf("got %v, want %s because of the fault", err, class.Code())
			}
			if n := len(s.Attachments().Keys("k")); n != rows {
				t.Errorf("%d rows are there, want %d", n, rows)
			}
			if n := len(eventsOf(s)(t)); n != rows {
				t.Errorf("%d events are there, want %d", n, rows)
			}
		})
	}
}

func TestCallerLeavesInsideACommit(t *testing.T) {
	t.Parallel()
	for point, want := range map[ordering.Point]fault.Kind{
		ordering.BeforeStock: fault.Unavailable, ordering.BeforeCommit: fault.Unavailable, ordering.AfterCommit: fault.Unknown,
	} {
		t.Run(string(point), func(t *testing.T) {
			t.Parallel()
			ctx, leave := context.WithCancel(t.Context())
			s := memory.New(fixed(day), &memory.Options{Fault: func(p ordering.Point) error {
				if p == point {
					leave()
				}
				return nil
			}})
			_, err := s.Ordering().Commit(ctx, ordering.Commit{At: day, Attach: []ordering.Attachment{{Kind: "k", Key: "1"}}})
			if err == nil || fault.KindOf(err) != want {
				t.Errorf("got %v, want kind %s", err, want)
			}
			if stands := len(s.Attachments().Keys("k")) == 1; stands != (want == fault.Unknown) {
				t.Errorf("the commit stands: %v", stands)
			}
		})
	}
}

func TestUnknownEffectIsRefused(t *testing.T) {
	t.Parallel()
	s := open()
	_, err := s.Ordering().Commit(t.Context(), ordering.Commit{At: day, Stock: []ordering.StockEffect{{Kind: 99, SKU: "A", Quantity: 1}}})
	if err == nil || fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestProductsExchangeTheirNames(t *testing.T) {
	t.Parallel()
	s := open()
	make2 := func(n byte, slug string, sku ref.SKU, version ref.Version) catalog.Write[catalog.Product] {
		return catalog.Write[catalog.Product]{Expected: version - 1, State: catalog.Product{
			ID: ref.NewID[ref.ProductKind](ref.UUID{n}), Version: version, Slug: slug, Status: catalog.Active, CreatedAt: day,
			Variants: []catalog.Variant{{ID: ref.NewID[ref.VariantKind](ref.UUID{n}), SKU: sku}},
		}}
	}
	for _, c := range []catalog.Commit{
		{Products: []catalog.Write[catalog.Product]{make2(1, "a", "A", 1), make2(2, "b", "B", 1)}},
		{Products: []catalog.Write[catalog.Product]{make2(1, "b", "B", 2), make2(2, "a", "A", 2)}},
	} {
		if err := s.Catalog().Commit(t.Context(), c); err != nil {
			t.Fatalf("Commit: %v", err)
		}
	}
	p, err := s.Products().BySlug(t.Context(), ref.Scope{Channel: ref.DefaultChannel}, "b")
	if err != nil || p.ID != ref.NewID[ref.ProductKind](ref.UUID{1}) {
		t.Errorf("b is %v, %v", p.ID, err)
	}
	thief := make2(3, "c", "C", 1)
	thief.State.Variants[0].ID = p.Variants[0].ID
	if err := s.Catalog().Commit(t.Context(), catalog.Commit{Products: []catalog.Write[catalog.Product]{thief}}); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("a variant of another product: %v", err)
	}
	twice := make2(1, "b", "B", 3)
	if err := s.Catalog().Commit(t.Context(), catalog.Commit{Products: []catalog.Write[catalog.Product]{twice, twice}}); !fault.Is(err, fault.VersionConflict) {
		t.Errorf("a product twice in a commit: %v", err)
	}
}

func TestFiguresLeaveOutWhatIsNothing(t *testing.T) {
	t.Parallel()
	s := open()
	total := money.New(1999, money.MustCurrency("GBP"))
	order := ordering.Order{
		ID: ref.NewID[ref.OrderKind](ref.UUID{1}), Version: 1, Number: "1", Status: ordering.Pending, Totals: ordering.Totals{Total: total},
	}
	for _, step := range []struct {
		status  ordering.Status
		revenue map[string]int64
	}{
		{ordering.Pending, map[string]int64{}},
		{ordering.Placed, map[string]int64{"GBP": 1999}},
		{ordering.Completed, map[string]int64{"GBP": 1999}},
		{ordering.Cancelled, map[string]int64{}},
	} {
		order.Status = step.status
		c := ordering.Commit{At: day, Orders: []ordering.Write[ordering.Order]{{State: order, Expected: order.Version - 1}}}
		if _, err := s.Ordering().Commit(t.Context(), c); err != nil {
			t.Fatalf("Commit: %v", err)
		}
		order.Version++
		f, err := s.Orders().Figures(t.Context())
		if err != nil || len(f.Orders) != 1 || f.Orders[step.status] != 1 || fmt.Sprint(f.Revenue) != fmt.Sprint(step.revenue) {
			t.Errorf("when %s: %+v, %v", step.status, f, err)
		}
	}
}

// fixed is a clock that stands still.
type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }
