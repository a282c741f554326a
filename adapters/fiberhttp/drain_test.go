package fiberhttp_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// TestDrainDropsNothing ends a server under load from clients that keep their connections and leave when told.
func TestDrainDropsNothing(t *testing.T) {
	t.Parallel()
	const clients = 16
	s := newShop(t, func(o *fiberhttp.Options) { o.Drain = 500 * time.Millisecond })
	address := serveUntilShutdown(t, s)
	slowAnswer := make(chan error, 1)
	go func() {
		slowAnswer <- fetch(t.Context(), &http.Client{Transport: &http.Transport{}}, address, "/api/v1/slow")
	}()
	<-s.entered

	var served, told atomic.Int64
	var wait sync.WaitGroup
	failures := make(chan error, clients)
	stopped := make(chan struct{})
	for range clients {
		wait.Go(func() { failures <- load(t.Context(), address, &served, &told, stopped) })
	}
	for served.Load() < 10*clients { // The load runs before the end begins.
		if err := fetch(t.Context(), http.DefaultClient, address, "/health/ready"); err != nil {
			t.Fatal(err)
		}
	}
	go func() { // The prober: clients leave once it sees 503.
		defer close(stopped)
		for fetch(t.Context(), &http.Client{Transport: &http.Transport{}}, address, "/health/ready") == nil {
			continue
		}
	}()
	s.Drain(t.Context())
	<-stopped
	wait.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			t.Errorf("a client failed: %v", err)
		}
	}
	if told.Load() == 0 {
		t.Error("no answer said Connection: close")
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(t.Context()) }()
	refusedSoon(t, address)
	close(s.release)
	if err := <-slowAnswer; err != nil {
		t.Errorf("the slow request in flight: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

// serveUntilShutdown serves; the test shuts down itself.
func serveUntilShutdown(t *testing.T, s *shop) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Listen(listener) }()
	t.Cleanup(func() {
		_ = listener.Close()
		if err := <-ended; err != nil && !errors.Is(err, net.ErrClosed) {
			t.Errorf("listen: %v", err)
		}
	})
	return listener.Addr().String()
}

// load sends requests over one kept connection until it is told to stop; any that fails ends it.
func load(ctx context.Context, address string, served, told *atomic.Int64, stopped <-chan struct{}) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
	defer client.CloseIdleConnections()
	for {
		select {
		case <-stopped:
			return nil
		default:
		}
		// A POST is not repeated by net/http when its connection breaks.
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/api/v1/nowhere", http.NoBody)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		if response.Close {
			told.Add(1)
		}
		if err := response.Body.Close(); err != nil {
			return err
		}
		served.Add(1)
	}
}

func fetch(ctx context.Context, client *http.Client, address, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
}

// refusedSoon waits until the server accepts nobody.
func refusedSoon(t *testing.T, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), slow)
	defer cancel()
	for {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			if ctx.Err() != nil {
				t.Error("the server still accepts")
			}
			return
		}
		_ = conn.Close()
	}
}

func TestEveryAnswerOfADrainingServerCloses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	address := s.listen(t)
	s.Drain(t.Context())
	if !s.Draining() {
		t.Error("not draining")
	}
	for raw, status := range map[string]int{
		"GET /api/v1/products HTTP/1.1\r\nHost: x\r\n\r\n":        200,
		"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n":                404,
		"DELETE /health HTTP/1.1\r\nHost: x\r\n\r\n":              405,
		"FROB / HTTP/1.1\r\nHost: x\r\n\r\n":                      501,
		"GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n":           503,
		"POST /api/v1/panic HTTP/1.1\r\nHost: x\r\n\r\n":          500,
		"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n":                   200,
		"GET / HTTP/1.1\r\nHost: x\r\nX: " + long(20_000):         431,
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999":   413,
		"GET / HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\n":   415,
		"GET /media/drawn/a.svg HTTP/1.1\r\nHost: x\r\n":          200,
		"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n":            400,
		"GET /api/v1/fail/down HTTP/1.1\r\nHost: x\r\n\r\n":       503,
		"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n": 200,
	} {
		got := exchangeRaw(t, address, raw+"\r\n\r\n")
		if len(got) != 1 || got[0].status != status || !got[0].closes {
			t.Errorf("%.40q: %d answers, %+v", raw, len(got), got)
		}
	}
}

func TestShutdownBoundsTheWait(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) { o.Shutdown = 50 * time.Millisecond })
	address := serveUntilShutdown(t, s)
	answered := make(chan error, 1)
	go func() {
		answered <- fetch(t.Context(), &http.Client{Transport: &http.Transport{}}, address, "/api/v1/slow")
	}()
	<-s.entered
	if err := s.Shutdown(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	close(s.release)
	if err := <-answered; err != nil {
		t.Logf("the cut request ended with %v", err)
	}
}

func TestListenAfterShutdown(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(listener); err != nil {
		t.Error(err)
	}
	if _, err := listener.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is open: %v", err)
	}
}

func TestListenTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	address := s.listen(t)
	if err := fetch(t.Context(), &http.Client{Transport: &http.Transport{}}, address, "/health/live"); err != nil {
		t.Fatal(err) // It serves from here on.
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(listener); err == nil {
		t.Error("it listens twice")
	}
}

func TestDrainEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) { o.Drain = time.Hour })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Drain(ctx)
	if !s.Draining() {
		t.Error("not draining")
	}
}
