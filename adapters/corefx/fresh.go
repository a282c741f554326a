package corefx

import (
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
)

// cacheParams are what a cache is told through.
type cacheParams struct {
	fx.In

	Cache ports.Cache `optional:"true"`
}

func newFresh(p cacheParams) *bridge.Fresh { return bridge.NewFresh(p.Cache) }

func newPricing(prices pricing.Prices, committer pricing.Committer, clock ports.Clock, ids ports.IDs, fresh *bridge.Fresh) *pricing.Service {
	return pricing.NewService(prices, fresh.Pricing(committer), clock, ids)
}

func newInventory(stock inventory.Stock, clock ports.Clock, ids ports.IDs, fresh *bridge.Fresh) *inventory.Service {
	return inventory.NewService(fresh.Stock(stock), clock, ids)
}
