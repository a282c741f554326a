package integration_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	guesses      = 1000
	guessers     = 200 // Addresses of the network.
	guessesAtAll = 10  // That may reach the hasher in a window, by default.
)

// Scenario E5: of a thousand wrong passwords for an account, from one address or from many, over two servers, ten reach
// the hasher: only they are answered with 401. A forged X-Forwarded-For gives no more, and a device that is known still
// signs in.
func TestGuessing(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	c := openPeopleShop(t, 2)
	const known, ada, bob = "127.0.9.9", "ada@example.org", "bob@example.org"
	c.customer(t, ada)
	c.customer(t, bob)
	device := callingFrom(t, c.servers[0], known).signIn(t, ada, goodPassword).Device
	guess := func(who string, callers func(i int) *client, headers func(i int) []string) {
		t.Helper()
		var all sync.WaitGroup
		var wrong, refused, busy atomic.Int64
		next := make(chan int)
		for range 16 {
			all.Go(func() {
				for i := range next {
					a := callers(i).ask(t, http.MethodPost, "/api/v1/sessions", body{"email": who, "password": fmt.Sprintf("guess number %d", i)}, headers(i)...)
					switch a.status {
					case http.StatusUnauthorized:
						wrong.Add(1)
					case http.StatusTooManyRequests:
						refused.Add(1)
						if a.header.Get("Retry-After") == "" {
							t.Error("429 without Retry-After")
						}
					case http.StatusServiceUnavailable: // Of a busy machine: it may count, and tells nobody anything.
						busy.Add(1)
					default:
						t.Errorf("guess %d: %d %s", i, a.status, a.body)
					}
				}
			})
		}
		for i := range guesses {
			next <- i
		}
		close(next)
		all.Wait()
		if n := wrong.Load() + refused.Load() + busy.Load(); n != guesses {
			t.Errorf("%s: %d answers of %d", who, n, guesses)
		}
		if n := wrong.Load(); n > guessesAtAll || n+busy.Load() < guessesAtAll {
			t.Errorf("%d guesses at %s reached the hasher and %d found no room, want %d", n, who, busy.Load(), guessesAtAll)
		}
	}
	var many [2][guessers]*client // Of each server.
	for i := range many {
		for j := range many[i] {
			many[i][j] = callingFrom(t, c.servers[i], fmt.Sprintf("127.0.%d.%d", 10+j/100, 1+j%100))
		}
	}
	alone := [2]*client{callingFrom(t, c.servers[0], "127.0.20.1"), callingFrom(t, c.servers[1], "127.0.20.1")}
	none := func(int) []string { return nil }
	guess(ada, func(i int) *client { return many[i%2][i%guessers] }, none)
	guess(bob, func(i int) *client { return alone[i%2] }, none)
	forged := [2]*client{callingFrom(t, c.servers[0], "127.0.21.1"), callingFrom(t, c.servers[1], "127.0.21.1")}
	guess("nobody@example.org", func(i int) *client { return forged[i%2] }, func(i int) []string {
		address := fmt.Sprintf("203.0.113.%d", i%250)
		return []string{"X-Forwarded-For", address, "X-Real-IP", address, "Forwarded", "for=" + address}
	})

	// From where nobody guessed, the account is closed to who has the right password, but not to a device that it knows.
	fresh := callingFrom(t, c.servers[1], "127.0.22.1")
	right := body{"email": ada, "password": goodPassword}
	fresh.demand(t, http.StatusTooManyRequests, http.MethodPost, "/api/v1/sessions", right)
	right["device_token"] = device
	fresh.demand(t, http.StatusCreated, http.MethodPost, "/api/v1/sessions", right)
	// A device that the account does not know changes nothing, nor does that of another account.
	for _, other := range []string{"sdt_00000000000000000000000000000000", device} {
		fresh.demand(t, http.StatusTooManyRequests, http.MethodPost, "/api/v1/sessions", body{"email": bob, "password": goodPassword, "device_token": other})
	}
}

// A thousand accounts with one password each, from one address: ten are tried.
func TestStuffing(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	c := openPeopleShop(t, 1)
	stranger := callingFrom(t, c.servers[0], "127.0.30.1")
	reached, busy := 0, 0
	for i := range guesses {
		a := stranger.ask(t, http.MethodPost, "/api/v1/sessions", body{"email": fmt.Sprintf("u%d@example.org", i), "password": goodPassword})
		switch a.status {
		case http.StatusUnauthorized:
			reached++
		case http.StatusServiceUnavailable:
			busy++
		case http.StatusTooManyRequests:
		default:
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if reached > guessesAtAll || reached+busy < guessesAtAll {
		t.Errorf("%d reached the hasher and %d found no room, want %d", reached, busy, guessesAtAll)
	}
}
