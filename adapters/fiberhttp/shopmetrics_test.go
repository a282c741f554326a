package fiberhttp_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// goodFigures are those of a shop that sold something.
func goodFigures() fiberhttp.ShopFigures {
	return fiberhttp.ShopFigures{
		Products: func(context.Context) (int64, int64, error) { return 40, 38, nil },
		Orders: func(context.Context) (ordering.Figures, error) {
			return ordering.Figures{
				Orders:  map[ordering.Status]int64{ordering.Placed: 7, ordering.Cancelled: 2},
				Revenue: map[string]int64{"GBP": 12345},
			}, nil
		},
		OutboxAge: func(context.Context) (time.Duration, error) { return 1500 * time.Millisecond, nil },
		Jobs: func(context.Context) (fiberhttp.JobFigures, error) {
			return fiberhttp.JobFigures{Late: 2500 * time.Millisecond, Waiting: 3, Dead: 1}, nil
		},
		Parked: func(context.Context) (int, error) { return 4, nil },
	}
}

// scrape gives the lines of /metrics that are of the shop, and the number of lines logged by the collector.
func scrape(t *testing.T, figures fiberhttp.ShopFigures) (shown map[string]bool, warnings int) {
	t.Helper()
	core, logs := observer.New(zap.WarnLevel)
	metrics, err := fiberhttp.NewShopMetrics("1.2.3", figures, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Registry = prometheus.NewPedanticRegistry()
		o.Registry.MustRegister(metrics)
	})
	a := s.call(t, http.MethodGet, "/metrics", "")
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	shown = make(map[string]bool)
	for line := range strings.Lines(string(a.body)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "shop_") {
			shown[line] = true
		}
	}
	return shown, logs.Len()
}

func TestShopMetrics(t *testing.T) {
	t.Parallel()
	shown, warnings := scrape(t, goodFigures())
	for _, want := range []string{
		`shop_build_info{version="1.2.3"} 1`, `shop_products_total 40`, `shop_products_active 38`, `shop_orders_total 9`,
		`shop_orders{status="pending"} 0`, `shop_orders{status="placed"} 7`, `shop_orders{status="completed"} 0`,
		`shop_orders{status="cancelled"} 2`, `shop_customers_total 0`, `shop_revenue_minor{currency="GBP"} 12345`,
		`shop_outbox_oldest_seconds 1.5`, `shop_jobs_oldest_seconds 2.5`, `shop_jobs_waiting 3`, `shop_jobs_dead 1`,
		`shop_outbox_parked 4`,
	} {
		if !shown[want] {
			t.Errorf("no %s in %v", want, shown)
		}
		delete(shown, want)
	}
	if len(shown) != 0 || warnings != 0 {
		t.Errorf("besides: %v, %d warnings", shown, warnings)
	}
}

func TestShopMetricsLeaveOutWhatFails(t *testing.T) {
	t.Parallel()
	figures := goodFigures()
	figures.Products = func(context.Context) (int64, int64, error) { return 0, 0, errors.New("down") }
	figures.Customers = func(ctx context.Context) (int64, error) {
		if _, bounded := ctx.Deadline(); !bounded {
			t.Error("a scrape has no deadline")
		}
		return 0, context.DeadlineExceeded
	}
	figures.OutboxAge = func(context.Context) (time.Duration, error) { return -time.Second, nil }
	figures.Jobs, figures.Parked = nil, nil
	shown, warnings := scrape(t, figures)
	for line := range shown {
		if strings.HasPrefix(line, "shop_products") || strings.HasPrefix(line, "shop_customers") || strings.HasPrefix(line, "shop_jobs") {
			t.Errorf("shown although nobody knows: %s", line)
		}
	}
	if !shown["shop_orders_total 9"] || !shown["shop_outbox_oldest_seconds 0"] || warnings != 2 {
		t.Errorf("%v, %d warnings", shown, warnings)
	}
}

func TestShopMetricsNeedTheirFigures(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*fiberhttp.ShopFigures){
		"products": func(f *fiberhttp.ShopFigures) { f.Products = nil },
		"orders":   func(f *fiberhttp.ShopFigures) { f.Orders = nil },
		"outbox":   func(f *fiberhttp.ShopFigures) { f.OutboxAge = nil },
	} {
		figures := goodFigures()
		change(&figures)
		if _, err := fiberhttp.NewShopMetrics("1", figures, zap.NewNop()); err == nil {
			t.Errorf("%s: made without", name)
		}
	}
	if _, err := fiberhttp.NewShopMetrics("1", goodFigures(), nil); err == nil {
		t.Error("made without a logger")
	}
}
