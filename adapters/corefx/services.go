package corefx

import (
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// Services provides the services of all contexts and the bridge between them. It needs the ports of a store, a clock,
// ids, a password hasher, order tokens, and payment providers in the group "payment_providers"; ordering.Options,
// access.Options, an ordering.StockHolder for goods that are somebody else's, and a ports.Cache of what the shop shows,
// which is told of what the services change, are optional.
func Services() fx.Option {
	return fx.Module("services",
		fx.Provide(
			newFresh,
			newCatalog,
			newPricing,
			newInventory,
			fx.Annotate(bridge.NewProductCatalog, fx.As(new(ordering.ProductCatalog))),
			fx.Annotate(bridge.NewPriceBook, fx.As(new(ordering.PriceBook))),
			fx.Annotate(bridge.NewAvailability, fx.As(new(ordering.Availability))),
			bridge.NewImporter,
			bridge.NewOrderImporter,
			bridge.NewExporter,
			bridge.NewLauncher,
			bridge.NewBackorders,
			newOrdering,
			newAccess,
			customers.NewService,
			newPeople,
		),
	)
}

// catalogParams are the parts of the catalogue's service.
type catalogParams struct {
	fx.In

	Products    catalog.Products
	Upkeep      catalog.Upkeep
	Categories  catalog.Categories
	Brands      catalog.Brands
	Collections catalog.Collections
	Listings    catalog.Listings
	Directory   catalog.Directory
	Committer   catalog.Committer
	Slugger     catalog.Slugger
	Clock       ports.Clock
	IDs         ports.IDs
	Fresh       *bridge.Fresh
}

func newCatalog(p catalogParams) *catalog.Service {
	return catalog.NewService(catalog.Parts{
		Products: p.Products, Upkeep: p.Upkeep, Categories: p.Categories, Brands: p.Brands, Collections: p.Collections,
		Listings: p.Listings, Directory: p.Directory, Committer: p.Fresh.Catalog(p.Committer), Slugger: p.Slugger, Clock: p.Clock, IDs: p.IDs,
	})
}

// orderingParams are the parts of ordering's service.
type orderingParams struct {
	fx.In

	Committer ordering.Committer
	Carts     ordering.Carts
	Orders    ordering.Orders
	Customers ordering.CustomerOrders
	Inbox     ordering.PaymentInbox
	Commands  ports.Commands
	Catalog   ordering.ProductCatalog
	Prices    ordering.PriceBook
	Stock     ordering.Availability
	Providers []ordering.PaymentProvider `group:"payment_providers"`
	Holder    ordering.StockHolder       `optional:"true"`
	Limiter   ports.RateLimiter
	Tokens    *ordering.OrderTokens
	Clock     ports.Clock
	IDs       ports.IDs
	Options   *ordering.Options `optional:"true"`
	Fresh     *bridge.Fresh
}

func newOrdering(p orderingParams) *ordering.Service {
	return ordering.NewService(ordering.Parts{
		Committer: p.Fresh.Ordering(p.Committer), Carts: p.Carts, Orders: p.Orders, Customers: p.Customers, Inbox: p.Inbox, Holder: p.Holder, Commands: p.Commands, Catalog: p.Catalog,
		Prices: p.Prices, Stock: p.Stock, Providers: p.Providers, Limiter: p.Limiter, Tokens: p.Tokens, Clock: p.Clock, IDs: p.IDs,
	}, p.Options)
}
