package cli

import (
	"context"
	"fmt"
	"net"
	"strings"

	"go.uber.org/dig"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// example is the SKU of something that is on sale, for the calls that are shown.
func (r *running) example(ctx context.Context) ref.SKU {
	page, err := r.Catalog.List(ctx, ref.Scope(r.Scope), catalog.ListQuery{Limit: catalog.PageMax})
	if err != nil {
		return ""
	}
	var skus []ref.SKU
	for _, p := range page.Items {
		for _, v := range p.Variants {
			skus = append(skus, v.SKU)
		}
	}
	available, err := r.Inventory.Available(ctx, skus)
	if err != nil {
		return ""
	}
	for _, sku := range skus {
		if available[sku] > 0 && !strings.ContainsAny(string(sku), `'"\`) {
			return sku
		}
	}
	return ""
}

// welcome tells where the shop is and how to buy something in it.
func welcome(address string, sku ref.SKU, s compose.Settings, first compose.FirstOwner) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		address = net.JoinHostPort("localhost", port)
	}
	base := "http://" + address
	var b strings.Builder
	fmt.Fprintf(&b, "The shop is open.\n\n  Products %[1]s/api/v1/products\n  Docs     %[1]s/docs\n  Health   %[1]s/health\n  Metrics  %[1]s/metrics\n", base)
	switch s.StoreName() {
	case compose.StoreMemory:
		b.WriteString("\nIt is kept in memory and forgotten at the end; --store sqlite and --database-url postgres://… keep it.\n")
	case compose.StoreSQLite:
		fmt.Fprintf(&b, "\nIt is kept in %s; delete that file to begin anew.\n", s.SQLiteFile)
	}
	if first.Email != "" {
		fmt.Fprintf(&b, "\nSign in as its owner, with a password that is shown this once:\n\n  E-mail   %s\n  Password %s\n", first.Email, first.Password.Reveal())
	}
	if sku == "" {
		b.WriteString("\nNothing is in stock yet: shop import products FILE.\n")
		return b.String()
	}
	fmt.Fprintf(&b, `
Buy something, in three calls:

  curl -s '%[1]s/api/v1/products?limit=3'; echo

  CART=$(curl -s '%[1]s/api/v1/carts' -H 'Content-Type: application/json' \
    -d '{"lines":[{"sku":"%[2]s","quantity":1}]}' | grep -o 'crt_[0-9a-z]*' | head -n 1); echo "$CART"

  curl -s "%[1]s/api/v1/carts/$CART/checkout" -H 'Content-Type: application/json' -H "Idempotency-Key: $CART" \
    -d '{"email":"you@example.com","payment":{"provider":"manual"},"shipping_address":{"name":"You",
         "line1":"1 Quay Street","city":"Ipswich","postal_code":"IP4 1BZ","country":"GB"}}'; echo

`, base, sku)
	return b.String()
}

// rootCause is what went wrong, without the path of constructors that fx puts before it.
func rootCause(err error) error { return dig.RootCause(err) }
