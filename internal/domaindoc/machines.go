// Package domaindoc keeps the state diagrams of docs/domain.md those of the code: it writes the table of each machine
// between the page's markers, and its test fails where the page is stale, a machine has no place in it, or a machine has
// a state that nothing reaches or nothing leaves.
package domaindoc

import (
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

// Machine is a state machine of the domain.
type Machine struct {
	Name    string   // Of its variable, such as "ordering.CartMachine".
	Diagram string   // In Mermaid's language.
	Faults  []string // What is wrong with it.
}

// Machines lists all state machines of the domain.
func Machines() []Machine {
	return []Machine{
		of("access.AccountMachine", access.AccountMachine),
		of("access.SessionMachine", access.SessionMachine),
		of("catalog.ProductMachine", catalog.ProductMachine),
		of("customers.Machine", customers.Machine),
		of("inventory.ClaimMachine", inventory.ClaimMachine),
		of("inventory.LocationMachine", inventory.LocationMachine),
		of("ordering.CartMachine", ordering.CartMachine),
		of("ordering.OrderMachine", ordering.OrderMachine),
		of("ordering.HoldingMachine", ordering.HoldingMachine),
		of("ordering.PaymentMachine", ordering.PaymentMachine),
		of("ordering.EffectMachine", ordering.EffectMachine),
		of("ordering.FulfilmentMachine", ordering.FulfilmentMachine),
	}
}

func of[S, E ~string](name string, t statemachine.Table[S, E]) Machine {
	return Machine{Name: name, Diagram: t.Mermaid(), Faults: t.Check()}
}
