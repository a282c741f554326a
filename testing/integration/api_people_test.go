package integration_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// seenOfCustomers gives the lines of coverage of commands of customers that are under way, for those that have no other
// conflict.
func seenOfCustomers(t *testing.T) []string {
	t.Helper()
	server := insideShop(t, access.Principal{
		Kind: access.PrincipalCustomer, Account: ref.NewID[ref.AccountKind](ref.UUID{1}), Customer: ref.NewID[ref.CustomerKind](ref.UUID{1}),
	})
	text, err := server.Document()
	if err != nil {
		t.Fatal(err)
	}
	coverage, err := shopapitest.NewCoverage(text)
	if err != nil {
		t.Fatal(err)
	}
	op := guardedOperation{method: http.MethodPost, path: "/api/v1/me/addresses"}
	got := inside(t, server, op, `{"name":"Ada","line1":"1 Quay","city":"Ipswich","postal_code":"IP4 1AA","country":"GB"}`)
	want(t, op, got, http.StatusConflict, "in_progress")
	check(t, coverage, op.method, op.path, got)
	return coverage.Lines()
}

// peopleCalls are a call for each operation of accounts and of those who are signed in. Each shows a credential or a token
// of the right form, which the database would have to look up.
func peopleCalls() []brokenCall {
	const zero = "00000000000000000000000000"
	token := func(prefix string) string { return prefix + strings.Repeat("0", 32) }
	session := []string{"Authorization", "Bearer " + token("sat_")}
	address := `{"name":"Ada","line1":"1 Quay","city":"Ipswich","postal_code":"IP4 1AA","country":"GB"}`
	return []brokenCall{
		{method: http.MethodPost, path: "/api/v1/customers", body: `{"email":"ada@example.com","password":"` + goodPassword + `","name":"Ada"}`},
		{method: http.MethodPost, path: "/api/v1/customers/verify", body: `{"token":"` + token("vfy_") + `"}`},
		{method: http.MethodPost, path: "/api/v1/customers/password-reset", body: `{"email":"ada@example.com"}`},
		{method: http.MethodPost, path: "/api/v1/customers/password", body: `{"token":"` + token("rst_") + `","password":"` + goodPassword + `"}`},
		{method: http.MethodPost, path: "/api/v1/sessions", body: `{"email":"ada@example.com","password":"` + goodPassword + `"}`},
		{method: http.MethodPost, path: "/api/v1/sessions/refresh", body: `{"refresh_token":"` + token("srt_") + `"}`},
		{method: http.MethodDelete, path: "/api/v1/sessions/current", headers: session},
		{method: http.MethodGet, path: "/api/v1/me", headers: session},
		{method: http.MethodPatch, path: "/api/v1/me", body: `{"name":"Ada"}`, headers: session},
		{method: http.MethodPut, path: "/api/v1/me/password", body: `{"current_password":"x","password":"y"}`, headers: session},
		{method: http.MethodPut, path: "/api/v1/me/email", body: `{"password":"x","email":"ada@example.com"}`, headers: session},
		{method: http.MethodGet, path: "/api/v1/me/sessions", headers: session},
		{method: http.MethodDelete, path: "/api/v1/me/sessions/ses_" + zero, headers: session},
		{method: http.MethodGet, path: "/api/v1/me/addresses", headers: session},
		{method: http.MethodPost, path: "/api/v1/me/addresses", body: address, headers: session},
		{method: http.MethodGet, path: "/api/v1/me/addresses/adr_" + zero, headers: session},
		{method: http.MethodPatch, path: "/api/v1/me/addresses/adr_" + zero, body: `{"city":"Ipswich"}`, headers: session},
		{method: http.MethodDelete, path: "/api/v1/me/addresses/adr_" + zero, headers: session},
		{method: http.MethodGet, path: "/api/v1/me/consents", headers: session},
		{method: http.MethodPut, path: "/api/v1/me/consents/newsletter", body: `{"given":true}`, headers: session},
		{method: http.MethodGet, path: "/api/v1/me/orders", headers: session},
		{method: http.MethodGet, path: "/api/v1/me/orders/ord_" + zero, headers: session},
		{method: http.MethodGet, path: "/api/v1/me/cart", headers: session},
		{method: http.MethodPost, path: "/api/v1/me/cart", body: `{}`, headers: session},
	}
}
