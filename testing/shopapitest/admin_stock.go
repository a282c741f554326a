package shopapitest

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

func adminStockClauses() []clause {
	return []clause{
		{"admin/prices", adminPrices},
		{"admin/stock", adminStock},
		{"admin/locations", adminLocations},
	}
}

func adminPrices(t *testing.T, s *suite) {
	t.Helper()
	sku := unused("vase")
	p := s.goods(t, sku, 1)
	currency := s.shelf.first.Price.Currency
	at := "/products/" + p.ID + "/variants/" + p.Variants[0].ID + "/prices"
	nowhere := "/products/" + p.ID + "/variants/" + noVariant + "/prices"
	price := func(amount, more string) string {
		return fmt.Sprintf(`{"amount":{"amount":%q,"currency":%q}%s}`, amount, currency, more)
	}
	a := s.admin(t, http.MethodGet, at, "").want(t, http.StatusOK)
	wantMembers(t, "a plan of prices", a.members(t), "variant_id", "channel", "currency", "version", "now", "lowest_30_days", "prices")
	s.admin(t, http.MethodPut, at, price("6.00", "")).want(t, http.StatusOK)
	var shown product
	s.call(t, http.MethodGet, productPath(p.Slug), "").read(t, http.StatusOK, &shown)
	if shown.Price == nil || shown.Price.Amount != "6.00" {
		t.Errorf("a price that was set: %+v", shown.Price)
	}
	s.admin(t, http.MethodPut, at, price("5.00", `,"from":"2199-01-01T00:00:00Z","until":"2199-01-02T00:00:00Z"`)).want(t, http.StatusOK)
	s.admin(t, http.MethodPut, at, price("-1.00", "")).refused(t, http.StatusUnprocessableEntity, "invalid", "amount")
	s.holdVersions(t, http.MethodPut, at, price("5.00", ""), nowhere)
	s.admin(t, http.MethodGet, nowhere, "").refused(t, http.StatusNotFound, "not_found")
	s.admin(t, http.MethodGet, at+"?currency=nothing", "").refused(t, http.StatusUnprocessableEntity, "invalid", "currency")
	s.admin(t, http.MethodGet, at+"/history", "").want(t, http.StatusOK)
	s.admin(t, http.MethodGet, nowhere+"/history", "").refused(t, http.StatusNotFound, "not_found")
	s.admin(t, http.MethodGet, at+"/history?since=yesterday", "").refused(t, http.StatusUnprocessableEntity, "invalid", "since")
	s.holdVersions(t, http.MethodDelete, at, "", nowhere)
	s.admin(t, http.MethodDelete, at+"?from=2199-01-01T00:00:00Z&until=2199-01-02T00:00:00Z", "").want(t, http.StatusOK)
	s.admin(t, http.MethodDelete, at, "").want(t, http.StatusOK)
	s.call(t, http.MethodGet, productPath(p.Slug), "").read(t, http.StatusOK, &shown)
	if shown.Price != nil {
		t.Errorf("a price that was ended: %+v", shown.Price)
	}
}

// onHand checks what is there of a SKU.
func (a answer) onHand(t *testing.T, want int64) {
	t.Helper()
	var stock struct {
		OnHand    int64  `json:"on_hand"`
		Reserved  int64  `json:"reserved"`
		Available int64  `json:"available"`
		Next      string `json:"next_cursor"`
		Movements []struct{ OnHand int64 }
	}
	a.read(t, http.StatusOK, &stock)
	wantMembers(t, "stock", a.members(t), "sku", "on_hand", "reserved", "available", "movements", "levels", "policy")
	if stock.OnHand != want || stock.Available != want-stock.Reserved || len(stock.Movements) == 0 {
		t.Errorf("%s: want %d on hand", a, want)
	}
}

func adminStock(t *testing.T, s *suite) {
	t.Helper()
	sku := unused("plate/one")
	s.goods(t, sku, 10)
	at := "/stock/" + url.PathEscape(sku)
	body := func(more string) string { return fmt.Sprintf(`{"sku":%q,%s}`, sku, more) }
	code := unused("shop")
	s.admin(t, http.MethodPost, "/locations", fmt.Sprintf(`{"location":%q,"name":"Second shop"}`, code)).want(t, http.StatusCreated)
	s.admin(t, http.MethodPost, "/locations", fmt.Sprintf(`{"location":%q,"name":"Closed"}`, code+"-x")).want(t, http.StatusCreated)
	s.admin(t, http.MethodPost, "/locations/"+code+"-x/status", `{"event":"close"}`).want(t, http.StatusOK)
	s.admin(t, http.MethodGet, at, "").onHand(t, 10)
	for _, step := range []struct {
		path, body string
		onHand     int64
	}{
		{"/stock/adjustments", body(`"delta":-2,"reason":"lost"`), 8},
		{"/stock/counts", body(`"expected":8,"quantity":7`), 7},
		{"/stock/receipts", body(`"quantity":3`), 10},
		{"/stock/damages", body(`"quantity":1,"reason":"broken"`), 9},
		{"/stock/transfers", body(`"from":"main","to":"` + code + `","quantity":4`), 9},
	} {
		s.admin(t, http.MethodPost, step.path, step.body).onHand(t, step.onHand)
	}
	for _, refused := range []struct{ path, body, code string }{
		{"/stock/adjustments", body(`"delta":-100,"reason":"x"`), "stock_below_reserved"},
		{"/stock/counts", body(`"expected":100,"quantity":1`), "count_changed"},
		{"/stock/receipts", body(`"location":"` + code + `-x","quantity":1`), "location_closed"},
		{"/stock/damages", body(`"quantity":100,"reason":"x"`), "stock_below_reserved"},
		{"/stock/transfers", body(`"from":"main","to":"` + code + `","quantity":100`), "stock_below_reserved"},
	} {
		s.admin(t, http.MethodPost, refused.path, refused.body).refused(t, http.StatusConflict, refused.code)
	}
	s.admin(t, http.MethodPost, "/stock/receipts", fmt.Sprintf(`{"sku":%q,"quantity":1}`, unused("nobody"))).
		refused(t, http.StatusUnprocessableEntity, "invalid", "sku")
	s.admin(t, http.MethodGet, at+"?cursor=x", "").refused(t, http.StatusBadRequest, "invalid_cursor")
	s.admin(t, http.MethodGet, at+"?limit=0", "").refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	s.admin(t, http.MethodGet, "/stock/"+unused("nobody"), "").refused(t, http.StatusNotFound, "not_found")
	s.command(t, "/stock/receipts", body(`"quantity":1`), body(`"quantity":2`), http.StatusOK).onHand(t, 10)
	s.admin(t, http.MethodPut, at+"/policy", `{"kind":"backorder","limit":5}`).onHand(t, 10)
	s.admin(t, http.MethodPut, at+"/policy", `{"kind":"deny","limit":5}`).refused(t, http.StatusUnprocessableEntity, "invalid", "limit")
	s.holdVersions(t, http.MethodPut, at+"/policy", `{"kind":"deny"}`, "/stock/"+unused("nobody")+"/policy")
}

func adminLocations(t *testing.T, s *suite) {
	t.Helper()
	code := unused("depot")
	made := fmt.Sprintf(`{"location":%q,"name":"Depot","priority":3}`, code)
	s.admin(t, http.MethodPost, "/locations", made).want(t, http.StatusCreated)
	s.admin(t, http.MethodPost, "/locations", made).refused(t, http.StatusConflict, "location_taken")
	s.admin(t, http.MethodPost, "/locations", `{"location":"A B","name":"x"}`).refused(t, http.StatusUnprocessableEntity, "invalid", "location")
	s.admin(t, http.MethodGet, "/locations", "").want(t, http.StatusOK)
	at, nowhere := "/locations/"+code, "/locations/"+unused("nowhere")
	s.admin(t, http.MethodPatch, at, `{"name":"Depot 2"}`).want(t, http.StatusOK)
	s.holdVersions(t, http.MethodPatch, at, `{"priority":9}`, nowhere)
	s.admin(t, http.MethodPost, at+"/status", `{"event":"reopen"}`).refused(t, http.StatusConflict, "illegal_transition")
	s.holdVersions(t, http.MethodPost, at+"/status", `{"event":"close"}`, nowhere+"/status")
	for _, event := range []string{"close", "reopen"} {
		s.admin(t, http.MethodPost, at+"/status", `{"event":"`+event+`"}`).want(t, http.StatusOK)
	}
}
