package fiberhttp

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// ShopFigures are where the business metrics come from. Each function is called by a scrape, concurrently with the
// others and never by two scrapes at once, and returns when its context ends.
type ShopFigures struct {
	// Products counts all products and the active ones, as catalog.Service.Count does.
	Products func(context.Context) (all, active int64, err error)
	// Orders sums up all orders, as ordering.Service.Figures does.
	Orders func(context.Context) (ordering.Figures, error)
	// Customers counts customers; nil means that the shop keeps none, and the count is 0.
	Customers func(context.Context) (int64, error)
	// OutboxAge is how long the relay owes its oldest event, 0 when it owes none.
	OutboxAge func(context.Context) (time.Duration, error)
	// Jobs tells how long the job is due that is due longest, 0 when none is late, and how many jobs wait and are dead; nil
	// means that the shop has none, and nothing is shown of them.
	Jobs func(context.Context) (JobFigures, error)
	// Parked counts what consumers of events gave up and somebody should look at; nil means that nobody counts, and
	// nothing is shown of it.
	Parked func(context.Context) (int, error)
	// Keep is how long a figure is shown before it is asked for again, however often somebody scrapes, and how long one
	// that could not be had is left alone; 0 means 5 seconds.
	Keep time.Duration
}

// JobFigures are what is to be known of jobs.
type JobFigures struct {
	Late          time.Duration
	Waiting, Dead int
}

// scrapeTimeout bounds what one scrape asks, well below the 10 seconds that Prometheus waits.
const scrapeTimeout = 3 * time.Second

// keepFigures is how long figures are shown before they are asked for again unless it is said otherwise.
const keepFigures = 5 * time.Second

// ShopMetrics is the prometheus.Collector of a shop's business metrics. A figure that cannot be had in time is left
// out of the scrape and logged; it never fails the others. Made by NewShopMetrics; safe for concurrent use.
type ShopMetrics struct {
	figures ShopFigures
	version string
	logger  *zap.Logger
	kept    []*keptFigures

	build, products, active, orders, byStatus, customers, revenue, outbox, parked, late, waiting, dead *prometheus.Desc
}

var _ prometheus.Collector = (*ShopMetrics)(nil)

// NewShopMetrics makes the collector; the version is that of the program. It fails when a figure that has no default
// is missing.
func NewShopMetrics(version string, figures ShopFigures, logger *zap.Logger) (*ShopMetrics, error) {
	if figures.Products == nil || figures.Orders == nil || figures.OutboxAge == nil || logger == nil {
		return nil, errors.New("fiberhttp: the figures Products, Orders and OutboxAge, and a logger, are required")
	}
	if figures.Customers == nil {
		figures.Customers = func(context.Context) (int64, error) { return 0, nil }
	}
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	orElse(&figures.Keep, keepFigures)
	m := &ShopMetrics{
		figures: figures, version: version, logger: logger,
		build:     describe("shop_build_info", "1, labelled with the version of the program.", "version"),
		products:  describe("shop_products_total", "Products, whatever their status."),
		active:    describe("shop_products_active", "Products on sale."),
		orders:    describe("shop_orders_total", "Orders, whatever their status."),
		byStatus:  describe("shop_orders", "Orders by status.", "status"),
		customers: describe("shop_customers_total", "Customers."),
		revenue:   describe("shop_revenue_minor", "Totals of orders that are placed or completed, in minor units.", "currency"),
		outbox:    describe("shop_outbox_oldest_seconds", "Age of the oldest event that was not delivered; 0 when there is none."),
		parked:    describe("shop_outbox_parked", "Aggregates whose events a consumer gave up after the last attempt, and that wait for somebody."),
		late:      describe("shop_jobs_oldest_seconds", "How long the job is due that is due longest; 0 when none is late."),
		waiting:   describe("shop_jobs_waiting", "Jobs that wait, due or not."),
		dead:      describe("shop_jobs_dead", "Jobs that failed too often and wait for somebody."),
	}
	m.kept = []*keptFigures{
		{name: "products", ask: m.askProducts},
		{name: "orders", ask: m.askOrders},
		{name: "customers", ask: m.askCustomers},
		{name: "outbox", ask: m.askOutbox},
		{name: "parked", ask: m.askParked},
		{name: "jobs", ask: m.askJobs},
	}
	return m, nil
}

// Describe tells the registry what there is.
func (m *ShopMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.build, m.products, m.active, m.orders, m.byStatus, m.customers, m.revenue, m.outbox, m.parked, m.late, m.waiting, m.dead} {
		out <- d
	}
}

// Collect gives the figures, and asks for those that are not fresh.
func (m *ShopMetrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout) //nolint:forbidigo // a scrape brings no context
	defer cancel()
	out <- gauge(m.build, 1, m.version)
	var asked sync.WaitGroup
	for _, k := range m.kept {
		asked.Go(func() {
			shown, err := k.fresh(ctx, m.figures.Keep)
			if err != nil {
				m.logger.Warn(observe.NoFigures, zap.String(observe.Figures, k.name), zap.String(observe.Error, observe.Reason(err)))
			}
			for _, metric := range shown {
				out <- metric
			}
		})
	}
	asked.Wait()
}

func (m *ShopMetrics) askProducts(ctx context.Context) ([]prometheus.Metric, error) {
	all, active, err := m.figures.Products(ctx)
	if err != nil {
		return nil, err
	}
	return []prometheus.Metric{gauge(m.products, float64(all)), gauge(m.active, float64(active))}, nil
}

// shownStatuses are those that are shown even without an order, so that a graph starts at 0.
var shownStatuses = []ordering.Status{ordering.Pending, ordering.Placed, ordering.Completed, ordering.Cancelled}

func (m *ShopMetrics) askOrders(ctx context.Context) ([]prometheus.Metric, error) {
	figures, err := m.figures.Orders(ctx)
	if err != nil {
		return nil, err
	}
	counts := make(map[ordering.Status]int64, len(shownStatuses))
	for _, status := range shownStatuses {
		counts[status] = 0
	}
	var all int64
	for status, n := range figures.Orders {
		counts[status] = n
		all += n
	}
	out := []prometheus.Metric{gauge(m.orders, float64(all))}
	for status, n := range counts {
		out = append(out, gauge(m.byStatus, float64(n), string(status)))
	}
	for currency, minor := range figures.Revenue {
		out = append(out, gauge(m.revenue, float64(minor), currency))
	}
	return out, nil
}

func (m *ShopMetrics) askCustomers(ctx context.Context) ([]prometheus.Metric, error) {
	n, err := m.figures.Customers(ctx)
	if err != nil {
		return nil, err
	}
	return []prometheus.Metric{gauge(m.customers, float64(n))}, nil
}

func (m *ShopMetrics) askOutbox(ctx context.Context) ([]prometheus.Metric, error) {
	age, err := m.figures.OutboxAge(ctx)
	if err != nil {
		return nil, err
	}
	return []prometheus.Metric{gauge(m.outbox, max(age, 0).Seconds())}, nil
}

func (m *ShopMetrics) askParked(ctx context.Context) ([]prometheus.Metric, error) {
	if m.figures.Parked == nil {
		return nil, nil
	}
	n, err := m.figures.Parked(ctx)
	if err != nil {
		return nil, err
	}
	return []prometheus.Metric{gauge(m.parked, float64(n))}, nil
}

func (m *ShopMetrics) askJobs(ctx context.Context) ([]prometheus.Metric, error) {
	if m.figures.Jobs == nil {
		return nil, nil
	}
	figures, err := m.figures.Jobs(ctx)
	if err != nil {
		return nil, err
	}
	return []prometheus.Metric{
		gauge(m.late, max(figures.Late, 0).Seconds()), gauge(m.waiting, float64(figures.Waiting)), gauge(m.dead, float64(figures.Dead)),
	}, nil
}

func gauge(desc *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
}
