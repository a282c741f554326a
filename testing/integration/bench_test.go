package integration_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/valyala/fasthttp"
)

// benchRequest is a request that a shop's handler takes without a socket.
func benchRequest(path string) *fasthttp.RequestCtx {
	var request fasthttp.Request
	request.SetRequestURI(path)
	request.Header.SetHost("shop.example")
	request.Header.SetUserAgent("bench")
	request.Header.Set("Accept", "application/json")
	ctx := &fasthttp.RequestCtx{}
	ctx.Init(&request, nil, nil)
	return ctx
}

// BenchmarkRead reads a list of 20 and a product, kept ready and, by a query that nobody asked before, not.
func BenchmarkRead(b *testing.B) {
	s := newHTTPShop(b)
	for i := range 40 {
		s.stock(b, goods{slug: fmt.Sprintf("thing-%d", i), brand: "Orwell", variants: []goodsVariant{{sku: fmt.Sprintf("THING-%d", i), price: "3.50", stock: 5}}})
	}
	s.App().Handler() // Builds the tree of routes.
	handler := s.App().Server().Handler
	for name, path := range map[string]func(i int) string{
		"list/kept":    func(int) string { return productsPath + "?limit=20" },
		"list/made":    func(i int) string { return fmt.Sprintf("%s?limit=20&price_max=%d", productsPath, 1000+i) },
		"product/kept": func(int) string { return productsPath + "/mug" },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				ctx := benchRequest(path(i))
				handler(ctx)
				if ctx.Response.StatusCode() != http.StatusOK {
					b.Fatalf("%d %s", ctx.Response.StatusCode(), ctx.Response.Body())
				}
			}
		})
	}
}
