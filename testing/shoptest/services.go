package shoptest

import (
	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
)

// Services are the services of all contexts, which is all that a shop's process is: what they do not write to a port is
// gone when it ends.
type Services struct {
	Catalog   *catalog.Service
	Pricing   *pricing.Service
	Inventory *inventory.Service
	Ordering  *ordering.Service
	Access    *access.Service
	Customers *customers.Service
	People    *bridge.People
}

// NewServices makes the services over the ports; all ports are needed.
func NewServices(p Ports, tokens *ordering.OrderTokens, opts *ordering.Options) Services {
	s := Services{
		Catalog: catalog.NewService(catalog.Parts{
			Products: p.Products, Upkeep: p.Upkeep, Categories: p.Categories, Brands: p.Brands, Collections: p.Collections, Listings: p.Listings, Directory: p.Directory,
			Committer: p.Catalog, Slugger: p.Slugger, Clock: p.Clock, IDs: p.IDs,
		}),
		Pricing:   pricing.NewService(p.Prices, p.Pricing, p.Clock, p.IDs),
		Inventory: inventory.NewService(p.Stock, p.Clock, p.IDs),
	}
	s.Ordering = ordering.NewService(ordering.Parts{
		Committer: p.Ordering, Carts: p.Carts, Orders: p.Orders, Customers: p.Customers, Inbox: p.Inbox, Holder: p.Holder, Commands: p.Commands,
		Catalog: bridge.NewProductCatalog(s.Catalog), Prices: bridge.NewPriceBook(s.Pricing), Stock: bridge.NewAvailability(s.Inventory),
		Providers: p.Providers, Limiter: p.RateLimiter, Tokens: tokens, Clock: p.Clock, IDs: p.IDs,
	}, opts)
	s.Access = access.NewService(access.Parts{
		Committer: p.Access, Accounts: p.Accounts, Sessions: p.Sessions, Roles: p.Roles, Keys: p.APIKeys, Audit: p.AuditLog,
		Hasher: p.Hasher, Limiter: p.RateLimiter, Clock: p.Clock, IDs: p.IDs,
	}, nil)
	s.Customers = customers.NewService(p.Clientele, p.People, p.Clock, p.IDs)
	s.People = bridge.NewPeople(s.Access, s.Customers, s.Ordering)
	return s
}

// Tokens are order tokens under a key that everybody knows.
func Tokens() *ordering.OrderTokens {
	tokens, err := ordering.NewOrderTokens([]ordering.TokenKey{{ID: "shoptest", Secret: make([]byte, 32)}})
	if err != nil {
		panic("shoptest: " + err.Error())
	}
	return tokens
}
