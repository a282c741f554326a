package compose_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// BenchmarkTracing is a call over HTTP of a shop in memory: without traces, with traces of which none is kept, and with
// all kept and sent.
func BenchmarkTracing(b *testing.B) {
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer receiver.Close()
	for name, traces := range map[string]compose.ObserveSettings{
		"off": {}, "none kept": {OTLPEndpoint: receiver.URL}, "all kept": {OTLPEndpoint: receiver.URL, TraceRatio: 1},
	} {
		b.Run(name, func(b *testing.B) {
			s, v := settings()
			s.Store = compose.StoreMemory
			seeds, err := compose.ReadSeeds(s, "")
			if err != nil {
				b.Fatal(err)
			}
			var bound *fiberhttpfx.Bound
			app := fx.New(
				compose.Core(s, v.Providers(s), nil, v.Lease, zap.NewNop()), compose.HTTP(s, "1", 0), compose.Seed(seeds),
				compose.Observe(traces, "1"), compose.Serve(v.Listen), fx.Populate(&bound),
			)
			if err := app.Start(b.Context()); err != nil {
				b.Fatal(err)
			}
			defer func() { _ = app.Stop(context.WithoutCancel(b.Context())) }()
			request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+bound.Addr().String()+"/api/v1/products?limit=1", http.NoBody)
			if err != nil {
				b.Fatal(err)
			}
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			b.ReportAllocs()
			for b.Loop() {
				response, err := client.Do(request)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, response.Body); err != nil {
					b.Fatal(err)
				}
				if err := response.Body.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
