package integration_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bun/sqlite"
	"github.com/ipswich-retail/commerce/adapters/fiberhttp/fiberhttpfx"
	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// hotStock is how many there are of what everybody wants.
const hotStock = 1000

// seedFile writes a product file with these quantities; everything costs 12.50.
func seedFile(t *testing.T, quantities map[string]int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "products.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(file)
	rows := [][]string{{
		"Handle", "Title", "Published", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Inventory Tracker", "Variant Inventory Qty",
		"Variant Inventory Policy", "Variant Price", "Variant Requires Shipping", "Variant Taxable",
	}}
	for sku, n := range quantities {
		rows = append(rows, []string{"p-" + sku, "Of " + sku, "true", "Title", "Default Title", sku, "shopify", strconv.FormatInt(n, 10), "deny", "12.50", "true", "true"})
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// exactShop is a shop that is bought from by many at once, with a look at its stock from outside the HTTP server.
type exactShop struct {
	*client
	position func(t *testing.T, sku ref.SKU) inventory.Position
}

// exactSKUs are what the scenarios buy, each its own.
var exactSKUs = map[string]int64{"hot": hotStock, "key-manual": 1000, "key-test": 1000, "A": 100_000, "B": 100_000, "card": 5}

// TestExactness has many clients buy at once, and counts. On PostgreSQL the shop is its process and SQL asks the
// database from outside, during and after; on SQLite it is its process too, and another one has the file open; in memory
// it is in this process and asked through its ports.
func TestExactness(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		exactScenarios(t, memoryShop(t))
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "shop.db")
		p := startShop(t, "--sqlite-file", file, "--seed", seedFile(t, exactSKUs))
		exactScenarios(t, exactShop{newClient(t, p.base), positionOf(openSQLite(t, sqlite.Config{File: file, Readers: 4}).Stock())})
		wantDoctor(t, "--sqlite-file", file)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !needsDatabase(t) {
			return
		}
		dsn := database(t)
		p := startShop(t, "--migrate", "--database-url", address(t, dsn).String(), "--seed", seedFile(t, exactSKUs))
		outside := openPostgres(t, small(dsn))
		watched := watch(t, dsn)
		exactScenarios(t, exactShop{newClient(t, p.base), positionOf(outside.Stock())})
		if n := watched(); n == 0 {
			t.Error("the database was not asked while the shop was bought from")
		}
		conn := connect(t, dsn)
		wantInvariants(t, conn)
		if n := number(t, conn, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n != 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

// positionOf asks a store that looks at the same data.
func positionOf(s inventory.Stock) func(t *testing.T, sku ref.SKU) inventory.Position {
	return func(t *testing.T, sku ref.SKU) inventory.Position {
		t.Helper()
		p, err := s.Position(t.Context(), sku)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

// watch asks for the invariants over and over, each time in one snapshot, until the test ends or stop is called, which
// tells how often they were asked.
func watch(t *testing.T, dsn string) (stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	times := 0
	var all sync.WaitGroup
	all.Go(func() {
		defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
		for pause := time.NewTicker(50 * time.Millisecond); ctx.Err() == nil; <-pause.C {
			found, err := broken(ctx, conn)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				t.Errorf("asking for the invariants: %v", err)
				return
			}
			for _, f := range found {
				t.Errorf("while the shop was bought from: %s", f)
			}
			times++
		}
	})
	stop = sync.OnceValue(func() int {
		cancel()
		all.Wait()
		return times
	})
	t.Cleanup(func() { stop() })
	return stop
}

// memoryShop composes the shop as the command does, in memory and in this process, with changes to it.
func memoryShop(t *testing.T, changes ...fx.Option) exactShop {
	t.Helper()
	settings := compose.Settings{Place: compose.Place{Store: "memory"}, Currency: "GBP", Locale: "en-GB", Country: "GB", LogLevel: "error", CommitGroup: 64, CommitLoops: 2}
	seeds, err := compose.ReadSeeds(settings, seedFile(t, exactSKUs))
	if err != nil {
		t.Fatal(err)
	}
	var bound *fiberhttpfx.Bound
	var stock inventory.Stock
	app := fx.New(
		compose.Core(settings, []string{"manual", "test"}, nil, ordering.DefaultLease, zap.NewNop()),
		compose.HTTP(settings, "test", 0),
		compose.Seed(seeds), compose.Serve("127.0.0.1:0"),
		fx.Populate(&bound, &stock), fx.Options(changes...),
	)
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(anew(t), shopEnd)
		defer cancel()
		if err := app.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return exactShop{newClient(t, "http://"+bound.Addr().String()), func(t *testing.T, sku ref.SKU) inventory.Position {
		t.Helper()
		p, err := stock.Position(t.Context(), sku)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}}
}

// exactScenarios run beside each other, each on its own goods, and have ended when it returns.
func exactScenarios(t *testing.T, s exactShop) {
	t.Helper()
	t.Run("scenarios", func(t *testing.T) {
		t.Run("one variant and 64 clients", func(t *testing.T) {
			t.Parallel()
			s.hot(t)
		})
		t.Run("one key and 32 requests, manual", func(t *testing.T) {
			t.Parallel()
			s.oneKey(t, "key-manual", "")
		})
		t.Run("one key and 32 requests, test", func(t *testing.T) {
			t.Parallel()
			s.oneKey(t, "key-test", "tok_ok")
		})
		t.Run("two variants in both orders and 32 clients", func(t *testing.T) {
			t.Parallel()
			s.crossing(t)
		})
		t.Run("a card is declined and tried again", func(t *testing.T) {
			t.Parallel()
			s.declined(t)
		})
	})
}

// wantStock checks what is on hand and reserved, and that the ledger's sums say the same.
func (s exactShop) wantStock(t *testing.T, sku ref.SKU, onHand, reserved int64) {
	t.Helper()
	p := s.position(t, sku)
	gotHand, gotReserved := p.Totals()
	if gotHand != onHand || gotReserved != reserved || p.OnHandSum != onHand || p.ReservedSum != reserved {
		t.Errorf("%s: %d on hand and %d reserved, by the ledger %d and %d; want %d and %d",
			sku, gotHand, gotReserved, p.OnHandSum, p.ReservedSum, onHand, reserved)
	}
}

// hot has 64 clients try 1,100 times to buy one of 1,000, by both providers.
func (s exactShop) hot(t *testing.T) {
	t.Helper()
	const clients, attempts = 64, hotStock + 100
	var next, accepted, refused atomic.Int64
	var orders sync.Map
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for n := next.Add(1); n <= attempts; n = next.Add(1) {
				token := ""
				if n%4 == 0 {
					token = "tok_ok"
				}
				cart, err := s.cart(t.Context(), line{"hot", 1})
				if err != nil {
					t.Error(err)
					return
				}
				a, err := s.checkout(t.Context(), cart, "k", wish(token))
				if err != nil {
					t.Error(err)
					return
				}
				if a.status != http.StatusCreated {
					refused.Add(1)
					if err := refusal(a); err != nil {
						t.Error(err)
					}
					continue
				}
				o, err := a.order()
				if _, twice := orders.LoadOrStore(o.ID, n); twice || err != nil || a.replayed {
					t.Errorf("order %s: made twice %t, replayed %t, %v", o.ID, twice, a.replayed, err)
				}
				accepted.Add(1)
			}
		})
	}
	all.Wait()
	if accepted.Load() != hotStock || refused.Load() != attempts-hotStock {
		t.Errorf("%d orders and %d refusals, want %d and %d", accepted.Load(), refused.Load(), hotStock, attempts-hotStock)
	}
	s.wantStock(t, "hot", hotStock, hotStock)
}

// refusal checks the one way in which a purchase of what is sold out is refused.
func refusal(a answer) error {
	p, err := a.problem()
	if err != nil {
		return err
	}
	if a.status != http.StatusConflict || p.Code != "out_of_stock" || len(p.Errors) != 1 || p.Errors[0].Field != "lines[0].quantity" ||
		p.Errors[0].SKU != "hot" || p.Errors[0].Available == nil || *p.Errors[0].Available != 0 {
		return fmt.Errorf("%d, want 409 out_of_stock of lines[0].quantity with sku hot and available 0: %s", a.status, a.body)
	}
	return nil
}

// oneKey has 32 requests with one key race.
func (s exactShop) oneKey(t *testing.T, sku ref.SKU, token string) {
	t.Helper()
	const requests = 32
	cart := s.mustCart(t, line{string(sku), 1})
	answers := make([]answer, requests)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			<-start
			a, err := s.checkout(t.Context(), cart, "one", wish(token))
			if err != nil {
				t.Error(err)
			}
			answers[i] = a
		})
	}
	close(start)
	all.Wait()
	if t.Failed() {
		return
	}
	first, id := 0, ""
	for _, a := range slices.Concat(answers, []answer{s.mustCheckout(t, cart, "one", wish(token))}) {
		if a.status == http.StatusConflict {
			a.wantCode(t, http.StatusConflict, "in_progress")
			continue
		}
		o, err := a.order()
		if err != nil || a.status != http.StatusCreated || id != "" && o.ID != id {
			t.Errorf("%d, order %s after %s, %v: %s", a.status, o.ID, id, err, a.body)
		}
		id = o.ID
		if !a.replayed {
			first++
		}
	}
	if first != 1 {
		t.Errorf("%d answers are no replay, want one", first)
	}
	s.wantStock(t, sku, 1000, 1)
}

// crossing has half of 32 clients buy A and B, and the others B and A.
func (s exactShop) crossing(t *testing.T) {
	t.Helper()
	const clients, rounds = 32, 8
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			lines := []line{{"A", 1}, {"B", 2}}
			if i%2 == 1 {
				lines = []line{{"B", 2}, {"A", 1}}
			}
			for range rounds {
				cart, err := s.cart(t.Context(), lines...)
				if err != nil {
					t.Error(err)
					return
				}
				if a, err := s.checkout(t.Context(), cart, "k", wish("")); err != nil || a.status != http.StatusCreated {
					t.Errorf("%d %v: %s", a.status, err, a.body)
				}
			}
		})
	}
	all.Wait()
	s.wantStock(t, "A", 100_000, clients*rounds)
	s.wantStock(t, "B", 100_000, 2*clients*rounds)
}

// declined tries a card that is declined, with every way to go on.
func (s exactShop) declined(t *testing.T) {
	t.Helper()
	cart := s.mustCart(t, line{"card", 5})
	for i := range 2 {
		a := s.mustCheckout(t, cart, "declined", wish("tok_decline"))
		a.wantCode(t, http.StatusPaymentRequired, "payment_declined")
		if a.replayed != (i > 0) {
			t.Errorf("answer %d is a replay: %t", i, a.replayed)
		}
		s.wantStock(t, "card", 5, 0)
	}
	s.mustCheckout(t, cart, "declined", wish("tok_ok")).wantCode(t, http.StatusUnprocessableEntity, "idempotency_mismatch")
	cheaper := wish("tok_ok")
	cheaper["expected_total"] = amount{"1.00", "GBP"}
	p := s.mustCheckout(t, cart, "cheaper", cheaper).wantCode(t, http.StatusConflict, "price_changed")
	if p.CurrentTotal == nil || *p.CurrentTotal != (amount{"62.50", "GBP"}) {
		t.Errorf("the current total is %v, want 62.50 GBP", p.CurrentTotal)
	}
	right := wish("tok_ok")
	right["expected_total"] = amount{"62.50", "GBP"}
	a := s.mustCheckout(t, cart, "again", right)
	o, err := a.order()
	if err != nil || a.status != http.StatusCreated || o.Status != "placed" || o.PaymentStatus != "paid" {
		t.Errorf("%d, %v: %s", a.status, err, a.body)
	}
	s.mustCheckout(t, cart, "declined", wish("tok_decline")).wantCode(t, http.StatusPaymentRequired, "payment_declined")
	s.mustCheckout(t, cart, "more", wish("tok_ok")).wantCode(t, http.StatusConflict, "cart_completed")
	s.wantStock(t, "card", 5, 5)
}
