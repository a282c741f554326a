package integration_test

import (
	"net/http"
	"strings"
)

// peopleCalls are a call for each operation of accounts, of those who are signed in and of who looks after them. Each
// shows a credential or a token of the right form, which the database would have to look up.
func peopleCalls() []brokenCall {
	const zero = "00000000000000000000000000"
	token := func(prefix string) string { return prefix + strings.Repeat("0", 32) }
	session, staff := []string{"Authorization", "Bearer " + token("sat_")}, []string{"X-API-Key", adminKey}
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
		{method: http.MethodGet, path: "/api/v1/admin/staff", headers: staff},
		{method: http.MethodPost, path: "/api/v1/admin/staff", body: `{"email":"bea@example.com","name":"Bea"}`, headers: staff},
		{method: http.MethodGet, path: "/api/v1/admin/staff/acc_" + zero, headers: staff},
		{method: http.MethodPatch, path: "/api/v1/admin/staff/acc_" + zero, body: `{"owner":false}`, headers: staff},
		{method: http.MethodPut, path: "/api/v1/admin/staff/acc_" + zero + "/state", body: `{"state":"disabled"}`, headers: staff},
		{method: http.MethodGet, path: "/api/v1/admin/roles", headers: staff},
		{method: http.MethodPost, path: "/api/v1/admin/roles", body: `{"name":"Packing","permissions":[]}`, headers: staff},
		{method: http.MethodPatch, path: "/api/v1/admin/roles/rol_" + zero, body: `{"name":"Packing"}`, headers: staff},
		{method: http.MethodGet, path: "/api/v1/admin/permissions", headers: staff},
		{method: http.MethodGet, path: "/api/v1/admin/api-keys", headers: staff},
		{method: http.MethodPost, path: "/api/v1/admin/api-keys", body: `{"name":"Feed","scopes":["stock.read"],"expires_at":"2030-01-01T00:00:00Z"}`, headers: staff},
		{method: http.MethodDelete, path: "/api/v1/admin/api-keys/key_" + zero, headers: staff},
		{method: http.MethodGet, path: "/api/v1/admin/audit", headers: staff},
	}
}
