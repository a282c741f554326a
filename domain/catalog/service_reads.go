package catalog

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// List gives a page of the products that the scope sees, newest first. Errors: Bad for a limit outside 1 to PageMax.
func (s *Service) List(ctx context.Context, scope ref.Scope, q ListQuery) (Page, error) {
	if err := limited(q.Limit); err != nil {
		return Page{}, err
	}
	return s.parts.Products.List(ctx, scope, q)
}

// Product gives a product that the scope sees, by the text of its id or by its slug. Errors: SlugMoved, with the detail
// slug, when it had the slug and has another one now; else Missing.
func (s *Service) Product(ctx context.Context, scope ref.Scope, idOrSlug string) (Product, error) {
	if id, err := ref.ParseID[ref.ProductKind](idOrSlug); err == nil {
		return s.parts.Products.ByID(ctx, scope, id)
	}
	p, err := s.parts.Products.BySlug(ctx, scope, idOrSlug)
	if !fault.Is(err, fault.Missing) {
		return p, err
	}
	present, moved := s.parts.Products.Moved(ctx, scope, idOrSlug)
	switch {
	case moved == nil:
		return Product{}, SlugMoved.New("the product moved; its slug is in slug").With("slug", present)
	case fault.KindOf(moved) == fault.NotFound:
		return Product{}, err
	default:
		return Product{}, moved
	}
}

// Sellable gives the variants, named by id or by SKU, that are on sale in the scope.
func (s *Service) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]Sellable, error) {
	return s.parts.Products.Sellable(ctx, scope, ids, skus)
}

// Get gives the whole product in the shop's own language, whatever its status. Errors: Missing.
func (s *Service) Get(ctx context.Context, id ref.ProductID) (Product, error) {
	return s.parts.Products.Get(ctx, id)
}

// Find is Get by slug.
func (s *Service) Find(ctx context.Context, slug string) (Product, error) {
	return s.parts.Products.Find(ctx, slug)
}

// SKUs tells which product's variants have these SKUs, whatever its status.
func (s *Service) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	return s.parts.Products.SKUs(ctx, skus)
}

// Count gives the number of products in all and of active ones.
func (s *Service) Count(ctx context.Context) (all, active int64, err error) {
	return s.parts.Products.Count(ctx)
}

// Tree gives the shop's categories, in the locale of the scope.
func (s *Service) Tree(ctx context.Context, scope ref.Scope) (Tree, error) {
	st, err := s.parts.Categories.Structure(ctx)
	if err != nil {
		return Tree{}, err
	}
	for i, c := range st.Categories {
		st.Categories[i] = c.In(scope)
	}
	return st.Tree(), nil
}

// Subtree gives the category with the slug and all below it, itself first. Errors: Missing.
func (s *Service) Subtree(ctx context.Context, scope ref.Scope, slug string) ([]Category, error) {
	return s.parts.Categories.Subtree(ctx, scope, slug)
}

// CategoriesOf gives the categories of a product, in its order.
func (s *Service) CategoriesOf(ctx context.Context, scope ref.Scope, p Product) ([]Category, error) {
	if len(p.Categories) == 0 {
		return nil, nil
	}
	found, err := s.parts.Categories.ByIDs(ctx, scope, p.Categories)
	if err != nil {
		return nil, err
	}
	byID := make(map[ref.CategoryID]Category, len(found))
	for _, c := range found {
		byID[c.ID] = c
	}
	var out []Category
	for _, id := range p.Categories {
		if c, ok := byID[id]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// Brands gives a page of brands, by name. Errors: Bad for a limit outside 1 to PageMax.
func (s *Service) Brands(ctx context.Context, scope ref.Scope, q BrandQuery) (BrandPage, error) {
	if err := limited(q.Limit); err != nil {
		return BrandPage{}, err
	}
	return s.parts.Brands.List(ctx, scope, q)
}

// Brand gives a brand by its slug. Errors: SlugMoved, with the detail slug, when it had the slug and has another one
// now; else Missing.
func (s *Service) Brand(ctx context.Context, scope ref.Scope, slug string) (Brand, error) {
	b, err := s.parts.Brands.BySlug(ctx, scope, slug)
	if fault.Is(err, fault.Missing) {
		return Brand{}, s.moved(ctx, BrandSlugs, slug, err, nil)
	}
	return b, err
}

// Collection gives a collection that the scope sees, by its slug. Errors: SlugMoved, with the detail slug, when one that
// the scope sees had the slug and has another one now; else Missing.
func (s *Service) Collection(ctx context.Context, scope ref.Scope, slug string) (Collection, error) {
	c, err := s.parts.Collections.BySlug(ctx, scope, slug)
	if fault.Is(err, fault.Missing) {
		return Collection{}, s.moved(ctx, CollectionSlugs, slug, err, func(present string) error {
			_, hidden := s.parts.Collections.BySlug(ctx, scope, present)
			return hidden
		})
	}
	return c, err
}

// Members gives a page of the products that the scope sees of a collection. Errors: Bad for a limit outside 1 to
// PageMax.
func (s *Service) Members(ctx context.Context, scope ref.Scope, id ref.CollectionID, q MemberQuery) (MemberPage, error) {
	if err := limited(q.Limit); err != nil {
		return MemberPage{}, err
	}
	return s.parts.Collections.Members(ctx, scope, id, q)
}
