// Package catalog is the context of what a shop sells: products and their variants, what they belong to, and where and
// when they are shown.
//
// # The model
//
// A Product has one or more Variants. The variant is the sellable unit: it has the SKU, and prices (context pricing),
// stock (inventory) and order lines (ordering) hang on it; a product without options owns exactly one, and no two of a
// product have the same values. The catalogue holds no money and no stock; Listings, a reading side, joins them.
//
// Products belong to a Brand, to Categories of one Tree, and to Collections, which are listed by hand or chosen by a
// Rule. The tree and the rules together are the Structure: it has one version, so that whatever was decided on it is
// refused when it changed meanwhile. That is why two moves at once never make a ring of categories, and no product is
// saved into the collections of yesterday.
//
// # Life cycle
//
// ProductMachine is the life of a product: draft, active, archived. A variant is retired when it is no longer sold; it
// stays for the orders that name it, and can be removed once it is retired and if no order ever did.
//
// # Where and when
//
// Product.Shown is the one rule of what is shown: an active product, in the channels where it is listed, while its
// Publication and that listing's window are open, as long as a variant of it is sold there. Without listings it is shown
// in the default channel alone, so a shop with one channel need not know of channels, and a new channel starts empty.
// Product.In gives what a ref.Scope sees: the variants of its channel, the texts of its locale. Every read for buyers
// takes a scope and goes through these two; those for editors (Get, Find) give the whole product in the shop's own
// language.
//
// The clock opens and closes windows by itself: what a scope sees follows its At. Service.PublishDue only tells of it
// afterwards, as events, for those who keep something of their own.
//
// # Names
//
// A slug that a product gives up leads to it (SlugMoved, with the present slug) until another product takes it. What
// leads somewhere leads to a product, never to another slug, so there are no chains and no loops.
//
// # Lists
//
// Service.Listings gives a page of what a scope can buy: products with the lowest price of their variants (Cheapest), what
// that is compared with, and whether they are in stock; one without a price there is not listed. A ListingQuery filters
// by text, category with all below it, brand, price, stock and featured, and sorts in one of five orders that each give
// every product one place, so that a page ends at a ListingPlace and the next one begins behind it, however many there
// are. Service.Facets gives the choices that are left, counted exactly: values of one facet widen the list, facets narrow
// it, and a facet's own choice does not narrow its own counts.
//
// What a query means is pure: Filter, WordsOf and Rank, ListingSort.Compare, Tally. The store of prices and stock hands
// in what it knows as VariantPrice and Candidate, or keeps ListingSpells ready: all that lists will show of a product
// until the end of time, as far as it is planned, so that nothing has to happen when a sale begins.
//
// # Changes
//
// Service is the one way in. Each command is one Commit: products, brands, categories, collections, removals and events
// that become true together, or not at all. Decide is the pure meaning of a commit, the one that every store uses; no
// caller checks first and acts later.
//
// Who is in which collection by rule is decided for one product at a time, when it is saved. A changed rule, or a
// category that moved, starts a Sweep, which holds the other products against the rules in batches; nobody waits for it.
//
//	made, err := shop.Save(ctx, catalog.Product{
//	    Title: "Stoneware mug", Brand: "Ebb Lane", Status: catalog.Active, // The brand is made when it is new.
//	    Variants: []catalog.Variant{{ID: id, SKU: "MUG"}},
//	})
//	seen, err := shop.Product(ctx, scope, "stoneware-mug")
package catalog
