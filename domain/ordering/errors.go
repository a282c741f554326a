package ordering

import (
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// The errors of commands, which are the same in every context.
var (
	InProgress          = ports.InProgress
	IdempotencyMismatch = ports.IdempotencyMismatch
	Superseded          = ports.CommandSuperseded
)

// The errors of this context.
var (
	OutOfStock        = fault.Define(fault.Conflict, "out_of_stock", "Less is in stock than a line asks for; each short line is listed with sku and available.")
	CartCompleted     = fault.Define(fault.Conflict, "cart_completed", "The cart became an order and takes no more changes.")
	CartSuperseded    = fault.Define(fault.Conflict, "cart_merged", "The cart was merged into another one and takes no more changes; use its successor.")
	CustomerHasCart   = fault.Define(fault.Conflict, "customer_has_cart", "The customer has another open cart in this channel and currency; use that one.")
	CartScope         = fault.Define(fault.Conflict, "cart_scope", "A cart keeps the channel and the currency that it was made in; make a new one for another.")
	CartChanged       = fault.Define(fault.Conflict, "cart_changed", "The cart was changed while it was being ordered; read it and order again.")
	PriceChanged      = fault.Define(fault.Conflict, "price_changed", "The total is no longer what the caller expected; current_total holds what it is now.")
	PaymentDeclined   = fault.Define(fault.Conflict, "payment_declined", "The payment was declined; the cart is open again, pay in another way with a new key.")
	NumberTaken       = fault.Define(fault.Conflict, "number_taken", "Another order has this number; numbers are drawn anew, so callers do not see this.")
	RequirementsUnmet = fault.Define(fault.Invalid, "requirements_unmet", "The cart lacks something that an order needs; each is listed.")
	UnknownItem       = fault.Define(fault.Invalid, "unknown_item", "No such variant is on sale.")
	Rule              = fault.Define(fault.Invalid, "order_rule", "A field breaks a rule; the message names it.")
	ExpectedVersion   = fault.Define(fault.Precondition, "precondition_failed", "The version that the caller named is not the present one.")
	HoldOver          = fault.Define(fault.Conflict, "hold_over", "The stock holder holds nothing for the order: it was given up, or its time is over.")
	OrderUnfinished   = fault.Define(fault.Conflict, "order_unfinished", "The order cannot be completed yet; open says what is missing.")
	OrderSent         = fault.Define(fault.Conflict, "order_sent", "Goods of the order were sent; cancel their fulfilments first, or take them back as a return.")
	NotCapturable     = fault.Define(fault.Conflict, "capture_exceeds_authorized", "More is to be taken than is held and not spoken for; available says how much that is.")
	NotRefundable     = fault.Define(fault.Conflict, "refund_exceeds_captured", "More is to go back than was taken and not sent back; available says how much that is.")
	ProviderLacks     = fault.Define(fault.Conflict, "provider_cannot", "The payment's provider cannot do that; do it where the money is and record it.")
	EffectRejected    = fault.Define(fault.Conflict, "provider_refused", "The provider refused; the message says why, and nothing was moved.")
	// PaymentContradiction is the case of a payment that would add up to what cannot be.
	PaymentContradiction = fault.Define(fault.Conflict, "payment_contradiction", "What is said of a payment does not fit what is known of it: more money than there is, or another currency; somebody must look into it.")
	WebhookRefused       = fault.Define(fault.Unauthenticated, "webhook_signature", "The message is not signed by the provider, or too old; nothing was done.")
	MalformedWebhook     = fault.Define(fault.Invalid, "webhook_malformed", "The message cannot be read; nothing was done.")
	MalformedCommit      = fault.Define(fault.Internal, "malformed_commit", "A commit contradicts itself; a defect of the code that made it.")
)
