package compose_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/exchange"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// shop composes a whole shop.
func shop(s compose.Settings, v compose.ServeSettings, providers []string, keys []ordering.TokenKey, seeds compose.Seeds) fx.Option {
	return fx.Options(
		compose.Core(s, providers, keys, v.Lease, zap.NewNop()),
		compose.HTTP(s, "1.2.3", 0),
		compose.Seed(seeds),
		compose.Serve(v.Listen),
	)
}

// TestEveryGraphIsWhole validates each store with each choice of providers and with each source of token keys.
func TestEveryGraphIsWhole(t *testing.T) {
	t.Parallel()
	for _, store := range []string{compose.StoreMemory, compose.StoreSQLite, compose.StorePostgres} {
		for _, providers := range [][]string{nil, {"manual"}, {"test"}, {"manual", "test"}} {
			for _, keys := range [][]ordering.TokenKey{nil, {{ID: "k1", Secret: make([]byte, 32)}}} {
				s, v := settings()
				s.Store, s.DatabaseURL = store, "postgres://127.0.0.1:1/shop"
				if err := fx.ValidateApp(shop(s, v, providers, keys, compose.Seeds{})); err != nil {
					t.Errorf("%s with %v and %d keys: %v", store, providers, len(keys), err)
				}
			}
		}
	}
}

// TestAShopOpensAndCloses is not parallel: it looks at the goroutines of the whole process.
func TestAShopOpensAndCloses(t *testing.T) {
	for _, store := range []string{compose.StoreMemory, compose.StoreSQLite} {
		openAndClose(t, store)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for left := ours(); len(left) > 0; left = ours() { // A goroutine that was told to end takes a moment.
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("left behind:\n%s", strings.Join(left, "\n\n"))
		}
	}
}

// ours are the goroutines that run our code or were started by it, but for tests. Those of fasthttp's own that clear up
// its workers end seconds later, and the one that keeps the time for HTTP's Date never does.
func ours() []string {
	stacks := make([]byte, 1<<20)
	var out []string
	for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(stack, "ipswich-retail/commerce/") && !strings.Contains(stack, "compose_test") {
			out = append(out, stack)
		}
	}
	return out
}

// openAndClose starts a shop on a store, buys something and stops it.
func openAndClose(t *testing.T, store string) {
	t.Helper()
	s, v := settings()
	s.Store, s.SQLiteFile = store, filepath.Join(t.TempDir(), "shop.db")
	if s.Persistent() {
		if err := s.Verify(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
	seeds, err := compose.ReadSeeds(s, "")
	if err != nil {
		t.Fatal(err)
	}
	var bound *fiberhttpfx.Bound
	app := fx.New(shop(s, v, v.Providers(s), nil, seeds), fx.Populate(&bound))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	address := bound.Addr().String()
	buy(t, "http://"+address, s.Persistent())
	if err := app.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	var config net.ListenConfig
	again, err := config.Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatalf("the port is not free: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// buy orders the first variant in stock and reads the figures of the shop.
func buy(t *testing.T, base string, kept bool) {
	t.Helper()
	call(t, http.StatusOK, http.MethodGet, base+"/health/ready", "")
	list := call(t, http.StatusOK, http.MethodGet, base+"/api/v1/products?limit=100", "")
	sku := ""
	for _, item := range list["items"].([]any) {
		product := item.(map[string]any)
		if product["in_stock"] != true {
			continue
		}
		detail := call(t, http.StatusOK, http.MethodGet, base+"/api/v1/products/"+product["slug"].(string), "")
		for _, v := range detail["variants"].([]any) {
			if variant := v.(map[string]any); variant["in_stock"] == true {
				sku = variant["sku"].(string)
			}
		}
		break
	}
	cart := call(t, http.StatusCreated, http.MethodPost, base+"/api/v1/carts", `{"lines":[{"sku":"`+sku+`","quantity":1}]}`)
	order := call(t, http.StatusCreated, http.MethodPost, base+"/api/v1/carts/"+cart["id"].(string)+"/checkout", `{"email":"ann@example.com",
		"payment":{"provider":"test","token":"tok_ok"},"shipping_address":{"name":"Ann Reed","line1":"1 Quay Street","city":"Ipswich",
		"postal_code":"IP4 1BZ","country":"GB"}}`)
	if order["status"] != "placed" || order["payment_status"] != "paid" {
		t.Errorf("%v", order)
	}
	metrics, status := text(t, http.MethodGet, base+"/metrics", "")
	for _, want := range []string{`shop_build_info{version="1.2.3"} 1`, "shop_orders_total 1", "shop_products_total 42", "go_goroutines "} {
		if status != http.StatusOK || !strings.Contains(metrics, want) {
			t.Errorf("%d, no %s in the metrics", status, want)
		}
	}
	if strings.Contains(metrics, "shop_database_") != kept {
		t.Errorf("a shop has metrics of a database: %t, and is kept: %t", !kept, kept)
	}
}

// call makes a call and requires its status.
func call(t *testing.T, want int, method, address, body string) map[string]any {
	t.Helper()
	answer, status := text(t, method, address, body)
	var out map[string]any
	if err := json.Unmarshal([]byte(answer), &out); err != nil || status != want {
		t.Fatalf("%s %s: %d %v %s", method, address, status, err, answer)
	}
	return out
}

func text(t *testing.T, method, address, body string) (string, int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", t.Name())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer), response.StatusCode
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	s, _ := settings()
	demo, err := compose.ReadSeeds(s, "")
	if err != nil || products(t, demo) != 42 || len(demo.File.Notes()) != 0 || demo.Name != "" {
		t.Errorf("the demo catalogue: %v, %+v", err, demo)
	}
	file := filepath.Join(t.TempDir(), "shop.csv")
	if err := os.WriteFile(file, []byte("Handle,Title,Variant Price\nmug,Mug,1.00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	own, err := compose.ReadSeeds(s, file)
	if err != nil || products(t, own) != 1 || own.Name != file {
		t.Errorf("a file: %v %+v", err, own)
	}
	s.Production = true
	none, err := compose.ReadSeeds(s, "")
	if err != nil || none.File != nil {
		t.Errorf("production: %v, %+v", err, none)
	}
}

// products counts what is in the file of seeds.
func products(t *testing.T, seeds compose.Seeds) int {
	t.Helper()
	n := 0
	if err := seeds.File.Each(func(exchange.Item) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}
