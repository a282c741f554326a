package shopapitest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func adminOrderClauses() []clause {
	return []clause{
		{"admin orders/list", adminOrdersList},
		{"admin orders/read", adminOrderRead},
		{"admin orders/fulfil", adminFulfil},
		{"admin orders/fulfilments", adminFulfilments},
		{"admin orders/cancel", adminCancel},
		{"admin orders/complete", adminComplete},
		{"admin orders/notes", adminNotes},
		{"admin orders/settle", adminSettle},
	}
}

// staffOrder is an order as staff see it.
type staffOrder struct {
	order

	Version     int64             `json:"version"`
	Reason      string            `json:"reason"`
	Allowed     []string          `json:"allowed"`
	Payments    []staffPayment    `json:"payments"`
	Fulfilments []staffFulfilment `json:"fulfilments"`
	Notes       []struct {
		Author string `json:"author"`
		Text   string `json:"text"`
	} `json:"notes"`
	Timeline []struct {
		Kind  string `json:"kind"`
		Staff bool   `json:"staff"`
	} `json:"timeline"`
}

type staffPayment struct {
	ID       string `json:"id"`
	Provider string `json:"provider"`
	State    string `json:"state"`
	Amount   amount `json:"amount"`
	Held     amount `json:"held"`
	Captured amount `json:"captured"`
	Refunded amount `json:"refunded"`
	Effects  []struct {
		ID    string `json:"id"`
		Kind  string `json:"kind"`
		State string `json:"state"`
	} `json:"effects"`
	Entries []struct {
		Kind   string `json:"kind"`
		Amount amount `json:"amount"`
	} `json:"entries"`
}

type staffFulfilment struct {
	ID       string   `json:"id"`
	State    string   `json:"state"`
	Allowed  []string `json:"allowed"`
	Tracking *struct {
		Carrier string `json:"carrier"`
		Number  string `json:"number"`
	} `json:"tracking"`
	Lines []struct {
		ID       string `json:"id"`
		Quantity int64  `json:"quantity"`
		Damaged  int64  `json:"damaged"`
	} `json:"lines"`
}

// bought makes an order that is paid by a token of the test provider, or by hand without one.
func (s *suite) bought(t *testing.T, token string, lines ...wanted) order {
	t.Helper()
	if len(lines) == 0 {
		lines = []wanted{s.unit(t)}
	}
	provider := "test"
	if token == "" {
		provider = "manual"
	}
	return readOrder(t, s.order(t, s.newCart(t, lines...), s.purchase(t, provider, token, nil), rand.Text()), http.StatusCreated)
}

// staffSees reads an order as staff do.
func (s *suite) staffSees(t *testing.T, id string) staffOrder {
	t.Helper()
	var o staffOrder
	s.admin(t, http.MethodGet, "/orders/"+id, "").read(t, http.StatusOK, &o)
	return o
}

// ordersPage is a page of orders for staff.
type ordersPage struct {
	Items []struct {
		ID     string `json:"id"`
		Number string `json:"number"`
		Status string `json:"status"`
		Email  string `json:"email"`
		Total  amount `json:"total"`
	} `json:"items"`
	Next *string `json:"next_cursor"`
}

// adminOrdersList finds an order by its number and its address, and goes through pages of one.
func adminOrdersList(t *testing.T, s *suite) {
	t.Helper()
	one, other := s.bought(t, ""), s.bought(t, "tok_ok")
	read := func(query string) ordersPage {
		t.Helper()
		var p ordersPage
		s.admin(t, http.MethodGet, "/orders?"+query, "").read(t, http.StatusOK, &p)
		return p
	}
	for _, o := range []order{one, other} {
		p := read("q=" + url.QueryEscape(o.Number))
		if len(p.Items) != 1 || p.Items[0].ID != o.ID || p.Items[0].Total != o.Totals.Total || p.Items[0].Email != o.Email || p.Next != nil {
			t.Errorf("orders of the number %s: %+v", o.Number, p)
		}
	}
	if p := read("q=ADA@example.com&limit=100"); len(p.Items) < 2 {
		t.Errorf("orders of an address: %+v", p)
	}
	if p := read("q=nobody-has-this"); p.Items == nil || len(p.Items) != 0 {
		t.Errorf("orders of nobody: %+v", p)
	}
	for _, item := range read("status=placed&limit=100").Items {
		if item.Status != "placed" {
			t.Errorf("among placed orders: %+v", item)
		}
	}
	seen, cursor, found := map[string]bool{}, "", 0
	for found < 2 {
		p := read("limit=5&cursor=" + cursor)
		for _, item := range p.Items {
			if seen[item.ID] {
				t.Fatalf("%s stands on two pages", item.ID)
			}
			if seen[item.ID] = true; item.ID == one.ID || item.ID == other.ID {
				found++
			}
		}
		if p.Next == nil {
			break
		}
		cursor = url.QueryEscape(*p.Next)
	}
	if found != 2 {
		t.Errorf("the pages of all orders have %d of 2", found)
	}
	for _, query := range []string{"limit=0", "limit=101", "limit=x", "status=lost", "q=" + strings.Repeat("x", 255)} {
		s.admin(t, http.MethodGet, "/orders?"+query, "").refused(t, http.StatusUnprocessableEntity, "invalid")
	}
	for _, cursor := range []string{"x", "AgAA", strings.Repeat("A", 3000)} {
		s.admin(t, http.MethodGet, "/orders?cursor="+cursor, "").refused(t, http.StatusBadRequest, "invalid_cursor", "cursor")
	}
}

func adminOrderRead(t *testing.T, s *suite) {
	t.Helper()
	made := s.bought(t, "tok_authorize")
	o := s.staffSees(t, made.ID)
	if o.Number != made.Number || o.PaymentStatus != "authorized" || len(o.Payments) != 1 || o.Payments[0].Held != made.Totals.Total ||
		len(o.Payments[0].Entries) == 0 || len(o.Timeline) == 0 || len(o.Lines) != 1 {
		t.Errorf("staff see %+v of %+v", o, made)
	}
	for _, action := range []string{"fulfil", "cancel", "capture", "void", "note", "record_payment"} {
		if !slices.Contains(o.Allowed, action) {
			t.Errorf("allowed lacks %s: %v", action, o.Allowed)
		}
	}
	if slices.Contains(o.Allowed, "refund") {
		t.Errorf("money that was not taken can be refunded: %v", o.Allowed)
	}
	for _, id := range append(missing("ord"), made.Number, made.Token) {
		s.admin(t, http.MethodGet, "/orders/"+url.PathEscape(id), "").refused(t, http.StatusNotFound, "not_found")
	}
}

// adminFulfil sends an order in parts and its rest.
func adminFulfil(t *testing.T, s *suite) {
	t.Helper()
	u := s.unit(t)
	o := s.bought(t, "tok_ok", u, s.unit(t))
	path := "/orders/" + o.ID + "/fulfilments"
	var made struct {
		Fulfilment staffFulfilment
		Order      staffOrder
	}
	body := `{"lines":[{"id":"` + o.Lines[0].ID + `","quantity":1}],"tracking":{"carrier":"Royal Mail","number":"RM 1","url":"https://example.org/rm1"}}`
	s.command(t, path, body, `{}`, http.StatusCreated).read(t, http.StatusCreated, &made)
	if f := made.Fulfilment; f.State != "sent" || f.ID == "" || len(f.Lines) != 1 || f.Tracking == nil || f.Tracking.Number != "RM 1" || len(made.Order.Fulfilments) != 1 {
		t.Errorf("made %+v", made)
	}
	if len(o.Lines) == 2 {
		if o := s.staffSees(t, o.ID); o.FulfilmentStatus != "partial" || o.Status != "placed" {
			t.Errorf("sent in part, the order is %s and %s", o.Status, o.FulfilmentStatus)
		}
		s.admin(t, http.MethodPost, path, `{}`).want(t, http.StatusCreated)
	}
	if o := s.staffSees(t, o.ID); o.FulfilmentStatus != "fulfilled" {
		t.Errorf("sent whole, the order is %s", o.FulfilmentStatus)
	}
	for _, test := range []struct{ body, field string }{
		{`{"lines":[{"id":"x","quantity":1}]}`, "lines[0].id"},
		{`{"lines":[{"id":"lin_00000000000000000000000000","quantity":1}]}`, "lines[0].id"},
		{`{"lines":[{"id":"` + o.Lines[0].ID + `","quantity":0}]}`, "lines[0].quantity"},
		{`{"tracking":{"carrier":"","number":"1"}}`, "tracking.carrier"},
	} {
		s.admin(t, http.MethodPost, "/orders/"+s.bought(t, "").ID+"/fulfilments", test.body).refused(t, http.StatusUnprocessableEntity, "invalid", test.field)
	}
	cancelled := s.bought(t, "")
	s.admin(t, http.MethodPost, "/orders/"+cancelled.ID+"/cancel", `{"reason":"x"}`).want(t, http.StatusOK)
	s.admin(t, http.MethodPost, "/orders/"+cancelled.ID+"/fulfilments", `{}`).refused(t, http.StatusConflict, "illegal_transition")
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/fulfilments", `{}`).refused(t, http.StatusNotFound, "not_found")
	}
}

// adminFulfilments takes fulfilments through their states.
func adminFulfilments(t *testing.T, s *suite) {
	t.Helper()
	send := func(o order) string {
		t.Helper()
		var made struct{ Fulfilment staffFulfilment }
		s.admin(t, http.MethodPost, "/orders/"+o.ID+"/fulfilments", `{}`).read(t, http.StatusCreated, &made)
		return "/orders/" + o.ID + "/fulfilments/" + made.Fulfilment.ID
	}
	const track, other = `{"carrier":"DPD","number":"2"}`, `{"carrier":"DPD","number":"3"}`
	o := s.bought(t, "")
	at := send(o)
	var seen staffOrder
	s.command(t, at+"/tracking", track, other, http.StatusOK).read(t, http.StatusOK, &seen)
	if f := seen.Fulfilments[0]; f.Tracking == nil || f.Tracking.Number != "2" || !slices.Contains(f.Allowed, "deliver") {
		t.Errorf("tracked: %+v", f)
	}
	s.admin(t, http.MethodPost, at+"/tracking", `{"carrier":"DPD","number":"2","url":"http://example.org"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "tracking.url")
	s.command(t, at+"/delivered", "", "", http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.FulfilmentStatus != "delivered" || seen.Fulfilments[0].State != "delivered" {
		t.Errorf("delivered: %+v", seen)
	}
	s.admin(t, http.MethodPost, at+"/tracking", track).refused(t, http.StatusConflict, "illegal_transition")
	s.admin(t, http.MethodPost, at+"/delivered", "").refused(t, http.StatusConflict, "illegal_transition")
	s.admin(t, http.MethodPost, at+"/cancel", `{}`).refused(t, http.StatusConflict, "illegal_transition")

	back := s.bought(t, "")
	at = send(back)
	s.admin(t, http.MethodPost, at+"/cancel", `{"damaged":[{"id":"`+back.Lines[0].ID+`","quantity":2}]}`).refused(t, http.StatusUnprocessableEntity, "invalid", "damaged[0].quantity")
	s.command(t, at+"/cancel", `{}`, `{"damaged":[]}`, http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.Fulfilments[0].State != "cancelled" || seen.FulfilmentStatus != "unfulfilled" || !slices.Contains(seen.Allowed, "fulfil") {
		t.Errorf("called back: %+v", seen)
	}
	for _, of := range []string{"/orders/" + back.ID + "/fulfilments/x", "/orders/" + o.ID + strings.TrimPrefix(at, "/orders/"+back.ID), "/orders/x/fulfilments/x"} {
		s.admin(t, http.MethodPost, of+"/tracking", track).refused(t, http.StatusNotFound, "not_found")
		s.admin(t, http.MethodPost, of+"/delivered", "").refused(t, http.StatusNotFound, "not_found")
		s.admin(t, http.MethodPost, of+"/cancel", `{}`).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminCancel(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_ok")
	path := "/orders/" + o.ID + "/cancel"
	for _, body := range []string{`{}`, `{"reason":""}`, `{"reason":" "}`, `{"reason":"` + strings.Repeat("x", 256) + `"}`} {
		s.admin(t, http.MethodPost, path, body).refused(t, http.StatusUnprocessableEntity, "invalid", "reason")
	}
	var seen staffOrder
	s.command(t, path, `{"reason":"changed their mind"}`, `{"reason":"another"}`, http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.Status != "cancelled" || seen.PaymentStatus != "refunded" || seen.Reason != "changed their mind" || slices.Contains(seen.Allowed, "cancel") {
		t.Errorf("cancelled: %+v", seen)
	}
	s.admin(t, http.MethodPost, path, `{"reason":"x"}`).refused(t, http.StatusConflict, "illegal_transition")
	sent := s.bought(t, "")
	s.admin(t, http.MethodPost, "/orders/"+sent.ID+"/fulfilments", `{}`).want(t, http.StatusCreated)
	s.admin(t, http.MethodPost, "/orders/"+sent.ID+"/cancel", `{"reason":"x"}`).refused(t, http.StatusConflict, "order_sent")
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/cancel", `{"reason":"x"}`).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminComplete(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "tok_ok")
	path := "/orders/" + o.ID + "/complete"
	s.admin(t, http.MethodPost, path, `{}`).refused(t, http.StatusConflict, "order_unfinished")
	s.admin(t, http.MethodPost, path, `{"give_up":"yes"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "give_up")
	var seen staffOrder
	s.command(t, path, `{"give_up":true}`, `{}`, http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.Status != "completed" {
		t.Errorf("completed: %+v", seen)
	}
	s.admin(t, http.MethodPost, path, `{}`).refused(t, http.StatusConflict, "illegal_transition")
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/complete", `{}`).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminNotes(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "")
	path := "/orders/" + o.ID + "/notes"
	var seen staffOrder
	s.command(t, path, `{"text":"call\nthem"}`, `{"text":"other"}`, http.StatusCreated).read(t, http.StatusCreated, &seen)
	if len(seen.Notes) != 1 || seen.Notes[0].Text != "call\nthem" || seen.Notes[0].Author == "" {
		t.Errorf("notes: %+v", seen.Notes)
	}
	if a := s.call(t, http.MethodGet, orderPath(o.ID), "", tokenHeader, o.Token); strings.Contains(string(a.body), "noted") || strings.Contains(string(a.body), "them") {
		t.Errorf("%s: the buyer sees a note of staff", a)
	}
	s.admin(t, http.MethodPost, path, `{"text":""}`).refused(t, http.StatusUnprocessableEntity, "invalid", "text")
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/notes", `{"text":"x"}`).refused(t, http.StatusNotFound, "not_found")
	}
}

func adminSettle(t *testing.T, s *suite) {
	t.Helper()
	o := s.bought(t, "")
	var seen staffOrder
	s.command(t, "/orders/"+o.ID+"/settle", "", "", http.StatusOK).read(t, http.StatusOK, &seen)
	if seen.Status != "placed" {
		t.Errorf("settled: %+v", seen)
	}
	for _, id := range missing("ord") {
		s.admin(t, http.MethodPost, "/orders/"+id+"/settle", "").refused(t, http.StatusNotFound, "not_found")
	}
}
