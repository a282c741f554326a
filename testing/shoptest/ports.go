package shoptest

import (
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// Ports are all ports that a shop's services stand on. The ones of one store belong together, see docs/adapters.md.
type Ports struct {
	Products    catalog.Products
	Upkeep      catalog.Upkeep
	Categories  catalog.Categories
	Brands      catalog.Brands
	Collections catalog.Collections
	Listings    catalog.Listings
	Directory   catalog.Directory
	Catalog     catalog.Committer
	Slugger     catalog.Slugger
	Prices      pricing.Prices
	Pricing     pricing.Committer
	Stock       inventory.Stock
	Ordering    ordering.Committer
	Carts       ordering.Carts
	Orders      ordering.Orders
	Customers   ordering.CustomerOrders
	Inbox       ordering.PaymentInbox
	Commands    ports.Commands
	CommandDesk ports.CommandDesk
	OldCommands ports.CommandSweeper
	Outbox      ports.Outbox
	Parked      ports.ParkedEvents
	OldEvents   ports.OutboxSweeper
	Jobs        ports.Jobs
	JobsDesk    ports.JobsDesk
	Providers   []ordering.PaymentProvider
	Holder      ordering.StockHolder // Nil: the goods are in the shop's own stock.
	Clock       ports.Clock
	IDs         ports.IDs

	// Of people: who buys and who works here.
	Access      access.Committer
	Accounts    access.Accounts
	Sessions    access.Sessions
	Roles       access.Roles
	APIKeys     access.APIKeys
	AuditLog    access.AuditLog
	Hasher      access.PasswordHasher
	People      customers.Committer
	Clientele   customers.Customers
	RateLimiter ports.RateLimiter
	Blobs       ports.Blobs
}

// MemoryPorts are the ports of a memory store; providers, clock and ids are yet to be set.
func MemoryPorts(s *memory.Store) Ports {
	return Ports{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Listings: s.Listings(), Directory: s.Directory(),
		Catalog: s.Catalog(), Slugger: system.NewSlugger(), Prices: s.Prices(), Pricing: s.Pricing(), Stock: s.Stock(),
		Ordering: s.Ordering(), Carts: s.Carts(), Orders: s.Orders(), Customers: s.CustomerOrders(), Inbox: s.PaymentInbox(), Commands: s.Commands(), CommandDesk: s.Commands(), OldCommands: s.Commands(), Outbox: s.Outbox(),
		Parked: s.Outbox(), OldEvents: s.Outbox(), Jobs: s.Jobs(), JobsDesk: s.Jobs(),
		Access: s.Access(), Accounts: s.Accounts(), Sessions: s.Sessions(), Roles: s.Roles(), APIKeys: s.APIKeys(), AuditLog: s.AuditLog(),
		Hasher: system.NewPasswordHasher(&system.PasswordOptions{Iterations: 1}), People: s.People(), Clientele: s.Customers(),
		RateLimiter: s.RateLimiter(), Blobs: s.Blobs(),
	}
}

// Faulty puts faults in front of all ports but the clock, the ids and the slugger, which are of the process itself.
func (p Ports) Faulty(f *faulty.Faults) Ports {
	out := faulty.Fields(p, f)
	out.Clock, out.IDs, out.Slugger = p.Clock, p.IDs, p.Slugger
	return out
}
