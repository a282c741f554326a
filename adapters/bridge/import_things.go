package bridge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// thing does what the phase does with what is no product.
func (w *walk) thing(ctx context.Context, i ImportItem) error {
	var c ImportChange
	var err error
	switch {
	case i.Location != nil:
		c, err = w.location(ctx, *i.Location)
	case i.Brand != nil:
		c, err = w.brand(ctx, *i.Brand)
	case i.Category != nil:
		c, err = w.category(ctx, *i.Category)
	case i.Collection != nil:
		c, err = w.collection(ctx, *i.Collection)
	case i.Moved != nil:
		c, err = w.moved(ctx, *i.Moved)
	default:
		return nil
	}
	c.Line = i.Line
	switch {
	case w.phase == ImportJudges && invalid(err):
		for _, v := range listed(err) {
			w.refuse(v.Under(c.Kind).With("handle", c.Name).With("line", i.Line).With("column", v.Field()))
		}
		return nil
	case err != nil:
		return fmt.Errorf("importing the %s %q: %w", c.Kind, c.Name, err)
	}
	if c.What != ChangeNone {
		w.report.Structure++
	}
	if w.phase == ImportShows {
		w.shown(c)
	}
	return nil
}

// listed gives the violations of an error, itself when it lists none.
func listed(err error) []*fault.Error {
	known := fault.Of(err)
	if all := known.Violations(); len(all) > 0 {
		return all
	}
	return []*fault.Error{known}
}

// location makes a location be as the file says.
func (w *walk) location(ctx context.Context, want inventory.Site) (ImportChange, error) {
	c := ImportChange{Kind: "location", Name: string(want.Location), What: ChangeNone, Fields: []FieldChange{}}
	if err := w.world.places(ctx); err != nil {
		return c, err
	}
	has, known := w.world.locations[want.Location]
	if want.Name == "" {
		if want.Name = has.Name; !known {
			want.Name = string(want.Location)
		}
	}
	if want.State == "" {
		want.State = has.State
	}
	if want.State == "" {
		want.State = inventory.SiteOpen
	}
	if err := want.Validate(); err != nil {
		return c, err
	}
	want.Version = has.Version
	c.What = what(!known, has != want)
	site := func(s inventory.Site) map[string]string {
		if s.Location == "" {
			return nil
		}
		return map[string]string{"name": s.Name, "priority": strconv.Itoa(int(s.Priority)), "state": string(s.State)}
	}
	c.Fields = differences(site(has), site(want))
	w.world.locations[want.Location] = want
	if w.phase != ImportWrites || c.What == ChangeNone {
		return c, nil
	}
	var err error
	if !known {
		has, err = w.inventory.OpenLocation(ctx, want)
	} else if has.Name != want.Name || has.Priority != want.Priority {
		has, err = w.inventory.ChangeLocation(ctx, want.Location, 0, want.Name, want.Priority)
	}
	switch {
	case err != nil || has.State == want.State:
	case want.State == inventory.SiteClosed:
		_, err = w.inventory.CloseLocation(ctx, want.Location)
	default:
		_, err = w.inventory.ReopenLocation(ctx, want.Location)
	}
	return c, err
}

// brand makes a brand be as the file says. It is the one of the slug, else of the name.
func (w *walk) brand(ctx context.Context, want ImportBrand) (ImportChange, error) {
	c := ImportChange{Kind: "brand", Name: want.Slug, What: ChangeNone, Fields: []FieldChange{}}
	if err := w.world.makers(ctx); err != nil {
		return c, err
	}
	b, known := w.world.brands[want.Slug]
	before := b
	b.Slug, b.Translations = want.Slug, maps.Clone(b.Translations)
	want.Also(&b)
	if !known {
		if named, found := w.world.brands["\n"+catalog.NameKey(b.Name)]; found {
			before, known = named, true
			b, b.Slug, b.Translations = named, want.Slug, maps.Clone(named.Translations)
			want.Also(&b)
		}
	} else if named, found := w.world.brands["\n"+catalog.NameKey(b.Name)]; found && named.ID != b.ID {
		return c, fault.Collect([]*fault.Error{catalog.BrokenRule.Newf("the brand %q has this name", named.Slug).At("name")})
	}
	if b.Version == 0 && w.world.taken(b.ID.String()) {
		b.ID = ref.BrandID{}
	}
	if err := b.Validate(); err != nil {
		return c, err
	}
	texts := func(b catalog.Brand) map[string]string { return toldText(b.Slug, b.Text, b.Translations) }
	c.Fields = differences(texts(before), texts(b))
	c.What = what(!known, len(c.Fields) > 0)
	if w.phase == ImportWrites && c.What != ChangeNone {
		var err error
		if b, err = w.catalog.SaveBrand(ctx, b); err != nil {
			return c, err
		}
	} else if b.ID.IsZero() {
		b.ID = ref.NewID[ref.BrandKind](w.ids.New())
	}
	w.world.brands[b.Slug], w.world.brands["\n"+catalog.NameKey(b.Name)] = b, b
	return c, nil
}

// toldText is what a brand, category or collection says of itself, as a list of fields.
func toldText(slug string, t catalog.Text, translations map[string]catalog.Text) map[string]string {
	out := map[string]string{
		"slug": slug, "name": t.Name, "description": t.Description, "seo.title": t.SEO.Title, "seo.description": t.SEO.Description,
	}
	for locale, o := range translations {
		out["translations."+locale] = text(o)
	}
	return out
}

// category makes a category be as the file says. A new one comes behind its siblings.
func (w *walk) category(ctx context.Context, want ImportCategory) (ImportChange, error) {
	c := ImportChange{Kind: "category", Name: want.Slug, What: ChangeNone, Fields: []FieldChange{}}
	if err := w.world.categories(ctx); err != nil {
		return c, err
	}
	var before catalog.Category
	id, known := w.world.slugs[want.Slug]
	if known {
		before, _ = w.world.tree.Get(id)
	}
	after := before
	after.Slug, after.Translations = want.Slug, maps.Clone(before.Translations)
	want.Also(&after)
	parent := before.Parent
	if want.Parent != nil {
		var there bool
		if parent, there = w.world.slugs[*want.Parent]; !there && *want.Parent != "" {
			return c, fault.Collect([]*fault.Error{catalog.UnknownReference.Newf("there is no category %q above it; it stands before it in the file", *want.Parent).At("parent")})
		}
	}
	if after.Version == 0 && w.world.taken(after.ID.String()) {
		after.ID = ref.CategoryID{}
	}
	if err := after.Validate(); err != nil {
		return c, err
	}
	texts := func(o catalog.Category, above ref.CategoryID) map[string]string {
		out := toldText(o.Slug, o.Text, o.Translations)
		out["parent"] = w.world.titles[above]
		return out
	}
	var from map[string]string
	if known {
		from = texts(before, before.Parent)
	}
	c.Fields = differences(from, texts(after, parent))
	c.What = what(!known, len(c.Fields) > 0)
	if w.phase != ImportWrites || c.What == ChangeNone {
		if after.ID.IsZero() {
			after.ID = ref.NewID[ref.CategoryKind](w.ids.New())
		}
		after.Parent = parent
		w.world.keep(after, title(w.world.titles[parent], after.Name))
		return c, nil
	}
	if !known {
		after.Parent = parent
	}
	saved, err := w.catalog.SaveCategory(ctx, after)
	if err == nil && saved.Parent != parent {
		saved, err = w.catalog.MoveCategory(ctx, saved.ID, saved.Version, parent, catalog.CategoriesMax)
	}
	if err == nil {
		w.world.keep(saved, title(w.world.titles[parent], saved.Name))
	}
	return c, err
}

// title names a category for people.
func title(above, name string) string {
	if above == "" {
		return name
	}
	return above + " > " + name
}

// collection makes a collection be as the file says.
func (w *walk) collection(ctx context.Context, want ImportCollection) (ImportChange, error) {
	c := ImportChange{Kind: "collection", Name: want.Slug, What: ChangeNone, Fields: []FieldChange{}}
	if err := w.world.sets(ctx); err != nil {
		return c, err
	}
	var before catalog.Collection
	id, known := w.world.collections[want.Slug]
	if known {
		var err error
		if before, err = w.catalog.GetCollection(ctx, id); err != nil {
			return c, err
		}
	}
	after := before
	after.Slug, after.Translations, after.Metadata = want.Slug, maps.Clone(before.Translations), maps.Clone(before.Metadata)
	after.Listings = slices.Clone(before.Listings)
	want.Also(&after)
	if after.Version == 0 && w.world.taken(after.ID.String()) {
		after.ID = ref.CollectionID{}
	}
	if want.Rule != nil {
		rule, err := w.rule(ctx, *want.Rule)
		if err != nil {
			return c, err
		}
		after.Rule = &rule
	}
	var err error
	if want.Products != nil {
		after.Products, err = w.members(ctx, want.Products)
	}
	if err == nil {
		err = after.Validate()
	}
	if err == nil && known && (before.Rule == nil) != (after.Rule == nil) {
		err = fault.Collect([]*fault.Error{catalog.BrokenRule.New("a collection stays by hand or by rule; give this one another slug").At("rule")})
	}
	if err != nil {
		return c, err
	}
	fields := func(o catalog.Collection) map[string]string {
		out := toldText(o.Slug, o.Text, o.Translations)
		out["publication"], out["listings"], out["metadata"] = span(o.Publication), text(o.Listings), text(o.Metadata)
		out["products"] = ids(o.Products)
		if o.Rule != nil {
			out["rule"] = text(*o.Rule)
		}
		return out
	}
	c.Fields = differences(fields(before), fields(after))
	c.What = what(!known, len(c.Fields) > 0)
	if w.phase == ImportWrites && c.What != ChangeNone {
		after, err = w.catalog.SaveCollection(ctx, after)
	} else if after.ID.IsZero() {
		after.ID = ref.NewID[ref.CollectionKind](w.ids.New())
	}
	w.world.collections[want.Slug] = after.ID
	return c, err
}

// rule gives a rule with ids for the slugs of brands and categories.
func (w *walk) rule(ctx context.Context, r catalog.Rule) (catalog.Rule, error) {
	unknown := func(kind string) error {
		return fault.Collect([]*fault.Error{catalog.UnknownReference.Newf("there is no %s %q, which the rule names", kind, r.Value).At("rule")})
	}
	switch r.Op { //nolint:exhaustive // The others name nothing that has an id.
	case catalog.RuleBrand:
		if err := w.world.makers(ctx); err != nil {
			return r, err
		}
		b, known := w.world.brands[r.Value]
		if !known {
			return r, unknown("brand")
		}
		r.Value = b.ID.String()
	case catalog.RuleCategory:
		if err := w.world.categories(ctx); err != nil {
			return r, err
		}
		id, known := w.world.slugs[r.Value]
		if !known {
			return r, unknown("category")
		}
		r.Value = id.String()
	}
	r.Rules = slices.Clone(r.Rules)
	for i := range r.Rules {
		var err error
		if r.Rules[i], err = w.rule(ctx, r.Rules[i]); err != nil {
			return r, err
		}
	}
	return r, nil
}

// members finds the products of a collection by hand.
func (w *walk) members(ctx context.Context, slugs []string) ([]ref.ProductID, error) {
	out := make([]ref.ProductID, 0, len(slugs))
	for _, slug := range slugs {
		p, err := w.catalog.Find(ctx, slug)
		switch {
		case err == nil:
			out = append(out, p.ID)
		case !missing(err):
			return nil, err
		case w.phase != ImportWrites && w.world.products.has(slug):
			out = append(out, ref.NewID[ref.ProductKind](w.ids.New()))
		default:
			return nil, fault.Collect([]*fault.Error{catalog.UnknownReference.Newf("there is no product %q; it stands before the collection in the file", slug).At("products")})
		}
	}
	return out, nil
}
