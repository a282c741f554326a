package catalog

import (
	"context"
	"reflect"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// PageMax is the largest page of a list.
const PageMax = 100

// Service is the one way into the catalogue. Safe for concurrent use.
type Service struct {
	products  Products
	committer Committer
	clock     ports.Clock
	ids       ports.IDs
}

// NewService needs all of its parts.
func NewService(products Products, committer Committer, clock ports.Clock, ids ports.IDs) *Service {
	return &Service{products: products, committer: committer, clock: clock, ids: ids}
}

// List gives a page of active products, newest first. Errors: Bad for a limit outside 1 to PageMax.
func (s *Service) List(ctx context.Context, scope ref.Scope, q ListQuery) (Page, error) {
	if q.Limit < 1 || q.Limit > PageMax {
		return Page{}, fault.Collect([]*fault.Error{BrokenRule.Newf("a page has 1 to %d items", PageMax).At("limit")})
	}
	return s.products.List(ctx, scope, q)
}

// Product gives an active product by the text of its id or by its slug. Errors: Missing.
func (s *Service) Product(ctx context.Context, scope ref.Scope, idOrSlug string) (Product, error) {
	if id, err := ref.ParseID[ref.ProductKind](idOrSlug); err == nil {
		return s.products.ByID(ctx, scope, id)
	}
	return s.products.BySlug(ctx, scope, idOrSlug)
}

// Sellable gives the variants, named by id or by SKU, that are on sale.
func (s *Service) Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]Sellable, error) {
	return s.products.Sellable(ctx, scope, ids, skus)
}

// Find gives the product with the slug, whatever its status. Errors: Missing.
func (s *Service) Find(ctx context.Context, slug string) (Product, error) {
	return s.products.Find(ctx, slug)
}

// SKUs tells which product's variants have these SKUs, whatever its status.
func (s *Service) SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error) {
	return s.products.SKUs(ctx, skus)
}

// Count gives the number of products in all and of active ones.
func (s *Service) Count(ctx context.Context) (all, active int64, err error) {
	return s.products.Count(ctx)
}

// Save makes a product (Version 0) or replaces the version it was read with, and gives it back as stored; one that
// is the same as stored is not written again. Errors: Bad with the fields, SlugTaken, SKUTaken, VersionConflict.
func (s *Service) Save(ctx context.Context, p Product) (Product, error) {
	now := s.clock.Now()
	expected := p.Version
	if expected == 0 {
		p.CreatedAt = now
		if p.ID.IsZero() {
			p.ID = ref.NewID[ref.ProductKind](s.ids.New())
		}
	} else if stored, err := s.products.Find(ctx, p.Slug); err == nil && reflect.DeepEqual(stored, p) {
		return stored, nil
	}
	p.UpdatedAt, p.Version = now, expected+1
	if err := p.Validate(); err != nil {
		return Product{}, err
	}
	e := event.New(ref.NewID[ref.EventKind](s.ids.New()), p.ID.String(), now,
		ProductSaved{Product: p.ID, Slug: p.Slug, Status: p.Status, Version: p.Version})
	err := s.committer.Commit(ctx, Commit{Products: []Write[Product]{{State: p, Expected: expected}}, Events: []event.Event{e}})
	if err != nil {
		return Product{}, err
	}
	return p, nil
}
