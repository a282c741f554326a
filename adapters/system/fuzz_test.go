package system_test

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// Whatever the text, its slug is one that the catalogue takes, or none, and its own slug.
func FuzzSlugger(f *testing.F) {
	for _, text := range []string{"Crème brûlée", "日本", "", "--", "a\xff\x00", "prd_x", "İI", "ß"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		slug := system.NewSlugger().Slug(text)
		if slug == "" {
			return
		}
		err := catalog.Brand{Slug: slug, Text: catalog.Text{Name: "B"}}.Validate()
		if e := fault.Of(err); e != nil && slices.ContainsFunc(e.Violations(), func(v *fault.Error) bool { return v.Field() == "slug" }) {
			t.Errorf("the slug of %q is %q: %v", text, slug, err)
		}
		if again := system.NewSlugger().Slug(slug); again != slug {
			t.Errorf("the slug of the slug %q is %q", slug, again)
		}
	})
}
