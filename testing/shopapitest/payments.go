package shopapitest

import (
	"net/http"
	"strings"
	"testing"
)

const testEventsPath = "/api/v1/payments/test/events"

func paymentClauses() []clause {
	return []clause{
		{"payments/test events", paymentTestEvents},
		{"payments/webhooks", paymentWebhooks},
	}
}

// paymentTestEvents decides payments that were left undecided, either way and again.
func paymentTestEvents(t *testing.T, s *suite) {
	t.Helper()
	decide := func(o order, outcome string) {
		t.Helper()
		a := s.call(t, http.MethodPost, testEventsPath, jsonOf(t, map[string]string{"order_id": o.ID, "outcome": outcome}))
		if a.want(t, http.StatusNoContent); len(a.body) > 0 {
			t.Errorf("%s: has a body", a)
		}
	}
	holds := func(o order, statuses ...string) {
		t.Helper()
		now := readOrder(t, s.call(t, http.MethodGet, orderPath(o.ID), "", tokenHeader, o.Token), http.StatusOK)
		if now.Status != statuses[0] || now.PaymentStatus != statuses[1] {
			t.Errorf("the order is %s and %s, want %v", now.Status, now.PaymentStatus, statuses)
		}
	}
	paid, failed := s.bought(t, "tok_async"), s.bought(t, "tok_async")
	holds(paid, "pending", "pending")
	decide(paid, "succeeded")
	decide(failed, "failed")
	holds(paid, "placed", "paid")
	if now := s.staffSees(t, failed.ID); now.Status != "cancelled" || now.Reason != "payment_declined" {
		t.Errorf("the payment failed and the order is %s (%s)", now.Status, now.Reason)
	}
	decide(paid, "succeeded") // Told again.
	decide(paid, "failed")    // What is decided stays.
	holds(paid, "placed", "paid")
	for _, body := range []string{
		`{"order_id":"x","outcome":"failed"}`, `{"order_id":"ord_00000000000000000000000000","outcome":"failed"}`,
		`{"order_id":"` + s.bought(t, "").ID + `","outcome":"failed"}`,
	} {
		s.call(t, http.MethodPost, testEventsPath, body).refused(t, http.StatusNotFound, "not_found")
	}
	for body, field := range map[string]string{`{"order_id":"x"}`: "outcome", `{"order_id":"x","outcome":"maybe"}`: "outcome", `{"outcome":"failed"}`: "order_id"} {
		s.call(t, http.MethodPost, testEventsPath, body).refused(t, http.StatusUnprocessableEntity, "invalid", field)
	}
}

// paymentWebhooks sends messages that no provider signed: they change nothing.
func paymentWebhooks(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_async")
	body := `{"events":[{"id":"evt_1","provider":"test","payment":"` + s.staffSees(t, o.ID).Payments[0].ID + `","kind":"captured"}]}`
	const path = "/api/v1/payments/test/webhooks"
	for _, pairs := range [][]string{
		{},
		{"X-Test-Signature", ""},
		{"X-Test-Signature", "t=1,v1=00"},
		{"X-Test-Signature", "t=1764180000,v1=" + strings.Repeat("0", 64)},
		{"Content-Type", "text/plain"},
		{"Content-Type", "application/x-www-form-urlencoded"},
		{"Content-Type", ""},
	} {
		s.call(t, http.MethodPost, path, body, pairs...).refused(t, http.StatusBadRequest, "webhook_signature")
	}
	s.call(t, http.MethodPost, path, "").refused(t, http.StatusBadRequest, "webhook_signature")
	for _, provider := range []string{"manual", "nobody", "%20"} {
		s.call(t, http.MethodPost, "/api/v1/payments/"+provider+"/webhooks", body).refused(t, http.StatusNotFound, "not_found")
	}
	s.call(t, http.MethodPost, path, strings.Repeat("x", bodyBeyond)).refused(t, http.StatusRequestEntityTooLarge, "body_too_large")
	if now := readOrder(t, s.call(t, http.MethodGet, orderPath(o.ID), "", tokenHeader, o.Token), http.StatusOK); now.Status != "pending" {
		t.Errorf("an unsigned message made the order %s", now.Status)
	}
}
