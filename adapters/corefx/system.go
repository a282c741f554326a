package corefx

import (
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/payments"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// System provides the machine's clock, its source of ids and credentials, and a maker of slugs.
func System() fx.Option {
	return fx.Module("system", fx.Provide(
		fx.Annotate(system.NewClock, fx.As(new(ports.Clock))),
		fx.Annotate(system.NewIDs, fx.As(new(ports.IDs))),
		fx.Annotate(system.NewSlugger, fx.As(new(catalog.Slugger))),
	))
}

// Provider adds a payment provider to the group "payment_providers".
func Provider[P ordering.PaymentProvider](newProvider func() P) fx.Option {
	return fx.Provide(fx.Annotate(newProvider, fx.As(new(ordering.PaymentProvider)), fx.ResultTags(`group:"payment_providers"`)))
}

// ManualPayments adds the provider "manual".
func ManualPayments() fx.Option { return Provider(func() payments.Manual { return payments.Manual{} }) }

// TestPayments adds the provider "test", which takes no money and is for trying out alone.
func TestPayments() fx.Option { return Provider(payments.NewTest) }
