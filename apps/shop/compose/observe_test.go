package compose_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/ipswich-retail/commerce/adapters/corefx"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

func TestObserveSettingsAreRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		setting string
		v       compose.ObserveSettings
	}{
		{"--otlp-endpoint", compose.ObserveSettings{OTLPEndpoint: "localhost:4318"}},
		{"--otlp-endpoint", compose.ObserveSettings{OTLPEndpoint: "http://a:secret@localhost:4318"}},
		{"--trace-ratio", compose.ObserveSettings{TraceRatio: 1.1}},
		{"--trace-ratio", compose.ObserveSettings{TraceRatio: -0.1}},
		{"--trace-ratio", compose.ObserveSettings{TraceRatio: math.NaN()}},
	} {
		var wrong *compose.SettingError
		if err := test.v.Check(); !errors.As(err, &wrong) || wrong.Name != test.setting || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", test.setting, err)
		}
	}
	for _, good := range []compose.ObserveSettings{{}, {OTLPEndpoint: "https://otlp.example/v1/traces", TraceRatio: 0.01}, {TraceRatio: 1}} {
		if err := good.Check(); err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	for _, slow := range []time.Duration{-1, time.Hour} {
		var wrong *compose.SettingError
		if err := (compose.WatchSettings{SlowQuery: slow}).Check(); !errors.As(err, &wrong) || wrong.Name != "--slow-query" {
			t.Errorf("%s: %v", slow, err)
		}
	}
}

// TestEveryTracedGraphIsWhole validates each store with traces.
func TestEveryTracedGraphIsWhole(t *testing.T) {
	t.Parallel()
	for _, store := range []string{compose.StoreMemory, compose.StoreSQLite, compose.StorePostgres} {
		s, v := settings()
		s.Store, s.DatabaseURL = store, "postgres://127.0.0.1:1/shop"
		traced := compose.Observe(compose.ObserveSettings{OTLPEndpoint: "http://127.0.0.1:1", TraceRatio: 1}, "1")
		if err := fx.ValidateApp(shop(s, v, v.Providers(s), nil, compose.Seeds{}), traced); err != nil {
			t.Errorf("%s: %v", store, err)
		}
	}
}

// busyShop is a shop with a job, and a consumer of events, that fail.
func busyShop(t *testing.T, more ...fx.Option) (*observer.ObservedLogs, *fiberhttpfx.Bound) {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	s, v := settings()
	s.Store = compose.StoreMemory
	var bound *fiberhttpfx.Bound
	app := fx.New(
		compose.Core(s, v.Providers(s), nil, v.Lease, zap.New(core)), compose.HTTP(s, "1", 0), compose.Serve(v.Listen),
		fx.Options(more...), fx.Populate(&bound),
	)
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return logs, bound
}

// line waits for a line of the log.
func line(t *testing.T, logs *observer.ObservedLogs, message, field, value string) map[string]any {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for {
		for _, entry := range logs.FilterMessage(message).All() {
			if f := entry.ContextMap(); f[field] == value {
				return f
			}
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("no line %s of %s", message, value)
		}
	}
}

// TestWorkIsLogged sees jobs that do well, fail and panic, and events, as lines of fixed names.
func TestWorkIsLogged(t *testing.T) {
	t.Parallel()
	job := func(kind string, do func() error) fx.Option {
		return corefx.Sweep(kind, time.Hour, func(*zap.Logger) corefx.SweepStep {
			return func(context.Context, int) (int, error) { return 0, do() }
		})
	}
	s, _ := settings()
	logs, _ := busyShop(t,
		job("test.well", func() error { return nil }),
		job("test.fails", func() error { return errors.New("to ann@example.com\nnot sent") }),
		job("test.panics", func() error { panic("Ann Reed") }),
		corefx.Consumer("test", func(*zap.Logger) system.Handler {
			return func(context.Context, event.Event) error { return errors.New("no room") }
		}),
		compose.People(s, compose.PeopleSettings{AdminAPIKey: "a key that is long enough for it"}),
	)
	if f := line(t, logs, observe.JobDone, observe.Job, "test.well"); f[observe.Attempt] != int64(1) || f[observe.Duration] == nil {
		t.Errorf("%v", f)
	}
	if f := line(t, logs, observe.JobFailed, observe.Job, "test.fails"); f[observe.Error] != "to …@… not sent" {
		t.Errorf("%v", f)
	}
	if f := line(t, logs, observe.JobFailed, observe.Job, "test.panics"); f[observe.Error] != "panic with a value of type string" {
		t.Errorf("%v", f)
	}
	if f := line(t, logs, observe.RelayFailed, observe.Consumer, "test"); f[observe.Name] != "access.api_key_changed" || f[observe.Error] != "no room" || f[observe.EventID] == "" {
		t.Errorf("%v", f)
	}
	if f := line(t, logs, observe.KeyMade, observe.Name, "access.api_key_changed"); !strings.HasPrefix(f[observe.Subject].(string), "key_") {
		t.Errorf("%v", f)
	}
	if n := logs.FilterMessage(observe.JobsFailed).Len(); n > 0 {
		t.Errorf("%d failures are told twice", n)
	}
}

// lateJobs is a desk whose oldest job is due for an hour.
type lateJobs struct{ ports.JobsDesk }

func (lateJobs) Figures(_ context.Context, now time.Time) (ports.JobFigures, error) {
	return ports.JobFigures{Waiting: 1, Oldest: now.Add(-time.Hour)}, nil
}

// parked has one aggregate that was given up, for each consumer, and one that is tried again.
type parked struct{ ports.ParkedEvents }

func (parked) Parked(context.Context, string, string, int) ([]ports.ParkedAggregate, error) {
	return []ports.ParkedAggregate{{Aggregate: "a"}, {Aggregate: "b", Due: time.Unix(0, 0)}}, nil
}

func TestHealthAndMetricsTellOfWork(t *testing.T) {
	t.Parallel()
	_, bound := busyShop(t,
		fx.Decorate(func(d ports.JobsDesk) ports.JobsDesk { return lateJobs{d} }),
		fx.Decorate(func(p ports.ParkedEvents) ports.ParkedEvents { return parked{p} }),
	)
	base := "http://" + bound.Addr().String()
	health := call(t, http.StatusOK, http.MethodGet, base+"/health", "")
	if services := fmt.Sprint(health["services"]); health["status"] != "degraded" || services != "map[database:up jobs:late outbox:up]" {
		t.Errorf("%v", health)
	}
	call(t, http.StatusOK, http.MethodGet, base+"/health/ready", "")
	metrics, _ := text(t, http.MethodGet, base+"/metrics", "")
	for _, want := range []string{"shop_customers_total 0", "shop_jobs_oldest_seconds 3600", "shop_outbox_parked 2"} { // Of two consumers.
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("no %s in\n%s", want, metrics)
		}
	}
}
