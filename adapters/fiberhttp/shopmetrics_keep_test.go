package fiberhttp_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// asked counts how often a figure is asked for while many scrape.
func asked(t *testing.T, keep time.Duration, answer func() (int64, error)) int64 {
	t.Helper()
	var calls, together atomic.Int64
	figures := goodFigures()
	figures.Keep = keep
	figures.Customers = func(context.Context) (int64, error) {
		calls.Add(1)
		if together.Add(1) > 1 {
			t.Error("a figure is asked for by two scrapes at once")
		}
		defer together.Add(-1)
		return answer()
	}
	metrics, err := fiberhttp.NewShopMetrics("1", figures, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(metrics)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 5 {
				if _, err := registry.Gather(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	return calls.Load()
}

func TestFiguresAreAskedForNowAndThen(t *testing.T) {
	t.Parallel()
	if n := asked(t, time.Hour, func() (int64, error) { return 1, nil }); n != 1 {
		t.Errorf("asked for %d times", n)
	}
	if n := asked(t, time.Hour, func() (int64, error) { return 0, errors.New("down") }); n != 1 {
		t.Errorf("what cannot be had is asked for %d times", n)
	}
	if n := asked(t, time.Hour, func() (int64, error) { panic("defect") }); n != 1 {
		t.Errorf("a defect is met %d times", n)
	}
	if n := asked(t, time.Nanosecond, func() (int64, error) { return 1, nil }); n != 100 {
		t.Errorf("figures that are not kept are asked for %d times", n)
	}
}
