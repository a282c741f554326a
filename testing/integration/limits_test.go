package integration_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// limited counts the answers to calls made at once, and demands of each that it is the status or a refusal that says
// when to come back.
func limited(t *testing.T, calls int, call func(i int) asked, status int) (allowed int) {
	t.Helper()
	answers := make([]asked, calls)
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() { answers[i] = call(i) })
	}
	all.Wait()
	for _, a := range answers {
		switch a.status {
		case status:
			allowed++
		case http.StatusTooManyRequests:
			var problem struct{ Code string }
			wait, err := strconv.Atoi(a.header.Get("Retry-After"))
			if json.Unmarshal(a.body, &problem) != nil || problem.Code != "rate_limited" || err != nil || wait < 1 || wait > 3700 { // Calls at once do not count in the order of their times.
				t.Errorf("a refusal with Retry-After %q: %s", a.header.Get("Retry-After"), a.body)
			}
		default:
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	return allowed
}

// seenLimited gives the line of coverage of a cart too many, which no shop answers as it is set by default.
func seenLimited(t *testing.T) []string {
	t.Helper()
	base := startShop(t, "--store", "memory", "--rate-carts", "1/1h").base
	coverage, err := shopapitest.NewCoverage(ask(t, base, brokenCall{method: http.MethodGet, path: "/openapi.json"}).body)
	if err != nil {
		t.Fatal(err)
	}
	making := brokenCall{method: http.MethodPost, path: "/api/v1/carts", body: "{}"}
	for _, status := range []int{http.StatusCreated, http.StatusTooManyRequests} {
		got := ask(t, base, making)
		if got.status != status {
			t.Errorf("a cart: %d %s, want %d", got.status, got.body, status)
		}
		check(t, coverage, making.method, making.path, got)
	}
	return []string{"POST /api/v1/carts 429"}
}

// Two servers of one shop count together: whichever is asked, however many ask at once, a limit is a limit.
func TestTwoServersShareLimits(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	args := []string{"--store", "postgres", "--database-url", database(t), "--conns", "8", "--rate-checkout", "7/1h", "--rate-carts", "12/1h"}
	bases := []string{startShop(t, args...).base, startShop(t, args...).base}
	making := brokenCall{method: http.MethodPost, path: "/api/v1/carts", body: `{}`}
	var mu sync.Mutex
	var carts []string
	made := limited(t, 30, func(i int) asked {
		a := ask(t, bases[i%2], making)
		if a.status == http.StatusCreated {
			mu.Lock()
			defer mu.Unlock()
			carts = append(carts, a.header.Get("Location"))
		}
		return a
	}, http.StatusCreated)
	if made != 12 {
		t.Errorf("%d carts were made from one address, want 12", made)
	}
	// Both at once on two carts: an empty cart cannot be ordered, which counts all the same.
	buy := fmt.Sprintf(`{"email":"ada@example.com","payment":{"provider":"manual"},"shipping_address":%s}`,
		`{"name":"Ada","line1":"1 Quay","city":"Ipswich","postal_code":"IP4 1AA","country":"GB"}`)
	for _, cart := range carts[:2] {
		tried := limited(t, 20, func(i int) asked {
			return ask(t, bases[i%2], brokenCall{method: http.MethodPost, path: cart + "/checkout", body: buy})
		}, http.StatusUnprocessableEntity)
		if tried != 7 {
			t.Errorf("%d checkouts of one cart, want 7", tried)
		}
	}
}

// Behind a trusted proxy each client has a limit of its own; without one, nobody gets more by saying who he is.
func TestForgedAddressesEvadeNoLimit(t *testing.T) {
	t.Parallel()
	forge := func(i int) http.Header {
		client := fmt.Sprintf("198.51.100.%d", i)
		return http.Header{
			"X-Forwarded-For": {client}, "X-Real-Ip": {client}, "Forwarded": {"for=" + client}, "True-Client-Ip": {client}, "X-Client-Ip": {client},
		}
	}
	post := func(t *testing.T, base string, header http.Header) asked {
		t.Helper()
		return askWith(t, base, brokenCall{method: http.MethodPost, path: "/api/v1/carts", body: "{}"}, header)
	}
	t.Run("without a proxy", func(t *testing.T) {
		t.Parallel()
		base := startShop(t, "--store", "memory", "--rate-carts", "3/1h").base
		if got := limited(t, 20, func(i int) asked { return post(t, base, forge(i)) }, http.StatusCreated); got != 3 {
			t.Errorf("%d carts were made from one peer, want 3", got)
		}
	})
	t.Run("behind a proxy", func(t *testing.T) {
		t.Parallel()
		base := startShop(t, "--store", "memory", "--rate-carts", "3/1h", "--trusted-proxies", "127.0.0.0/8,10.0.0.0/8").base
		// The client writes what it likes; the proxy adds whom it heard.
		for _, client := range []string{"203.0.113.1", "203.0.113.2"} {
			got := limited(t, 20, func(i int) asked {
				header := forge(i)
				header.Set("X-Forwarded-For", header.Get("X-Forwarded-For")+", 10.9.9.9, "+client+", 10.0.0.2")
				return post(t, base, header)
			}, http.StatusCreated)
			if got != 3 {
				t.Errorf("%d carts were made by %s, want 3", got, client)
			}
		}
		// Who has one address of IPv6 has 2^64 of them.
		got := limited(t, 20, func(i int) asked {
			return post(t, base, http.Header{"X-Forwarded-For": {fmt.Sprintf("2001:db8:1:2::%x", i+1)}})
		}, http.StatusCreated)
		if got != 3 {
			t.Errorf("%d carts were made from one /64, want 3", got)
		}
	})
}
