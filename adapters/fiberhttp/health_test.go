package fiberhttp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

func newClock() time.Time { return moment }

func TestHealth(t *testing.T) {
	t.Parallel()
	up := fiberhttp.ServiceHealth{Name: "database", State: "up", Well: true, Vital: true}
	down := fiberhttp.ServiceHealth{Name: "database", State: "down", Vital: true}
	late := fiberhttp.ServiceHealth{Name: "outbox", State: "late"}
	for name, c := range map[string]struct {
		parts  []fiberhttp.ServiceHealth
		drain  bool
		status string
		ready  int
	}{
		"no parts":      {nil, false, "ok", 200},
		"well":          {[]fiberhttp.ServiceHealth{up}, false, "ok", 200},
		"late":          {[]fiberhttp.ServiceHealth{up, late}, false, "degraded", 200},
		"down":          {[]fiberhttp.ServiceHealth{down}, false, "down", 503},
		"down and late": {[]fiberhttp.ServiceHealth{down, late}, false, "down", 503},
		"draining":      {[]fiberhttp.ServiceHealth{up}, true, "draining", 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, func(o *fiberhttp.Options) {
				o.Health = func(context.Context) []fiberhttp.ServiceHealth { return c.parts }
			})
			if c.drain {
				s.Drain(t.Context())
			}
			services := map[string]string{}
			for _, part := range c.parts {
				services[part.Name] = part.State
			}
			want := fiberhttp.Health{Status: c.status, Version: "1.2.3", Timestamp: moment, Services: services}
			checkHealth(t, s, "/health", 200, want)
			checkHealth(t, s, "/health/ready", c.ready, want)
		})
	}
}

func checkHealth(t *testing.T, s *shop, path string, status int, want fiberhttp.Health) {
	t.Helper()
	got := s.call(t, http.MethodGet, path, "")
	var body fiberhttp.Health
	if err := json.Unmarshal(got.body, &body); err != nil {
		t.Fatalf("%s: %v: %s", path, err, got.body)
	}
	if got.status != status || !reflect.DeepEqual(body, want) || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: %d %s %v", path, got.status, got.body, got.header)
	}
}

func TestLivenessTouchesNothing(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Health = func(context.Context) []fiberhttp.ServiceHealth { panic("asked") }
	})
	s.Drain(t.Context())
	if got := s.call(t, http.MethodGet, "/health/live", ""); got.status != 200 || len(got.body) == 0 {
		t.Errorf("%d %s", got.status, got.body)
	}
}
