package fiberhttp

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Services are what the routes of a shop call; all are needed.
type Services struct {
	Catalog   *catalog.Service
	Pricing   *pricing.Service
	Inventory *inventory.Service
	Ordering  *ordering.Service
	Access    *access.Service
	Customers *customers.Service
	Desk      ports.CommandDesk // Of the store of them all.
	Launcher  Launcher          // Of the bridge between the contexts.
	Imports   Importer          // The same.
	Exports   Exporter          // The same.
	IDs       ports.IDs
	// Verify uses up the token of a verification mail and gives the account its customer, as bridge.People.Verify does.
	Verify func(context.Context, access.Secret) error
	// SettleTest decides charges of the test provider; nil where that is not on offer.
	SettleTest SettleTest
	Operations Operations
	// SetCustomerStatus disables, enables or erases a customer, as bridge.People.SetCustomerStatus does.
	SetCustomerStatus func(context.Context, access.Principal, ref.CustomerID, customers.Event) error
	// Scope is the shop's channel and what it assumes of callers who say nothing.
	Scope ScopeDefaults
	// Now is the shop's clock; it dates the scope of a request.
	Now func() time.Time
	// Limiter counts for RateCarts: how often one client address may make a cart, without limit when its Count is 0.
	Limiter   ports.RateLimiter
	RateCarts ports.Limit
}

// apiPath stands before the path of every business route.
const apiPath = "/api/v1"

// routes are the business routes. They read a request, call a service and show what it gave; every rule stands in the
// services.
type routes struct {
	Services

	server  *Server
	exports chan struct{} // Has one for each that runs.
}

// Mount registers the routes of a shop. Call it once, before the server listens.
func (s *Server) Mount(services Services) {
	describeMoney(s)
	r := routes{Services: services, server: s, exports: make(chan struct{}, exportsMost)}
	r.mountProducts()
	r.mountStructure()
	r.mountAdminProducts()
	r.mountAdminCategories()
	r.mountAdminBrands()
	r.mountAdminCollections()
	r.mountAdminPrices()
	r.mountAdminStock()
	r.mountAdminLocations()
	r.mountAdminImports()
	r.mountAdminExports()
	r.mountCarts()
	r.mountCartRemarks()
	r.mountOrders()
	r.mountPayments()
	r.mountAdminOrders()
	r.mountAdminFulfilments()
	r.mountAdminMoney()
	r.mountAdminOperations()
	r.mountAdminCustomers()
	r.mountAccounts()
	r.mountSessions()
	r.mountMe()
	r.mountMyBook()
	r.mountMyOrders()
	r.mountAdminStaff()
	r.mountAdminRoles()
	r.mountAdminKeys()
	r.mountAdminAudit()
}
