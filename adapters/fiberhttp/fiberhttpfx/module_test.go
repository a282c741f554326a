package fiberhttpfx_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
)

func options(address string, more ...fx.Option) fx.Option {
	return fx.Options(
		fx.NopLogger,
		fx.Provide(func() *zap.Logger { return zap.NewNop() }),
		fx.Supply(fiberhttpfx.Address(address), fiberhttp.Options{
			Logger: zap.NewNop(), Registry: prometheus.NewRegistry(), NewID: func() string { return "id" },
			Now: func() time.Time { return time.Unix(0, 0) },
		}),
		fiberhttpfx.Module(),
		fx.Options(more...),
		fx.Invoke(fiberhttpfx.Serve),
	)
}

func TestStartAndStop(t *testing.T) {
	t.Parallel()
	var bound *fiberhttpfx.Bound
	var server *fiberhttp.Server
	stops := make(chan string, 2)
	app := fxtest.New(t, options("127.0.0.1:0", fx.Populate(&bound, &server), fx.Invoke(func(l fx.Lifecycle) {
		l.Append(fx.StopHook(func() {
			if server.Draining() {
				stops <- "pool after http"
			}
		}))
	})))
	if bound.Addr() != nil {
		t.Error("it listens before it starts")
	}
	app.RequireStart()
	address := "http://" + bound.Addr().String() + "/health/ready"
	if status, err := get(t.Context(), address); err != nil || status != http.StatusOK {
		t.Errorf("%d %v", status, err)
	}
	app.RequireStop()
	if _, err := get(t.Context(), address); err == nil {
		t.Error("it answers after it stopped")
	}
	select {
	case <-stops:
	default:
		t.Error("what the server uses stopped before it")
	}
}

func get(ctx context.Context, address string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func TestTakenAddressFailsTheStart(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	taken, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	app := fx.New(options(taken.Addr().String()))
	var failed *net.OpError
	if err := app.Start(t.Context()); !errors.As(err, &failed) {
		t.Errorf("%v", err)
	}
}

func TestServerThatEndsStopsTheApplication(t *testing.T) {
	t.Parallel()
	var server *fiberhttp.Server
	var bound *fiberhttpfx.Bound
	app := fx.New(options("127.0.0.1:0", fx.Populate(&server, &bound)))
	ended := app.Wait()
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := get(t.Context(), "http://"+bound.Addr().String()+"/health/live"); err != nil {
		t.Fatal(err) // It serves, so the listener is Fiber's to lose.
	}
	if err := server.App().Shutdown(); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Fatal(err)
	}
	select {
	case signal := <-ended:
		if signal.ExitCode != 1 {
			t.Errorf("exit code %d", signal.ExitCode)
		}
	case <-t.Context().Done():
		t.Error("the application still runs")
	case <-time.After(20 * time.Second):
		t.Error("the application still runs")
	}
	if err := app.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestGraphIsWhole(t *testing.T) {
	t.Parallel()
	if err := fx.ValidateApp(options("127.0.0.1:0")); err != nil {
		t.Error(err)
	}
}
