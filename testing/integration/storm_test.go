package integration_test

import (
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What is promised while more come than can be served.
const (
	checkoutWithin = 3 * time.Second // An order, first try and retries together, as long as nobody's payment is slow.
	stormMemory    = 400 << 20       // Bytes that the process may hold.
)

// TestStorm sends a shop many times what it can do: hundreds who only look around, without a pause, beside some who buy.
// Who buys does not notice; who looks around is told to come back; memory stays bounded; and afterwards all is as before.
func TestStorm(t *testing.T) {
	t.Parallel()
	stores := map[string][]string{"memory": {"--store", "memory"}}
	if needsDatabase(t) {
		stores["postgres"] = []string{"--database-url", address(t, database(t)).String(), "--conns", "4"}
	}
	for name, store := range stores {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // Two storms on one machine would be a third.
			storm(t, store)
		})
	}
}

func storm(t *testing.T, store []string) {
	t.Helper()
	browsers, lasts := 300, 5*time.Second
	if large() {
		browsers, lasts = 1000, 30*time.Second
	}
	// Kept answers need no place, so none are kept: those who look around are to do work.
	p := startShop(t, append(store, "--max-requests", "16", "--cache-size", "0", "--seed", seedFile(t, map[string]int64{"it": 1_000_000}))...)
	base := func() string { return p.base }
	calm := gather(t, base)
	calm.come(4)
	calm.sold(20)
	calm.disperse()
	before := calm.measure(t)

	buyers := gather(t, base)
	buyers.looks = false
	buyers.come(4)
	crawlers := gather(t, base)
	begun := time.Now()
	crawlers.think = 0
	for range browsers {
		crawlers.all.Go(func() {
			for !crawlers.left() {
				crawlers.call("browse", http.MethodGet, "/api/v1/products?limit=50", nil)
			}
		})
	}
	watch := buyers.sentinel(t)
	most := int64(0)
	for time.Since(begun) < lasts {
		most = max(most, residentMemory(t, p))
		time.Sleep(100 * time.Millisecond) // The pace of looking at it.
	}
	crawlers.disperse()
	watch.stop()
	buyers.sold(5)
	buyers.disperse()

	if watch.ready(begun) == false {
		t.Error("a storm is no reason not to be ready")
	}
	shed, served := 0, 0
	for _, h := range crawlers.since(begun) {
		switch after, _ := strconv.Atoi(h.retry); {
		case h.status == http.StatusOK:
			served++
		case h.status == http.StatusServiceUnavailable && h.code == "unavailable" && after >= 1:
			shed++
		default:
			t.Errorf("who looks around is answered %d %s, Retry-After %q, %v", h.status, h.code, h.retry, h.err)
		}
		if h.took > answeredWithin {
			t.Errorf("who looks around waited %s", h.took)
		}
	}
	if shed == 0 || served == 0 {
		t.Errorf("of those who look around %d are served and %d shed; want some of both", served, shed)
	}
	for _, h := range buyers.since(begun) {
		if h.err != nil || h.status != http.StatusCreated || h.took > checkoutWithin {
			t.Errorf("who buys: %s is answered %d %s %v after %s", h.what, h.status, h.code, h.err, h.took)
		}
	}
	if most > stormMemory {
		t.Errorf("the shop held %d MB", most>>20)
	}
	t.Logf("%d served, %d shed, %d MB; %s", served, shed, most>>20, summary(buyers.since(begun)))
	calm.wantCalm(t, before)
	after := gather(t, base)
	after.come(4)
	after.sold(20)
	after.disperse()
	for _, h := range after.since(time.Time{}) {
		if h.err != nil || h.status >= http.StatusInternalServerError {
			t.Errorf("after the storm: %s is answered %d %s %v", h.what, h.status, h.code, h.err)
		}
	}
}

// residentMemory is what the process holds, in bytes.
func residentMemory(t *testing.T, p *process) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatal("the kernel does not tell what the shop holds")
	return 0
}
