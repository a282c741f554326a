// Package catalog is the context of what a shop sells: products and their variants.
//
// The variant is the sellable unit: it has the SKU, and prices (context pricing), stock (inventory) and order lines
// (ordering) hang on it; a product without options owns exactly one. The catalogue holds no money and no stock.
//
// A Product is a plain value; NewProduct and Service refuse one that breaks a rule. Service changes products, one
// commit per command, through the port Committer; Products reads them.
package catalog
