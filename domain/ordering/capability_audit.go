package ordering

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Auditor is the capability of a store to show its orders and carts together with all that must agree with them, for who
// checks whether it does. Find it with ports.As on Orders.
//
// Contract: [audit-orders] AuditOrders gives orders behind an id in ascending order of ids, at most limit, each once
// and none left out that is there all the while; [audit-moment] each comes with its payments, oldest first, and with the
// claims that exist of those that it has, in the order of Order.Claims, all as they were at one moment; [audit-carts] AuditCarts gives carts in the
// same way, by the bytes of their ids, each with the orders of it that live, as they were at one moment; [audit-lines]
// ClaimsOf gives the ids of the claims that orders have and leaves out an order that does not exist. Errors: kind Unavailable.
// Safe for concurrent use.
type Auditor interface {
	AuditOrders(ctx context.Context, after ref.OrderID, limit int) ([]OrderAudit, error)
	AuditCarts(ctx context.Context, after ref.CartID, limit int) ([]CartAudit, error)
	ClaimsOf(ctx context.Context, orders []ref.OrderID) (map[ref.OrderID][]ref.ClaimID, error)
}

// OrderAudit is an order with all that must agree with it.
type OrderAudit struct {
	Order    Order
	Payments []Payment
	Claims   []ClaimFact
}

// ClaimFact is a claim on stock in this context's words.
type ClaimFact struct {
	Claim    ref.ClaimID
	SKU      ref.SKU
	Owner    string // The public id of the order.
	State    string // As the stock has it: held, consumed, released, expired.
	Quantity int64  // What was claimed.
	Held     int64  // What of it is held now.
	Owed     int64  // What of it is promised beyond stock and not there yet.
	Gone     int64  // What of it left.
	Until    time.Time
}

// CartAudit is a cart with the orders of it that live: one at most, when all is well.
type CartAudit struct {
	Cart Cart
	Live []ref.OrderID
}
