package catalogtest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// TestProducts proves an adapter of catalog.Products. Open gives an empty store for each subtest.
func TestProducts(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	s := suite{open}
	t.Run("products-scope hides what is not active", s.scopeHides)
	t.Run("products-scope follows the status", s.scopeFollows)
	t.Run("products-find gives whole products", s.findWhole)
	t.Run("products-find gives products with nothing optional", s.findBare)
	t.Run("products-find knows what is not there", s.findMissing)
	t.Run("products-find gives what nobody else can change", s.findCopies)
	t.Run("products-find gives each sellable variant once", s.findSellable)
	t.Run("products-find tells when the caller is gone", s.findGone)
	t.Run("products-keyset goes newest first in pages of any size", s.keysetPages)
	t.Run("products-keyset breaks ties by id", s.keysetTies)
	t.Run("products-keyset skips none and doubles none while the catalogue changes", s.keysetChanges)
	t.Run("products-keyset of nothing is an empty page", s.keysetEmpty)
	t.Run("products-draft is found whatever its status", s.draftFound)
	t.Run("products-draft counts in all", s.draftCounted)
}

func (s suite) scopeHides(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	for i, status := range []catalog.Status{catalog.Draft, catalog.Archived} {
		p := product(i + 1)
		p.Status = status
		h.save(t, p)
		_, err := h.Products.ByID(t.Context(), scope(), p.ID)
		wantKind(t, err, fault.NotFound)
		_, err = h.Products.BySlug(t.Context(), scope(), p.Slug)
		wantKind(t, err, fault.NotFound)
		found, err := h.Products.Sellable(t.Context(), scope(), []ref.VariantID{p.Variants[0].ID}, []ref.SKU{p.Variants[1].SKU})
		if err != nil || len(found) != 0 {
			t.Errorf("Sellable of a product that is %s: got %d, %v", status, len(found), err)
		}
	}
	page, err := h.Products.List(t.Context(), scope(), catalog.ListQuery{Limit: 10})
	if err != nil || len(page.Items) != 0 || page.Next != nil {
		t.Errorf("List: got %d, %v, %v; want nothing", len(page.Items), page.Next, err)
	}
}

func (s suite) scopeFollows(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := product(1)
	for _, status := range []catalog.Status{catalog.Draft, catalog.Active, catalog.Archived, catalog.Active} {
		p.Status = status
		h.save(t, p)
		_, err := h.Products.ByID(t.Context(), scope(), p.ID)
		if active := status == catalog.Active; active != (err == nil) {
			t.Errorf("ByID when %s: %v", status, err)
		}
		page, err := h.Products.List(t.Context(), scope(), catalog.ListQuery{Limit: 10})
		if err != nil || (len(page.Items) == 1) != (status == catalog.Active) {
			t.Errorf("List when %s: %d items, %v", status, len(page.Items), err)
		}
		p = next(p)
	}
}

func (s suite) findWhole(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := product(1)
	h.save(t, p, product(2))
	p = next(p)
	p.Slug, p.Title, p.Tags, p.Media = "renamed", "Renamed", []string{"one"}, p.Media[:1]
	p.Variants[1].SKU = "P1-XL"
	h.save(t, p)
	got, err := h.Products.ByID(t.Context(), scope(), p.ID)
	if err != nil {
		t.Fatalf("ByID: %v", err)
	}
	same(t, got, p)
	got, err = h.Products.BySlug(t.Context(), scope(), "renamed")
	if err != nil {
		t.Fatalf("BySlug: %v", err)
	}
	same(t, got, p)
	page, err := h.Products.List(t.Context(), scope(), catalog.ListQuery{Limit: 2})
	if err != nil || len(page.Items) != 2 {
		t.Fatalf("List: %d items, %v", len(page.Items), err)
	}
	same(t, page.Items[0], product(2))
	same(t, page.Items[1], p)
	_, err = h.Products.BySlug(t.Context(), scope(), "product-1")
	wantKind(t, err, fault.NotFound)
}

func (s suite) findBare(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := catalog.Product{
		ID: ref.NewID[ref.ProductKind](uuid(1)), Version: 1, Slug: "bare", Title: "Bare", Status: catalog.Active,
		Variants:  []catalog.Variant{{ID: ref.NewID[ref.VariantKind](uuid(1)), SKU: "BARE"}},
		CreatedAt: base, UpdatedAt: base,
	}
	h.save(t, p)
	same(t, h.stored(t, "bare"), p)
}

func (s suite) findMissing(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	h.save(t, product(1))
	_, err := h.Products.ByID(t.Context(), scope(), product(2).ID)
	wantKind(t, err, fault.NotFound)
	_, err = h.Products.ByID(t.Context(), scope(), ref.ProductID{})
	wantKind(t, err, fault.NotFound)
	_, err = h.Products.BySlug(t.Context(), scope(), "product-2")
	wantKind(t, err, fault.NotFound)
	_, err = h.Products.BySlug(t.Context(), scope(), "PRODUCT-1")
	wantKind(t, err, fault.NotFound)
	_, err = h.Products.Find(t.Context(), "product-2")
	wantKind(t, err, fault.NotFound)
}

func (s suite) findCopies(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p, want := product(1), product(1)
	h.save(t, p)
	spoil := func(p catalog.Product) {
		p.Tags[0], p.Options[0], p.Media[0].Alt, p.Variants[0].SKU, p.Variants[0].Options[0] = "x", "x", "x", "x", "x"
	}
	spoil(p)
	for range 2 {
		got, err := h.Products.ByID(t.Context(), scope(), want.ID)
		if err != nil {
			t.Fatalf("ByID: %v", err)
		}
		same(t, got, want)
		spoil(got)
	}
}

func (s suite) findSellable(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	a, b, c := product(1), product(2), product(3)
	h.save(t, a, b, c)
	for _, tc := range []struct {
		name string
		ids  []ref.VariantID
		skus []ref.SKU
		want []catalog.Sellable
	}{
		{"by id", []ref.VariantID{a.Variants[0].ID}, nil, []catalog.Sellable{a.Sellable(a.Variants[0])}},
		{"by SKU", nil, []ref.SKU{b.Variants[1].SKU}, []catalog.Sellable{b.Sellable(b.Variants[1])}},
		{
			"named twice",
			[]ref.VariantID{a.Variants[0].ID, a.Variants[1].ID, a.Variants[0].ID},
			[]ref.SKU{a.Variants[0].SKU},
			[]catalog.Sellable{a.Sellable(a.Variants[0]), a.Sellable(a.Variants[1])},
		},
		{
			"both ways",
			[]ref.VariantID{c.Variants[0].ID},
			[]ref.SKU{a.Variants[0].SKU, "NONE"},
			[]catalog.Sellable{a.Sellable(a.Variants[0]), c.Sellable(c.Variants[0])},
		},
		{"unknown", []ref.VariantID{product(9).Variants[0].ID}, []ref.SKU{"NONE", "p1-s"}, nil},
		{"nothing", nil, nil, nil},
	} {
		found, err := h.Products.Sellable(t.Context(), scope(), tc.ids, tc.skus)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		slices.SortFunc(found, func(x, y catalog.Sellable) int { return strings.Compare(string(x.SKU), string(y.SKU)) })
		slices.SortFunc(tc.want, func(x, y catalog.Sellable) int { return strings.Compare(string(x.SKU), string(y.SKU)) })
		if !slices.EqualFunc(found, tc.want, func(x, y catalog.Sellable) bool { return reflect.DeepEqual(x, y) }) {
			t.Errorf("%s: got %+v, want %+v", tc.name, found, tc.want)
		}
	}
}

func (s suite) findGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	p := product(1)
	h.save(t, p)
	ctx := gone(t)
	for name, read := range map[string]func() error{
		"List":     func() error { _, err := h.Products.List(ctx, scope(), catalog.ListQuery{Limit: 1}); return err },
		"ByID":     func() error { _, err := h.Products.ByID(ctx, scope(), p.ID); return err },
		"BySlug":   func() error { _, err := h.Products.BySlug(ctx, scope(), p.Slug); return err },
		"Sellable": func() error { _, err := h.Products.Sellable(ctx, scope(), nil, []ref.SKU{"P1-S"}); return err },
		"Find":     func() error { _, err := h.Products.Find(ctx, p.Slug); return err },
		"SKUs":     func() error { _, err := h.Products.SKUs(ctx, []ref.SKU{"P1-S"}); return err },
	} {
		if err := read(); err == nil || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: got error %v, want one of kind unavailable", name, err)
		}
	}
}

func (s suite) draftFound(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	for i, status := range []catalog.Status{catalog.Draft, catalog.Active, catalog.Archived} {
		p := product(i + 1)
		p.Status = status
		h.save(t, p)
		same(t, h.stored(t, p.Slug), p)
		owners, err := h.Products.SKUs(t.Context(), []ref.SKU{p.Variants[0].SKU, p.Variants[1].SKU, "NONE"})
		if err != nil || len(owners) != 2 || owners[p.Variants[0].SKU] != p.ID || owners[p.Variants[1].SKU] != p.ID {
			t.Errorf("SKUs of a product that is %s: %v, %v", status, owners, err)
		}
	}
}

func (s suite) draftCounted(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	count := func() [2]int64 {
		all, active, err := h.Products.Count(t.Context())
		if err != nil {
			t.Fatalf("Count: %v", err)
		}
		return [2]int64{all, active}
	}
	if got := count(); got != [2]int64{} {
		t.Errorf("Count of nothing: %v", got)
	}
	draft := product(1)
	draft.Status = catalog.Draft
	h.save(t, draft, product(2), product(3))
	if got, want := count(), [2]int64{3, 2}; got != want {
		t.Errorf("Count: got %v, want %v", got, want)
	}
}
