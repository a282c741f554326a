package catalog_test

import (
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestRemember(t *testing.T) {
	t.Parallel()
	s, _ := service()
	stored, err := s.Save(t.Context(), mug())
	if err != nil {
		t.Fatal(err)
	}
	known := stored.Variants[0].SKU
	made, err := s.Remember(t.Context(), []catalog.Relic{{SKU: "85123A", Title: "Heart"}, {SKU: "84029G", Title: "Heart"}, {SKU: "?"}, {SKU: "LONG", Title: strings.Repeat("é", 200)}})
	if err != nil || len(made) != 4 {
		t.Fatalf("%+v, %v", made, err)
	}
	found, err := s.Variants(t.Context(), []ref.SKU{"85123A", "?", known, "NONE"})
	if err != nil || len(found) != 3 || found["85123A"].Variant != made["85123A"].Variant || found[known].Product != stored.ID {
		t.Errorf("found %+v, %v", found, err)
	}
	slugs := map[string]bool{}
	for sku, v := range made {
		p, err := s.Get(t.Context(), v.Product)
		if err != nil || p.Status != catalog.Archived || len(p.Variants) != 1 || p.Variants[0].SKU != sku || slugs[p.Slug] || len(p.Title) > catalog.TitleMax {
			t.Errorf("%s: %+v, %v", sku, p, err)
		}
		slugs[p.Slug] = true
	}
	if p, _ := s.Get(t.Context(), made["?"].Product); p.Title != "?" {
		t.Errorf("without a title it is %q", p.Title)
	}
	if none, err := s.Remember(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("nothing: %v, %v", none, err)
	}
	if _, err := s.Remember(t.Context(), []catalog.Relic{{SKU: "NEW"}, {SKU: "85123A"}}); !fault.Is(err, catalog.SKUTaken) && !fault.Is(err, catalog.SlugTaken) {
		t.Errorf("one that is there: %v", err)
	}
	if found, err := s.Variants(t.Context(), []ref.SKU{"NEW"}); err != nil || len(found) != 0 {
		t.Errorf("a refusal left %+v, %v", found, err)
	}
	if _, err := s.Remember(t.Context(), []catalog.Relic{{SKU: ""}}); !fault.Is(err, fault.Bad) {
		t.Errorf("no SKU: %v", err)
	}
}
