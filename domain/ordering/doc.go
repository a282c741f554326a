// Package ordering is the context of carts, checkout, orders, payments and fulfilment.
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
// address, in ClaimGuestOrders. OrderMachine is its life. How far it is paid and delivered is no status of its own but
// derived: PaymentStatusOf, FulfilmentStatusOf.
//
// Placing an order has up to three steps. Claim: one commit writes the order as pending, claims its stock and
// completes the cart. Pay: the provider is called, with nothing held. Finalize: one commit tells what came of it. A
// payment method that needs no call (OfflineProvider) does the first and the last in one commit. A step that was cut
// off is taken up by a retry with the same idempotency key, or by the sweeper.
//
// HoldingMachine tells who holds the goods. Claims of an unpaid order last for ClaimTTL; the order stays pending beyond
// that, for it may have been paid all the same, and claims anew then. Where a StockHolder has the goods it is asked
// between the first step and the second, and told in the end.
//
// # Money
//
// A Payment is a ledger: entries are added and never changed, Balance adds them up, and State is what they amount to.
// Whoever learns something of a payment, by the answer to a call, a webhook, the sweeper or an operator, says it as a
// PaymentEvent, in any order, late and twice; ApplyPaymentEvent is the pure rule of what follows. An event that fits
// nothing yet is kept (InboxEvent) and tried again. Money that comes for a cancelled order goes back.
//
// A capture, a void and a refund are effects (EffectMachine). The first commit writes that it was requested, and its
// amount is spoken for; then the provider is asked; then its word is written. So no two refunds send back more than was
// taken, and a lost answer is asked for again.
//
//	moved, err := orders.Refund(ctx, ordering.RefundRequest{Order: id, Key: "return-17", …})
//
// # Goods
//
// Goods leave in fulfilments (Fulfil, FulfilmentMachine), in parts if need be, and their claims are used up in the same
// commit. What is promised beyond stock cannot leave before it came in, of which LowerBackorder tells. CancelFulfilment
// calls goods back that were not delivered. By CompletePolicy an order that is paid and fulfilled is completed.
//
// # What was cut off
//
// Sale.Tasks lists all that is left to be done for an order with its payments, and Order.Due says when the sweeper looks
// at it next; an order that rests has neither. SweepOrders does those tasks, from any number of processes: each can be
// done twice without harm. It guesses nothing, and waits where only a person can tell: SettlePayment, SettleEffect.
//
// # What another system sold
//
// A shop that moves in brings its past: rows of a ledger, which ImportRules tell apart. DecideImport is the pure rule of
// what a batch of them means. Sales become orders that are done with, HoldingElsewhere; refunds and adjustments are kept
// as they are. A row is known by source, invoice and ordinal, so that an import can be cut off anywhere and begun anew.
//
// # Others
//
// The context meets the others in the words of its own ports: ProductCatalog, PriceBook, Availability; and the world
// outside in PaymentProvider, whose abilities are interfaces of their own (Capturer, Refunder, WebhookParser and more),
// and StockHolder.
package ordering
