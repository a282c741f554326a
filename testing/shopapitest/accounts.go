package shopapitest

import (
	"net/http"
	"strings"
	"testing"
)

// accountClauses need Target.Mail, all but accounts/fields.
func accountClauses() []clause {
	return []clause{
		{"accounts/register", accountRegister},
		{"accounts/fields", accountFields},
		{"accounts/reset", accountReset},
		{"accounts/links", accountLinks},
		{"sessions/sign in", sessionSignIn},
		{"sessions/cart", sessionCart},
		{"sessions/foreign cart", sessionForeignCart},
		{"sessions/refresh", sessionRefresh},
		{"sessions/sign out", sessionSignOut},
	}
}

// accountRegister registers, proves the address and signs in; again with a known address nothing is told but by mail.
func accountRegister(t *testing.T, s *suite) {
	t.Helper()
	c := Credentials{newAddress(), newPassword()}
	fresh := s.call(t, http.MethodPost, customersPath, registration(t, c)).want(t, http.StatusAccepted)
	s.mailed(t, c.Email, 1)
	early := s.signIn(t, c)
	early.refused(t, http.StatusUnauthorized, "unauthenticated")
	token := s.mailed(t, c.Email, 2) // Who has the right password is mailed again, and the mail before counts no more.
	s.verify(t, token).want(t, http.StatusNoContent)
	p := s.verify(t, token).refused(t, http.StatusUnprocessableEntity, "invalid", "token")
	if len(p.Errors) != 1 || p.Errors[0].Code != "token_invalid" {
		t.Errorf("a token that was used: %+v", p)
	}
	in := s.signIn(t, c).in(t)
	if in.Kind != "customer" || in.Cart != nil || in.Warnings == nil {
		t.Errorf("signed in as %+v", in)
	}
	other := Credentials{strings.ToUpper(c.Email), newPassword()}
	known := s.call(t, http.MethodPost, customersPath, registration(t, other)).want(t, http.StatusAccepted)
	if string(known.body) != string(fresh.body) {
		t.Errorf("%s: and for a new address: %s", known, fresh)
	}
	mails := s.awaitMails(t, c.Email, 3)
	if last := mails[len(mails)-1]; mailedToken.MatchString(last.Text) {
		t.Errorf("a registration with a known address mailed a token: %s", last.Text)
	}
	s.signIn(t, other).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.signIn(t, c).in(t)
}

func accountFields(t *testing.T, s *suite) {
	t.Helper()
	s.call(t, http.MethodPost, customersPath, `{"email":"ada","password":"short","name":" "}`).
		refused(t, http.StatusUnprocessableEntity, "invalid", "email", "password", "name")
	for _, password := range []string{"password1", "12345678", "aaaaaaaa", "P@ssw0rd!", "qwertyuiop"} {
		s.call(t, http.MethodPost, customersPath, registration(t, Credentials{newAddress(), password})).
			refused(t, http.StatusUnprocessableEntity, "invalid", "password")
	}
	s.call(t, http.MethodPost, customersPath+"/password-reset", `{"email":"ada"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "email")
	s.call(t, http.MethodPost, sessionsPath, `{"email":"ada","password":""}`).refused(t, http.StatusUnprocessableEntity, "invalid", "email", "password")
	for _, token := range []string{"", "x", "vfy_" + strings.Repeat("0", 32), "rst_" + strings.Repeat("0", 32), strings.Repeat("x", 200)} {
		s.verify(t, token).refused(t, http.StatusUnprocessableEntity, "invalid", "token")
		s.reset(t, token, newPassword()).refused(t, http.StatusUnprocessableEntity, "invalid", "token")
	}
}

// accountReset chooses a new password by mail: once, by the latest mail alone, and every session ends.
func accountReset(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	ask := func(email string) answer {
		t.Helper()
		return s.call(t, http.MethodPost, customersPath+"/password-reset", jsonOf(t, map[string]string{"email": email})).want(t, http.StatusAccepted)
	}
	if known, unknown := ask(p.Email), ask(newAddress()); string(known.body) != string(unknown.body) {
		t.Errorf("%s: and for an unknown address: %s", known, unknown)
	}
	older := s.mailed(t, p.Email, 2)
	ask(p.Email)
	newer := s.mailed(t, p.Email, 3)
	next := newPassword()
	s.reset(t, older, next).refused(t, http.StatusUnprocessableEntity, "invalid", "token")
	s.reset(t, newer, "password1").refused(t, http.StatusUnprocessableEntity, "invalid", "password")
	if a := s.reset(t, newer, next).want(t, http.StatusNoContent); len(a.body) > 0 {
		t.Errorf("%s: a reset signs nobody in", a)
	}
	s.reset(t, newer, newPassword()).refused(t, http.StatusUnprocessableEntity, "invalid", "token")
	s.as(t, p, http.MethodGet, mePath, "").refused(t, http.StatusUnauthorized, "unauthenticated")
	s.refresh(t, p.in.Refresh).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.signIn(t, p.Credentials).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.signIn(t, Credentials{p.Email, next}).in(t)
	if told := s.awaitMails(t, p.Email, 4); mailedToken.MatchString(told[3].Text) || !strings.Contains(told[3].Subject, "changed") {
		t.Errorf("the owner was told by %+v", told[3])
	}
}

// accountLinks sends another host along: links of mails lead where the shop's settings say.
func accountLinks(t *testing.T, s *suite) {
	t.Helper()
	c := Credentials{newAddress(), newPassword()}
	s.call(t, http.MethodPost, customersPath, registration(t, c), "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example",
		"X-Forwarded-Proto", "evil").want(t, http.StatusAccepted)
	if m := s.awaitMails(t, c.Email, 1)[0]; strings.Contains(m.Text+m.Subject, "evil") || !strings.Contains(m.Text, "://") {
		t.Errorf("the mail: %s", m.Text)
	}
}

// sessionSignIn fails in every way with one answer, and knows a device again.
func sessionSignIn(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	unknown := facts(t, s.signIn(t, Credentials{newAddress(), newPassword()}))
	for name, a := range map[string]answer{
		"password": s.signIn(t, Credentials{p.Email, newPassword()}), "case": s.signIn(t, Credentials{p.Email, strings.ToUpper(p.Password)}),
		"kind": s.signIn(t, p.Credentials, "kind", "staff"),
	} {
		a.refused(t, http.StatusUnauthorized, "unauthenticated")
		if got := facts(t, a); got != unknown || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %s tells more than for an unknown address: %s", name, a, unknown)
		}
	}
	again := s.signIn(t, Credentials{strings.ToUpper(p.Email), p.Password}, "device_token", p.in.Device).in(t)
	if again.Access == p.in.Access || again.Refresh == p.in.Refresh || again.Device == p.in.Device {
		t.Errorf("a sign-in gives tokens again: %+v", again)
	}
	s.as(t, p, http.MethodGet, mePath, "").refused(t, http.StatusUnauthorized, "unauthenticated") // The device's former session.
	s.call(t, http.MethodGet, mePath, "", bearer(again.Access)...).want(t, http.StatusOK)
	for _, token := range []string{"x", again.Refresh, again.Device, flipped(again.Access), again.Access + "0"} {
		s.call(t, http.MethodGet, mePath, "", bearer(token)...).refused(t, http.StatusUnauthorized, "unauthenticated")
	}
	s.call(t, http.MethodGet, mePath, "", "X-API-Key", again.Access).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.call(t, http.MethodGet, mePath, "", "Cookie", "access_token="+again.Access+"; session="+again.Access).refused(t, http.StatusUnauthorized, "unauthenticated")
}

// sessionCart brings a guest's cart to the sign-in: it becomes the customer's, and the next one goes into it.
func sessionCart(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	first, second := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1}), s.newCart(t, wanted{SKU: s.shelf.second.SKU, Quantity: 2})
	in := s.signIn(t, p.Credentials, "cart", first.ID).in(t)
	if in.Cart == nil || in.Cart.ID != first.ID || len(in.Cart.Lines) != 1 || len(in.Warnings) != 0 {
		t.Fatalf("the cart is %+v, warnings %+v", in.Cart, in.Warnings)
	}
	p.in = s.signIn(t, p.Credentials, "cart", second.ID).in(t)
	if p.in.Cart == nil || p.in.Cart.ID != first.ID || len(p.in.Cart.Lines) != 2 {
		t.Fatalf("the cart is %+v, warnings %+v", p.in.Cart, p.in.Warnings)
	}
	mine := readCart(t, s.as(t, p, http.MethodGet, mePath+"/cart", ""), http.StatusOK)
	if mine.ID != first.ID || len(mine.Lines) != 2 {
		t.Errorf("/me/cart is %+v", mine)
	}
	// Who knew it as a guest's knows nothing of it any more.
	other := s.known(t).ada
	add := jsonOf(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	unknown := facts(t, s.call(t, http.MethodGet, cartPath(flipped(first.ID)), ""))
	for _, pairs := range [][]string{nil, bearer(other.in.Access)} {
		for _, a := range []answer{
			s.call(t, http.MethodGet, cartPath(first.ID), "", pairs...),
			s.call(t, http.MethodPost, cartPath(first.ID)+"/lines", add, pairs...),
			s.call(t, http.MethodPatch, linePath(mine, mine.Lines[0].ID), `{"quantity":9}`, pairs...),
			s.call(t, http.MethodDelete, linePath(mine, mine.Lines[0].ID), "", pairs...),
			s.call(t, http.MethodPost, cartPath(first.ID)+"/checkout", s.purchase(t, "manual", "", nil), append(pairs, keyHeader, "planted")...),
		} {
			a.refused(t, http.StatusNotFound, "not_found")
			if got := facts(t, a); got != unknown {
				t.Errorf("%s: tells more than that of an unknown cart, %s", a, unknown)
			}
		}
	}
	s.as(t, p, http.MethodPost, cartPath(first.ID)+"/lines", add).want(t, http.StatusOK)
	s.as(t, p, http.MethodGet, cartPath(first.ID), "", "Authorization", "Bearer x").refused(t, http.StatusUnauthorized, "unauthenticated")
}

// sessionForeignCart brings carts that cannot be taken over: the sign-in stands, and warns.
func sessionForeignCart(t *testing.T, s *suite) {
	t.Helper()
	p, other := s.customer(t), s.customer(t)
	theirs := readCart(t, s.as(t, other, http.MethodPost, mePath+"/cart", "{}"), http.StatusOK)
	ordered := s.newCart(t, s.unit(t))
	s.order(t, ordered, s.purchase(t, "manual", "", nil), "foreign").want(t, http.StatusCreated)
	for id, code := range map[string]string{
		theirs.ID: "not_found", "x": "not_found", flipped(theirs.ID): "not_found", ordered.ID: "cart_completed",
	} {
		in := s.signIn(t, p.Credentials, "cart", id).in(t)
		if in.Cart != nil || len(in.Warnings) != 1 || in.Warnings[0].Code != code || in.Warnings[0].Field != "cart" {
			t.Errorf("signing in with the cart %s: %+v", id, in)
		}
		s.as(t, p, http.MethodPost, mePath+"/cart", jsonOf(t, map[string]string{"cart": id})).
			refused(t, map[string]int{"not_found": http.StatusNotFound, "cart_completed": http.StatusConflict}[code], code)
	}
}

// refresh shows a refresh token.
func (s *suite) refresh(t *testing.T, token string) answer {
	t.Helper()
	return s.call(t, http.MethodPost, sessionsPath+"/refresh", jsonOf(t, map[string]string{"refresh_token": token}))
}

// sessionRefresh replaces tokens; one that is shown after its successor was used ends the session.
func sessionRefresh(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	var next, again, third session
	s.refresh(t, p.in.Refresh).read(t, http.StatusOK, &next)
	s.refresh(t, p.in.Refresh).read(t, http.StatusOK, &again)
	if next.Access == p.in.Access || next.Refresh == p.in.Refresh || again.Access != next.Access || again.Refresh != next.Refresh {
		t.Errorf("of %+v followed %+v and then %+v", p.in, next, again)
	}
	s.as(t, p, http.MethodGet, mePath, "").refused(t, http.StatusUnauthorized, "unauthenticated")
	s.refresh(t, next.Refresh).read(t, http.StatusOK, &third)
	s.call(t, http.MethodGet, mePath, "", bearer(third.Access)...).want(t, http.StatusOK)
	s.refresh(t, p.in.Refresh).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.refresh(t, third.Refresh).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.call(t, http.MethodGet, mePath, "", bearer(third.Access)...).refused(t, http.StatusUnauthorized, "unauthenticated")
	for _, token := range []string{"", "x", "srt_" + strings.Repeat("0", 32), third.Access} {
		s.refresh(t, token).refused(t, http.StatusUnauthorized, "unauthenticated")
	}
}

// sessionSignOut ends the session that asks, and no other.
func sessionSignOut(t *testing.T, s *suite) {
	t.Helper()
	p := s.customer(t)
	other := s.signIn(t, p.Credentials).in(t)
	s.as(t, p, http.MethodDelete, sessionsPath+"/current", "").want(t, http.StatusNoContent)
	s.as(t, p, http.MethodGet, mePath, "").refused(t, http.StatusUnauthorized, "unauthenticated")
	s.refresh(t, p.in.Refresh).refused(t, http.StatusUnauthorized, "unauthenticated")
	var list struct {
		Items []struct {
			ID      string `json:"id"`
			Current bool   `json:"current"`
		} `json:"items"`
	}
	s.call(t, http.MethodGet, mePath+"/sessions", "", bearer(other.Access)...).read(t, http.StatusOK, &list)
	if len(list.Items) != 1 || !list.Items[0].Current {
		t.Errorf("the sessions are %+v", list.Items)
	}
	p.in = s.signIn(t, p.Credentials).in(t)
	ids := []string{"x", "ses_00000000000000000000000000", flipped(list.Items[0].ID)}
	stranger := s.known(t).ada
	foreign, missing := s.as(t, stranger, http.MethodDelete, mePath+"/sessions/"+list.Items[0].ID, ""), s.as(t, stranger, http.MethodDelete, mePath+"/sessions/"+ids[1], "")
	if facts(t, foreign) != facts(t, missing) {
		t.Errorf("%s: tells more than that of an unknown session: %s", foreign, missing)
	}
	for _, id := range ids {
		s.as(t, p, http.MethodDelete, mePath+"/sessions/"+id, "").refused(t, http.StatusNotFound, "not_found")
	}
	s.as(t, p, http.MethodDelete, mePath+"/sessions/"+list.Items[0].ID, "").want(t, http.StatusNoContent)
	s.call(t, http.MethodGet, mePath, "", bearer(other.Access)...).refused(t, http.StatusUnauthorized, "unauthenticated")
	s.as(t, p, http.MethodGet, mePath, "").want(t, http.StatusOK)
}
