package catalog

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Products reads products.
//
// Contract: [products-scope] the reads that take a Scope give those products only that Product.In gives for it, with
// the variants that are sold in its channel, and Sellable those variants only that Product.SellableIn gives;
// [products-locale] they give texts in the scope's locale, as In does; [products-find] ByID, BySlug, Get and Find give
// products as last committed, with the present name of their brand, and errors of kind NotFound for what is not there;
// Sellable leaves that out; [products-keyset] List goes newest first by (CreatedAt, ID), gives at most Limit products
// after After, none twice and none skipped however the catalogue changes in between, and a next place exactly when more
// follow; [products-moved] Moved gives the present slug of the product that gave the slug up last, when the scope sees
// that product, and kind NotFound for a slug that nobody gave up or that a product has; [products-draft] Get, Find, SKUs
// and Count see any status. Errors: kind Unavailable. Safe for concurrent use.
type Products interface {
	List(ctx context.Context, scope ref.Scope, q ListQuery) (Page, error)
	ByID(ctx context.Context, scope ref.Scope, id ref.ProductID) (Product, error)
	BySlug(ctx context.Context, scope ref.Scope, slug string) (Product, error)
	Moved(ctx context.Context, scope ref.Scope, slug string) (present string, err error)
	// Sellable gives the variants, named by id or by SKU, once each and in no order: what every cart asks on each read,
	// so it is short.
	Sellable(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]Sellable, error)
	// Get is for those who edit: the whole product in the shop's own language, whatever its status.
	Get(ctx context.Context, id ref.ProductID) (Product, error)
	// Find is Get by slug.
	Find(ctx context.Context, slug string) (Product, error)
	// SKUs tells which product's variants have these SKUs, whatever its status; it leaves out those that none has.
	SKUs(ctx context.Context, skus []ref.SKU) (map[ref.SKU]ref.ProductID, error)
	// Count gives the number of products in all and of active ones, for metrics; it may be some seconds old.
	Count(ctx context.Context) (all, active int64, err error)
}

// Upkeep reads products for the commands that jobs give: Service.PublishDue and Service.Sweep.
//
// Contract: [upkeep-due] Due gives whole products whose Due is not zero and not after the moment, those due longest
// first, at most limit; [upkeep-walk] Walk gives whole products of any status in ascending order of their ids, from the
// first after the given one, at most limit. Errors: kind Unavailable. Safe for concurrent use.
type Upkeep interface {
	Due(ctx context.Context, at time.Time, limit int) ([]Product, error)
	Walk(ctx context.Context, after ref.ProductID, limit int) ([]Product, error)
}

// Categories reads the structure and its categories, which are few enough to be read as a whole.
//
// Contract: [categories-structure] Structure gives all categories, all rules and the sweep, as they were together at
// one moment, with the version of that moment; [categories-subtree] Subtree gives the category with the slug and all
// below it, itself first, and kind NotFound for a slug that none has; [categories-ids] ByIDs gives the categories that
// are there of those named, once each and in no order; [categories-locale] Subtree and ByIDs give texts in the scope's
// locale, as Category.In does. Errors: kind Unavailable. Safe for concurrent use.
type Categories interface {
	Structure(ctx context.Context) (Structure, error)
	Subtree(ctx context.Context, scope ref.Scope, slug string) ([]Category, error)
	ByIDs(ctx context.Context, scope ref.Scope, ids []ref.CategoryID) ([]Category, error)
}

// Brands reads brands.
//
// Contract: [brands-list] List goes by NameKey of the shop's own name in ascending order of bytes, gives at most Limit
// brands behind After, and a next place exactly when more follow; [brands-find] BySlug, ByName (by NameKey) and Get
// give brands as last committed, kind NotFound for what is not there; [brands-locale] List and BySlug give texts in the
// scope's locale, as Brand.In does. Errors: kind Unavailable. Safe for concurrent use.
type Brands interface {
	List(ctx context.Context, scope ref.Scope, q BrandQuery) (BrandPage, error)
	BySlug(ctx context.Context, scope ref.Scope, slug string) (Brand, error)
	// ByName is for those who edit, and for files, which know brands by name.
	ByName(ctx context.Context, name string) (Brand, error)
	// Get is for those who edit.
	Get(ctx context.Context, id ref.BrandID) (Brand, error)
}

// Collections reads collections and who is in them.
//
// Contract: [collections-scope] BySlug gives a collection only when Collection.In gives it for the scope, and Members
// those products only that Product.In gives, as it gives them; [collections-find] Get and Find give collections as last
// committed, whole and whatever their window, kind NotFound for what is not there; Walk gives them all in ascending
// order of the bytes of their slugs, from the first after the given one, at most limit; [collections-members] Members
// of a collection by hand are its Products, those of one by rule the products whose Collections name it;
// [collections-keyset] Members go by place in the list of a collection by hand, newest first by (CreatedAt, ID) in one
// by rule, at most Limit after After, none twice and none skipped however the catalogue changes in between, and a next
// place exactly when more follow. Errors: kind Unavailable. Safe for concurrent use.
type Collections interface {
	BySlug(ctx context.Context, scope ref.Scope, slug string) (Collection, error)
	Members(ctx context.Context, scope ref.Scope, id ref.CollectionID, q MemberQuery) (MemberPage, error)
	// Get is for those who edit.
	Get(ctx context.Context, id ref.CollectionID) (Collection, error)
	// Find is Get by slug.
	Find(ctx context.Context, slug string) (Collection, error)
	// Walk is for those who edit: all collections, in pages.
	Walk(ctx context.Context, after string, limit int) ([]Collection, error)
}

// Committer makes a commit true, wholly or not at all.
//
// Contract: it decides as Decide does. [catalog-atomic] wholly or not at all, events too; [catalog-version] a write or
// removal whose Expected is not the stored version fails with fault.VersionConflict, and State.Version is stored as the
// new one; [catalog-slug] a slug or SKU that another product has fails with SlugTaken or SKUTaken, though products of
// one commit may exchange theirs; [catalog-history] a slug that a product gives up leads to it (Products.Moved) until a
// product takes it; [catalog-former] a slug of Former leads to its thing as though this had given it up last, but one that a
// thing of its kind has leads to nobody else, and one whose thing is not there leads nowhere; [catalog-names] a name or slug of another brand, a slug of another category or collection fails with
// BrandTaken, CategoryTaken, CollectionTaken; [catalog-reference] a product that names a brand or category, a category
// that names a parent, a collection by hand that names a product which is not there fails with UnknownReference;
// [catalog-remove] a removal takes the thing away, but InUse when a product names the brand or category, or a category
// stands below it; [catalog-structure] a commit that writes or removes categories or collections raises the version of
// the structure by one, and one that names another version than the stored fails with StructureChanged; [catalog-sweep]
// Sweep is stored with the commit. Errors also: kinds Unavailable, Unknown. Safe for concurrent use.
type Committer interface {
	Commit(ctx context.Context, c Commit) error
}

// Slugger makes slugs of texts, for who does not choose them.
//
// Contract: [slugger-form] the slug of any text keeps the rule of slugs (lower-case letters, digits, and single hyphens
// between them), at most SlugMax bytes, or is "" when nothing of the text can stand in one; [slugger-stable] the same
// text has the same slug, and a slug of such form with ASCII letters alone is its own; [slugger-case] texts that differ
// in the case of ASCII letters or in what separates words have the same slug. Safe for concurrent use.
type Slugger interface {
	Slug(text string) string
}

// Listings reads what is on sale, with what it costs and whether it is in stock: lists for buyers.
//
// Contract:
//   - [listings-shown] List and Facets see a product when Product.In gives it for the scope and one of the variants that
//     are sold in its channel has a price there, by what pricing says at scope.At in the scope's currency; once, and
//     none else.
//   - [listings-price] It costs what Product.Cheapest gives. All prices and windows count as last committed and as of
//     scope.At, whoever or whatever changed them: a command, or the clock.
//   - [listings-stock] InStock tells whether one of the SKUs that Cheapest gives can be sold, from stock or beyond it, as
//     last committed, by a count of stock, a policy or an order.
//   - [listings-summary] All else is as Product.In gives it, beside the present name of the brand in the scope's locale.
//   - [listings-filter] List gives those that pass every filter of the query, as Filter.Passes does; [listings-text] the
//     text too, with the rank that Search gives for the words of the product and its brand; [listings-sort] in the
//     query's order.
//   - [listings-typos] When no product that the scope sees has all the words of the text, whatever the other filters say,
//     the text is searched for with typos, by List and by Facets.
//   - [listings-broad] By relevance List gives the newest of those that pass, by (CreatedAt, ID), as many as the query's
//     breadth, in the order of ranks, and Facets counts as many in each facet; Approximate tells that there are more. In
//     any other order List gives all.
//   - [listings-keyset] At most Limit behind After, none twice and none skipped of those whose place does not change, and
//     a next place exactly when more follow.
//   - [listings-facets] Facets gives what Tally.Facets makes of the counts, with names in the scope's locale.
//
// Errors: kind Unavailable. Safe for concurrent use.
type Listings interface {
	List(ctx context.Context, scope ref.Scope, q ListingQuery) (ListingPage, error)
	Facets(ctx context.Context, scope ref.Scope, q ListingQuery) (Facets, error)
}

// Directory reads lists of what the catalogue has, and where old slugs lead.
//
// Contract: [directory-index] Index gives the products that pass the query, newest first by (CreatedAt, ID), each as
// Product.Indexed has it with the present name of its brand, at most Limit after After, none twice and none skipped
// however the catalogue changes in between, and a next place exactly when more follow; [directory-collections]
// Collections gives those that Collection.In gives for the scope, as it gives them, or all as they are stored, by slug
// in ascending order of bytes, at most Limit behind After, a next slug exactly when more follow, and none with Products;
// [directory-moved] Moved gives the present slug of the thing of the kind that gave the slug up last, until another of
// its kind takes it, and kind NotFound for a slug that nobody gave up, that a thing has, or whose thing is gone; those of
// products are read by Products.Moved; [directory-former] Former gives the slugs that lead to things of the kind, products
// too and whoever sees them, each with its thing, in ascending order of bytes behind a slug, at most limit. Errors: kind
// Unavailable. Safe for concurrent use.
type Directory interface {
	Index(ctx context.Context, q IndexQuery) (IndexPage, error)
	Collections(ctx context.Context, scope ref.Scope, q CollectionQuery) (CollectionPage, error)
	Moved(ctx context.Context, kind SlugKind, slug string) (present string, err error)
	Former(ctx context.Context, kind SlugKind, after string, limit int) ([]NamedSlug, error)
}
