package catalog

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Index gives a page of all products, whatever their status, newest first. Errors: Bad with the query's fields.
func (s *Service) Index(ctx context.Context, q IndexQuery) (IndexPage, error) {
	c := &check{}
	c.text("q", q.Text, 0, QueryTextMax)
	if q.Status != "" && !ProductMachine.Knows(q.Status) {
		c.add("status", "a product is draft, active or archived")
	}
	err := fault.Collect(c.violations)
	if q.Limit < 1 || q.Limit > PageMax {
		err = withViolation(err, BrokenRule.Newf("a page has 1 to %d items", PageMax).At("limit"))
	}
	if err != nil {
		return IndexPage{}, err
	}
	return s.parts.Directory.Index(ctx, q)
}

// Collections gives a page of the collections that the scope sees, or of all, by slug. Errors: Bad for a limit outside 1
// to PageMax.
func (s *Service) Collections(ctx context.Context, scope ref.Scope, q CollectionQuery) (CollectionPage, error) {
	if err := limited(q.Limit); err != nil {
		return CollectionPage{}, err
	}
	return s.parts.Directory.Collections(ctx, scope, q)
}

// Branch is a category with where it stands.
type Branch struct {
	Category

	Path     []Category // Those above it, from the root down.
	Children []Category // Those right below it, in order.
}

// Branch gives a category by its slug. Errors: SlugMoved, with the detail slug, when it had the slug and has another one
// now; else Missing.
func (s *Service) Branch(ctx context.Context, scope ref.Scope, slug string) (Branch, error) {
	tree, err := s.Tree(ctx, scope)
	if err != nil {
		return Branch{}, err
	}
	c, known := tree.BySlug(slug)
	if !known {
		return Branch{}, s.moved(ctx, CategorySlugs, slug, fault.Missing.New("there is no such category"), nil)
	}
	path := tree.Path(c.ID)
	return Branch{Category: c, Path: path[:len(path)-1], Children: tree.Children(c.ID)}, nil
}

// GetBrand gives a brand in the shop's own language. Errors: Missing.
func (s *Service) GetBrand(ctx context.Context, id ref.BrandID) (Brand, error) {
	return s.parts.Brands.Get(ctx, id)
}

// moved is the error for a slug that nothing has: where it leads, if the caller may see that, else the error that it is
// missing.
func (s *Service) moved(ctx context.Context, kind SlugKind, slug string, missing error, hidden func(present string) error) error {
	present, err := s.parts.Directory.Moved(ctx, kind, slug)
	if err == nil && hidden != nil {
		err = hidden(present)
	}
	switch {
	case err == nil:
		return SlugMoved.Newf("the %s moved; its slug is in slug", kind).With("slug", present)
	case fault.KindOf(err) == fault.NotFound:
		return missing
	default:
		return err
	}
}
