package shopapitest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// meClauses need Target.Mail: each has a customer of its own.
func meClauses() []clause {
	return []clause{
		{"me/profile", meProfile},
		{"me/password", mePassword},
		{"me/email", meEmail},
		{"me/email taken", meEmailTaken},
		{"me/addresses", meAddresses},
		{"me/consents", meConsents},
		{"me/orders", meOrders},
		{"me/cart", meCart},
	}
}

// profile is what /me answers.
type profile struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Version     int64    `json:"version"`
	Email       string   `json:"email"`
	NewEmail    *string  `json:"new_email"`
	Name        string   `json:"name"`
	Phone       string   `json:"phone"`
	Owner       bool     `json:"owner"`
	Permissions []string `json:"permissions"`
}

// me reads who somebody is.
func (s *suite) me(t *testing.T, p person) profile {
	t.Helper()
	var out profile
	s.as(t, p, http.MethodGet, mePath, "").read(t, http.StatusOK, &out)
	return out
}

func meProfile(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	was := s.me(t, p)
	if was.Kind != "customer" || was.Email != p.Email || was.Name != "Ada Okafor" || was.Owner || len(was.Permissions) != 0 || was.NewEmail != nil {
		t.Errorf("/me is %+v", was)
	}
	var now profile
	s.as(t, p, http.MethodPatch, mePath, `{"phone":"01473 123456"}`, "If-Match", version(was.Version)).read(t, http.StatusOK, &now)
	if now.Name != was.Name || now.Phone != "01473 123456" || now.Version <= was.Version {
		t.Errorf("after a change of the phone: %+v", now)
	}
	s.as(t, p, http.MethodPatch, mePath, `{"name":"Ada"}`, "If-Match", version(was.Version)).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	s.as(t, p, http.MethodPatch, mePath, `{"name":"Ada B.","phone":null}`).read(t, http.StatusOK, &now)
	if now.Name != "Ada B." || now.Phone != "" {
		t.Errorf("after null for the phone: %+v", now)
	}
	for _, body := range []string{`{"name":""}`, `{"name":null}`, `{"name":"a\nb"}`} {
		s.as(t, p, http.MethodPatch, mePath, body).refused(t, http.StatusUnprocessableEntity, "invalid", "name")
	}
	for _, taken := range []string{"email", "id", "kind", "owner", "permissions", "version", "groups", "customer"} {
		s.as(t, p, http.MethodPatch, mePath, `{"`+taken+`":"x"}`).refused(t, http.StatusBadRequest, "unknown_field", taken)
	}
	if last := s.me(t, p); last.Version != now.Version {
		t.Errorf("refused changes made %+v of %+v", last, now)
	}
}

// mePassword changes the password, for the present one; every session ends.
func mePassword(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	other := s.signIn(t, p.Credentials).in(t)
	body := func(old, next string) string {
		return jsonOf(t, map[string]string{"current_password": old, "password": next})
	}
	next := newPassword()
	s.as(t, p, http.MethodPut, mePath+"/password", body(newPassword(), next)).refused(t, http.StatusUnauthorized, "unauthenticated", "current_password")
	s.as(t, p, http.MethodPut, mePath+"/password", body(p.Password, "password1")).refused(t, http.StatusUnprocessableEntity, "invalid", "password")
	s.as(t, p, http.MethodPut, mePath+"/password", body(p.Password, next)).want(t, http.StatusNoContent)
	for _, in := range []session{p.in, other} {
		s.call(t, http.MethodGet, mePath, "", bearer(in.Access)...).refused(t, http.StatusUnauthorized, "unauthenticated")
		s.refresh(t, in.Refresh).refused(t, http.StatusUnauthorized, "unauthenticated")
	}
	s.signIn(t, p.Credentials).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.signIn(t, Credentials{p.Email, next}).in(t)
	s.awaitMails(t, p.Email, 2) // Its owner was told.
}

// meEmail moves the account to another address, once that is proven; the old one is told.
func meEmail(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	move := func(password, email string) answer {
		t.Helper()
		return s.as(t, p, http.MethodPut, mePath+"/email", jsonOf(t, map[string]string{"password": password, "email": email}))
	}
	next := newAddress()
	move(newPassword(), next).refused(t, http.StatusUnauthorized, "unauthenticated", "password")
	move(p.Password, "ada").refused(t, http.StatusUnprocessableEntity, "invalid", "email")
	fresh := move(p.Password, next).want(t, http.StatusAccepted)
	if got := s.me(t, p); got.Email != p.Email || got.NewEmail == nil || *got.NewEmail != next {
		t.Errorf("before the proof: %+v", got)
	}
	token := s.mailed(t, next, 1)
	s.awaitMails(t, p.Email, 2)
	s.verify(t, token).want(t, http.StatusNoContent)
	if got := s.me(t, p); got.Email != next || got.NewEmail != nil {
		t.Errorf("after the proof: %+v", got)
	}
	s.signIn(t, p.Credentials).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.signIn(t, Credentials{next, p.Password}).in(t)
	// An address that somebody has answers like one that nobody has, and gets no token.
	known := move(p.Password, s.known(t).ada.Email).want(t, http.StatusAccepted)
	if string(known.body) != string(fresh.body) {
		t.Errorf("%s: and for a new address: %s", known, fresh)
	}
}

// meEmailTaken proves an address that another account took in the meantime.
func meEmailTaken(t *testing.T, s *suite) {
	t.Helper()
	p, wantedBoth := s.customer(t), newAddress()
	s.as(t, p, http.MethodPut, mePath+"/email", jsonOf(t, map[string]string{"password": p.Password, "email": wantedBoth})).want(t, http.StatusAccepted)
	token := s.mailed(t, wantedBoth, 1)
	s.register(t, Credentials{wantedBoth, newPassword()})
	s.verify(t, token).refused(t, http.StatusConflict, "email_taken")
}

// bookEntry is an address of a book.
type bookEntry struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	Line2           string `json:"line2"`
	City            string `json:"city"`
	DefaultShipping bool   `json:"default_shipping"`
	DefaultBilling  bool   `json:"default_billing"`
}

func meAddresses(t *testing.T, s *suite) {
	t.Helper()
	p, book := s.customer(t), mePath+"/addresses"
	add := func(more map[string]any) bookEntry {
		t.Helper()
		body := map[string]any{}
		for name, value := range address() {
			body[name] = value
		}
		for name, value := range more {
			body[name] = value
		}
		a := s.as(t, p, http.MethodPost, book, jsonOf(t, body))
		var out bookEntry
		a.read(t, http.StatusCreated, &out)
		if got := a.header.Get("Location"); got != book+"/"+out.ID {
			t.Errorf("%s: Location %q", a, got)
		}
		return out
	}
	keyed, key := jsonOf(t, address()), rand.Text()
	once := s.as(t, p, http.MethodPost, book, keyed, keyHeader, key).want(t, http.StatusCreated)
	again := s.as(t, p, http.MethodPost, book, keyed, keyHeader, key).want(t, http.StatusCreated)
	if string(again.body) != string(once.body) || again.header.Get(replayedHeader) != "true" {
		t.Errorf("%s: and the first time %s", again, once)
	}
	s.as(t, p, http.MethodPost, book, jsonOf(t, map[string]string{"name": "Ada"}), keyHeader, key).refused(t, http.StatusUnprocessableEntity, "invalid")
	var kept bookEntry
	once.read(t, http.StatusCreated, &kept)
	s.as(t, p, http.MethodDelete, book+"/"+kept.ID, "").want(t, http.StatusNoContent)
	first := add(map[string]any{"default_shipping": true, "default_billing": true, "line2": "Flat 2"})
	second := add(map[string]any{"default_shipping": true})
	var list struct {
		Items []bookEntry `json:"items"`
	}
	s.as(t, p, http.MethodGet, book, "").read(t, http.StatusOK, &list)
	if len(list.Items) != 2 || list.Items[0].DefaultShipping || !list.Items[0].DefaultBilling || !list.Items[1].DefaultShipping {
		t.Errorf("the book is %+v", list.Items)
	}
	var now bookEntry
	s.as(t, p, http.MethodPatch, book+"/"+first.ID, `{"city":"Felixstowe","line2":null,"default_shipping":true}`).read(t, http.StatusOK, &now)
	if now.City != "Felixstowe" || now.Line2 != "" || now.Name != first.Name || !now.DefaultShipping || !now.DefaultBilling {
		t.Errorf("the changed one is %+v", now)
	}
	var one bookEntry
	if s.as(t, p, http.MethodGet, book+"/"+second.ID, "").read(t, http.StatusOK, &one); one.DefaultShipping {
		t.Errorf("two are the default: %+v", one)
	}
	for _, body := range []string{`{"city":""}`, `{"city":null}`, `{"country":"UK!"}`, `{"name":" "}`} {
		s.as(t, p, http.MethodPatch, book+"/"+first.ID, body).refused(t, http.StatusUnprocessableEntity, "invalid")
	}
	s.as(t, p, http.MethodPost, book, `{"name":"Ada"}`).refused(t, http.StatusUnprocessableEntity, "invalid")
	// What belongs to somebody else is not there.
	stranger := s.known(t).ada
	unknown := facts(t, s.as(t, stranger, http.MethodGet, book+"/adr_00000000000000000000000000", ""))
	for _, id := range []string{first.ID, "x", "adr_00000000000000000000000000", flipped(first.ID)} {
		for _, a := range []answer{
			s.as(t, stranger, http.MethodGet, book+"/"+id, ""), s.as(t, stranger, http.MethodPatch, book+"/"+id, `{"city":"Here"}`),
			s.as(t, stranger, http.MethodDelete, book+"/"+id, ""),
		} {
			a.refused(t, http.StatusNotFound, "not_found")
			if got := facts(t, a); got != unknown {
				t.Errorf("%s: tells more than %s", a, unknown)
			}
		}
	}
	s.as(t, p, http.MethodDelete, book+"/"+first.ID, "").want(t, http.StatusNoContent)
	s.as(t, p, http.MethodDelete, book+"/"+first.ID, "").refused(t, http.StatusNotFound, "not_found")
}

func meConsents(t *testing.T, s *suite) {
	t.Helper()
	p, path := s.customer(t), mePath+"/consents"
	s.as(t, p, http.MethodPut, path+"/newsletter", `{"given":true,"wording":"newsletter-2026-03"}`).want(t, http.StatusNoContent)
	s.as(t, p, http.MethodPut, path+"/newsletter", `{"given":false}`).want(t, http.StatusNoContent)
	for _, purpose := range []string{strings.Repeat("x", 65), "News", "a%20b", "%C3%A9", "-x"} {
		s.as(t, p, http.MethodPut, path+"/"+purpose, `{"given":true}`).refused(t, http.StatusUnprocessableEntity, "invalid", "purpose")
	}
	s.as(t, p, http.MethodPut, path+"/newsletter", `{}`).refused(t, http.StatusUnprocessableEntity, "invalid", "given")
	var list struct {
		Items []struct {
			Purpose, Source, Wording string
			Given                    bool
		} `json:"items"`
	}
	s.as(t, p, http.MethodGet, path, "").read(t, http.StatusOK, &list)
	if len(list.Items) != 2 || !list.Items[0].Given || list.Items[1].Given || list.Items[0].Wording != "newsletter-2026-03" || list.Items[0].Source == "" {
		t.Errorf("the book is %+v", list.Items)
	}
}

// meOrders pages through the own orders, and reads one by the bearer token alone.
func meOrders(t *testing.T, s *suite) {
	t.Helper()
	p, path := s.customer(t), mePath+"/orders"
	var made []string
	for range 3 {
		c := s.newCart(t, s.unit(t))
		a := s.as(t, p, http.MethodPost, cartPath(c.ID)+"/checkout", s.purchase(t, "manual", "", nil), keyHeader, rand.Text())
		made = append(made, readOrder(t, a, http.StatusCreated).ID)
	}
	slices.Reverse(made)
	var got []string
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID     string `json:"id"`
				Status string `json:"status"`
				Total  amount `json:"total"`
				Lines  int    `json:"lines"`
			} `json:"items"`
			Next *string `json:"next_cursor"`
		}
		s.as(t, p, http.MethodGet, path+"?limit=2"+cursor, "").read(t, http.StatusOK, &page)
		for _, item := range page.Items {
			got = append(got, item.ID)
			if item.Status != "placed" || item.Lines != 1 || item.Total.Amount == "" {
				t.Errorf("an order in the list is %+v", item)
			}
		}
		if page.Next == nil {
			break
		}
		cursor = "&cursor=" + url.QueryEscape(*page.Next)
	}
	if !slices.Equal(got, made) {
		t.Errorf("the orders are %v, made were %v", got, made)
	}
	s.as(t, p, http.MethodGet, path+"?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor")
	s.as(t, p, http.MethodGet, path+"?limit=0", "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	mine := s.as(t, p, http.MethodGet, path+"/"+made[0], "").want(t, http.StatusOK)
	if same := s.as(t, p, http.MethodGet, orderPath(made[0]), "").want(t, http.StatusOK); string(same.body) != string(mine.body) {
		t.Errorf("%s and %s differ", mine, same)
	}
	guests := readOrder(t, s.order(t, s.newCart(t, s.unit(t)), s.purchase(t, "manual", "", nil), rand.Text()), http.StatusCreated)
	stranger := s.known(t).ada
	unknown := facts(t, s.as(t, stranger, http.MethodGet, path+"/ord_00000000000000000000000000", ""))
	for _, id := range []string{made[0], guests.ID, "x", "ord_00000000000000000000000000"} {
		for _, a := range []answer{s.as(t, stranger, http.MethodGet, path+"/"+id, ""), s.as(t, stranger, http.MethodGet, orderPath(id), "")} {
			a.refused(t, http.StatusNotFound, "not_found")
			if got := facts(t, a); got != unknown {
				t.Errorf("%s: tells more than %s", a, unknown)
			}
		}
	}
	s.call(t, http.MethodGet, orderPath(made[0]), "").refused(t, http.StatusNotFound, "not_found")
	s.as(t, stranger, http.MethodGet, orderPath(guests.ID), "", tokenHeader, guests.Token).want(t, http.StatusOK)
}

// meCart is one cart on all devices; reading makes none.
func meCart(t *testing.T, s *suite) {
	t.Helper()
	p, path := s.customer(t), mePath+"/cart"
	for range 2 {
		s.as(t, p, http.MethodGet, path, "").refused(t, http.StatusNotFound, "not_found")
	}
	made := readCart(t, s.as(t, p, http.MethodPost, path, "{}"), http.StatusOK)
	guests := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 3})
	body := jsonOf(t, map[string]string{"cart": guests.ID})
	for range 3 { // Safe to repeat, with a key and without.
		if into := readCart(t, s.as(t, p, http.MethodPost, path, body, keyHeader, "taken"), http.StatusOK); into.ID != made.ID || len(into.Lines) != 1 || into.Lines[0].Quantity != 3 {
			t.Errorf("with a guest's cart it is %+v", into)
		}
	}
	if again := readCart(t, s.as(t, p, http.MethodGet, path, ""), http.StatusOK); again.ID != made.ID || len(again.Lines) != 1 {
		t.Errorf("on another device it is %+v", again)
	}
}
