package bridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ExportSink takes what an export gives, those that are named before those that name them. It is what exchange.Writer
// does.
type ExportSink interface {
	Location(s inventory.Site) error
	Brand(b catalog.Brand) error
	// Category takes the slug of the one above it, "" for none.
	Category(c catalog.Category, parent string) error
	// Product takes the slugs of its categories, their names from the root down, and how each of its variants is sold.
	Product(p catalog.Product, slugs []string, shelves [][]string, sold []ExportSold) error
	// Collection takes its rule with slugs for ids, and the slugs of the products of one by hand.
	Collection(c catalog.Collection, rule *catalog.Rule, products []string) error
	// Moved takes a slug that was given up, and the present one of the thing that it leads to.
	Moved(kind catalog.SlugKind, slug, to string) error
	End() error
}

// ExportSold is how a variant is sold: what it costs, and how many there are. It is the same type as exchange.SoldAs; keep
// both alike.
type ExportSold = struct {
	Price   *pricing.Price  // Without an end; nil for none.
	Planned []pricing.Price // For a time, now or later.
	Plans   []pricing.Plan  // Those that say more: of other channels and currencies, or with a past.
	Levels  map[inventory.Location]int64
	Policy  inventory.Policy
}

// Exporter gives the catalogue away, with its prices in one channel and currency and its stock, as far as another shop can
// take it over by an import: what a shop that moves there is to have. What it does not give: orders and what they hold of
// stock, who changed what when, and prices of before the plans of now.
// Safe for concurrent use.
type Exporter struct {
	catalog   *catalog.Service
	pricing   *pricing.Service
	inventory *inventory.Service
}

// NewExporter needs all of its parts.
func NewExporter(c *catalog.Service, p *pricing.Service, i *inventory.Service) *Exporter {
	return &Exporter{catalog: c, pricing: p, inventory: i}
}

// ExportProgress is told how many products were given; nil for nobody.
type ExportProgress func(products int)

// Export gives all of the catalogue to a sink, page by page, so that no more than a page is in memory. It is no snapshot:
// what changes meanwhile is given as before or after, each product whole. Two shops of the same content give the same.
// Errors: those of the sink and of the services.
func (e *Exporter) Export(ctx context.Context, scope ref.Scope, to ExportSink, tell ExportProgress) error {
	x := &export{Exporter: e, scope: scope, to: to, tell: tell}
	for _, step := range []func(context.Context) error{x.locations, x.brands, x.categories, x.ruled, x.priceLists, x.products, x.collections, x.moved} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return to.End()
}

// export is one export.
type export struct {
	*Exporter

	scope ref.Scope
	to    ExportSink
	tell  ExportProgress
	sites []inventory.Site
	tree  catalog.Tree
	hand  []ref.CollectionID // Those by hand.
	slugs map[ref.BrandID]string
	sets  map[ref.CollectionID]string // Slugs of collections.
	lists []pricing.List              // The scope's own first.
	given int
}

// locations gives all locations.
func (x *export) locations(ctx context.Context) error {
	sites, err := x.inventory.Locations(ctx)
	x.sites = sites
	for _, s := range sites {
		if err == nil {
			err = x.to.Location(s)
		}
	}
	return err
}

// brands gives all brands.
func (x *export) brands(ctx context.Context) error {
	x.slugs = map[ref.BrandID]string{}
	for after := ""; ; {
		page, err := x.catalog.Brands(ctx, ref.Scope{}, catalog.BrandQuery{Limit: catalog.PageMax, After: after})
		if err != nil {
			return err
		}
		for _, b := range page.Items {
			x.slugs[b.ID] = b.Slug
			if err := x.to.Brand(b); err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// categories gives the tree, each behind the one above it.
func (x *export) categories(ctx context.Context) error {
	tree, err := x.catalog.Tree(ctx, ref.Scope{})
	if err != nil {
		return err
	}
	x.tree = tree
	for _, c := range tree.Subtree(ref.CategoryID{}) {
		above, _ := tree.Get(c.Parent)
		if err := x.to.Category(c, above.Slug); err != nil {
			return err
		}
	}
	return nil
}

// ruled gives the collections by rule, which may stand before the products; those by hand are kept until these are there.
func (x *export) ruled(ctx context.Context) error {
	x.sets = map[ref.CollectionID]string{}
	for after := ""; ; {
		page, err := x.catalog.Collections(ctx, ref.Scope{}, catalog.CollectionQuery{All: true, Limit: catalog.PageMax, After: after})
		if err != nil {
			return err
		}
		for _, c := range page.Items {
			x.sets[c.ID] = c.Slug
			if c.Rule == nil {
				x.hand = append(x.hand, c.ID)
				continue
			}
			if c, err = x.catalog.GetCollection(ctx, c.ID); err != nil {
				return err
			}
			rule := x.rule(*c.Rule)
			if err := x.to.Collection(c, &rule, nil); err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// rule gives a rule with slugs for ids. An id of what is gone stays, so that an import names it.
func (x *export) rule(r catalog.Rule) catalog.Rule {
	switch r.Op { //nolint:exhaustive // The others name nothing that has an id.
	case catalog.RuleBrand:
		if id, err := ref.ParseID[ref.BrandKind](r.Value); err == nil && x.slugs[id] != "" {
			r.Value = x.slugs[id]
		}
	case catalog.RuleCategory:
		if id, err := ref.ParseID[ref.CategoryKind](r.Value); err == nil {
			if c, known := x.tree.Get(id); known {
				r.Value = c.Slug
			}
		}
	}
	r.Rules = slices.Clone(r.Rules)
	for i := range r.Rules {
		r.Rules[i] = x.rule(r.Rules[i])
	}
	return r
}

// collections gives the collections by hand.
func (x *export) collections(ctx context.Context) error {
	for _, id := range x.hand {
		c, err := x.catalog.GetCollection(ctx, id)
		if err != nil {
			if missing(err) {
				continue // It was removed meanwhile.
			}
			return err
		}
		slugs := make([]string, len(c.Products))
		for i, product := range c.Products {
			p, err := x.catalog.Get(ctx, product)
			if err != nil {
				return fmt.Errorf("looking for a product of the collection %q: %w", c.Slug, err)
			}
			slugs[i] = p.Slug
		}
		if err := x.to.Collection(c, nil, slugs); err != nil {
			return err
		}
	}
	return nil
}

// products gives all products, the oldest first, so that whoever imports them lists them in the same order.
func (x *export) products(ctx context.Context) error {
	for after := (ref.ProductID{}); ; {
		page, err := x.catalog.Walk(ctx, after, catalog.PageMax)
		if err != nil || len(page) == 0 {
			return err
		}
		sold, err := x.sold(ctx, page)
		if err != nil {
			return err
		}
		for i, p := range page {
			after = p.ID
			slugs, shelves := []string{}, [][]string{}
			for _, id := range p.Categories {
				c, known := x.tree.Get(id)
				if !known {
					continue // It was made since the tree was given.
				}
				slugs = append(slugs, c.Slug)
				var path []string
				for _, above := range x.tree.Path(id) {
					path = append(path, above.Name)
				}
				shelves = append(shelves, path)
			}
			if err := x.to.Product(p, slugs, shelves, sold[i]); err != nil {
				return err
			}
			x.given++
		}
		if x.tell != nil {
			x.tell(x.given)
		}
	}
}

// sold reads how the variants of products are sold: two reads for a page, and where there is more than one location one
// for each SKU that was counted.
func (x *export) sold(ctx context.Context, page []catalog.Product) ([][]ExportSold, error) {
	var variants []ref.VariantID
	var skus []ref.SKU
	for _, p := range page {
		for _, v := range p.Variants {
			variants, skus = append(variants, v.ID), append(skus, v.SKU)
		}
	}
	plans, err := x.plans(ctx, variants)
	if err != nil {
		return nil, err
	}
	stock := map[ref.SKU]inventory.Availability{}
	for some := range slices.Chunk(skus, skuBatch) {
		found, err := x.inventory.Availability(ctx, some)
		if err != nil {
			return nil, err
		}
		for sku, a := range found {
			stock[sku] = a
		}
	}
	out := make([][]ExportSold, len(page))
	for i, p := range page {
		out[i] = make([]ExportSold, len(p.Variants))
		for j, v := range p.Variants {
			s := x.priced(plans[0][v.ID])
			s.Plans = x.beyond(plans, v.ID)
			has := stock[v.SKU]
			s.Policy = has.Policy
			if s.Levels, err = x.levels(ctx, v.SKU, has); err != nil {
				return nil, err
			}
			out[i][j] = s
		}
	}
	return out, nil
}

// priced takes the prices of a plan that hold or will.
func (x *export) priced(plan pricing.Plan) ExportSold {
	var out ExportSold
	standing, ok := plan.Standing(x.scope.At)
	if ok {
		out.Price = &standing
	}
	for _, p := range plan.Prices {
		over := !p.Window.Until.IsZero() && !x.scope.At.Before(p.Window.Until)
		lasting := p.Window.Until.IsZero() && !x.scope.At.Before(p.Window.From)
		if !over && !lasting {
			out.Planned = append(out.Planned, p)
		}
	}
	return out
}

// levels tells how many of a SKU lie where; nil when nobody counted it.
func (x *export) levels(ctx context.Context, sku ref.SKU, has inventory.Availability) (map[inventory.Location]int64, error) {
	switch {
	case !has.Counted:
		return nil, nil //nolint:nilnil // No level and no error.
	case len(x.sites) == 1:
		return map[inventory.Location]int64{x.sites[0].Location: has.OnHand}, nil
	}
	position, err := x.inventory.Position(ctx, sku)
	if err != nil {
		return nil, err
	}
	out := map[inventory.Location]int64{}
	for _, l := range position.Levels {
		closed := slices.ContainsFunc(x.sites, func(s inventory.Site) bool {
			return s.Location == l.Location && s.State == inventory.SiteClosed
		})
		if !closed { // Nothing lies at a closed one, and nothing can be counted there.
			out[l.Location] = l.OnHand
		}
	}
	return out, nil
}
