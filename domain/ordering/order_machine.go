package ordering

import "github.com/ipswich-retail/commerce/domain/statemachine"

// Status is where an order is in its life; how far it is paid and delivered is derived, see PaymentStatusOf and
// FulfilmentStatusOf.
type Status string

// The statuses. Claiming waits for an outside stock holder, pending for the payment.
const (
	Claiming  Status = "claiming"
	Pending   Status = "pending"
	Placed    Status = "placed"
	Completed Status = "completed"
	Cancelled Status = "cancelled"
)

// OrderEvent is what happens to an order.
type OrderEvent string

// The events of an order.
const (
	OrderAsks      OrderEvent = "ask_for_stock" // Its goods are somebody else's, see StockHolder.
	OrderHolds     OrderEvent = "hold_stock"
	OrderPlaces    OrderEvent = "place"
	OrderCompletes OrderEvent = "complete"
	OrderReopens   OrderEvent = "reopen" // Something that had been sent came back before it was delivered.
	OrderCancels   OrderEvent = "cancel"
)

// OrderMachine is the life of an order. Once it is cancelled nothing brings it back: money that comes late goes back.
var OrderMachine = statemachine.Table[Status, OrderEvent]{
	Name: "order", Initial: Pending, Terminal: []Status{Completed, Cancelled},
	Edges: []statemachine.Edge[Status, OrderEvent]{
		{From: Pending, On: OrderAsks, To: Claiming},
		{From: Pending, On: OrderPlaces, To: Placed},
		{From: Pending, On: OrderCancels, To: Cancelled},
		{From: Claiming, On: OrderHolds, To: Pending},
		{From: Claiming, On: OrderCancels, To: Cancelled},
		{From: Placed, On: OrderCompletes, To: Completed},
		{From: Placed, On: OrderCancels, To: Cancelled},
		{From: Completed, On: OrderReopens, To: Placed},
	},
}

// Holding tells who holds an order's goods, and how far that has come.
type Holding string

// The states of holding. An order in the shop's own stock is held from its first commit on. An outside holder is asked,
// holds, and confirms once the order is placed.
const (
	HoldingOwn       Holding = "own"       // Claims in the shop's own stock.
	HoldingLapsed    Holding = "lapsed"    // They were taken away, their time being over.
	HoldingAsked     Holding = "asked"     // The outside holder is to be asked, or has been and the answer is not known.
	HoldingReserved  Holding = "reserved"  // It holds, for the time being.
	HoldingConfirmed Holding = "confirmed" // It holds for good.
	HoldingReleased  Holding = "released"  // It was told to hold no longer.
	HoldingElsewhere Holding = "elsewhere" // They left from another system, which sold them; see ImportBatch.
)

// HoldingEvent is what happens to what an order holds.
type HoldingEvent string

// The events of holding.
const (
	HoldingLapses   HoldingEvent = "lapse"
	HoldingRenews   HoldingEvent = "renew"
	HoldingAsks     HoldingEvent = "ask"
	HoldingGets     HoldingEvent = "get"
	HoldingConfirms HoldingEvent = "confirm"
	HoldingReleases HoldingEvent = "release"
	HoldingImports  HoldingEvent = "import"
)

// HoldingMachine is the life of what an order holds.
var HoldingMachine = statemachine.Table[Holding, HoldingEvent]{
	Name: "holding", Initial: HoldingOwn, Terminal: []Holding{HoldingOwn, HoldingLapsed, HoldingConfirmed, HoldingReleased, HoldingElsewhere},
	Edges: []statemachine.Edge[Holding, HoldingEvent]{
		{From: HoldingOwn, On: HoldingLapses, To: HoldingLapsed},
		{From: HoldingLapsed, On: HoldingRenews, To: HoldingOwn},
		{From: HoldingOwn, On: HoldingRenews, To: HoldingOwn},
		{From: HoldingOwn, On: HoldingAsks, To: HoldingAsked},
		{From: HoldingOwn, On: HoldingImports, To: HoldingElsewhere},
		{From: HoldingAsked, On: HoldingGets, To: HoldingReserved},
		{From: HoldingReserved, On: HoldingConfirms, To: HoldingConfirmed},
		{From: HoldingAsked, On: HoldingReleases, To: HoldingReleased},
		{From: HoldingReserved, On: HoldingReleases, To: HoldingReleased},
		{From: HoldingConfirmed, On: HoldingReleases, To: HoldingReleased},
	},
}

// outside tells whether the goods are somebody else's.
func (h Holding) outside() bool {
	return h == HoldingAsked || h == HoldingReserved || h == HoldingConfirmed || h == HoldingReleased || h == HoldingElsewhere
}
