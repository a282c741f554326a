// Package ordering is the context of carts, checkout, orders and payments.
//
// Every change is a Commit: one value that holds all that must become true together (orders, carts, payments, stock,
// events, the record of the command), made by a pure function and handed to the port Committer. Decide is the pure
// rule of what commits mean, the one that every store uses; no caller checks first and acts later.
//
// # Carts
//
// A cart is what somebody means to buy: a guest, whose credential is the cart's id, or a customer, who has one open
// cart in a channel and currency. CartMachine is its life. A change of any kind makes it active again when it was
// abandoned or has expired; one that became an order, or was merged into another, takes none and says so. Time does the
// rest, in SweepCarts: by CartPolicy a cart with lines that nobody changes is abandoned (told once), then expired, then
// purged. A cart with a live order is left alone by all of it.
//
// A Quote is a cart with what it costs now. Nothing of that is stored: it is computed from items, prices and stock on
// each read, so it cannot drift. A line keeps one price, the one that its buyer agreed to; where the present one is
// another, the quote says so in its Warnings, with what stock has to say. Its Requirements are what stands between
// the cart and an order; an adopter adds rules of their own by Options.Requirements.
//
//	q, err := carts.CreateCart(ctx, scope, []ordering.LineRequest{{SKU: "MUG", Quantity: 2, Custom: ordering.Customisation{"engraving": "Ada"}}})
//	…
//	q, err = carts.AdoptCart(ctx, scope, customer, q.Cart.ID) // She signs in: it is hers, or goes into the one that she has.
//	…
//	placed, err := carts.Checkout(ctx, scope, ordering.CheckoutRequest{Cart: q.Cart.ID, ExpectedTotal: &q.Totals.Total, …})
//
// Changes that come at once are all made, one after the other: within a process carts have turns, between processes the
// version decides and the change is tried again. What becomes of two carts when a guest signs in is a MergePolicy, a
// pure function of their lines, and both are written in one commit.
//
// # Orders
//
// An order is a snapshot: names, prices and where they came from, what the buyer wrote, taxes and delivery, all in rows
// of which its Totals are the sums. It knows its customer from the cart; a guest's is claimed by who proves its e-mail
// address, in ClaimGuestOrders.
//
// Placing an order has up to three steps. Claim: one commit writes the order as pending, claims its stock and
// completes the cart. Pay: the provider is called, with nothing held. Finalize: one commit tells what came of it. A
// payment method that needs no call (OfflineProvider) does the first and the last in one commit. A step that was cut
// off is taken up by a retry with the same idempotency key.
//
// The context meets the others in the words of its own ports: ProductCatalog, PriceBook, Availability, PaymentProvider.
package ordering
