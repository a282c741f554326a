package bridge

import (
	"context"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// world is what one walk knows of the shop beside its products, and of what the file itself makes. What a walk that does
// not write would make has an id that stands for it.
type world struct {
	*Importer

	writes      bool
	products    names               // Handles of the file.
	skus        names               // That products of the file have.
	given       names               // Ids that products of the file are to have, and their variants; those that things of the shop have.
	former      map[string]ref.UUID // What old slugs lead to, by kind and slug; by the kind alone once it was read.
	tree        *catalog.Tree
	paths       map[string]ref.CategoryID // By the id of the one above and catalog.NameKey.
	slugs       map[string]ref.CategoryID
	titles      map[ref.CategoryID]string // For people.
	brands      map[string]catalog.Brand  // By slug, and by NameKey behind a line end, which no slug has.
	collections map[string]ref.CollectionID
	locations   map[inventory.Location]inventory.Site
}

func newWorld(m *Importer, writes bool) *world {
	seed := maphash.MakeSeed()
	return &world{Importer: m, writes: writes, products: names{seed, map[uint64]bool{}}, skus: names{seed, map[uint64]bool{}}, given: names{seed, map[uint64]bool{}}}
}

// names is a set of many names in little memory: it keeps 64 bits of each. That two of a million names are taken for one
// is less likely than one in ten million, and then a file is refused that the reader accepted, and accepted when it is
// read again.
type names struct {
	seed maphash.Seed
	all  map[uint64]bool
}

// has tells whether the name is in the set.
func (n names) has(name string) bool { return n.all[maphash.String(n.seed, name)] }

// seen adds a name, and tells whether it was there.
func (n names) seen(name string) bool {
	key := maphash.String(n.seed, name)
	before := n.all[key]
	n.all[key] = true
	return before
}

// categories reads the tree, once.
func (w *world) categories(ctx context.Context) error {
	if w.tree != nil {
		return nil
	}
	tree, err := w.catalog.Tree(ctx, ref.Scope{})
	if err != nil {
		return err
	}
	w.paths, w.slugs, w.titles = map[string]ref.CategoryID{}, map[string]ref.CategoryID{}, map[ref.CategoryID]string{}
	for _, c := range tree.Subtree(ref.CategoryID{}) {
		var path []string
		for _, above := range tree.Path(c.ID) {
			path = append(path, above.Name)
		}
		w.keep(c, strings.Join(path, " > "))
		w.given.seen(c.ID.String())
	}
	w.tree = &tree
	return nil
}

// keep remembers a category.
func (w *world) keep(c catalog.Category, title string) {
	key := branch(c.Parent, c.Name)
	if _, known := w.paths[key]; !known {
		w.paths[key] = c.ID
	}
	w.slugs[c.Slug], w.titles[c.ID] = c.ID, title
}

// branch is the key of a category by its name.
func branch(above ref.CategoryID, name string) string {
	return above.String() + "\n" + catalog.NameKey(name)
}

// shelf gives the category with the path of names, and makes what is missing of it.
func (w *world) shelf(ctx context.Context, path []string) (ref.CategoryID, error) {
	if err := w.categories(ctx); err != nil {
		return ref.CategoryID{}, err
	}
	var id ref.CategoryID
	for i, name := range path {
		next, known := w.paths[branch(id, name)]
		if known {
			id = next
			continue
		}
		made := catalog.Category{Parent: id, Text: catalog.Text{Name: strings.Join(strings.Fields(name), " ")}}
		switch {
		case !w.writes:
			made.ID = ref.NewID[ref.CategoryKind](w.ids.New())
			judged := made
			if judged.Slug = "any"; judged.Validate() != nil {
				return id, catalog.BrokenRule.Newf("the name of a category has 1 to %d characters", catalog.TextMax)
			}
			if len(w.titles) >= catalog.CategoriesMax {
				return id, catalog.TreeTooLarge.Newf("a shop has at most %d categories", catalog.CategoriesMax)
			}
		case i == 0:
			ensured, err := w.catalog.EnsureCategory(ctx, name)
			if err != nil {
				return id, err
			}
			made = ensured
		default:
			saved, err := w.catalog.SaveCategory(ctx, made)
			if err != nil {
				return id, err
			}
			made = saved
		}
		w.keep(made, strings.Join(path[:i+1], " > "))
		id = made.ID
	}
	return id, nil
}

// root finds the category of a name that stands at the root; the zero id when there is none.
func (w *world) root(ctx context.Context, name string) (ref.CategoryID, error) {
	if err := w.categories(ctx); err != nil {
		return ref.CategoryID{}, err
	}
	return w.paths[branch(ref.CategoryID{}, name)], nil
}

// makers reads the brands, once.
func (w *world) makers(ctx context.Context) error {
	if w.brands != nil {
		return nil
	}
	all := map[string]catalog.Brand{}
	for after := ""; ; {
		page, err := w.catalog.Brands(ctx, ref.Scope{}, catalog.BrandQuery{Limit: catalog.PageMax, After: after})
		if err != nil {
			return err
		}
		for _, b := range page.Items {
			all[b.Slug], all["\n"+catalog.NameKey(b.Name)] = b, b
			w.given.seen(b.ID.String())
		}
		if after = page.Next; after == "" {
			w.brands = all
			return nil
		}
	}
}

// sets reads which collections there are, once.
func (w *world) sets(ctx context.Context) error {
	if w.collections != nil {
		return nil
	}
	all := map[string]ref.CollectionID{}
	for after := ""; ; {
		page, err := w.catalog.Collections(ctx, ref.Scope{}, catalog.CollectionQuery{All: true, Limit: catalog.PageMax, After: after})
		if err != nil {
			return err
		}
		for _, c := range page.Items {
			all[c.Slug] = c.ID
			w.given.seen(c.ID.String())
		}
		if after = page.Next; after == "" {
			w.collections = all
			return nil
		}
	}
}

// places reads the locations, once.
func (w *world) places(ctx context.Context) error {
	if w.locations != nil {
		return nil
	}
	all, err := w.inventory.Locations(ctx)
	if err != nil {
		return err
	}
	w.locations = map[inventory.Location]inventory.Site{}
	for _, s := range all {
		w.locations[s.Location] = s
	}
	return nil
}

// judgeLocations refuses stock at places that are not there, or closed.
func (w *walk) judgeLocations(ctx context.Context, plans []*plan) error {
	for _, p := range plans {
		for i, v := range p.source.Variants {
			for at, n := range v.Levels {
				if err := w.world.places(ctx); err != nil {
					return err
				}
				field := "variants[" + strconv.Itoa(i) + "].stock"
				switch site, known := w.world.locations[at]; {
				case !known:
					w.refuse(p.violation(inventory.UnknownLocation.Newf("there is no location %q; make it first, or name it in the file", at).At(field)))
				case site.State == inventory.SiteClosed && n != 0:
					w.refuse(p.violation(inventory.LocationClosed.Newf("the location %q is closed and takes no stock", at).At(field)))
				}
				if n < -inventory.QuantityMax || n > inventory.QuantityMax {
					w.refuse(p.violation(inventory.BrokenRule.Newf("a quantity is at most %d", int64(inventory.QuantityMax)).At(field)))
				}
			}
		}
	}
	return nil
}

// resolve finds a product's categories by their slugs.
func (w *walk) resolve(ctx context.Context, p *plan) ([]ref.CategoryID, error) {
	if err := w.world.categories(ctx); err != nil {
		return nil, err
	}
	out := []ref.CategoryID{}
	for i, slug := range p.source.Categories {
		id, known := w.world.slugs[slug]
		if !known {
			w.refuse(p.violation(catalog.UnknownReference.Newf("there is no category %q; make it first, or name it in the file", slug).At("categories[" + strconv.Itoa(i) + "]")))
			continue
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// invalid tells whether an error says that what was asked for cannot be.
func invalid(err error) bool { return err != nil && fault.KindOf(err) == fault.Invalid }

// missing tells whether an error says that something is not there.
func missing(err error) bool { return err != nil && fault.KindOf(err) == fault.NotFound }

// taken tells whether a brand, category or collection of the shop has the id, or one of the file is to have it.
func (w *world) taken(id string) bool { return w.given.seen(id) }
