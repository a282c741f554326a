package integration_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The sign-ins at once, and the memory that the program may have taken at its peak. A hash of Argon2id takes 19 MiB, so
// without a bound they would take 1.2 GB.
const (
	signInsAtOnce = 64
	rounds        = 2
	signInMemory  = 400 << 20
)

// peak is the most memory that a process ever had, in bytes.
func peak(t *testing.T, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatalf("this test reads /proc, as Linux has it: %v", err)
	}
	for line := range bytes.Lines(status) {
		if text, ok := strings.CutPrefix(string(line), "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n << 10
		}
	}
	t.Fatalf("no VmHWM in %s", status)
	return 0
}

// TestSignInsAtOnceFitInMemory signs in 64 times at once, twice, against the running program: each is answered,
// with a session or a word on when to come back, the memory stays bounded, and the catalogue answers all the while.
func TestSignInsAtOnceFitInMemory(t *testing.T) {
	t.Parallel()
	const email = "owner@example.org"
	p := startShop(t, "--store", "memory", "--rate-signin", "off", "--admin-email", email, "--admin-password", goodPassword)
	before := peak(t, p.cmd.Process.Pid)
	signIn := brokenCall{method: http.MethodPost, path: "/api/v1/sessions", body: fmt.Sprintf(`{"email":%q,"password":%q}`, email, goodPassword)}
	stranger := brokenCall{method: http.MethodPost, path: "/api/v1/sessions", body: `{"email":"nobody@example.org","password":"a wrong password"}`}
	answers := make(chan asked, rounds*signInsAtOnce)
	var all sync.WaitGroup
	for i := range signInsAtOnce {
		all.Go(func() {
			call := signIn
			if i%2 == 1 { // Who has no account is hashed for too.
				call = stranger
			}
			for range rounds {
				answers <- ask(t, p.base, call)
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	reads := 0
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
			if got := ask(t, p.base, brokenCall{method: http.MethodGet, path: "/api/v1/products"}); got.status != http.StatusOK {
				t.Errorf("the catalogue meanwhile: %d %s", got.status, got.body)
			}
			reads++
		}
	}
	close(answers)
	counted := map[int]int{}
	for a := range answers {
		counted[a.status]++
		switch a.status {
		case http.StatusCreated, http.StatusUnauthorized:
		case http.StatusServiceUnavailable:
			if wait, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || wait < 1 {
				t.Errorf("503 with Retry-After %q: %s", a.header.Get("Retry-After"), a.body)
			}
		default:
			t.Errorf("a sign-in: %d %s", a.status, a.body)
		}
	}
	after := peak(t, p.cmd.Process.Pid)
	t.Logf("%v; %d reads meanwhile; %d MiB before, %d MiB at the peak", counted, reads, before>>20, after>>20)
	if after > signInMemory {
		t.Errorf("the program had %d MiB, %d may be", after>>20, signInMemory>>20)
	}
	if reads == 0 || counted[http.StatusCreated] == 0 {
		t.Errorf("%d reads and %d sessions prove nothing", reads, counted[http.StatusCreated])
	}
	var session struct {
		AccessToken string `json:"access_token"`
	}
	if whole(t, p.base, signIn, http.StatusCreated, &session); session.AccessToken == "" {
		t.Error("nobody signs in afterwards")
	}
}
