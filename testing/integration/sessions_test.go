package integration_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

// over demands that no token of a session lets anybody in at any server, however many ask at once.
func (c *peopleShop) over(t *testing.T, what string, ended ...tokens) {
	t.Helper()
	var all sync.WaitGroup
	for _, in := range ended {
		for i := range 8 {
			all.Go(func() {
				s := c.servers[i%len(c.servers)]
				if a := s.ask(t, http.MethodGet, "/api/v1/me", nil, bearer(in.Access)...); a.status != http.StatusUnauthorized {
					t.Errorf("%s: an access token answers %d at server %d: %s", what, a.status, i%len(c.servers), a.body)
				}
				if a := s.ask(t, http.MethodPost, "/api/v1/sessions/refresh", body{"refresh_token": in.Refresh}); a.status != http.StatusUnauthorized {
					t.Errorf("%s: a refresh token answers %d at server %d: %s", what, a.status, i%len(c.servers), a.body)
				}
			})
		}
	}
	all.Wait()
}

// stands demands that a session lets in at every server.
func (c *peopleShop) stands(t *testing.T, in tokens) {
	t.Helper()
	for i, s := range c.servers {
		if a := s.ask(t, http.MethodGet, "/api/v1/me", nil, bearer(in.Access)...); a.status != http.StatusOK {
			t.Errorf("at server %d: %d %s", i, a.status, a.body)
		}
	}
}

// Scenario E3: on two server processes all tokens of an account die at once with a new password, a reset and disabling,
// and those of a session with its end; a refresh token that is shown again takes its whole family along.
func TestSessionsEndOnAllServersAtOnce(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	c := openPeopleShop(t, 2, "--rate-signin", "off", "--rate-mail", "off")
	one, two := c.servers[0], c.servers[1]
	const ada = "ada@example.org"
	c.customer(t, ada)

	signedOut, stays := one.signIn(t, ada, goodPassword), two.signIn(t, ada, goodPassword)
	c.stands(t, signedOut)
	two.demand(t, http.StatusNoContent, http.MethodDelete, "/api/v1/sessions/current", nil, bearer(signedOut.Access)...)
	c.over(t, "signed out", signedOut)
	c.stands(t, stays)

	first, second := one.signIn(t, ada, goodPassword), two.signIn(t, ada, goodPassword)
	const next = "another long and unlikely one"
	two.demand(t, http.StatusNoContent, http.MethodPut, "/api/v1/me/password", body{"current_password": goodPassword, "password": next}, bearer(stays.Access)...)
	c.over(t, "a new password", first, second, stays)
	if a := one.ask(t, http.MethodPost, "/api/v1/sessions", body{"email": ada, "password": goodPassword}); a.status != http.StatusUnauthorized {
		t.Errorf("the old password: %d %s", a.status, a.body)
	}

	third := one.signIn(t, ada, next)
	one.demand(t, http.StatusAccepted, http.MethodPost, "/api/v1/customers/password-reset", body{"email": ada})
	two.demand(t, http.StatusNoContent, http.MethodPost, "/api/v1/customers/password", body{"token": c.mailed(t, ada, 3), "password": goodPassword})
	c.over(t, "a reset", third)

	staff := body{"email": "bea@example.org", "name": "Bea"}
	var made struct{ ID string }
	one.demand(t, http.StatusCreated, http.MethodPost, "/api/v1/admin/staff", staff, "X-API-Key", adminKey).decode(t, &made)
	two.demand(t, http.StatusNoContent, http.MethodPost, "/api/v1/customers/password", body{"token": c.mailed(t, "bea@example.org", 1), "password": goodPassword})
	here, there := one.signIn(t, "bea@example.org", goodPassword), two.signIn(t, "bea@example.org", goodPassword)
	one.demand(t, http.StatusOK, http.MethodPut, "/api/v1/admin/staff/"+made.ID+"/state", body{"state": "disabled"}, "X-API-Key", adminKey)
	c.over(t, "disabled", here, there)
	one.demand(t, http.StatusOK, http.MethodPut, "/api/v1/admin/staff/"+made.ID+"/state", body{"state": "active"}, "X-API-Key", adminKey)
	c.over(t, "enabled again", here, there)
}

// Scenario E3: two tabs that refresh at once at two servers get the same tokens; a token that is shown when its successor
// was used is in two hands, and nothing of its family lets anybody in.
func TestRefreshTokensAreOneFamily(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	c := openPeopleShop(t, 2)
	const ada = "ada@example.org"
	c.customer(t, ada)
	in, other := c.servers[0].signIn(t, ada, goodPassword), c.servers[1].signIn(t, ada, goodPassword)
	refresh := func(server int, token string) (answer, tokens) {
		t.Helper()
		a := c.servers[server].ask(t, http.MethodPost, "/api/v1/sessions/refresh", body{"refresh_token": token})
		var out tokens
		if a.status == http.StatusOK {
			a.decode(t, &out)
		}
		return a, out
	}
	var all sync.WaitGroup
	got := make([]tokens, 16)
	for i := range got {
		all.Go(func() {
			a, next := refresh(i%2, in.Refresh)
			if got[i] = next; a.status != http.StatusOK {
				t.Errorf("refreshing at once: %d %s", a.status, a.body)
			}
		})
	}
	all.Wait()
	for _, next := range got {
		if next != got[0] || next.Access == in.Access || next.Refresh == in.Refresh {
			t.Fatalf("of one token followed %+v and %+v", got[0], next)
		}
	}
	c.stands(t, got[0])
	a, third := refresh(1, got[0].Refresh)
	if a.status != http.StatusOK {
		t.Fatalf("the successor: %d %s", a.status, a.body)
	}
	if a, _ := refresh(0, in.Refresh); a.status != http.StatusUnauthorized {
		t.Errorf("a token whose successor was used: %d %s", a.status, a.body)
	}
	c.over(t, "a token in two hands", in, got[0], third)
	c.stands(t, other) // Another family of the same account.
}

// Scenario E3, fixation: what an attacker chose before a sign-in gives nothing after it, neither a token nor a cart.
func TestWhatIsPlantedGivesNothing(t *testing.T) {
	t.Parallel()
	if !needsDatabase(t) {
		return
	}
	c := openPeopleShop(t, 2)
	one, two := c.servers[0], c.servers[1]
	const ada, eve = "ada@example.org", "eve@example.org"
	c.customer(t, ada)
	c.customer(t, eve)
	eves := one.signIn(t, eve, goodPassword)
	planted := []string{"sat_" + strings.Repeat("0", 32), "srt_" + strings.Repeat("0", 32), eves.Access, eves.Refresh, eves.Device}
	var cart struct{ ID string }
	one.demand(t, http.StatusCreated, http.MethodPost, "/api/v1/carts", body{}).decode(t, &cart)
	for i, token := range planted {
		s := c.servers[i%2]
		var in tokens
		s.demand(t, http.StatusCreated, http.MethodPost, "/api/v1/sessions", body{"email": ada, "password": goodPassword, "device_token": token, "cart": cart.ID},
			"Authorization", "Bearer "+token, "Cookie", "session="+token, "X-Session-Id", token).decode(t, &in)
		if in.Access == token || in.Refresh == token || in.Device == token {
			t.Errorf("a planted token came back: %+v", in)
		}
		for _, other := range c.servers {
			a := other.ask(t, http.MethodGet, "/api/v1/me", nil, bearer(token)...)
			if a.status == http.StatusOK && (token != eves.Access || strings.Contains(string(a.body), ada)) {
				t.Errorf("a planted token lets in: %s", a.body)
			}
		}
		if in.Cart == nil || in.Cart.ID != cart.ID {
			t.Fatalf("the cart is %+v", in.Cart)
		}
	}
	for _, headers := range [][]string{nil, bearer(eves.Access), {"X-API-Key", adminKey}} {
		if a := two.ask(t, http.MethodGet, "/api/v1/carts/"+cart.ID, nil, headers...); a.status != http.StatusNotFound {
			t.Errorf("the planted cart: %d %s", a.status, a.body)
		}
	}
}
