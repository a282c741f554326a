package integration_test

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/testing/containers"
)

// crowded is how many people buy while servers are killed.
const crowded = 64

// settledWithin is how long an order may be neither placed nor cancelled once all servers are up again.
const settledWithin = time.Minute

// TestServersKilled kills one of two servers of a shop with SIGKILL, again and again, while 64 people buy, some of whom
// leave for good when no answer comes. What was accepted is stored, taken from the stock and paid, once each; who asks
// again is told the same; and what nobody came back for is settled by itself.
func TestServersKilled(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	kills := 4
	if large() {
		kills = 20
	}
	dsn := database(t)
	args := []string{"--lease", "1s", "--conns", "4", "--database-url", address(t, dsn).String(), "--seed", seedFile(t, map[string]int64{"it": 1_000_000})}
	servers := []*process{startShop(t, args...), nil}
	servers[1] = startShop(t, args...)
	var bases [2]atomic.Pointer[string]
	for i, s := range servers {
		bases[i].Store(&s.base)
	}
	people := gather(t, func() string { return *bases[rand.IntN(2)].Load() })
	people.think, people.quits = 100*time.Millisecond, 10
	people.come(crowded)
	for i := range kills {
		people.sold(crowded)
		servers[i%2].kill(t)
		people.sold(crowded / 2) // The other one goes on.
		servers[i%2] = startShop(t, args...)
		bases[i%2].Store(&servers[i%2].base)
	}
	restarted := time.Now()
	people.sold(crowded)
	people.disperse()
	conn := connect(t, dsn)
	for number(t, conn, `SELECT count(*) FROM commerce.orders WHERE status NOT IN ('placed', 'completed', 'cancelled')`) != 0 {
		if time.Since(restarted) > settledWithin {
			t.Errorf("orders are open %s after the last restart", settledWithin)
			break
		}
		time.Sleep(100 * time.Millisecond) // The pace of looking at them.
	}
	t.Logf("killed %d times; all orders were settled %s after the last restart", kills, time.Since(restarted))
	people.wantBooks(t, dsn)
}

// TestDatabaseKilledOften kills PostgreSQL with SIGKILL, again and again, beneath a shop in which 64 people buy. Nothing
// that was accepted is lost, nothing is there twice, and asking again settles whatever is unknown.
func TestDatabaseKilledOften(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	kills := 3
	if large() {
		kills = 10
	}
	server := containers.NewPostgres(t)
	dsn := databaseOn(t, server)
	p := startShop(t, "--lease", "1s", "--conns", "8", "--database-url", address(t, dsn).String(), "--seed", seedFile(t, map[string]int64{"it": 1_000_000}))
	people := gather(t, func() string { return p.base })
	people.think = 100 * time.Millisecond
	people.come(crowded)
	for range kills {
		people.sold(crowded)
		server.Kill(t)
		server.Start(t)
	}
	people.sold(crowded)
	people.disperse()
	t.Logf("killed %d times: %s", kills, summary(people.since(time.Time{})))
	people.wantBooks(t, dsn)
}
