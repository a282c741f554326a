package compose

import (
	"context"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/ports"
)

// foundMost is how many findings a report over HTTP holds; all are counted.
const foundMost = 100

// Operated is what operators look after.
type Operated struct {
	fx.In

	Jobs      ports.JobsDesk
	Parked    ports.ParkedEvents
	Outbox    ports.Outbox
	Orders    ordering.Orders
	Stock     inventory.Stock
	Prices    pricing.Prices
	Products  catalog.Upkeep
	Consumers []system.Consumer `group:"outbox_consumers"`
}

// operations gives what the routes for operators call.
func (p serviceParams) operations() fiberhttp.Operations {
	out := fiberhttp.Operations{Jobs: p.Jobs, Parked: p.Parked, Outbox: p.Outbox, Doctor: p.examine}
	for _, c := range p.Consumers {
		out.Consumers = append(out.Consumers, c.Name)
	}
	return out
}

// examine looks whether the shop's data agree, as `shop doctor` does.
func (p serviceParams) examine(ctx context.Context) (fiberhttp.DoctorReport, error) {
	d, err := doctor.New(doctor.Sources{
		Orders: p.Orders, Stock: p.Stock, Outbox: p.Outbox, Prices: p.Prices, Products: p.Products, Providers: p.Providers, Clock: p.Clock,
	}, &doctor.Options{Most: foundMost})
	if err != nil {
		return fiberhttp.DoctorReport{}, err
	}
	report, err := d.Examine(ctx)
	if err != nil {
		return fiberhttp.DoctorReport{}, err
	}
	out := fiberhttp.DoctorReport{At: report.At, Examined: report.Examined, Count: report.Count, Checks: []fiberhttp.DoctorCheck{}, Findings: []fiberhttp.DoctorFinding{}}
	for _, c := range report.Checks {
		out.Checks = append(out.Checks, fiberhttp.DoctorCheck(c))
	}
	for _, f := range report.Findings {
		out.Findings = append(out.Findings, fiberhttp.DoctorFinding(f))
	}
	return out, nil
}
