package inventory_test

import (
	"encoding/binary"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
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
	if err := s.Adjust(t.Context(), []inventory.Adjustment{change("k", inventory.MoveAdjust, -1)}); !fault.Is(err, inventory.BelowZero) {
		t.Errorf("below zero: got %v, want stock_below_reserved", err)
	}
}
