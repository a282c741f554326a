package fiberhttp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// gate is a turnstile of eight places: of its own buying has two, the others one each, and three are shared.
func gate(t *testing.T) (g fiberhttp.Turnstile, enter func(fiberhttp.Class) func()) {
	t.Helper()
	g = fiberhttp.NewTurnstile(8)
	return g, func(c fiberhttp.Class) func() {
		t.Helper()
		leave, err := g.Enter(t.Context(), c)
		if err != nil {
			t.Fatalf("%s is refused: %v", c, err)
		}
		return leave
	}
}

func TestBrowsingIsShedBeforeBuying(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, enter := gate(t)
		for range 4 { // Its own place and all that are shared.
			enter(fiberhttp.Browsing)
		}
		start := time.Now()
		if _, err := g.Enter(t.Context(), fiberhttp.Browsing); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("the fifth who browses: %v", err)
		}
		if waited := time.Since(start); waited != 250*time.Millisecond {
			t.Errorf("it waited %s", waited)
		}
		start = time.Now()
		for range 2 {
			enter(fiberhttp.Buying)
		}
		enter(fiberhttp.Shopping)
		enter(fiberhttp.Backoffice)
		if waited := time.Since(start); waited != 0 {
			t.Errorf("those with places of their own waited %s", waited)
		}
	})
}

// What becomes free goes to the most important one that waits, however long another did.
func TestTheMostImportantGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, enter := gate(t)
		var leave func()
		for range 4 {
			leave = enter(fiberhttp.Browsing)
		}
		enter(fiberhttp.Buying)
		enter(fiberhttp.Buying)
		order := make(chan fiberhttp.Class, 3)
		for _, c := range []fiberhttp.Class{fiberhttp.Browsing, fiberhttp.Buying, fiberhttp.Shopping} {
			if c == fiberhttp.Shopping {
				enter(fiberhttp.Shopping)
			}
			go func() {
				if left, err := g.Enter(t.Context(), c); err == nil {
					order <- c
					left()
				}
			}()
			synctest.Wait()
		}
		leave()
		synctest.Wait()
		close(order)
		var got []fiberhttp.Class
		for c := range order {
			got = append(got, c)
		}
		if fmt.Sprint(got) != "[buying shopping browsing]" {
			t.Errorf("they went in as %v", got)
		}
	})
}

// A provider that hangs fills every place that buying can have; the shop can still be looked at.
func TestBuyersThatHangLeaveTheOthersTheirPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, enter := gate(t)
		for range 5 {
			enter(fiberhttp.Buying)
		}
		if _, err := g.Enter(t.Context(), fiberhttp.Buying); err == nil {
			t.Error("buying takes the others' places")
		}
		for _, c := range []fiberhttp.Class{fiberhttp.Shopping, fiberhttp.Browsing, fiberhttp.Backoffice} {
			enter(c)()
		}
	})
}

func TestBackofficeNeverTakesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, enter := gate(t)
		enter(fiberhttp.Backoffice)
		enter(fiberhttp.Backoffice)
		if _, err := g.Enter(t.Context(), fiberhttp.Backoffice); err == nil {
			t.Error("a third report was let in")
		}
	})
}

// A line has an end, and who leaves it is forgotten.
func TestLinesAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, enter := gate(t)
		for range 4 {
			enter(fiberhttp.Browsing)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := g.Enter(ctx, fiberhttp.Browsing); err == nil {
					t.Error("somebody found a place")
				}
			})
		}
		synctest.Wait()
		start := time.Now()
		if _, err := g.Enter(t.Context(), fiberhttp.Browsing); err == nil || time.Since(start) != 0 {
			t.Errorf("the ninth in the line: %v after %s", err, time.Since(start))
		}
		cancel()
		all.Wait()
		if _, waiting := g.Now(fiberhttp.Browsing); waiting != 0 || time.Since(start) != 0 {
			t.Errorf("%d still wait, %s after they left", waiting, time.Since(start))
		}
	})
}

// Whatever comes and goes, no more are let in than there are places, and all are free in the end.
func TestPlacesAddUp(t *testing.T) {
	t.Parallel()
	all := []fiberhttp.Class{fiberhttp.Buying, fiberhttp.Shopping, fiberhttp.Browsing, fiberhttp.Backoffice}
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			const places = 16
			chance := rand.New(rand.NewPCG(seed, 0))
			g := fiberhttp.NewTurnstile(places)
			var callers sync.WaitGroup
			for range 500 {
				c, pause, work := all[chance.IntN(len(all))], time.Duration(chance.IntN(2000))*time.Millisecond, time.Duration(chance.IntN(400))*time.Millisecond
				callers.Go(func() {
					time.Sleep(pause)
					leave, err := g.Enter(t.Context(), c)
					if err != nil {
						return
					}
					working := 0
					for _, other := range all {
						n, _ := g.Now(other)
						working += n
					}
					if working > places {
						t.Errorf("seed %d: %d at work at once", seed, working)
					}
					time.Sleep(work)
					leave()
				})
			}
			callers.Wait()
			if lent, common := g.Lent(); lent != 0 || common <= 0 {
				t.Errorf("seed %d: %d of %d places are lent in the end", seed, lent, common)
			}
			for _, c := range all {
				if working, waiting := g.Now(c); working+waiting != 0 {
					t.Errorf("seed %d: of %s %d work and %d wait in the end", seed, c, working, waiting)
				}
			}
		})
	}
}

func TestClassesOfRoutes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		route fiberhttp.Route
		want  fiberhttp.Class
	}{
		{fiberhttp.Route{Method: http.MethodGet}, fiberhttp.Browsing},
		{fiberhttp.Route{Method: http.MethodPost}, fiberhttp.Shopping},
		{fiberhttp.Route{Method: http.MethodGet, Permission: "orders.read"}, fiberhttp.Backoffice},
		{fiberhttp.Route{Method: http.MethodPost, Permission: "orders.read", Class: fiberhttp.Buying}, fiberhttp.Buying},
		{fiberhttp.Route{Method: http.MethodGet, Class: fiberhttp.Always}, fiberhttp.Always},
	} {
		if got := c.route.ClassOf(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.route, got, c.want)
		}
	}
}

// A full shop answers who browses with 503 and when to come back, and goes on selling; health and metrics are asked by
// those who must know of it.
func TestFullShopSellsAndTells(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) { o.MaxRequests = 8 })
	var slowOnes sync.WaitGroup
	for range 4 {
		slowOnes.Go(func() { s.call(t, http.MethodGet, "/api/v1/slow", "") })
		<-s.entered
	}
	retries := map[string]bool{}
	for range 12 {
		got := s.call(t, http.MethodGet, "/api/v1/products", "")
		if got.status != http.StatusServiceUnavailable {
			t.Fatalf("who browses: %d %s", got.status, got.body)
		}
		checkProblem(t, got, "unavailable", "")
		retries[got.header.Get("Retry-After")] = true
	}
	if len(retries) < 2 {
		t.Errorf("all are told to come back at once, after %v seconds", retries)
	}
	if lines := s.logs.FilterMessage("request_not_answered").Len(); lines != 0 {
		t.Errorf("%d lines are logged beside those of the requests", lines)
	}
	order := s.call(t, http.MethodPost, "/api/v1/carts/1/checkout", `{"email":"a@example.com","lines":[{"sku":"A","quantity":1}]}`, "Idempotency-Key", "k")
	if order.status != http.StatusCreated {
		t.Errorf("who buys: %d %s", order.status, order.body)
	}
	for _, path := range []string{"/health", "/health/live", "/health/ready", "/openapi.json", "/media/drawn/a.svg"} {
		if got := s.call(t, http.MethodGet, path, ""); got.status != http.StatusOK {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	metrics := string(s.call(t, http.MethodGet, "/metrics", "").body)
	for _, want := range []string{
		`http_admission_total{class="browsing",outcome="shed"} 12`, `http_admission_total{class="browsing",outcome="admitted"} 4`,
		`http_admission_total{class="backoffice",outcome="shed"} 0`, `http_admission_working{class="browsing"} 4`, `http_admission_waiting{class="browsing"} 0`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("%s is not in the metrics", want)
		}
	}
	close(s.release)
	slowOnes.Wait()
	if got := s.call(t, http.MethodGet, "/api/v1/products", ""); got.status != http.StatusOK {
		t.Errorf("after the storm: %d %s", got.status, got.body)
	}
}

// Connections beyond the limit are told so, and find room once others have left. When most are taken, none is kept for
// a next request.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	const most, keeps = 8, 6
	s := newShop(t, func(o *fiberhttp.Options) { o.MaxConnections = most })
	address := s.listen(t)
	conns := make([]net.Conn, most)
	for i := range conns {
		conns[i] = dial(t, address)
		if i < keeps {
			if got := talk(t, conns[i]); got.status != http.StatusOK || got.closes {
				t.Fatalf("connection %d: %d, closes %t", i, got.status, got.closes)
			}
		}
	}
	if got := talk(t, conns[0]); got.status != http.StatusOK || !got.closes {
		t.Errorf("a connection is kept although most are taken: %d", got.status)
	}
	conns[0] = dial(t, address)
	var got []answer
	for deadline := time.Now().Add(slow); time.Now().Before(deadline); { // Until all are counted.
		if got = exchangeRaw(t, address, live); len(got) == 1 && got[0].status == http.StatusServiceUnavailable {
			break
		}
	}
	if len(got) != 1 || !got[0].closes || got[0].header.Get("Retry-After") == "" || !strings.Contains(string(got[0].body), `"code":"unavailable"}`) {
		t.Fatalf("beyond the limit: %+v", got)
	}
	for _, conn := range conns {
		_ = conn.Close()
	}
	for deadline := time.Now().Add(slow); time.Now().Before(deadline); {
		if got = exchangeRaw(t, address, live); len(got) == 1 && got[0].status == http.StatusOK {
			return
		}
	}
	t.Errorf("there is no room again: %+v", got)
}

const live = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"

// talk sends a request over a connection and reads the answer.
func talk(t *testing.T, conn net.Conn) answer {
	t.Helper()
	if _, err := io.WriteString(conn, live); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil) //nolint:bodyclose // readAnswer closes it.
	if err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, response)
}
