// Package bridge is the only place where contexts meet. It speaks for one context in the words of another, and holds
// no rule of its own: ProductCatalog, PriceBook and Availability are catalogue, pricing and inventory as ordering knows
// them, and Importer brings products from outside in, through the services of catalogue, pricing and inventory like any other caller.
package bridge
