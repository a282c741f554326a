package catalog

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Products reads the catalogue.
//
// Contract: [products-scope] the reads that take a Scope give active products only; [products-find] ByID, BySlug and
// Find give whole products as last committed, errors of kind NotFound for what is not there; Sellable leaves that out;
// [products-keyset] List goes newest first by (CreatedAt, ID), gives at most Limit products after After, none twice and
// none skipped however the catalogue changes in between, and a next place exactly when more follow;
// [products-draft] Find sees any status. Errors: kind Unavailable. Safe for concurrent use.
type Products interface {
	List(ctx context.Context, scope ref.Scope, q ListQuery) (Page, error)
	ByID(ctx context.Context, scope ref.Scope, id ref.ProductID) (Product, error)
	BySlug(ctx context.Context, scope ref.Scope, slug string) (Product, error)
	// Sellable gives the variants, named by id or by SKU, once each and in no order: what every cart asks on each read,
	// so it is short.
	Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]Sellable, error)
	// Find is for those who edit: the product with the slug, whatever its status.
	Find(ctx context.Context, slug string) (Product, error)
	// SKUs tells which product's variants have these SKUs, whatever its status; it leaves out those that none has.
	SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error)
	// Count gives the number of products in all and of active ones, for metrics; it may be some seconds old.
	Count(ctx context.Context) (all, active int64, err error)
}

// ListQuery asks for a page of the list, newest first.
type ListQuery struct {
	Limit int // 1 to PageMax.
	After *Place
}

// Place is where a page ended: the key of its last product.
type Place struct {
	CreatedAt time.Time
	ID        ref.ProductID
}

// Page is a page of the list; Next is nil on the last one.
type Page struct {
	Items []Product
	Next  *Place
}

// Write is one aggregate in a commit: its new state, and the version that it replaces, 0 for none.
type Write[T any] struct {
	State    T
	Expected ref.Version
}

// Commit is all that must become true together.
type Commit struct {
	Products []Write[Product]
	Events   []event.Event
}

// Committer makes a commit true, wholly or not at all.
//
// Contract: [catalog-atomic] wholly or not at all, events too; [catalog-version] a write whose Expected is not the
// stored version fails with fault.VersionConflict, and State.Version is stored as the new one; [catalog-slug] a slug
// or SKU that another product has fails with SlugTaken or SKUTaken. Errors also: kinds Unavailable, Unknown. Safe
// for concurrent use.
type Committer interface {
	Commit(ctx context.Context, c Commit) error
}
