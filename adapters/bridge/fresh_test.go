package bridge_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
)

// forgetful is a cache that notes what it is to forget.
type forgetful struct {
	ports.Cache

	told []string
}

func (f *forgetful) Forget(tags []string) { f.told = append(f.told, strings.Join(tags, " ")) }

// writer is every port that writes; it answers with what it is told to.
type writer struct {
	inventory.Stock

	out ordering.Outcome
	err error
}

type (
	catalogWriter  struct{ *writer }
	pricingWriter  struct{ *writer }
	stockWriter    struct{ *writer }
	orderingWriter struct{ *writer }
)

func (w catalogWriter) Commit(context.Context, catalog.Commit) error { return w.err }
func (w pricingWriter) Commit(context.Context, pricing.Commit) error { return w.err }
func (w stockWriter) Commit(context.Context, inventory.Commit) error { return w.err }
func (w orderingWriter) Commit(context.Context, ordering.Commit) (ordering.Outcome, error) {
	return w.out, w.err
}

func TestFreshForgetsWhatStaffChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "catalogue"},
		{fault.VersionConflict.New("somebody else was first"), ""},
		{fault.Bad.New("wrong"), ""},
		{fault.Down.New("away"), "catalogue"},
		{fault.Lost.New("lost"), "catalogue"},
		{errors.New("a defect"), "catalogue"},
	} {
		for name, commit := range map[string]func(*bridge.Fresh, *writer) error{
			"catalogue": func(f *bridge.Fresh, w *writer) error {
				return f.Catalog(catalogWriter{w}).Commit(t.Context(), catalog.Commit{})
			},
			"prices": func(f *bridge.Fresh, w *writer) error {
				return f.Pricing(pricingWriter{w}).Commit(t.Context(), pricing.Commit{})
			},
			"stock": func(f *bridge.Fresh, w *writer) error {
				return f.Stock(stockWriter{w}).Commit(t.Context(), inventory.Commit{})
			},
		} {
			cache := &forgetful{}
			if err := commit(bridge.NewFresh(cache), &writer{err: c.err}); !errors.Is(err, c.err) {
				t.Errorf("%s: %v, want %v", name, err, c.err)
			}
			if got := strings.Join(cache.told, ","); got != c.want {
				t.Errorf("%s after %v: forgets %q, want %q", name, c.err, got, c.want)
			}
		}
	}
}

func TestFreshForgetsWhatOrdersChange(t *testing.T) {
	t.Parallel()
	two := []ordering.StockEffect{{SKU: "A"}, {SKU: "B"}}
	for name, c := range map[string]struct {
		effects []ordering.StockEffect
		out     ordering.Outcome
		err     error
		want    string
	}{
		"nothing of stock":    {nil, ordering.Outcome{}, nil, ""},
		"some are left":       {two, ordering.Outcome{Steady: true}, nil, "sku/A sku/B"},
		"the last goes":       {two, ordering.Outcome{}, nil, "sku/A sku/B turns"},
		"a claim alone":       {[]ordering.StockEffect{{Kind: ordering.StockRelease}}, ordering.Outcome{}, nil, "catalogue"},
		"it was done before":  {two, ordering.Outcome{Replay: &ports.CommandRecord{}}, nil, ""},
		"it is refused":       {two, ordering.Outcome{}, ordering.OutOfStock.New("none left"), ""},
		"the answer was lost": {two, ordering.Outcome{}, fault.Lost.New("lost"), "sku/A sku/B turns"},
	} {
		cache := &forgetful{}
		w := orderingWriter{&writer{out: c.out, err: c.err}}
		out, err := bridge.NewFresh(cache).Ordering(w).Commit(t.Context(), ordering.Commit{Stock: c.effects})
		if out.Steady != c.out.Steady || out.Replay != c.out.Replay || !errors.Is(err, c.err) {
			t.Errorf("%s: the outcome is %+v, %v", name, out, err)
		}
		if got := strings.Join(cache.told, ","); got != c.want {
			t.Errorf("%s: forgets %q, want %q", name, got, c.want)
		}
	}
}

func TestFreshHears(t *testing.T) {
	t.Parallel()
	cache := &forgetful{}
	fresh := bridge.NewFresh(cache)
	names := []string{"catalog.product_updated", "pricing.price_set", "inventory.stock_adjusted", "ordering.order_placed", "access.signed_in", "customers.customer_saved"}
	for _, name := range names {
		if err := fresh.Handle(t.Context(), event.Event{Name: name, At: time.Time{}}); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(cache.told, []string{"catalogue", "catalogue", "catalogue"}) {
		t.Errorf("of %v it forgets %q", names, cache.told)
	}
}

func TestFreshWithoutCache(t *testing.T) {
	t.Parallel()
	fresh, w := bridge.NewFresh(nil), &writer{}
	if fresh.Ordering(orderingWriter{w}) != ordering.Committer(orderingWriter{w}) || fresh.Stock(stockWriter{w}) != inventory.Stock(stockWriter{w}) ||
		fresh.Catalog(catalogWriter{w}) != catalog.Committer(catalogWriter{w}) || fresh.Pricing(pricingWriter{w}) != pricing.Committer(pricingWriter{w}) {
		t.Error("something stands in front of the ports")
	}
	if err := fresh.Handle(t.Context(), event.Event{Name: "catalog.product_updated"}); err != nil {
		t.Error(err)
	}
}

// auditing is stock with a capability.
type auditing struct {
	inventory.Stock
	inventory.Auditor
}

func TestFreshHidesNothing(t *testing.T) {
	t.Parallel()
	if _, ok := ports.As[inventory.Auditor](bridge.NewFresh(&forgetful{}).Stock(auditing{})); !ok {
		t.Error("the capability of the stock is hidden")
	}
}
