package doctor

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/pricing"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Sources are what the doctor reads: ports of one store, which must be auditors (ordering.Auditor, inventory.Auditor,
// ports.OutboxAuditor, pricing.Auditor). Prices and products may both be left out, when they come from elsewhere; what
// they say of each other is not examined then. The providers tell which of them decide on payments; none that is not named is taken to.
type Sources struct {
	Orders    ordering.Orders
	Stock     inventory.Stock
	Outbox    ports.Outbox
	Prices    pricing.Prices
	Products  catalog.Upkeep
	Providers []ordering.PaymentProvider
	Clock     ports.Clock
}

// The defaults of Options.
const (
	DefaultPage = 1000
	DefaultMost = 1000
)

// levelPages is how much larger a page of levels is: a store may add up all claims for each.
const levelPages = 10

// Options tune a doctor; nil, and each zero field, means the default.
type Options struct {
	Page  int           // How many orders, carts, claims or events are read at once.
	Most  int           // How many findings a report holds; all are counted.
	Grace time.Duration // How much later than due something may happen.
}

// Doctor looks whether a shop's data agree. Made by New; safe for concurrent use.
type Doctor struct {
	sources Sources
	opts    Options
	orders  ordering.Auditor
	stock   inventory.Auditor
	events  ports.OutboxAuditor
	prices  pricing.Auditor // Nil when they are not examined.
	online  map[string]bool
}

// New makes a doctor of the sources. It fails with fault.Bad when one of them cannot be looked into, for a report that
// leaves out half would pass for a clean one.
func New(s Sources, opts *Options) (*Doctor, error) {
	d := &Doctor{sources: s, online: map[string]bool{}}
	if opts != nil {
		d.opts = *opts
	}
	d.opts.Page, d.opts.Most = cmp.Or(d.opts.Page, DefaultPage), cmp.Or(d.opts.Most, DefaultMost)
	var missing []*fault.Error
	need := func(ok bool, field string) {
		if !ok {
			missing = append(missing, fault.Bad.New("it is no auditor, so it cannot be examined").At(field))
		}
	}
	var ok bool
	d.orders, ok = ports.As[ordering.Auditor](s.Orders)
	need(ok, "orders")
	d.stock, ok = ports.As[inventory.Auditor](s.Stock)
	need(ok, "stock")
	d.events, ok = ports.As[ports.OutboxAuditor](s.Outbox)
	need(ok, "outbox")
	if s.Prices != nil || s.Products != nil {
		d.prices, ok = ports.As[pricing.Auditor](s.Prices)
		need(ok, "prices")
		need(s.Products != nil, "products")
	}
	for _, p := range s.Providers {
		offline, ok := ports.As[ordering.OfflineProvider](p)
		d.online[p.Name()] = !ok || !offline.Offline()
	}
	if err := fault.Collect(missing); err != nil {
		return nil, err
	}
	return d, nil
}

// Examine reads everything and reports what does not agree. Errors: kind Unavailable, and what the context ends with.
func (d *Doctor) Examine(ctx context.Context) (Report, error) {
	now := ref.Instant(d.sources.Clock.Now())
	r := &Report{At: now, Checks: Checks(), Examined: map[string]int64{}, Findings: []Finding{}, most: d.opts.Most}
	rules := Rules{At: now, Grace: d.opts.Grace, Online: func(provider string) bool { return d.online[provider] }}
	stories := stories{}
	for _, look := range []func() error{
		func() error { return d.examineOrders(ctx, r, rules, stories) },
		func() error { return d.examineCarts(ctx, r) },
		func() error { return d.examineLevels(ctx, r) },
		func() error { return d.examinePromises(ctx, r) },
		func() error { return d.examineClaims(ctx, r) },
		func() error { return d.examineEvents(ctx, r, stories) },
		func() error { return d.examinePrices(ctx, r) },
	} {
		if err := look(); err != nil {
			return Report{}, err
		}
	}
	slices.SortFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Check, b.Check), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Got, b.Got))
	})
	return *r, nil
}

// pages reads page after page until one is not full.
func pages[T, K any](r *Report, what string, size int, read func(after K, limit int) ([]T, error), key func(T) K, each func([]T) error) error {
	var after K
	for {
		page, err := read(after, size)
		if err != nil {
			return err
		}
		r.Examined[what] += int64(len(page))
		if err := each(page); err != nil {
			return err
		}
		if len(page) < size {
			return nil
		}
		after = key(page[len(page)-1])
	}
}
