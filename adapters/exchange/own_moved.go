package exchange

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// movedKinds are the things whose former slugs a file may name.
var movedKinds = []catalog.SlugKind{catalog.ProductSlugs, catalog.BrandSlugs, catalog.CategorySlugs, catalog.CollectionSlugs}

// moved reads a slug that was given up.
func (o *own) moved(r record, slug string) error {
	var of, to string
	field(o, r, "of", &of, value.name)
	field(o, r, "to", &to, value.name)
	kind := catalog.SlugKind(strings.ToLower(of))
	if of == "" {
		kind = catalog.ProductSlugs
	}
	if !slices.Contains(movedKinds, kind) {
		o.refuseAt(r, "of", CodeUnknownValue, "%q is none of product, brand, category and collection", excerpt(of))
	}
	if to == "" || to == slug {
		o.refuseAt(r, "to", CodeBadValue, "it is the present slug of what %q was the slug of", excerpt(slug))
	}
	return o.out(Item{Line: r.line, Moved: &Moved{Kind: kind, Slug: slug, To: to}})
}

// Moved writes a slug that was given up.
func (w *ownWriter) Moved(kind catalog.SlugKind, slug, to string) error {
	return w.write(kindMoved, []member{{"slug", slug}, {"of", string(kind)}, {"to", to}}, nil)
}

// identity reads an id; the zero one for none.
func identity[K ref.Kind](v value) (ref.ID[K], error) {
	text, err := v.name()
	if err != nil || text == "" {
		return ref.ID[K]{}, err
	}
	id, err := ref.ParseID[K](text)
	if err != nil {
		return id, fmt.Errorf("%q is not an id as exports have them; leave it out to get a new one", excerpt(text))
	}
	return id, nil
}

// begin gives a new thing the id that a file says.
func begin[K ref.Kind](to *ref.ID[K], version ref.Version, said *ref.ID[K]) {
	if said != nil && version == 0 && !said.IsZero() {
		*to = *said
	}
}
