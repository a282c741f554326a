package shopapitest

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
)

func cartRemarkClauses() []clause {
	return []clause{
		{"carts/remarks", cartRemarks},
		{"carts/prices", cartPrices},
		{"carts/shipping", cartShipping},
	}
}

// cartRemarks says something with an order, and takes it back.
func cartRemarks(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 1})
	remark := func(body string) (note string, metadata map[string]string) {
		t.Helper()
		var shown struct {
			Note     string            `json:"note"`
			Metadata map[string]string `json:"metadata"`
		}
		s.call(t, http.MethodPatch, cartPath(c.ID), body).read(t, http.StatusOK, &shown)
		return shown.Note, shown.Metadata
	}
	if note, metadata := remark(`{"note":"Ring twice","metadata":{"till":"4"}}`); note != "Ring twice" || metadata["till"] != "4" {
		t.Errorf("the remarks are %q and %v", note, metadata)
	}
	if note, metadata := remark(`{"note":""}`); note != "" || metadata["till"] != "4" {
		t.Errorf("after the note was taken away: %q and %v", note, metadata)
	}
	s.call(t, http.MethodPatch, cartPath(c.ID), `{"note":"`+strings.Repeat("x", 1001)+`"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "note")
	s.call(t, http.MethodPatch, cartPath(c.ID), `{"note":"x"}`, "If-Match", `"999"`).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	s.call(t, http.MethodPatch, cartPath("x"), `{"note":"x"}`).refused(t, http.StatusNotFound, "not_found")
	ordered := s.newCart(t, s.unit(t))
	s.order(t, ordered, s.purchase(t, "manual", "", nil), rand.Text()).want(t, http.StatusCreated)
	s.call(t, http.MethodPatch, cartPath(ordered.ID), `{"note":"x"}`).refused(t, http.StatusConflict, "cart_completed")
}

// cartPrices agrees to prices that stand as they were.
func cartPrices(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, wanted{SKU: s.shelf.first.SKU, Quantity: 2})
	confirm := cartPath(c.ID) + "/confirm-prices"
	if now := readCart(t, s.call(t, http.MethodPost, confirm, ""), http.StatusOK); now.Totals != c.Totals {
		t.Errorf("agreeing to the prices changed the totals from %v to %v", c.Totals, now.Totals)
	}
	s.call(t, http.MethodPost, confirm, "", "If-Match", `"999"`).refused(t, http.StatusPreconditionFailed, "precondition_failed")
	s.call(t, http.MethodPost, confirm, "", "If-Match", "x").refused(t, http.StatusUnprocessableEntity, "invalid", "If-Match")
	s.call(t, http.MethodPost, cartPath("x")+"/confirm-prices", "").refused(t, http.StatusNotFound, "not_found")
	ordered := s.newCart(t, s.unit(t))
	s.order(t, ordered, s.purchase(t, "manual", "", nil), rand.Text()).want(t, http.StatusCreated)
	s.call(t, http.MethodPost, cartPath(ordered.ID)+"/confirm-prices", "").refused(t, http.StatusConflict, "cart_completed")
}

// cartShipping holds that each option can be ordered with, at its price.
func cartShipping(t *testing.T, s *suite) {
	t.Helper()
	c := s.newCart(t, s.unit(t))
	var options struct {
		Items []struct {
			Option string `json:"option"`
			Price  amount `json:"price"`
		} `json:"items"`
	}
	s.call(t, http.MethodGet, cartPath(c.ID)+"/shipping-options", "").read(t, http.StatusOK, &options)
	if len(options.Items) == 0 || options.Items[0].Option == "" || options.Items[0].Price.Currency != c.Currency {
		t.Errorf("the options are %+v", options)
	}
	s.call(t, http.MethodGet, cartPath("x")+"/shipping-options", "").refused(t, http.StatusNotFound, "not_found")
}
