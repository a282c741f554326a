package ordering

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Committer makes a commit true, wholly or not at all; it is the claim and the check in one, so callers check nothing
// first.
//
// Contract, each clause proven by orderingtest.TestCommitter:
//   - [commit-atomic] A commit is wholly true or not at all: orders, carts, payments, stock, events, command and
//     attachments. No reader ever sees a part.
//   - [commit-decide] What is accepted, replayed and refused is what Decide says of the state at that moment.
//   - [commit-version] A write whose Expected is not the stored version is refused; State.Version is the new one.
//   - [commit-stock] No claim is granted that is not available, whatever runs beside it; every short line is named.
//   - [commit-ledger] Every change of a level has its movement, and the sums of movements are the level.
//   - [commit-command] One key begins one command; a second Begin gets the stored record as Replay and writes nothing.
//   - [commit-lease] An unanswered record is taken over only once its lease is over, and finished only by its owner.
//   - [commit-fingerprint] A key with another fingerprint is refused with IdempotencyMismatch.
//   - [commit-steady] An outcome is Steady only if each SKU of the commit can be sold afterwards exactly if it could before.
//   - [commit-events] The events of an accepted commit are in the outbox once each; those of a refused one never.
//   - [commit-attach] Attachments are kept with the commit; the same kind and key again replaces the row.
//   - [commit-inbox] Events of the inbox are kept with the commit under their provider and id; the same again replaces
//     what was, and one without a Due waits no more.
//   - [commit-live] A cart has at most one live order.
//   - [commit-cart] A cart goes only where CartMachine leads, and keeps its channel and currency: CartCompleted,
//     CartSuperseded, CartScope.
//   - [commit-owner] A customer has at most one open cart in a channel and currency, those that were reopened apart: a
//     second one is refused with CustomerHasCart.
//   - [commit-purge] A purged cart is gone, and only an expired or merged one of the expected version is purged.
//   - [commit-number] An order's number is unique: a second one is refused with NumberTaken.
//   - [commit-durable] What was accepted is there after the store is opened anew.
//   - [commit-lost] When the answer is lost, or the caller's context ends before it comes, the error is of kind
//     Unknown, unless it is certain that nothing was written (kind Unavailable).
//
// Errors: those of Decide; kinds Unavailable and Unknown. Safe for concurrent use.
type Committer interface {
	Commit(ctx context.Context, c Commit) (Outcome, error)
}

// Carts reads carts.
//
// Contract:
//   - [carts-read] Cart gives the cart as last committed, all of it, with fault.Missing for an unknown id.
//   - [carts-customer] OfCustomer gives the open carts (CartStatus.Open) of a customer in a channel and currency, the
//     latest change first, and nobody else's; none at all for the zero customer.
//   - [carts-idle] Idle gives the carts of the status, with lines or without as q.Empty says, whose last change was at
//     q.Until or before: the oldest change first, at most q.Limit, and none that matches is left out for good.
//
// Errors also: kind Unavailable. Safe for concurrent use.
type Carts interface {
	Cart(ctx context.Context, id ref.CartID) (Cart, error)
	OfCustomer(ctx context.Context, customer ref.CustomerID, channel ref.Channel, currency money.Currency) ([]Cart, error)
	Idle(ctx context.Context, q IdleCarts) ([]Cart, error)
}

// IdleCarts asks for carts that nobody changed for a while.
type IdleCarts struct {
	Status CartStatus
	Empty  bool      // Those without lines, or those with.
	Until  time.Time // Of their last change, included.
	Limit  int
}

// Orders reads orders.
//
// Contract: [orders-read] Order gives the order and its payments, oldest first, as they were at one moment, all of
// them, with fault.Missing for an unknown id. [orders-payment] OfPayment gives the same for the order of a payment.
// [orders-list] List gives the orders that the query asks for, each once, a page at a time: with a prefix by what it
// matches, else the newest first; what is ordered meanwhile moves nobody to another page. [orders-unsettled] Unsettled
// gives at most limit orders whose Due has come, those first that are due longest. Errors also: kind Unavailable. Safe
// for concurrent use.
type Orders interface {
	Order(ctx context.Context, id ref.OrderID) (Order, []Payment, error)
	OfPayment(ctx context.Context, id ref.PaymentID) (Order, []Payment, error)
	List(ctx context.Context, q OrderQuery) (OrderListing, error)
	Unsettled(ctx context.Context, at time.Time, limit int) ([]ref.OrderID, error)
	// Figures gives sums over all orders, for metrics; they may be some seconds old.
	Figures(ctx context.Context) (Figures, error)
}

// PaymentInbox reads the events of providers that could not be applied when they came: their payment was not known yet,
// or they contradicted what was. Commits write them, see Commit.Inbox.
//
// Contract: [inbox-waiting] Waiting gives at most limit kept events whose Due has come, those first that are due longest,
// and none that a commit marked as done with. Errors: kind Unavailable. Safe for concurrent use.
type PaymentInbox interface {
	Waiting(ctx context.Context, at time.Time, limit int) ([]InboxEvent, error)
}

// StockHolder holds stock that is somebody else's, such as an ERP's. An order's goods are held before it is paid and
// confirmed once it stands; no commit is open while it is asked. With one, the shop's own stock is not touched by orders.
//
// Contract: [holder-whole] Hold holds all lines or none: with short lines, which it names all, it holds nothing;
// [holder-once] a hold is known by its order: the same again holds nothing more and gives the same answer, Confirm and
// Release again change nothing; [holder-confirm] what is confirmed stays held whatever the time; a hold whose time is over
// is refused with HoldOver, and may be asked for anew; [holder-release] Release gives up what is held or confirmed, of an
// order that holds nothing it changes nothing, and a Hold that comes after it is refused with HoldOver, for it was
// overtaken. Errors also: kind Unknown when it may have been done, kind Unavailable when it was not. Safe for concurrent
// use.
type StockHolder interface {
	Hold(ctx context.Context, h HoldCall) (short []Shortage, err error)
	Confirm(ctx context.Context, order ref.OrderID) error
	Release(ctx context.Context, order ref.OrderID) error
}

// HoldCall asks for the goods of an order.
type HoldCall struct {
	Order ref.OrderID // Its idempotency key.
	Lines []HoldLine
	Until time.Time // Unless it is confirmed, it may be given up then.
}

// HoldLine is a quantity of a SKU.
type HoldLine struct {
	Claim    ref.ClaimID // By which a shortage names the line.
	SKU      ref.SKU
	Quantity int64
}

// Figures are sums over all orders.
type Figures struct {
	Orders  map[Status]int64
	Revenue map[string]int64 // By currency code, in minor units: totals of the orders that are placed or completed.
}

// CustomerOrders reads the orders of one person.
//
// Contract:
//   - [customer-orders-own] OfCustomer gives the customer's orders and nobody else's, with their payments, as
//     Orders.Order does; none for the zero customer.
//   - [customer-orders-guest] OfGuest gives the orders that are no customer's and whose address has the canonical form.
//   - [customer-orders-keyset] Both go newest first by (CreatedAt, ID) and give at most limit orders after a place, nil
//     for the beginning; none twice and none skipped however orders change in between, and a next place exactly when
//     more follow.
//
// Errors: kind Unavailable. Safe for concurrent use.
type CustomerOrders interface {
	OfCustomer(ctx context.Context, customer ref.CustomerID, after *OrderPlace, limit int) (OrderPage, error)
	OfGuest(ctx context.Context, email ref.Email, after *OrderPlace, limit int) (OrderPage, error)
}

// ProductCatalog is the catalogue in this context's words.
//
// Contract: [catalog-on-sale] Items gives the variants, named by id or by SKU, that are on sale in the scope, and
// leaves out the others; [catalog-item] all of an item, its rule of quantities too. Errors: kind Unavailable. Safe for
// concurrent use.
type ProductCatalog interface {
	Items(ctx context.Context, scope ref.Scope, ids []ref.VariantID, skus []ref.SKU) ([]Item, error)
}

// PriceBook is pricing in this context's words.
//
// Contract: [prices-present] UnitPrices gives the present price of each variant in the scope's channel and currency,
// in that currency, and leaves out a variant that has none; [prices-origin] when a variant costs another price than
// before, the origin is another one. Errors: kind Unavailable. Safe for concurrent use.
type PriceBook interface {
	UnitPrices(ctx context.Context, scope ref.Scope, variants []ref.VariantID) (map[ref.VariantID]PriceFact, error)
}

// Availability is stock in this context's words, for advice alone: nothing is held by asking.
//
// Contract: [availability-present] Stock gives what can be claimed of each SKU at about this moment, and what can be
// promised beyond; [availability-all] of every SKU that it is asked for, zeros for one that was never counted, each
// once however often it is named. Errors: kind Unavailable. Safe for concurrent use.
type Availability interface {
	Stock(ctx context.Context, skus []ref.SKU) (map[ref.SKU]StockFact, error)
}

// PaymentProvider takes payments.
//
// Contract: [provider-idempotent] Charge with the same Payment id is one charge, and gives the same result again;
// [provider-decline] a refusal is a result (ChargeDeclined with a message for the payer), not an error;
// [provider-unknown] an error of kind Unknown means that the charge may stand, any other kind that it does not;
// [provider-amount] a result is for the whole amount. Safe for concurrent use. Capabilities: OfflineProvider,
// ChargeLookup, TokenChecker, Capturer, Voider, Refunder, WebhookParser.
type PaymentProvider interface {
	Name() string
	Charge(ctx context.Context, c Charge) (ChargeResult, error)
}

// Charge asks a provider for money.
type Charge struct {
	Payment ref.PaymentID // The idempotency key.
	Number  string        // Of the order, for the payer's statement.
	Amount  money.Money
	Token   string // What the payer's browser got from the provider.
}

// ChargeState is what came of a charge.
type ChargeState string

// The states of a charge.
const (
	ChargeAuthorized ChargeState = "authorized"
	ChargeCaptured   ChargeState = "captured"
	ChargeDeclined   ChargeState = "declined"
	ChargePending    ChargeState = "pending"
)

// ChargeResult is what a provider answered.
type ChargeResult struct {
	State     ChargeState
	Reference string // The provider's id of it.
	Message   string // For the payer, when declined.
}
