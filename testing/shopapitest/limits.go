package shopapitest

import (
	"net/http"
	"strconv"
	"testing"
)

// limitClauses run when all else was called, for what they use up is used up for everybody from this address. They need
// Target.Mail.
func limitClauses() []clause {
	return []clause{
		{"limits/register", limitRegister},
		{"limits/reset", limitReset},
		{"limits/sign in", limitSignIn},
		{"limits/password", limitPassword},
	}
}

// limitsMost is how often something is tried before a shop counts as one without limits.
const limitsMost = 400

// limited calls until the shop has enough; want is the status until then.
func limited(t *testing.T, want int, call func(i int) answer) {
	t.Helper()
	for i := range limitsMost {
		a := call(i)
		if a.status == want {
			continue
		}
		a.refused(t, http.StatusTooManyRequests, "rate_limited")
		if after, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || after < 2 {
			t.Errorf("%s: Retry-After %q tells no time", a, a.header.Get("Retry-After"))
		}
		return
	}
	t.Errorf("%d tries were let", limitsMost)
}

func limitRegister(t *testing.T, s *suite) {
	t.Helper()
	limited(t, http.StatusAccepted, func(int) answer {
		return s.call(t, http.MethodPost, customersPath, registration(t, Credentials{newAddress(), newPassword()}))
	})
}

func limitReset(t *testing.T, s *suite) {
	t.Helper()
	limited(t, http.StatusAccepted, func(int) answer {
		return s.call(t, http.MethodPost, customersPath+"/password-reset", `{"email":"`+newAddress()+`"}`)
	})
}

// limitSignIn guesses at accounts from one address; who shows a device that is known still signs in.
func limitSignIn(t *testing.T, s *suite) {
	t.Helper()
	p := s.known(t).ada
	limited(t, http.StatusUnauthorized, func(int) answer { return s.signIn(t, Credentials{p.Email, newPassword()}) })
	s.signIn(t, p.Credentials).refused(t, http.StatusTooManyRequests, "rate_limited")
	s.signIn(t, Credentials{newAddress(), newPassword()}).refused(t, http.StatusTooManyRequests, "rate_limited")
	s.signIn(t, p.Credentials, "device_token", p.in.Device).in(t)
}

// limitPassword guesses the password of somebody whose session was left open.
func limitPassword(t *testing.T, s *suite) {
	t.Helper()
	p := s.known(t).eve
	body := func(path string) answer {
		t.Helper()
		if path == "/email" {
			return s.as(t, p, http.MethodPut, mePath+path, jsonOf(t, map[string]string{"password": newPassword(), "email": newAddress()}))
		}
		return s.as(t, p, http.MethodPut, mePath+path, jsonOf(t, map[string]string{"current_password": newPassword(), "password": newPassword()}))
	}
	limited(t, http.StatusUnauthorized, func(int) answer { return body("/password") })
	body("/email").refused(t, http.StatusTooManyRequests, "rate_limited")
}
