package integration_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// peopleShop is a shop of one or more server processes on one database, as people meet it: with a mailbox.
type peopleShop struct {
	dsn     string
	mails   string // The folder.
	servers []*client
}

// openPeopleShop starts so many processes with the arguments, which mail into one folder.
func openPeopleShop(t *testing.T, processes int, args ...string) *peopleShop {
	t.Helper()
	out := &peopleShop{dsn: database(t), mails: t.TempDir()}
	for range processes {
		store := []string{"--store", "postgres", "--database-url", out.dsn, "--conns", "8", "--mail", out.mails}
		out.servers = append(out.servers, newClient(t, startShop(t, append(store, args...)...).base))
	}
	return out
}

// callingFrom is a client of a server that comes from an address of the network: all of 127/8 is this machine.
func callingFrom(t *testing.T, server *client, address string) *client {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 8}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{server.base, &http.Client{Transport: transport, Timeout: 30 * time.Second}}
}

// body is a body of JSON.
type body = map[string]any

// ask calls a server and wants an answer, from whatever goroutine.
func (c *client) ask(t *testing.T, method, path string, in any, headers ...string) answer {
	t.Helper()
	a, err := c.call(t.Context(), method, path, in, headers...)
	if err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
	return a
}

// decode is into for a test's own goroutine.
func (a answer) decode(t *testing.T, v any) {
	t.Helper()
	if err := a.into(v); err != nil {
		t.Fatal(err)
	}
}

// demand is ask for a status, for a test's own goroutine.
func (c *client) demand(t *testing.T, status int, method, path string, in any, headers ...string) answer {
	t.Helper()
	a := c.ask(t, method, path, in, headers...)
	if a.status != status {
		t.Fatalf("%s %s: %d %s, want %d", method, path, a.status, a.body, status)
	}
	return a
}

// tokens are what a sign-in gives.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Device  string `json:"device_token"`
	Cart    *struct {
		ID string `json:"id"`
	} `json:"cart"`
}

// signIn signs in at a server.
func (c *client) signIn(t *testing.T, email, password string) tokens {
	t.Helper()
	var out tokens
	c.demand(t, http.StatusCreated, http.MethodPost, "/api/v1/sessions", body{"email": email, "password": password}).decode(t, &out)
	return out
}

// bearer is the header that shows an access token.
func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// awaitMails waits until so many mails came to an address; a mailbox tells nobody that something came.
func (c *peopleShop) awaitMails(t *testing.T, to string, count int) []shopapitest.Mail {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(retryPause) {
		all, err := readMails(c.mails)
		if err != nil {
			t.Fatal(err)
		}
		var got []shopapitest.Mail
		for _, m := range all {
			if m.To == to {
				got = append(got, m)
			}
		}
		if len(got) >= count {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d mails came to %s, want %d: %+v", len(got), to, count, got)
		}
	}
}

// mailed is the token of the latest of so many mails to an address.
func (c *peopleShop) mailed(t *testing.T, to string, count int) string {
	t.Helper()
	mails := c.awaitMails(t, to, count)
	_, rest, found := strings.Cut(mails[len(mails)-1].Text, "#")
	token, _, _ := strings.Cut(rest, "\n")
	if !found {
		t.Fatalf("no token in %+v", mails[len(mails)-1])
	}
	return token
}

// customer makes a customer with goodPassword, at the first server.
func (c *peopleShop) customer(t *testing.T, email string) {
	t.Helper()
	s := c.servers[0]
	s.demand(t, http.StatusAccepted, http.MethodPost, "/api/v1/customers", body{"email": email, "password": goodPassword, "name": "Ada"})
	s.demand(t, http.StatusNoContent, http.MethodPost, "/api/v1/customers/verify", body{"token": c.mailed(t, email, 1)})
}
