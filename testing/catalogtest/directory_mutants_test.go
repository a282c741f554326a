package catalogtest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// The flaws of directories.
const (
	indexActive     flaw = "only active products are in the index"
	indexOldest     flaw = "the index begins with the oldest"
	indexNextAlways flaw = "the last page of the index has a next place"
	indexExactCase  flaw = "texts are found in their case alone"
	indexSKUParts   flaw = "parts of SKUs are found"
	indexOldBrand   flaw = "the index has the first name of a brand"
	listsAll        flaw = "collections are listed in every channel"
	listsProducts   flaw = "collections are listed with their products"
	listsInOwn      flaw = "collections are listed in the shop's own language"
	listsTranslated flaw = "who edits sees translations"
	leadsOnce       flaw = "a slug leads to the slug that came after it"
	leadsAnyKind    flaw = "a slug leads to a thing of another kind"
	leadsFromTaken  flaw = "a slug that was taken leads to who gave it up"
	leadsToGone     flaw = "a slug leads to what is gone"
	leadsAway       flaw = "a former slug leads away from the thing that has it"
	formerAgain     flaw = "a page of former slugs begins with the last one again"
	formerUnsorted  flaw = "former slugs come in the order of letters"
	formerSeen      flaw = "former slugs of products that nobody sees are left out"
)

// given is where a slug leads.
type given struct {
	kind catalog.SlugKind
	id   ref.UUID
	then string // The slug that came after it.
}

// directoryOf is the sketch as the port, and as the committer that notes the slugs that are given up.
type directoryOf struct {
	*sketch

	given map[string]given // By kind and slug.
}

func (d directoryOf) harness() catalogtest.Harness {
	h := d.sketch.harness()
	h.Directory, h.Committer = d, d
	return h
}

func (d directoryOf) key(kind catalog.SlugKind, slug string) string {
	if d.flaw == leadsAnyKind {
		return slug
	}
	return string(kind) + " " + slug
}

// present gives the slug of a thing.
func (d directoryOf) present(kind catalog.SlugKind, id ref.UUID) (string, bool) {
	switch kind {
	case catalog.BrandSlugs:
		b, ok := d.brands[ref.NewID[ref.BrandKind](id)]
		return b.Slug, ok
	case catalog.CategorySlugs:
		c, ok := d.categories[ref.NewID[ref.CategoryKind](id)]
		return c.Slug, ok
	default:
		c, ok := d.collections[ref.NewID[ref.CollectionKind](id)]
		return c.Slug, ok
	}
}

// had tells whether a thing of the kind has the slug.
func (d directoryOf) had(kind catalog.SlugKind, slug string) bool {
	found := false
	for _, b := range d.brands {
		found = found || kind == catalog.BrandSlugs && b.Slug == slug
	}
	for _, c := range d.categories {
		found = found || kind == catalog.CategorySlugs && c.Slug == slug
	}
	for _, c := range d.collections {
		found = found || kind == catalog.CollectionSlugs && c.Slug == slug
	}
	return found
}

func (d directoryOf) Commit(ctx context.Context, c catalog.Commit) error {
	before := map[string]given{}
	for _, s := range c.Slugs() {
		if old, ok := d.present(s.Kind, s.ID); ok && old != s.Slug {
			before[d.key(s.Kind, old)] = given{s.Kind, s.ID, s.Slug}
		}
	}
	if err := d.sketch.Commit(ctx, c); err != nil {
		return err
	}
	for key, g := range before {
		d.given[key] = g
	}
	for _, n := range c.Former {
		if slug, there := d.present(n.Kind, n.ID); n.Kind != catalog.ProductSlugs && there && (d.flaw == leadsAway || !d.had(n.Kind, n.Slug)) {
			d.given[d.key(n.Kind, n.Slug)] = given{n.Kind, n.ID, slug}
		}
	}
	for _, s := range c.Slugs() {
		if d.flaw != leadsFromTaken {
			delete(d.given, d.key(s.Kind, s.Slug))
		}
	}
	return nil
}

func (d directoryOf) Index(_ context.Context, q catalog.IndexQuery) (catalog.IndexPage, error) {
	var found []catalog.Product
	for _, p := range d.products {
		ok := q.Passes(p) && (d.flaw != indexActive || p.Status == catalog.Active)
		if d.flaw == indexExactCase {
			ok = ok && (strings.Contains(p.Title+" "+p.Slug, q.Text) || q.Passes(catalog.Product{Status: p.Status, Variants: p.Variants}))
		}
		if d.flaw == indexSKUParts {
			ok = ok || slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return strings.Contains(string(v.SKU), q.Text) })
		}
		if b, branded := d.brands[p.BrandID]; branded && d.flaw != indexOldBrand {
			p.Brand = b.Name
		}
		if ok {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b catalog.Product) int {
		n := catalog.SortNewest.Compare(catalog.ListingPlace{CreatedAt: a.CreatedAt, ID: a.ID}, catalog.ListingPlace{CreatedAt: b.CreatedAt, ID: b.ID})
		if d.flaw == indexOldest {
			return -n
		}
		return n
	})
	if q.After != nil {
		i := slices.IndexFunc(found, func(p catalog.Product) bool { return p.ID == q.After.ID })
		found = found[i+1:]
	}
	var out catalog.IndexPage
	for _, p := range found[:min(len(found), q.Limit)] {
		out.Items = append(out.Items, p.Indexed())
	}
	if len(found) > q.Limit || d.flaw == indexNextAlways && len(out.Items) == q.Limit {
		last := found[q.Limit-1]
		out.Next = &catalog.Place{CreatedAt: last.CreatedAt, ID: last.ID}
	}
	return out, nil
}

func (d directoryOf) Collections(_ context.Context, scope ref.Scope, q catalog.CollectionQuery) (catalog.CollectionPage, error) {
	var found []catalog.Collection
	for _, c := range d.collections {
		seen, ok := copied(c).In(scope)
		if q.All && d.flaw != listsTranslated || d.flaw == listsInOwn {
			seen = copied(c)
		}
		if q.All || d.flaw == listsAll {
			ok = true
			if seen.ID.IsZero() {
				seen = copied(c)
			}
		}
		if d.flaw != listsProducts {
			seen.Products = nil
		}
		if ok && c.Slug > q.After {
			found = append(found, seen)
		}
	}
	slices.SortFunc(found, func(a, b catalog.Collection) int { return strings.Compare(a.Slug, b.Slug) })
	out := catalog.CollectionPage{Items: found[:min(len(found), q.Limit)]}
	if len(found) > q.Limit {
		out.Next = found[q.Limit-1].Slug
	}
	return out, nil
}

func (d directoryOf) Moved(_ context.Context, kind catalog.SlugKind, slug string) (string, error) {
	g, ok := d.given[d.key(kind, slug)]
	if !ok {
		return "", missing()
	}
	present, there := d.present(g.kind, g.id)
	switch {
	case d.flaw == leadsOnce:
		return g.then, nil
	case !there && d.flaw == leadsToGone:
		return g.then, nil
	case !there:
		return "", missing()
	}
	return present, nil
}

func (d directoryOf) Former(_ context.Context, kind catalog.SlugKind, after string, limit int) ([]catalog.NamedSlug, error) {
	var out []catalog.NamedSlug
	for key, g := range d.given {
		slug := strings.TrimPrefix(key, string(kind)+" ")
		if _, there := d.present(g.kind, g.id); g.kind == kind && there {
			out = append(out, catalog.NamedSlug{Kind: kind, ID: g.id, Slug: slug})
		}
	}
	for slug, id := range d.moved {
		if kind == catalog.ProductSlugs && (d.flaw != formerSeen || d.products[id].Status == catalog.Active) {
			out = append(out, catalog.NamedSlug{Kind: kind, ID: id.UUID(), Slug: slug})
		}
	}
	order := func(slug string) string {
		if d.flaw == formerUnsorted {
			return strings.Trim(slug, "_")
		}
		return slug
	}
	slices.SortFunc(out, func(a, b catalog.NamedSlug) int { return strings.Compare(order(a.Slug), order(b.Slug)) })
	out = slices.DeleteFunc(out, func(n catalog.NamedSlug) bool {
		return order(n.Slug) < order(after) || n.Slug == after && d.flaw != formerAgain
	})
	return out[:min(len(out), limit)], nil
}

func TestDirectoryMutants(t *testing.T) {
	t.Parallel()
	broken := func(f flaw, kills ...string) clausetest.Mutant[catalogtest.Harness] {
		return clausetest.Mutant[catalogtest.Harness]{Name: string(f), Kills: kills, Open: func(catalogtest.TB) catalogtest.Harness {
			return directoryOf{newSketch(f), map[string]given{}}.harness()
		}}
	}
	clausetest.TestMutants(t, catalogtest.DirectoryClauses(), mutants{
		broken(""),
		broken(indexActive, "directory-index"),
		broken(indexOldest, "directory-index"),
		broken(indexNextAlways, "directory-index"),
		broken(indexExactCase, "directory-index"),
		broken(indexSKUParts, "directory-index"),
		broken(indexOldBrand, "directory-index"),
		broken(listsAll, "directory-collections"),
		broken(listsProducts, "directory-collections"),
		broken(listsInOwn, "directory-collections"),
		broken(listsTranslated, "directory-collections"),
		broken(leadsOnce, "directory-moved"),
		broken(leadsAnyKind, "directory-moved", "directory-former"),
		broken(leadsFromTaken, "directory-moved"),
		broken(leadsToGone, "directory-moved"),
		broken(leadsAway, "directory-moved"),
		broken(formerAgain, "directory-former"),
		broken(formerUnsorted, "directory-former"),
		broken(formerSeen, "directory-former"),
	})
}
