package catalogtest

import (
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func movedClauses() []Clause {
	return []Clause{
		{ID: "products-moved", Case: "the present slug", Run: movedPresent},
		{ID: "products-moved", Case: "what the scope does not see", Run: movedScope},
		{ID: "products-moved", Case: "what nobody gave up", Run: movedNowhere},
	}
}

// renamed is the product's next version with another slug.
func renamed(p catalog.Product, slug string) catalog.Product {
	p = next(p)
	p.Slug = slug
	return p
}

// leads checks where a slug that was given up leads; "" is nowhere.
func (h Harness) leads(t TB, scope ref.Scope, slug, want string) {
	t.Helper()
	switch got, err := h.Products.Moved(t.Context(), scope, slug); {
	case want == "":
		if err == nil || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s leads to %q, %v in %s; want kind not_found", slug, got, err, scope.Channel)
		}
	case err != nil || got != want:
		t.Errorf("%s leads to %q, %v in %s; want %q", slug, got, err, scope.Channel, want)
	}
}

func movedPresent(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p)
	p = renamed(p, "second")
	h.save(t, p)
	h.leads(t, front(), "product-1", "second")
	p = renamed(p, "third")
	h.save(t, p)
	h.leads(t, front(), "product-1", "third")
	h.leads(t, front(), "second", "third")
}

func movedScope(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p)
	p = renamed(p, "second")
	p.Listings = []catalog.Listing{{Channel: "b2b", Published: true}}
	h.save(t, p)
	h.leads(t, front(), "product-1", "")
	h.leads(t, in("b2b", base), "product-1", "second")
	p = next(p)
	p.Status = catalog.Archived
	h.save(t, p)
	h.leads(t, in("b2b", base), "product-1", "")
	p = next(p)
	p.Status, p.Publication = catalog.Active, catalog.Window{From: hour(1)}
	h.save(t, p)
	h.leads(t, in("b2b", base), "product-1", "")
	h.leads(t, in("b2b", hour(1)), "product-1", "second")
}

func movedNowhere(t TB, open func(TB) Harness) {
	h := open(t)
	p := product(1)
	h.save(t, p, product(2))
	p = next(p)
	p.Title = "Changed"
	h.save(t, p)
	for _, slug := range []string{"product-1", "product-2", "none", ""} {
		h.leads(t, front(), slug, "")
	}
}
