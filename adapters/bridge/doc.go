// Package bridge is the only place where contexts meet. It speaks for one context in the words of another, and holds
// no rule of its own.
//
// ProductCatalog, PriceBook and Availability are catalogue, pricing and inventory as ordering knows them. Importer brings
// products from outside in, through the services of catalogue, pricing and inventory like any other caller.
//
// Launcher makes one product with its prices and stock, as staff do; Imports takes files and has them imported.
//
// The others are consumers of the outbox, whose Handle takes events at least once: Backorders tells orders of goods that
// came in for them; People gives accounts their customers, and customers the orders that they made as guests; Post mails
// what the events of access make due.
//
// Fresh stands in front of the ports that write and keeps a cache of what the shop shows from giving what became old.
//
// Package doctor, below, looks whether what contexts keep of each other agrees.
package bridge
