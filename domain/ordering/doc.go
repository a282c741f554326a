// Package ordering is the context of carts, checkout, orders and payments.
//
// Every change is a Commit: one value that holds all that must become true together (orders, carts, payments, stock,
// events, the record of the command), made by a pure function and handed to the port Committer. Decide is the pure
// rule of what commits mean, the one that every store uses; no caller checks first and acts later.
//
// Placing an order has up to three steps. Claim: one commit writes the order as pending, claims its stock and
// completes the cart. Pay: the provider is called, with nothing held. Finalize: one commit tells what came of it. A
// payment method that needs no call (OfflineProvider) does the first and the last in one commit. A step that was cut
// off is taken up by a retry with the same idempotency key.
//
// The context meets the others in the words of its own ports: ProductCatalog, PriceBook, PaymentProvider.
package ordering
