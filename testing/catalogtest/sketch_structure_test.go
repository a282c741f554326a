package catalogtest_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The sketch as the ports of what products belong to.
type (
	categoriesOf  struct{ *sketch }
	brandsOf      struct{ *sketch }
	collectionsOf struct{ *sketch }
)

func (s categoriesOf) Structure(ctx context.Context) (catalog.Structure, error) {
	if err := s.enter(ctx); err != nil {
		return catalog.Structure{}, err
	}
	defer s.mu.Unlock()
	out := catalog.Structure{Version: s.version, Sweep: s.sweep}
	for _, c := range s.categories {
		out.Categories = append(out.Categories, copied(c))
	}
	for id, c := range s.collections {
		if c.Rule != nil {
			out.Ruled = append(out.Ruled, catalog.Ruled{ID: id, Rule: copied(*c.Rule)})
		}
	}
	switch s.flaw {
	case flatRules:
		for i := range out.Ruled {
			out.Ruled[i].Rule.Rules = nil
		}
	case noVersion:
		out.Version = 0
	case firstCategories:
		out.Categories = out.Categories[:min(len(out.Categories), 5)]
	default:
	}
	return out, nil
}

func (s categoriesOf) Subtree(ctx context.Context, scope ref.Scope, slug string) ([]catalog.Category, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var all []catalog.Category
	for _, c := range s.categories {
		c = copied(c).In(s.view(scope))
		if s.flaw == oldPaths {
			c.Parent = s.parents[c.ID]
		}
		all = append(all, c)
	}
	tree := catalog.NewTree(all)
	top, ok := tree.BySlug(slug)
	if !ok {
		return nil, missing()
	}
	out := tree.Subtree(top.ID)
	switch s.flaw {
	case subtreeOneLevel:
		out = slices.DeleteFunc(out, func(c catalog.Category) bool { return c.ID != top.ID && c.Parent != top.ID })
	case subtreeBySlug:
		for _, c := range all {
			if c.ID != top.ID && strings.HasPrefix(c.Slug, slug) && !slices.ContainsFunc(out, func(o catalog.Category) bool { return o.ID == c.ID }) {
				out = append(out, c)
			}
		}
	case subtreeBackwards:
		slices.Reverse(out)
	default:
	}
	return out, nil
}

func (s categoriesOf) ByIDs(ctx context.Context, scope ref.Scope, ids []ref.CategoryID) ([]catalog.Category, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []catalog.Category
	for i, id := range ids {
		c, ok := s.categories[id]
		switch {
		case !ok && s.flaw == idsOrNothing:
			return nil, missing()
		case ok && (!slices.Contains(ids[:i], id) || s.flaw == idsTwice):
			out = append(out, copied(c).In(s.view(scope)))
		}
	}
	return out, nil
}

func (s brandsOf) List(ctx context.Context, scope ref.Scope, q catalog.BrandQuery) (catalog.BrandPage, error) {
	if err := s.enter(ctx); err != nil {
		return catalog.BrandPage{}, err
	}
	defer s.mu.Unlock()
	key := func(b catalog.Brand) string {
		switch s.flaw {
		case brandsBySlug:
			return b.Slug
		case brandsByCase:
			return b.Name
		default:
			return catalog.NameKey(b.Name)
		}
	}
	all := ordered(s.brands, func(a, b catalog.Brand) int { return cmp.Compare(key(a), key(b)) })
	all = slices.DeleteFunc(all, func(b catalog.Brand) bool { return key(b) <= q.After })
	var out catalog.BrandPage
	if len(all) > q.Limit || s.flaw == nextBrandAlways && len(all) == q.Limit {
		out.Next = key(all[q.Limit-1])
		all = all[:q.Limit]
	}
	for _, b := range all {
		out.Items = append(out.Items, copied(b).In(s.view(scope)))
	}
	return out, nil
}

func (s brandsOf) one(ctx context.Context, is func(catalog.Brand) bool) (catalog.Brand, error) {
	if err := s.enter(ctx); err != nil {
		return catalog.Brand{}, err
	}
	defer s.mu.Unlock()
	for _, b := range s.brands {
		if is(b) {
			return copied(b), nil
		}
	}
	if s.flaw == inventsBrands {
		return catalog.Brand{}, nil
	}
	return catalog.Brand{}, missing()
}

func (s brandsOf) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Brand, error) {
	b, err := s.one(ctx, func(b catalog.Brand) bool { return b.Slug == slug })
	return b.In(s.view(scope)), err
}

func (s brandsOf) ByName(ctx context.Context, name string) (catalog.Brand, error) {
	return s.one(ctx, func(b catalog.Brand) bool {
		if s.flaw == exactNames {
			return b.Name == name
		}
		return catalog.NameKey(b.Name) == catalog.NameKey(name)
	})
}

func (s brandsOf) Get(ctx context.Context, id ref.BrandID) (catalog.Brand, error) {
	return s.one(ctx, func(b catalog.Brand) bool { return b.ID == id })
}

func (s collectionsOf) one(ctx context.Context, is func(catalog.Collection) bool) (catalog.Collection, error) {
	if err := s.enter(ctx); err != nil {
		return catalog.Collection{}, err
	}
	defer s.mu.Unlock()
	for _, c := range s.collections {
		if is(c) {
			out := copied(c)
			if s.flaw == dropsProducts {
				out.Products = nil
			}
			return out, nil
		}
	}
	return catalog.Collection{}, missing()
}

func (s collectionsOf) BySlug(ctx context.Context, scope ref.Scope, slug string) (catalog.Collection, error) {
	c, err := s.one(ctx, func(c catalog.Collection) bool { return c.Slug == slug })
	if err != nil {
		return c, err
	}
	if s.flaw == collectionsAlways {
		scope.At = c.Publication.From
	}
	in, ok := c.In(s.view(scope))
	if !ok {
		return c, missing()
	}
	return in, nil
}

func (s collectionsOf) Get(ctx context.Context, id ref.CollectionID) (catalog.Collection, error) {
	return s.one(ctx, func(c catalog.Collection) bool { return c.ID == id })
}

func (s collectionsOf) Find(ctx context.Context, slug string) (catalog.Collection, error) {
	return s.one(ctx, func(c catalog.Collection) bool { return c.Slug == slug })
}

func (s collectionsOf) Walk(ctx context.Context, after string, limit int) ([]catalog.Collection, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	all := ordered(s.collections, func(a, b catalog.Collection) int { return cmp.Compare(a.Slug, b.Slug) })
	all = slices.DeleteFunc(all, func(c catalog.Collection) bool {
		return c.Slug <= after || s.flaw == walksShown && !c.Publication.From.IsZero()
	})
	return copied(all[:min(len(all), limit)]), nil
}

// place is the key of a product in a collection.
func (s collectionsOf) place(c catalog.Collection, p catalog.Product) catalog.MemberPlace {
	out := catalog.MemberPlace{Place: catalog.Place{CreatedAt: p.CreatedAt, ID: p.ID}}
	if c.Rule == nil {
		out.Position = max(slices.Index(c.Products, p.ID), 0)
	}
	return out
}

// compare orders places as they are read.
func (s collectionsOf) compare(a, b catalog.MemberPlace) int {
	if s.flaw == membersByAge {
		a.Position, b.Position = 0, 0
	}
	age := cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.ID.Compare(a.ID))
	if s.flaw == membersOldest {
		age = -age
	}
	return cmp.Or(cmp.Compare(a.Position, b.Position), age)
}

func (s collectionsOf) Members(ctx context.Context, scope ref.Scope, id ref.CollectionID, q catalog.MemberQuery) (catalog.MemberPage, error) {
	if err := s.enter(ctx); err != nil {
		return catalog.MemberPage{}, err
	}
	defer s.mu.Unlock()
	c, known := s.collections[id]
	if !known && s.flaw != membersOfNone {
		return catalog.MemberPage{}, nil
	}
	if s.flaw == membersAnywhere {
		scope.Channel = ref.DefaultChannel
	}
	all := s.sorted(func(p catalog.Product) bool {
		in := slices.Contains(c.Products, p.ID)
		if !known || c.Rule != nil {
			in = slices.Contains(p.Collections, id)
		}
		if s.flaw == membersStay {
			in = in || s.ever[id][p.ID]
		}
		_, ok := s.look(p, scope)
		return in && ok
	}, func(a, b catalog.Product) int { return s.compare(s.place(c, a), s.place(c, b)) })
	if q.After != nil {
		all = slices.DeleteFunc(all, func(p catalog.Product) bool { return s.compare(s.place(c, p), *q.After) <= 0 })
	}
	var out catalog.MemberPage
	if len(all) > q.Limit || s.flaw == nextMemberAlways && len(all) == q.Limit {
		last := s.place(c, all[q.Limit-1])
		out.Next = &last
	}
	for _, p := range all[:min(len(all), q.Limit)] {
		in, _ := s.seen(p, scope)
		out.Items = append(out.Items, in)
	}
	return out, nil
}
