package doctor

// Check is something that must hold.
type Check struct {
	Name      string `json:"name"`
	Invariant string `json:"invariant"`
	Meaning   string `json:"meaning"`
}

// The checks, by name.
const (
	LevelBounds   = "level-bounds"
	LevelLedger   = "level-ledger"
	LevelHeld     = "level-held"
	LevelGone     = "level-gone"
	PromiseOwed   = "promise-owed"
	ClaimShape    = "claim-shape"
	LineClaim     = "line-claim"
	ClaimState    = "claim-state"
	ClaimLine     = "claim-line"
	PaymentBounds = "payment-bounds"
	PaymentDue    = "payment-due"
	PaymentLeft   = "payment-left"
	OrderTotal    = "order-total"
	CartOrder     = "cart-order"
	OrderEvents   = "order-events"
	EventOrder    = "event-order"
	OrderOverdue  = "order-overdue"
	PriceVariant  = "price-variant"
	ClaimOverdue  = "claim-overdue"
)

// checks are all checks, in the order in which they are shown.
var checks = []Check{
	{LevelBounds, "I1", "what is reserved of a level is between nothing and what is on hand"},
	{LevelLedger, "I2", "what is on hand and reserved is the sum of the movements"},
	{LevelHeld, "I2", "what is reserved is what claims hold"},
	{PromiseOwed, "I2", "what is owed of a SKU is what its claims are owed"},
	{ClaimShape, "I2", "a claim holds or is owed something while it is held, and nothing once it is settled; no more came back than left"},
	{LineClaim, "I3", "each line of an order has its own claims, on its SKU, for its quantity, and as much of them left as was sent"},
	{ClaimState, "I3", "a claim holds what is left to send while its order lives, and nothing after"},
	{ClaimLine, "I3", "a claim belongs to an order, and one that holds something to a line of it"},
	{LevelGone, "I4", "what movements of claims took from a level is what the claims say"},
	{PaymentBounds, "I5", "no more is held, taken or sent back than the step before allows, of payments that cover the total"},
	{PaymentDue, "I5", "an order is placed when its money is authorised or captured, or comes by other ways"},
	{PaymentLeft, "I5", "of a cancelled order no money is left that is not on its way back"},
	{OrderTotal, "I7", "lines, discount, shipping and tax add up to the total, in one currency, none below nothing"},
	{CartOrder, "I8", "a cart has at most one live order; a completed one knows it, any other has none"},
	{OrderEvents, "I9", "what an order became was told once"},
	{EventOrder, "I9", "what was told of an order happened to it"},
	{PriceVariant, "C1", "what has a price is a variant of the catalogue"},
	{OrderOverdue, "I11", "whatever an order waits for is looked after in time"},
	{ClaimOverdue, "I11", "no claim is held past its time"},
}

// Checks lists what is checked.
func Checks() []Check { return append([]Check(nil), checks...) }

// Finding is something that does not hold.
type Finding struct {
	Check     string `json:"check"`
	Invariant string `json:"invariant"`
	Subject   string `json:"subject"` // The public id, or for a level its SKU and location. Of a cart, whose id is a credential, as much as may be shown.
	Expected  string `json:"expected"`
	Got       string `json:"got"`
}

// find makes a finding.
func find(check, subject, expected, got string) Finding {
	f := Finding{Check: check, Subject: subject, Expected: expected, Got: got}
	for _, c := range checks {
		if c.Name == check {
			f.Invariant = c.Invariant
		}
	}
	return f
}
