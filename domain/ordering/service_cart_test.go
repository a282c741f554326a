package ordering_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestCreateCart(t *testing.T) {
	t.Parallel()
	s := open(t)
	q, err := s.CreateCart(t.Context(), scope(), []ordering.LineRequest{
		{SKU: item(1).SKU, Quantity: 2}, {Variant: variant(2), Quantity: 1}, {Variant: variant(1), Quantity: 1},
	})
	if err != nil || len(q.Lines) != 2 || q.Lines[0].Quantity != 3 || q.Totals.Total != gbp(4*999) || q.Cart.Version != 1 {
		t.Fatalf("got %+v, %v", q, err)
	}
	again, err := s.Cart(t.Context(), scope(), q.Cart.ID)
	if err != nil || again.Totals != q.Totals || again.Cart.Version != 1 {
		t.Errorf("read again: %+v, %v", again, err)
	}
	empty, err := s.CreateCart(t.Context(), scope(), nil)
	if err != nil || len(empty.Requirements) != 1 {
		t.Errorf("an empty cart: %+v, %v", empty, err)
	}
	if empty.Cart.ID == q.Cart.ID {
		t.Error("two carts have one id")
	}
}

func TestCreateCartRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, tc := range map[string]struct {
		lines  []ordering.LineRequest
		fields []string
	}{
		"too many lines": {make([]ordering.LineRequest, ordering.LinesMax+1), []string{"lines"}},
		"unknown": {
			[]ordering.LineRequest{{SKU: item(1).SKU, Quantity: 1}, {SKU: "none", Quantity: 1}, {Variant: variant(9), Quantity: 1}},
			[]string{"lines[1].sku", "lines[2].variant_id"},
		},
		"quantity": {[]ordering.LineRequest{{SKU: item(1).SKU, Quantity: 1}, {SKU: item(2).SKU}}, []string{"lines[1].quantity"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := s.CreateCart(t.Context(), scope(), tc.lines)
			wantClass(t, err, fault.Bad)
			wantFields(t, err, tc.fields...)
		})
	}
}

func TestAddAndSet(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	q, err := s.AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(2), Quantity: 4})
	if err != nil || len(q.Lines) != 2 || q.Cart.Version != 2 {
		t.Fatalf("adding: %+v, %v", q, err)
	}
	version := q.Cart.Version
	q, err = s.SetQuantity(t.Context(), scope(), c.ID, &version, q.Lines[0].ID, 0)
	if err != nil || len(q.Lines) != 1 || q.Totals.Total != gbp(4*999) {
		t.Fatalf("removing: %+v, %v", q, err)
	}
	_, err = s.SetQuantity(t.Context(), scope(), c.ID, &version, q.Lines[0].ID, 1)
	wantClass(t, err, ordering.ExpectedVersion)
	_, err = s.AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{SKU: "none", Quantity: 1})
	wantFields(t, err, "sku")
	_, err = s.AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(9), Quantity: 1})
	wantFields(t, err, "variant_id")
	_, err = s.SetQuantity(t.Context(), scope(), c.ID, nil, line(99), 1)
	wantClass(t, err, fault.Missing)
	_, err = s.AddLine(t.Context(), scope(), ref.NewCartID([20]byte{9}), nil, ordering.LineRequest{Variant: variant(1), Quantity: 1})
	wantClass(t, err, fault.Missing)
	_, err = s.Cart(t.Context(), scope(), ref.NewCartID([20]byte{9}))
	wantClass(t, err, fault.Missing)
}

func TestCartKeepsItsCurrencyAndChannel(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	other := scope()
	other.Channel, other.Currency = "other", gbp(0).Currency()
	q, err := s.Cart(t.Context(), other, c.ID)
	if err != nil || q.Totals.Total != gbp(999) {
		t.Errorf("in another channel: %+v, %v", q.Totals, err)
	}
}

// contested lets others change the cart before a commit.
type contested struct {
	ordering.Committer
	others func()
}

func (c contested) Commit(ctx context.Context, commit ordering.Commit) (ordering.Outcome, error) {
	c.others()
	return c.Committer.Commit(ctx, commit)
}

func TestAdditionsAreNotLost(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	times := 3
	parts := s.parts
	parts.Committer = contested{parts.Committer, func() {
		if times--; times >= 0 {
			if _, err := s.AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(2), Quantity: 1}); err != nil {
				t.Error(err)
			}
		}
	}}
	q, err := ordering.NewService(parts, nil).AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(3), Quantity: 1})
	if err != nil || len(q.Lines) != 3 || q.Lines[1].Quantity != 3 {
		t.Errorf("got %+v, %v", q.Lines, err)
	}
	times = 1 << 30 // For ever.
	_, err = ordering.NewService(parts, nil).AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(3), Quantity: 1})
	wantClass(t, err, fault.VersionConflict)
}

func TestAdditionsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := s.AddLine(t.Context(), scope(), c.ID, nil, ordering.LineRequest{Variant: variant(1), Quantity: 1}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	q, err := s.Cart(t.Context(), scope(), c.ID)
	if err != nil || q.Lines[0].Quantity != 5 {
		t.Errorf("got %+v, %v", q.Lines, err)
	}
}

func TestCartWhenPartsAreDown(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.cart(t, 1)
	down := errors.New("down")
	s.shelf.Break(down)
	if _, err := s.Cart(t.Context(), scope(), c.ID); !errors.Is(err, down) {
		t.Errorf("reading: %v", err)
	}
	if _, err := s.CreateCart(t.Context(), scope(), []ordering.LineRequest{{Variant: variant(1), Quantity: 1}}); !errors.Is(err, down) {
		t.Errorf("making: %v", err)
	}
	if _, err := s.SetQuantity(t.Context(), scope(), c.ID, nil, c.Lines[0].ID, 2); !errors.Is(err, down) {
		t.Errorf("changing: %v", err)
	}
	parts := s.parts
	parts.Prices = pricesDown{down}
	s.shelf.Break(nil)
	if _, err := ordering.NewService(parts, nil).Cart(t.Context(), scope(), c.ID); !errors.Is(err, down) {
		t.Errorf("pricing: %v", err)
	}
}
