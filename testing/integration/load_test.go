package integration_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/testing/integration/load"
)

// loaded is how many purchases the short form of the load plays; make figures plays whole months.
const loaded = 40

// loadStores are where a shop of the load is kept, as arguments of serve.
func loadStores(t *testing.T) map[string][]string {
	t.Helper()
	stores := map[string][]string{"memory": {"--store", "memory"}, "sqlite": {"--store", "sqlite", "--sqlite-file", filepath.Join(t.TempDir(), "shop.db")}}
	if needsDatabase(t) {
		stores["postgres"] = []string{"--store", "postgres", "--database-url", database(t)}
	}
	return stores
}

// loadShop starts a shop that sells what the invoices bought.
func loadShop(t *testing.T, invoices []load.Invoice, store []string) *process {
	t.Helper()
	if dsn := store[len(store)-1]; store[1] == "postgres" {
		if err := load.Shelve(t.Context(), connect(t, dsn), invoices); err != nil {
			t.Fatal(err)
		}
		return startShop(t, store...)
	}
	var seed bytes.Buffer
	if err := load.Catalogue(&seed, invoices); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "catalogue.csv")
	if err := os.WriteFile(name, seed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return startShop(t, append(slices.Clone(store), "--seed", name)...)
}

// wantLoad settles what was played and compares it with what is stored.
func wantLoad(t *testing.T, run *load.Run, base string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := run.Settle(ctx); err != nil {
		t.Error(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	stored, err := load.ReadStored(t.Context(), client, base, adminKey)
	if err != nil {
		t.Fatal(err)
	}
	var invoices []load.Invoice
	for _, p := range run.Purchases {
		invoices = append(invoices, p.Invoice)
	}
	reserved, err := load.ReadReserved(t.Context(), client, base, adminKey, load.Hottest(invoices, 12))
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range append(load.Check(run.Purchases, stored), load.CheckReserved(run.Purchases, reserved)...) {
		t.Error(finding)
	}
	t.Logf("%v in %s, %d stored", run.Counts(), run.Elapsed.Round(time.Millisecond), len(stored))
}

// Invoices up to the longest that there is are played in a closed and in an open loop; what was accepted is what is stored.
func TestLoad(t *testing.T) {
	t.Parallel()
	invoices := load.Generate(1, loaded)
	for name, store := range loadStores(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := loadShop(t, invoices, store).base
			var journal bytes.Buffer
			closed, err := load.Load{Base: base, Name: "closed", Invoices: invoices, Clients: 16, Log: &journal}.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			open, err := load.Load{Base: base, Name: "open", Invoices: invoices, Rate: 200, Log: &journal}.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, run := range []*load.Run{closed, open} {
				if n := run.Counts()[load.Accepted]; n != loaded-run.Missed {
					t.Errorf("%d of %d were accepted: %v", n, loaded-run.Missed, run.Counts())
				}
			}
			closed.Purchases = append(closed.Purchases, open.Purchases...)
			wantLoad(t, closed, base)
			wantJournal(t, journal.Bytes(), len(closed.Purchases))
		})
	}
}

// wantJournal checks that each request has an entry with an id of its own, and each checkout says what became of it.
func wantJournal(t *testing.T, journal []byte, purchases int) {
	t.Helper()
	ids, calls := map[string]bool{}, map[load.Call]int{}
	lines := bufio.NewScanner(bytes.NewReader(journal))
	for lines.Scan() {
		var e load.Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if ids[e.Request] || e.Request == "" || e.Call == load.CallCheckout && (e.Order == "" || e.Key == "") {
			t.Errorf("%s", lines.Bytes())
		}
		ids[e.Request] = true
		calls[e.Call]++
	}
	if calls[load.CallCart] != purchases || calls[load.CallLine] != purchases || calls[load.CallCheckout] != purchases {
		t.Errorf("%v for %d purchases", calls, purchases)
	}
}

// The server is killed while it works: some were told, some were not and ask again.
func TestLoadKilled(t *testing.T) {
	t.Parallel()
	for name, store := range loadStores(t) {
		if name == "memory" { // It forgets all with its process, and says so.
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loadKilled(t, store)
		})
	}
}

func loadKilled(t *testing.T, store []string) {
	t.Helper()
	invoices := load.Generate(2, loaded)
	shop := loadShop(t, invoices, store)
	orders := ordersIn(t, store)
	played := make(chan *load.Run, 1)
	go func() {
		run, err := load.Load{Base: shop.base, Name: "killed", Invoices: invoices, Count: 20 * loaded, Clients: 16, Timeout: 5 * time.Second}.Run(t.Context())
		if err != nil {
			t.Error(err)
		}
		played <- run
	}()
	for deadline := time.Now().Add(patience); orders() < loaded/2; time.Sleep(retryPause) {
		if time.Now().After(deadline) {
			t.Fatalf("nobody could order within %s", patience)
		}
	}
	shop.kill(t)
	run := <-played
	again := startShop(t, store...)
	run.Moved(again.base)
	if counts := run.Counts(); counts[load.Unknown]+counts[load.Given] == 0 || counts[load.Accepted] == 0 {
		t.Errorf("the kill fell between all purchases: %v", counts)
	}
	wantLoad(t, run, again.base)
}

// ordersIn counts what is stored, without the shop.
func ordersIn(t *testing.T, store []string) func() int64 {
	t.Helper()
	place := store[len(store)-1]
	if store[1] == "postgres" {
		conn := connect(t, place)
		return func() int64 { return number(t, conn, `SELECT count(*) FROM commerce.orders`) }
	}
	db, err := sql.Open("sqlite", "file:"+place+"?mode=ro&_busy_timeout=5000") // As the program that writes it, and not through it.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func() (n int64) {
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM orders`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
}
