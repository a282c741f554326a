package cli

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
)

// doctorCmd looks whether the shop's data agree with themselves.
type doctorCmd struct {
	compose.Settings
	formatFlag
}

// Run examines the store, and reports. Without a database it examines the shop that serve would start in memory.
func (c *doctorCmd) Run(ctx context.Context, p Process) error {
	if err := c.check(); err != nil {
		return err
	}
	report, err := c.examine(ctx, p)
	if err != nil {
		return interrupted(ctx, err)
	}
	write := writeText
	if c.Format == "json" {
		write = writeJSON
	}
	if err := write(p.Stdout, report); err != nil {
		return err
	}
	if !report.Clean() {
		return &findingsError{report.Count}
	}
	return nil
}

// check judges all settings.
func (c *doctorCmd) check() error { return errors.Join(c.Check(), c.formatFlag.check()) }

// audited is what fx gives a doctor.
type audited struct {
	fx.In

	Orders    ordering.Orders
	Stock     inventory.Stock
	Outbox    ports.Outbox
	Prices    pricing.Prices
	Products  catalog.Upkeep
	Clock     ports.Clock
	Providers []ordering.PaymentProvider `group:"payment_providers"`
}

// examine opens the store and looks at all of it.
func (c *doctorCmd) examine(ctx context.Context, p Process) (doctor.Report, error) {
	var none doctor.Report
	log, err := logger(c.Settings, p)
	if err != nil {
		return none, err
	}
	seed := fx.Options()
	if c.Persistent() {
		if err := c.Verify(ctx, false); err != nil {
			return none, err
		}
	} else {
		seeds, err := compose.ReadSeeds(c.Settings, "")
		if err != nil {
			return none, err
		}
		seed = compose.Seed(seeds)
	}
	var from audited
	app := fx.New(
		compose.Core(c.Settings, []string{compose.ProviderManual, compose.ProviderTest}, nil, ordering.DefaultLease, log),
		seed, fx.Invoke(func(s audited) { from = s }),
	)
	if err := app.Start(ctx); err != nil {
		return none, fmt.Errorf("start: %w", rootCause(err))
	}
	defer func() { _ = app.Stop(context.WithoutCancel(ctx)) }()
	d, err := doctor.New(doctor.Sources{
		Orders: from.Orders, Stock: from.Stock, Outbox: from.Outbox, Prices: from.Prices, Products: from.Products, Providers: from.Providers, Clock: from.Clock,
	}, nil)
	if err != nil {
		return none, err
	}
	return d.Examine(ctx)
}
