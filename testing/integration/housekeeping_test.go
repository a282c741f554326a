package integration_test

import (
	"testing"
	"time"
)

// A shop that serves sweeps what is old by itself, carries its events, and leaves no lease behind when it is asked to
// stop.
func TestShopKeepsHouse(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	dsn := database(t)
	conn := connect(t, dsn)
	if _, err := conn.Exec(t.Context(), `
		INSERT INTO commerce.commands (shop, actor, route, key, fingerprint, owner, subject, created_at, lease, answered, code, detail)
			SELECT 1, 'cart:x', 'checkout', 'key ' || n, '', gen_random_uuid(), '', now() - interval '73 hours', now(), n <> 1, '', ''
			FROM generate_series(1, 1200) n;
		INSERT INTO commerce.outbox (shop, id, name, aggregate, at, data)
			SELECT 1, gen_random_uuid(), 'x', 'thing_' || n, now() - interval '8 days', '{}' FROM generate_series(1, 1200) n`); err != nil {
		t.Fatal(err)
	}
	shop := startShop(t, "--database-url", address(t, dsn).String(), "--seed", seedFile(t, map[string]int64{"it": 1}))
	until := func(what, sql string, want int64) {
		t.Helper()
		n := number(t, conn, sql)
		for deadline := time.Now().Add(patience); n != want && time.Now().Before(deadline); n = number(t, conn, sql) {
			time.Sleep(retryPause)
		}
		if n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	until("old commands, one of them unanswered", "SELECT count(*) FROM commerce.commands", 1)
	until("events that the log has not taken", `SELECT count(*) FROM commerce.outbox o
		WHERE position > (SELECT min(position) FROM commerce.outbox_partitions p WHERE p.shop = o.shop AND consumer = 'log'
			AND partition = (get_byte(sha256(replace(o.aggregate, '\', '\\')::bytea), 0) & 15))`, 0)
	if n := number(t, conn, "SELECT count(*) FROM commerce.outbox_partitions WHERE owner IS NOT NULL AND consumer = 'log'"); n != 16 {
		t.Errorf("%d partitions are leased while the shop serves, want 16", n)
	}
	shop.stop(t)
	for what, sql := range map[string]string{
		"partitions that are leased":                         "SELECT count(*) FROM commerce.outbox_partitions WHERE owner IS NOT NULL",
		"relays that take part":                              "SELECT count(*) FROM commerce.outbox_relays",
		"jobs that run, or count a run that was interrupted": "SELECT count(*) FROM commerce.jobs WHERE state <> 'waiting' OR attempts <> 0",
	} {
		until(what, sql, 0)
	}
}
