package shopapitest

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mail is a mail that the shop sent, as its reader sees it.
type Mail struct{ To, Subject, Text string }

// Credentials are what somebody signs in with.
type Credentials struct{ Email, Password string }

const (
	customersPath = "/api/v1/customers"
	sessionsPath  = "/api/v1/sessions"
	mePath        = "/api/v1/me"
	// mailTime bounds the wait for a mail, which is written by a relay behind the answer.
	mailTime = 30 * time.Second
	mailLook = 20 * time.Millisecond // A mailbox tells nobody that something came.
)

// person is somebody with an account.
type person struct {
	Credentials

	in session
}

// session is what a sign-in answers.
type session struct {
	Access   string `json:"access_token"`
	Refresh  string `json:"refresh_token"`
	Type     string `json:"token_type"`
	Seconds  int64  `json:"expires_in"`
	Kind     string `json:"kind"`
	Device   string `json:"device_token"`
	Cart     *cart  `json:"cart"`
	Warnings []struct {
		Code    string `json:"code"`
		Field   string `json:"field"`
		Message string `json:"message"`
	} `json:"warnings"`
}

// people are those that many clauses share; nobody changes what they sign in with.
type people struct {
	once sync.Once
	ada  person // A customer.
	eve  person // Another, whose password is guessed in the end.
	key  string // Of an API key that may read the catalogue, and nothing else.
}

// newAddress is an address that no other call has.
func newAddress() string { return strings.ToLower(rand.Text()) + "@example.org" }

// newPassword is a password that is nobody else's.
func newPassword() string { return "pass " + rand.Text() }

// mails gives the mails to an address, oldest first.
func (s *suite) mails(t *testing.T, to string) []Mail {
	t.Helper()
	if s.mail == nil {
		t.Fatal("this clause reads mails: it needs Target.Mail")
	}
	all, err := s.mail()
	if err != nil {
		t.Fatalf("Target.Mail: %v", err)
	}
	return slices.DeleteFunc(all, func(m Mail) bool { return m.To != to })
}

// awaitMails waits until so many mails came to an address, and gives them.
func (s *suite) awaitMails(t *testing.T, to string, count int) []Mail {
	t.Helper()
	for deadline := time.Now().Add(mailTime); ; time.Sleep(mailLook) {
		got := s.mails(t, to)
		if len(got) >= count {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d mails came to %s, want %d: %+v", len(got), to, count, got)
		}
	}
}

var mailedToken = regexp.MustCompile(`#((?:vfy|rst)_[0-9a-z]+)\b`)

// token is the one that a mail holds.
func (m Mail) token(t *testing.T) string {
	t.Helper()
	found := mailedToken.FindStringSubmatch(m.Text)
	if found == nil {
		t.Fatalf("no token in the mail %q to %s: %s", m.Subject, m.To, m.Text)
	}
	return found[1]
}

// mailed is the token of the latest of so many mails to an address.
func (s *suite) mailed(t *testing.T, to string, count int) string {
	t.Helper()
	mails := s.awaitMails(t, to, count)
	return mails[len(mails)-1].token(t)
}

// registration is the body of one.
func registration(t *testing.T, c Credentials) string {
	t.Helper()
	return jsonOf(t, map[string]string{"email": c.Email, "password": c.Password, "name": "Ada Okafor"})
}

// register asks for an account.
func (s *suite) register(t *testing.T, c Credentials) {
	t.Helper()
	s.call(t, http.MethodPost, customersPath, registration(t, c)).want(t, http.StatusAccepted)
}

// verify shows a token of a mail that proves an address.
func (s *suite) verify(t *testing.T, token string) answer {
	t.Helper()
	return s.call(t, http.MethodPost, customersPath+"/verify", jsonOf(t, map[string]string{"token": token}))
}

// reset shows a token of a mail that allows a new password.
func (s *suite) reset(t *testing.T, token, password string) answer {
	t.Helper()
	return s.call(t, http.MethodPost, customersPath+"/password", jsonOf(t, map[string]string{"token": token, "password": password}))
}

// signIn tries to sign in; more are further members of the body.
func (s *suite) signIn(t *testing.T, c Credentials, more ...string) answer {
	t.Helper()
	body := map[string]string{"email": c.Email, "password": c.Password}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i]] = more[i+1]
	}
	return s.call(t, http.MethodPost, sessionsPath, jsonOf(t, body))
}

// in reads a sign-in that went well.
func (a answer) in(t *testing.T) session {
	t.Helper()
	var out session
	a.read(t, http.StatusCreated, &out)
	if len(out.Access) < 26 || len(out.Refresh) < 26 || len(out.Device) < 26 || out.Type != "Bearer" || out.Seconds < 1 {
		t.Errorf("%s: lacks a token of 128 bits or how long it lasts", a)
	}
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("%s: Cache-Control %q of credentials", a, got)
	}
	return out
}

// customer makes a customer of their own for a clause, who is signed in.
func (s *suite) customer(t *testing.T) person {
	t.Helper()
	p := person{Credentials: Credentials{newAddress(), newPassword()}}
	s.register(t, p.Credentials)
	s.verify(t, s.mailed(t, p.Email, 1)).want(t, http.StatusNoContent)
	p.in = s.signIn(t, p.Credentials).in(t)
	return p
}

// staff makes a member of staff with the roles, who is signed in, and gives the id of the account.
func (s *suite) staff(t *testing.T, roles ...string) (person, string) {
	t.Helper()
	p := person{Credentials: Credentials{newAddress(), newPassword()}}
	var made staffMember
	s.admin(t, http.MethodPost, "/staff", jsonOf(t, map[string]any{"email": p.Email, "name": "Bea Hale", "roles": roles})).
		read(t, http.StatusCreated, &made)
	s.reset(t, s.mailed(t, p.Email, 1), p.Password).want(t, http.StatusNoContent)
	p.in = s.signIn(t, p.Credentials).in(t)
	return p, made.ID
}

// bearer is the header that shows an access token.
func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// as is call by somebody who is signed in.
func (s *suite) as(t *testing.T, p person, method, path, body string, pairs ...string) answer {
	t.Helper()
	return s.call(t, method, path, body, append(bearer(p.in.Access), pairs...)...)
}

// known are those whom clauses share; they are made once.
func (s *suite) known(t *testing.T) *people {
	t.Helper()
	s.people.once.Do(func() {
		s.people.ada, s.people.eve = s.customer(t), s.customer(t)
		s.people.key = s.newKey(t, "catalog.read")
	})
	if s.people.key == "" {
		t.Fatal("those whom clauses share could not be made; see the clause that tried")
	}
	return &s.people
}

// newKey makes an API key with these scopes.
func (s *suite) newKey(t *testing.T, scopes ...string) string {
	t.Helper()
	body := map[string]any{"name": "of the suite", "scopes": scopes, "expires_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	var made struct {
		Key string `json:"key"`
	}
	s.admin(t, http.MethodPost, "/api-keys", jsonOf(t, body)).read(t, http.StatusCreated, &made)
	return made.Key
}

// credentials are the headers of who may call the operation; none for one that everybody may.
func (s *suite) credentials(t *testing.T, op *operation) []string {
	t.Helper()
	switch {
	case op.permission != "":
		return []string{"X-API-Key", s.adminKey}
	case op.path == sessionsPath+"/current": // A session of its own, which the call may end.
		return bearer(s.signIn(t, s.known(t).ada.Credentials).in(t).Access)
	case op.auth == "customer", op.auth == "session":
		return bearer(s.known(t).ada.in.Access)
	}
	return nil
}
