package ordering_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/orderingtest"
)

func customer(n byte) ref.CustomerID { return ref.NewID[ref.CustomerKind](uuid(n)) }

// two carts to merge: a guest's with the quantities of the items from 1 on, and a customer's of those from 2 on.
func twoCarts(t *testing.T, guest, existing []int64) (ordering.Cart, ordering.Cart) {
	t.Helper()
	g := filled(t, guest...)
	e := emptyCart()
	e.ID, e.Customer = ref.NewCartID([20]byte{2}), customer(1)
	for i, q := range existing {
		next, err := e.Add(line(byte(100+i)), item(byte(i+2)), q, now())
		if err != nil {
			t.Fatal(err)
		}
		e = next
	}
	return g, e
}

func TestMergePolicies(t *testing.T) {
	t.Parallel()
	later := now().Add(time.Hour)
	for name, tc := range map[string]struct {
		policy          ordering.MergePolicy
		guest, existing []int64
		want            map[ref.VariantID]int64
	}{
		"both":                       {ordering.MergeBoth, []int64{1, 2}, []int64{10, 20}, map[ref.VariantID]int64{variant(1): 1, variant(2): 12, variant(3): 20}},
		"both, the guest's empty":    {ordering.MergeBoth, nil, []int64{10}, map[ref.VariantID]int64{variant(2): 10}},
		"both, the customer's empty": {ordering.MergeBoth, []int64{1}, nil, map[ref.VariantID]int64{variant(1): 1}},
		"guest":                      {ordering.KeepGuest, []int64{1, 2}, []int64{10, 20}, map[ref.VariantID]int64{variant(1): 1, variant(2): 2}},
		"guest, empty":               {ordering.KeepGuest, nil, []int64{10}, nil},
		"existing":                   {ordering.KeepExisting, []int64{1, 2}, []int64{10}, map[ref.VariantID]int64{variant(2): 10}},
		"existing, empty":            {ordering.KeepExisting, []int64{1}, nil, nil},
		"guest if empty, empty":      {ordering.GuestIfEmpty, []int64{1, 2}, nil, map[ref.VariantID]int64{variant(1): 1, variant(2): 2}},
		"guest if empty, not empty":  {ordering.GuestIfEmpty, []int64{1, 2}, []int64{10}, map[ref.VariantID]int64{variant(2): 10}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			guest, existing := twoCarts(t, tc.guest, tc.existing)
			m, err := ordering.MergeCarts(tc.policy, guest, existing, later)
			if err != nil {
				t.Fatal(err)
			}
			got := map[ref.VariantID]int64{}
			for _, l := range m.Into.Lines {
				got[l.Variant] += l.Quantity
			}
			if len(got) != len(tc.want) || len(m.Into.Lines) != len(tc.want) {
				t.Errorf("lines %+v", m.Into.Lines)
			}
			for v, q := range tc.want {
				if got[v] != q {
					t.Errorf("of %s there are %d, want %d", v, got[v], q)
				}
			}
			if m.From.Status != ordering.CartMerged || m.From.Successor != existing.ID || m.From.Version != guest.Version+1 || len(m.From.Lines) != len(guest.Lines) {
				t.Errorf("the guest's cart %+v", m.From)
			}
			if m.Into.Version != existing.Version+1 || m.Into.UpdatedAt != later || m.Into.Customer != customer(1) || m.Into.Status != ordering.CartActive {
				t.Errorf("the customer's cart %+v", m.Into)
			}
			c := ordering.MergeCommit(m, tc.policy, existing, later, (&orderingtest.Sequence{}).New)
			if err := c.Validate(); err != nil || len(c.Carts) != 2 || len(c.Events) != 1 || c.Events[0].Name != "ordering.cart_merged" {
				t.Errorf("commit %+v, %v", c, err)
			}
			if s := string(c.Events[0].Data) + c.Events[0].Aggregate; strings.Contains(s, guest.ID.Reveal()) || strings.Contains(s, existing.ID.Reveal()) {
				t.Error("an event has a cart's id, which is a credential")
			}
		})
	}
}

func TestMergePoliciesHaveNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range ordering.MergePolicies() {
		if p.Name == "" || seen[p.Name] || p.Choose == nil {
			t.Errorf("policy %+v", p)
		}
		seen[p.Name] = true
	}
}

func TestMergeKeepsCustomisationsApart(t *testing.T) {
	t.Parallel()
	guest, existing := twoCarts(t, nil, nil)
	ada, bob := ordering.Customisation{"engraving": "Ada"}, ordering.Customisation{"engraving": "Bob"}
	put := func(c ordering.Cart, n byte, custom ordering.Customisation, note string) ordering.Cart {
		c, err := c.Put(line(n), item(1), ordering.Addition{Quantity: 1, Custom: custom, Note: note}, now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	guest = put(put(guest, 1, ada, "guest's"), 2, bob, "")
	existing = put(put(existing, 3, ada, "customer's"), 4, nil, "")
	guest.Note = "ring twice"
	m, err := ordering.MergeCarts(ordering.MergeBoth, guest, existing, now())
	if err != nil || len(m.Into.Lines) != 3 || m.Into.Note != "ring twice" {
		t.Fatalf("got %+v, %v", m.Into, err)
	}
	if l := m.Into.Lines[0]; l.ID != line(3) || l.Quantity != 2 || l.Note != "customer's" {
		t.Errorf("line %+v", l)
	}
	if len(existing.Lines) != 2 || existing.Lines[0].Quantity != 1 || guest.Lines[0].Quantity != 1 {
		t.Error("a merge changed what it was given")
	}
}

// TestMergeBounds merges two full carts of other things: what is over is told, and nothing breaks a limit.
func TestMergeBounds(t *testing.T) {
	t.Parallel()
	full := func(kind byte, quantity int64) ordering.Cart {
		c := emptyCart()
		c.ID = ref.NewCartID([20]byte{kind})
		for i := range ordering.LinesMax {
			u := uuid(kind)
			u[1], u[2] = byte(i>>8), byte(i)
			if i == 0 {
				u = uuid(0) // The same in both.
			}
			c.Lines = append(c.Lines, ordering.CartLine{
				ID: ref.NewID[ref.LineKind](ref.UUID{0: kind, 1: byte(i >> 8), 2: byte(i)}), Variant: ref.NewID[ref.VariantKind](u), SKU: "S", Quantity: quantity,
			})
		}
		return c
	}
	guest, existing := full(1, ordering.QuantityMax), full(2, 1)
	m, err := ordering.MergeCarts(ordering.MergeBoth, guest, existing, now())
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Into.Lines) != ordering.LinesMax || len(m.Dropped) != ordering.LinesMax-1 || len(m.Bounded) != 1 {
		t.Errorf("%d lines, %d dropped, %d bounded", len(m.Into.Lines), len(m.Dropped), len(m.Bounded))
	}
	if m.Into.Lines[0].Quantity != ordering.QuantityMax || m.Bounded[0].Quantity != ordering.QuantityMax+1 {
		t.Errorf("quantity %d, bounded %+v", m.Into.Lines[0].Quantity, m.Bounded)
	}
	twice := ordering.MergePolicy{Name: "twice", Choose: func(_, existing []ordering.CartLine) []ordering.CartLine {
		return append(existing, ordering.CartLine{ID: existing[0].ID, Variant: variant(9), SKU: "T", Quantity: 1})
	}}
	_, small := twoCarts(t, nil, []int64{1})
	if m, err = ordering.MergeCarts(twice, guest, small, now()); err != nil || len(m.Into.Lines) != 1 || len(m.Dropped) != 1 {
		t.Errorf("a policy that uses an id twice: %+v, %v", m, err)
	}
}

func TestMergeRefuses(t *testing.T) {
	t.Parallel()
	merge := func(change func(g, e *ordering.Cart)) error {
		guest, existing := twoCarts(t, []int64{1}, []int64{1})
		change(&guest, &existing)
		_, err := ordering.MergeCarts(ordering.MergeBoth, guest, existing, now())
		return err
	}
	for name, tc := range map[string]struct {
		change func(g, e *ordering.Cart)
		class  fault.Class
	}{
		"completed":           {func(g, _ *ordering.Cart) { g.Status = ordering.CartDone }, ordering.CartCompleted},
		"into a completed":    {func(_, e *ordering.Cart) { e.Status = ordering.CartDone }, ordering.CartCompleted},
		"merged":              {func(g, _ *ordering.Cart) { g.Status = ordering.CartMerged }, ordering.CartSuperseded},
		"into a merged":       {func(_, e *ordering.Cart) { e.Status = ordering.CartMerged }, ordering.CartSuperseded},
		"of another channel":  {func(g, _ *ordering.Cart) { g.Channel = "market" }, ordering.CartScope},
		"of another currency": {func(g, _ *ordering.Cart) { g.Currency = money.EUR }, ordering.CartScope},
		"itself":              {func(g, e *ordering.Cart) { g.ID = e.ID }, ordering.CartSuperseded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantClass(t, merge(tc.change), tc.class)
		})
	}
	for _, s := range []ordering.CartStatus{ordering.CartAbandoned, ordering.CartExpired} {
		if err := merge(func(g, e *ordering.Cart) { g.Status, e.Status = s, s }); err != nil {
			t.Errorf("carts that are %s: %v", s, err)
		}
	}
}
