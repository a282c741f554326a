package fiberhttp

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// ShopFigures are where the business metrics come from. Each function is called once a scrape, concurrently with the
// others, and returns when its context ends.
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
}

// JobFigures are what is to be known of jobs.
type JobFigures struct {
	Late          time.Duration
	Waiting, Dead int
}

// scrapeTimeout bounds what one scrape asks, well below the 10 seconds that Prometheus waits.
const scrapeTimeout = 3 * time.Second

// ShopMetrics is the prometheus.Collector of a shop's business metrics. A figure that cannot be had in time is left
// out of the scrape and logged; it never fails the others. Made by NewShopMetrics; safe for concurrent use.
type ShopMetrics struct {
	figures ShopFigures
	version string
	logger  *zap.Logger

	build, products, active, orders, byStatus, customers, revenue, outbox, late, waiting, dead *prometheus.Desc
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
	return &ShopMetrics{
		figures: figures, version: version, logger: logger,
		build:     describe("shop_build_info", "1, labelled with the version of the program.", "version"),
		products:  describe("shop_products_total", "Products, whatever their status."),
		active:    describe("shop_products_active", "Products on sale."),
		orders:    describe("shop_orders_total", "Orders, whatever their status."),
		byStatus:  describe("shop_orders", "Orders by status.", "status"),
		customers: describe("shop_customers_total", "Customers."),
		revenue:   describe("shop_revenue_minor", "Totals of orders that are placed or completed, in minor units.", "currency"),
		outbox:    describe("shop_outbox_oldest_seconds", "Age of the oldest event that was not delivered; 0 when there is none."),
		late:      describe("shop_jobs_oldest_seconds", "How long the job is due that is due longest; 0 when none is late."),
		waiting:   describe("shop_jobs_waiting", "Jobs that wait, due or not."),
		dead:      describe("shop_jobs_dead", "Jobs that failed too often and wait for somebody."),
	}, nil
}

// Describe tells the registry what there is.
func (m *ShopMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.build, m.products, m.active, m.orders, m.byStatus, m.customers, m.revenue, m.outbox, m.late, m.waiting, m.dead} {
		out <- d
	}
}

// Collect asks for the figures.
func (m *ShopMetrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout) //nolint:forbidigo // a scrape brings no context
	defer cancel()
	out <- gauge(m.build, 1, m.version)
	var asked sync.WaitGroup
	for name, collect := range map[string]func(context.Context, chan<- prometheus.Metric) error{
		"products": m.collectProducts, "orders": m.collectOrders, "customers": m.collectCustomers, "outbox": m.collectOutbox,
		"jobs": m.collectJobs,
	} {
		asked.Go(func() {
			if err := collect(ctx, out); err != nil {
				m.logger.Warn("figures not scraped", zap.String("figures", name), zap.Error(err))
			}
		})
	}
	asked.Wait()
}

func (m *ShopMetrics) collectProducts(ctx context.Context, out chan<- prometheus.Metric) error {
	all, active, err := m.figures.Products(ctx)
	if err != nil {
		return err
	}
	out <- gauge(m.products, float64(all))
	out <- gauge(m.active, float64(active))
	return nil
}

// shownStatuses are those that are shown even without an order, so that a graph starts at 0.
var shownStatuses = []ordering.Status{ordering.Pending, ordering.Placed, ordering.Completed, ordering.Cancelled}

func (m *ShopMetrics) collectOrders(ctx context.Context, out chan<- prometheus.Metric) error {
	figures, err := m.figures.Orders(ctx)
	if err != nil {
		return err
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
	out <- gauge(m.orders, float64(all))
	for status, n := range counts {
		out <- gauge(m.byStatus, float64(n), string(status))
	}
	for currency, minor := range figures.Revenue {
		out <- gauge(m.revenue, float64(minor), currency)
	}
	return nil
}

func (m *ShopMetrics) collectCustomers(ctx context.Context, out chan<- prometheus.Metric) error {
	n, err := m.figures.Customers(ctx)
	if err != nil {
		return err
	}
	out <- gauge(m.customers, float64(n))
	return nil
}

func (m *ShopMetrics) collectOutbox(ctx context.Context, out chan<- prometheus.Metric) error {
	age, err := m.figures.OutboxAge(ctx)
	if err != nil {
		return err
	}
	out <- gauge(m.outbox, max(age, 0).Seconds())
	return nil
}

func (m *ShopMetrics) collectJobs(ctx context.Context, out chan<- prometheus.Metric) error {
	if m.figures.Jobs == nil {
		return nil
	}
	figures, err := m.figures.Jobs(ctx)
	if err != nil {
		return err
	}
	out <- gauge(m.late, max(figures.Late, 0).Seconds())
	out <- gauge(m.waiting, float64(figures.Waiting))
	out <- gauge(m.dead, float64(figures.Dead))
	return nil
}

func gauge(desc *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
}
