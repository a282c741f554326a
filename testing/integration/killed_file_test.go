package integration_test

import (
	"database/sql"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// TestServerOfAFileKilled kills the server of a shop in a file with SIGKILL, again and again, while 64 people buy, some of
// whom leave for good when no answer comes. What was accepted is in the file, taken from the stock and paid, once each; who
// asks again is told the same; and what nobody came back for is settled by itself.
func TestServerOfAFileKilled(t *testing.T) {
	t.Parallel()
	kills := 3
	if large() {
		kills = 20
	}
	file := filepath.Join(t.TempDir(), "shop.db")
	args := []string{"--lease", "1s", "--sqlite-file", file, "--seed", seedFile(t, map[string]int64{shelved: 1_000_000})}
	var base atomic.Pointer[string]
	start := func() *process {
		p := startShop(t, args...)
		base.Store(&p.base)
		return p
	}
	server := start()
	people := gather(t, func() string { return *base.Load() })
	people.think, people.quits = 100*time.Millisecond, 10
	people.come(crowded)
	for range kills {
		people.sold(crowded)
		server.kill(t)
		server = start()
	}
	restarted := time.Now()
	people.sold(crowded)
	people.disperse()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro&_busy_timeout=5000") // As the program that wrote it, and not through it.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	count := func(query string) (n int64) {
		t.Helper()
		if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	for count(`SELECT count(*) FROM orders WHERE status NOT IN ('placed', 'completed', 'cancelled')`) != 0 {
		if time.Since(restarted) > settledWithin {
			t.Errorf("orders are open %s after the last restart", settledWithin)
			break
		}
		time.Sleep(100 * time.Millisecond) // The pace of looking at them.
	}
	accepted, refused := people.wantAnswers(t)
	for what, n := range map[string]int64{
		"orders stored":   count(`SELECT count(*) FROM orders`) - refused,
		"orders placed":   count(`SELECT count(*) FROM orders WHERE status = 'placed'`),
		"stock reserved":  count(`SELECT reserved FROM stock_levels WHERE sku = '` + shelved + `'`),
		"payments stored": count(`SELECT count(*) FROM payments`) - refused,
		"payments captured once, or of another provider": count(`SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.status = 'placed' AND (p.provider <> 'test' OR
			p.amount = (SELECT sum(CAST(round((e.value ->> '$.amount.amount') * 100) AS INTEGER)) FROM json_each(p.entries) e WHERE e.value ->> 'kind' = 'captured'))`),
	} {
		if n != accepted {
			t.Errorf("%s: %d, accepted were %d", what, n, accepted)
		}
	}
	var sound string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("the file is %q, %v", sound, err)
	}
	t.Logf("killed %d times; accepted = stored = stock = payments = %d, given up %d", kills, accepted, refused)
	wantDoctor(t, "--sqlite-file", file)
}
