package catalogtest

import (
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func scopeClauses() []Clause {
	return []Clause{
		{ID: "products-scope", Case: "what is not active", Run: scopeStatus},
		{ID: "products-scope", Case: "the status changes", Run: scopeFollows},
		{ID: "products-scope", Case: "channels", Run: scopeChannels},
		{ID: "products-scope", Case: "the listings change", Run: scopeRelisted},
		{ID: "products-scope", Case: "windows to the microsecond", Run: scopeWindows},
		{ID: "products-scope", Case: "variants", Run: scopeVariants},
		{ID: "products-scope", Case: "nothing left to sell", Run: scopeSoldOut},
	}
}

// sees checks in all reads of products whether the scope sees the product, with exactly these of its variants.
func (h Harness) sees(t TB, scope ref.Scope, p catalog.Product, variants ...int) {
	t.Helper()
	want := len(variants) > 0
	check := func(read string, got catalog.Product, err error) {
		t.Helper()
		switch {
		case !want:
			if err == nil || fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s in %s at %s: got %v, want kind not_found", read, scope.Channel, scope.At, err)
			}
		case err != nil || got.ID != p.ID:
			t.Errorf("%s in %s at %s: got %s, %v", read, scope.Channel, scope.At, got.ID, err)
		default:
			var ids []ref.VariantID
			for _, i := range variants {
				ids = append(ids, p.Variants[i].ID)
			}
			if found := variantIDs(got); !slices.Equal(found, ids) {
				t.Errorf("%s in %s at %s: got variants %v, want %v", read, scope.Channel, scope.At, found, ids)
			}
		}
	}
	got, err := h.Products.ByID(t.Context(), scope, p.ID)
	check("ByID", got, err)
	got, err = h.Products.BySlug(t.Context(), scope, p.Slug)
	check("BySlug", got, err)
	page, err := h.Products.List(t.Context(), scope, catalog.ListQuery{Limit: catalog.PageMax})
	if err != nil {
		t.Errorf("List: %v", err)
	}
	if i := slices.IndexFunc(page.Items, func(o catalog.Product) bool { return o.ID == p.ID }); i >= 0 {
		check("List", page.Items[i], nil)
		if !want {
			t.Errorf("List in %s at %s gives the product", scope.Channel, scope.At)
		}
	} else if want {
		t.Errorf("List in %s at %s does not give the product", scope.Channel, scope.At)
	}
	for i, v := range p.Variants {
		for how, found := range map[string]func() ([]catalog.Sellable, error){
			"id": func() ([]catalog.Sellable, error) {
				return h.Products.Sellable(t.Context(), scope, []ref.VariantID{v.ID}, nil)
			},
			"SKU": func() ([]catalog.Sellable, error) {
				return h.Products.Sellable(t.Context(), scope, nil, []ref.SKU{v.SKU})
			},
		} {
			if sold, err := found(); err != nil || (len(sold) == 1) != slices.Contains(variants, i) {
				t.Errorf("Sellable of variant %d by %s in %s at %s: %d, %v", i, how, scope.Channel, scope.At, len(sold), err)
			}
		}
	}
}

// variantIDs lists the variants of a product.
func variantIDs(p catalog.Product) []ref.VariantID {
	var out []ref.VariantID
	for _, v := range p.Variants {
		out = append(out, v.ID)
	}
	return out
}

func scopeStatus(t TB, open func(TB) Harness) {
	h := open(t)
	for i, status := range []catalog.Status{catalog.Draft, catalog.Archived} {
		p := product(i + 1)
		p.Status = status
		h.save(t, p)
		h.sees(t, front(), p)
	}
}

func scopeFollows(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	for _, status := range []catalog.Status{catalog.Draft, catalog.Active, catalog.Archived, catalog.Active} {
		p.Status = status
		h.save(t, p)
		if status == catalog.Active {
			h.sees(t, front(), p, 0, 1)
		} else {
			h.sees(t, front(), p)
		}
		p = next(p)
	}
}

func scopeChannels(t TB, open func(TB) Harness) {
	h := open(t)
	unlisted, elsewhere, both, later := product(1), product(2), product(3), product(4)
	elsewhere.Listings = []catalog.Listing{{Channel: "b2b", Published: true}}
	both.Listings = []catalog.Listing{{Channel: "b2b", Published: true}, {Channel: ref.DefaultChannel, Published: true}}
	later.Listings = []catalog.Listing{{Channel: "b2b"}, {Channel: ref.DefaultChannel}}
	h.save(t, unlisted, elsewhere, both, later)
	h.sees(t, in(ref.DefaultChannel, base), unlisted, 0, 1)
	h.sees(t, in(ref.DefaultChannel, base), elsewhere)
	h.sees(t, in(ref.DefaultChannel, base), both, 0, 1)
	h.sees(t, in(ref.DefaultChannel, base), later)
	h.sees(t, in("b2b", base), unlisted)
	h.sees(t, in("b2b", base), elsewhere, 0, 1)
	h.sees(t, in("b2b", base), both, 0, 1)
	h.sees(t, in("b2b", base), later)
	for _, p := range []catalog.Product{unlisted, elsewhere, both, later} {
		h.sees(t, in("pos", base), p)
		h.sees(t, in("", base), p)
	}
}

func scopeRelisted(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p)
	p = next(p)
	p.Listings = []catalog.Listing{{Channel: "b2b", Published: true}}
	h.save(t, p)
	h.sees(t, front(), p)
	h.sees(t, in("b2b", base), p, 0, 1)
	p = next(p)
	p.Listings = []catalog.Listing{{Channel: "b2b"}, {Channel: "pos", Published: true}}
	h.save(t, p)
	h.sees(t, in("b2b", base), p)
	h.sees(t, in("pos", base), p, 0, 1)
	p = next(p)
	p.Listings = nil
	h.save(t, p)
	h.sees(t, in("pos", base), p)
	h.sees(t, front(), p, 0, 1)
}

func scopeWindows(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.Publication = catalog.Window{From: hour(1), Until: hour(6)}
	p.Listings = []catalog.Listing{
		{Channel: ref.DefaultChannel, Published: true, Window: catalog.Window{From: hour(2)}},
		{Channel: "b2b", Published: true, Window: catalog.Window{Until: hour(4)}},
		{Channel: "pos", Published: true, Window: catalog.Window{Until: hour(1)}},
	}
	h.save(t, p)
	for channel, window := range map[ref.Channel]catalog.Window{
		ref.DefaultChannel: {From: hour(2), Until: hour(6)}, "b2b": {From: hour(1), Until: hour(4)},
	} {
		h.sees(t, in(channel, window.From.Add(-1000)), p)
		h.sees(t, in(channel, window.From), p, 0, 1)
		h.sees(t, in(channel, window.Until.Add(-1000)), p, 0, 1)
		h.sees(t, in(channel, window.Until), p)
	}
	for n := range 7 { // The windows of this one never meet.
		h.sees(t, in("pos", hour(n)), p)
	}
}

func scopeVariants(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.Listings = []catalog.Listing{{Channel: "b2b", Published: true}, {Channel: ref.DefaultChannel, Published: true}}
	p.Variants[0].Channels = []ref.Channel{"b2b", "pos"}
	h.save(t, p)
	h.sees(t, front(), p, 1)
	h.sees(t, in("b2b", base), p, 0, 1)
	p = next(p)
	p.Variants[1].Retired = true
	h.save(t, p)
	h.sees(t, in("b2b", base), p, 0)
	page, err := h.Products.List(t.Context(), in("b2b", base), catalog.ListQuery{Limit: 5})
	if err != nil || len(page.Items) != 1 || page.Items[0].Variants[0].SKU != p.Variants[0].SKU {
		t.Errorf("List: %v, %v", page.Items, err)
	}
}

func scopeSoldOut(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	p.Listings = []catalog.Listing{{Channel: "b2b", Published: true}, {Channel: ref.DefaultChannel, Published: true}}
	p.Variants[0].Channels, p.Variants[1].Channels = []ref.Channel{"b2b"}, []ref.Channel{"b2b"}
	h.save(t, p, product(2))
	h.sees(t, front(), p)
	h.sees(t, in("b2b", base), p, 0, 1)
	p = next(p)
	p.Variants[0].Retired, p.Variants[1].Retired = true, true
	h.save(t, p)
	h.sees(t, in("b2b", base), p)
	if got, err := h.Products.Get(t.Context(), p.ID); err != nil || len(got.Variants) != 2 {
		t.Errorf("Get: %d variants, %v; want those that are retired too", len(got.Variants), err)
	}
}
