package shopapitest

import (
	"crypto/rand"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func adminMoneyClauses() []clause {
	return []clause{
		{"admin money/capture", adminCapture},
		{"admin money/refund", adminRefund},
		{"admin money/refund lines", adminRefundLines},
		{"admin money/void", adminVoid},
		{"admin money/receipts", adminReceipts},
		{"admin money/settle charges", adminSettleCharges},
		{"admin money/settle effects", adminSettleEffects},
	}
}

// movedMoney is a capture or a refund.
type movedMoney struct {
	ID    string     `json:"id"`
	State string     `json:"state"`
	Order staffOrder `json:"order"`
}

// holdKeyed holds what is so of commands that need a key: without one they are refused, done once with one, and the
// other body under it is refused.
func (s *suite) holdKeyed(t *testing.T, path, body, other string) movedMoney {
	t.Helper()
	s.admin(t, http.MethodPost, path, body).refused(t, http.StatusBadRequest, "missing_idempotency_key")
	key := rand.Text()
	var made, replayed movedMoney
	fresh(t, s.admin(t, http.MethodPost, path, body, keyHeader, key)).read(t, http.StatusCreated, &made)
	again := s.admin(t, http.MethodPost, path, body, keyHeader, key)
	if again.read(t, http.StatusCreated, &replayed); !reflect.DeepEqual(replayed, made) || again.header.Get(replayedHeader) != "true" {
		t.Errorf("%s: the first answer was %+v", again, made)
	}
	s.admin(t, http.MethodPost, path, other, keyHeader, key).refused(t, http.StatusUnprocessableEntity, "idempotency_mismatch")
	return made
}

func adminCapture(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_authorize")
	path := "/orders/" + o.ID + "/captures"
	made := s.holdKeyed(t, path, `{"amount":{"amount":"0.01","currency":"`+o.Totals.Total.Currency+`"}}`, `{}`)
	if p := made.Order.Payments[0]; made.State != "succeeded" || p.Captured.Amount != "0.01" || made.Order.PaymentStatus != "partially_paid" || p.Effects[0].ID != made.ID {
		t.Errorf("captured in part: %+v", made)
	}
	var rest movedMoney
	s.admin(t, http.MethodPost, path, `{}`, keyHeader, rand.Text()).read(t, http.StatusCreated, &rest)
	if p := rest.Order.Payments[0]; rest.Order.PaymentStatus != "paid" || p.Captured != o.Totals.Total {
		t.Errorf("captured whole: %+v", rest)
	}
	s.admin(t, http.MethodPost, path, `{}`, keyHeader, rand.Text()).refused(t, http.StatusConflict, "capture_exceeds_authorized", "amount")
	for _, body := range []string{`{"amount":{"amount":"0.00","currency":"GBP"}}`, `{"amount":{"amount":"-1.00","currency":"GBP"}}`, `{"amount":"1.00"}`} {
		held := s.bought(t, "tok_authorize")
		p := s.admin(t, http.MethodPost, "/orders/"+held.ID+"/captures", body, keyHeader, rand.Text()).refused(t, http.StatusUnprocessableEntity, "invalid")
		if len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Field, "amount") {
			t.Errorf("%s: the errors should be about amount: %+v", body, p.Errors)
		}
	}
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/captures", `{}`, keyHeader, rand.Text()).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminRefund(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_ok")
	path := "/orders/" + o.ID + "/refunds"
	part := `{"amount":{"amount":"0.01","currency":"` + o.Totals.Total.Currency + `"},"reason":"a scratch"}`
	made := s.holdKeyed(t, path, part, `{"reason":"a scratch"}`)
	if p := made.Order.Payments[0]; made.State != "succeeded" || p.Refunded.Amount != "0.01" || made.Order.PaymentStatus != "partially_refunded" {
		t.Errorf("refunded in part: %+v", made)
	}
	whole := `{"amount":` + jsonOf(t, o.Totals.Total) + `,"reason":"all of it"}`
	p := s.admin(t, http.MethodPost, path, whole, keyHeader, rand.Text()).refused(t, http.StatusConflict, "refund_exceeds_captured", "amount")
	if len(p.Errors) != 1 {
		t.Errorf("errors: %+v", p.Errors)
	}
	var rest movedMoney
	s.admin(t, http.MethodPost, path, `{"reason":"all that is left"}`, keyHeader, rand.Text()).read(t, http.StatusCreated, &rest)
	if rest.Order.PaymentStatus != "refunded" {
		t.Errorf("refunded whole: %+v", rest)
	}
	for _, body := range []string{`{}`, `{"reason":""}`} {
		s.admin(t, http.MethodPost, path, body, keyHeader, rand.Text()).refused(t, http.StatusUnprocessableEntity, "invalid", "reason")
	}
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/refunds", `{"reason":"x"}`, keyHeader, rand.Text()).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminRefundLines(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_ok")
	path := "/orders/" + o.ID + "/refunds"
	lines := `"lines":[{"id":"` + o.Lines[0].ID + `","quantity":1}]`
	s.admin(t, http.MethodPost, path, `{"amount":{"amount":"0.01","currency":"GBP"},`+lines+`,"reason":"x"}`, keyHeader, rand.Text()).
		refused(t, http.StatusUnprocessableEntity, "invalid", "amount")
	s.admin(t, http.MethodPost, path, `{"lines":[{"id":"x","quantity":1}],"reason":"x"}`, keyHeader, rand.Text()).
		refused(t, http.StatusUnprocessableEntity, "invalid", "lines[0].id")
	made := s.holdKeyed(t, path, `{`+lines+`,"reason":"it broke"}`, `{`+lines+`,"reason":"another"}`)
	if p := made.Order.Payments[0]; p.Refunded != o.Lines[0].Total {
		t.Errorf("refunded %+v for a line of %+v", p.Refunded, o.Lines[0].Total)
	}
	s.admin(t, http.MethodPost, path, `{`+lines+`,"reason":"again"}`, keyHeader, rand.Text()).refused(t, http.StatusUnprocessableEntity, "invalid", "lines[0].quantity")
}

func adminVoid(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_authorize")
	var seen staffOrder
	s.command(t, "/orders/"+o.ID+"/void", "", "", http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.PaymentStatus != "voided" || seen.Payments[0].Effects[0].Kind != "void" {
		t.Errorf("voided: %+v", seen)
	}
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/void", "").refused(t, http.StatusNotFound, "not_found")
	}
}

func adminReceipts(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "")
	path := "/orders/" + o.ID + "/payments"
	receipt := func(provider, reference string, value amount) string {
		return jsonOf(t, map[string]any{"provider": provider, "reference": reference, "amount": value})
	}
	var seen staffOrder
	s.command(t, path, receipt("manual", "bank-1", o.Totals.Total), receipt("manual", "bank-2", o.Totals.Total), http.StatusCreated).read(t, http.StatusCreated, &seen)
	if seen.PaymentStatus != "paid" {
		t.Errorf("paid by hand: %+v", seen)
	}
	s.admin(t, http.MethodPost, path, receipt("manual", "bank-1", o.Totals.Total)).read(t, http.StatusCreated, &seen)
	if seen.PaymentStatus != "paid" {
		t.Errorf("the same money counts twice: %+v", seen)
	}
	s.admin(t, http.MethodPost, path, receipt("test", "bank-3", o.Totals.Total)).refused(t, http.StatusConflict, "provider_cannot")
	s.admin(t, http.MethodPost, path, receipt("nobody", "bank-3", o.Totals.Total)).refused(t, http.StatusUnprocessableEntity, "invalid", "provider")
	s.admin(t, http.MethodPost, path, receipt("manual", "", o.Totals.Total)).refused(t, http.StatusUnprocessableEntity, "invalid", "reference")
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/payments", receipt("manual", "x", o.Totals.Total)).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminSettleCharges(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_async")
	if o.Status != "pending" {
		t.Fatalf("an undecided payment: %+v", o)
	}
	payment := s.staffSees(t, o.ID).Payments[0]
	path := "/orders/" + o.ID + "/payments/" + payment.ID + "/settle"
	s.admin(t, http.MethodPost, path, `{"state":"pending"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "state")
	var seen staffOrder
	s.command(t, path, `{"state":"captured","reference":"ch_1"}`, `{"state":"declined"}`, http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.Status != "placed" || seen.PaymentStatus != "paid" {
		t.Errorf("settled: %+v", seen)
	}
	s.admin(t, http.MethodPost, path, `{"state":"captured","reference":"ch_2"}`).refused(t, http.StatusConflict, "payment_contradiction")
	for _, id := range missing("pay") {
		s.admin(t, http.MethodPost, "/orders/"+o.ID+"/payments/"+id+"/settle", `{"state":"captured"}`).refused(t, http.StatusNotFound, "not_found")
	}
	s.admin(t, http.MethodPost, "/orders/"+s.bought(t, "").ID+"/payments/"+payment.ID+"/settle", `{"state":"captured"}`).refused(t, http.StatusNotFound, "not_found")
}

// adminSettleEffects refunds money that nobody but a person can send back.
func adminSettleEffects(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "")
	paid := jsonOf(t, map[string]any{"provider": "manual", "reference": "bank", "amount": o.Totals.Total})
	s.admin(t, http.MethodPost, "/orders/"+o.ID+"/payments", paid).want(t, http.StatusCreated)
	var made movedMoney
	s.admin(t, http.MethodPost, "/orders/"+o.ID+"/refunds", `{"reason":"sent back"}`, keyHeader, rand.Text()).read(t, http.StatusCreated, &made)
	if made.State != "requested" {
		t.Fatalf("a refund by hand: %+v", made)
	}
	path := "/orders/" + o.ID + "/effects/" + made.ID + "/settle"
	s.admin(t, http.MethodPost, path, `{"state":"unknown"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "state")
	var seen staffOrder
	s.command(t, path, `{"state":"succeeded","reference":"bank-2"}`, `{"state":"failed"}`, http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.PaymentStatus != "refunded" {
		t.Errorf("settled: %+v", seen)
	}
	s.admin(t, http.MethodPost, path, `{"state":"failed"}`).refused(t, http.StatusNotFound, "not_found")
	s.admin(t, http.MethodPost, "/orders/x/effects/"+made.ID+"/settle", `{"state":"failed"}`).refused(t, http.StatusNotFound, "not_found")
}
