package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

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

// findingsError is that something was found.
type findingsError struct{ count int64 }

// Error tells how much.
func (e *findingsError) Error() string {
	if e.count == 1 {
		return "there is one finding"
	}
	return fmt.Sprintf("there are %d findings", e.count)
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
		if err := verify(ctx, c.DatabaseURL); err != nil {
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

// writeJSON writes the report for machines.
func writeJSON(w io.Writer, r doctor.Report) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// writeText writes the report for people: what was looked at, and what each check found.
func writeText(w io.Writer, r doctor.Report) error {
	var b strings.Builder
	var counts []string
	for _, what := range doctor.Subjects() {
		counts = append(counts, fmt.Sprintf("%d %s", r.Examined[what], what))
	}
	fmt.Fprintf(&b, "examined %s at %s\n", strings.Join(counts, ", "), r.At.Format("2006-01-02 15:04:05 MST"))
	if r.Clean() {
		fmt.Fprintf(&b, "%d checks, nothing found\n", len(r.Checks))
	}
	for _, c := range r.Checks {
		title := fmt.Sprintf("\n%s %s: %s\n", c.Invariant, c.Name, c.Meaning)
		for _, f := range r.Findings {
			if f.Check == c.Name {
				fmt.Fprintf(&b, "%s  %s\n    expected %s\n    got      %s\n", title, f.Subject, f.Expected, f.Got)
				title = ""
			}
		}
	}
	if more := r.Count - int64(len(r.Findings)); more > 0 {
		fmt.Fprintf(&b, "\nand %d more\n", more)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
