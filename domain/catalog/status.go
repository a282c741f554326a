package catalog

import "github.com/ipswich-retail/commerce/domain/statemachine"

// Status tells whether a product can be seen and bought.
type Status string

// The statuses. Only an active product is listed and sold; an archived one is kept for the orders that name it.
const (
	Draft    Status = "draft"
	Active   Status = "active"
	Archived Status = "archived"
)

// StatusEvent is what is done to a product's status.
type StatusEvent string

// The events of ProductMachine.
const (
	Publish  StatusEvent = "publish"  // Put it on sale, within its publication window.
	Withdraw StatusEvent = "withdraw" // Take it off sale and work on it.
	Archive  StatusEvent = "archive"  // Take it off sale for good, though Restore takes it back.
	Restore  StatusEvent = "restore"  // Make a draft of an archived product again.
)

// ProductMachine is the life of a product. Any status leads to any other by exactly one event, so that a file which
// names the status itself, as an import does, can be told as events.
var ProductMachine = statemachine.Table[Status, StatusEvent]{
	Name: "product", Initial: Draft, Terminal: []Status{Active, Archived},
	Edges: []statemachine.Edge[Status, StatusEvent]{
		{From: Draft, On: Publish, To: Active},
		{From: Draft, On: Archive, To: Archived},
		{From: Active, On: Withdraw, To: Draft},
		{From: Active, On: Archive, To: Archived},
		{From: Archived, On: Restore, To: Draft},
		{From: Archived, On: Publish, To: Active},
	},
}
