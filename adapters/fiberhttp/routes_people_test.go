package fiberhttp_test

import "testing"

// TestRoutesOfPeopleDocumentWhatTheyAnswer does for accounts and who looks after them what
// TestRoutesDocumentWhatTheyAnswer does for the shop.
func TestRoutesOfPeopleDocumentWhatTheyAnswer(t *testing.T) {
	t.Parallel()
	const (
		scope = "X-Channel Accept-Language X-Currency X-Country "
		read  = "500 internal; 503 unavailable"
		write = "500 internal; 503 unavailable outcome_unknown"
		body  = "400 unknown_parameter malformed_json duplicate_field unknown_field"
		who   = "401 unauthenticated; 403 denied; "
		sizes = "413 body_too_large; 415 unsupported_media_type; "
	)
	document := mountedDocument(t)
	for name, want := range map[string]struct{ parameters, answers string }{
		"get /api/v1/admin/api-keys":            {"", "200; 400 unknown_parameter; " + who + read},
		"post /api/v1/admin/api-keys":           {"Idempotency-Key", "201; " + body + "; " + who + "409 in_progress; " + sizes + "422 invalid idempotency_mismatch; " + write},
		"delete /api/v1/admin/api-keys/{key}":   {"key", "204; 400 unknown_parameter; " + who + "404 not_found; " + write},
		"get /api/v1/admin/audit":               {"limit cursor subject actor", "200; 400 unknown_parameter invalid_cursor; " + who + "422 invalid; " + read},
		"get /api/v1/admin/permissions":         {"", "200; 400 unknown_parameter; " + who + read},
		"get /api/v1/admin/roles":               {"", "200; 400 unknown_parameter; " + who + read},
		"post /api/v1/admin/roles":              {"Idempotency-Key", "201; " + body + "; " + who + "409 in_progress; " + sizes + "422 invalid idempotency_mismatch; " + write},
		"patch /api/v1/admin/roles/{role}":      {"If-Match role", "200; " + body + "; " + who + "404 not_found; 412 precondition_failed; " + sizes + "422 invalid; " + write},
		"get /api/v1/admin/staff":               {"", "200; 400 unknown_parameter; " + who + read},
		"post /api/v1/admin/staff":              {"Idempotency-Key", "201; " + body + "; " + who + "409 in_progress email_taken; " + sizes + "422 invalid idempotency_mismatch; " + write},
		"get /api/v1/admin/staff/{staff}":       {"staff", "200; 400 unknown_parameter; " + who + "404 not_found; " + read},
		"patch /api/v1/admin/staff/{staff}":     {"staff If-Match", "200; " + body + "; " + who + "404 not_found; 409 last_owner; 412 precondition_failed; " + sizes + "422 invalid; " + write},
		"put /api/v1/admin/staff/{staff}/state": {"staff", "200; " + body + "; " + who + "404 not_found; 409 last_owner illegal_transition; " + sizes + "422 invalid; " + write},
		"post /api/v1/customers":                {"", "202; " + body + "; " + sizes + "422 invalid; 429 rate_limited; " + write},
		"post /api/v1/customers/password":       {"", "204; " + body + "; " + sizes + "422 invalid; " + write},
		"post /api/v1/customers/password-reset": {"", "202; " + body + "; " + sizes + "422 invalid; 429 rate_limited; " + write},
		"post /api/v1/customers/verify":         {"", "204; " + body + "; 409 email_taken; " + sizes + "422 invalid; " + write},
		"get /api/v1/me":                        {"", "200; 400 unknown_parameter; " + who + read},
		"patch /api/v1/me":                      {"If-Match", "200; " + body + "; " + who + "412 precondition_failed; " + sizes + "422 invalid; " + write},
		"get /api/v1/me/addresses":              {"", "200; 400 unknown_parameter; " + who + read},
		"post /api/v1/me/addresses":             {"Idempotency-Key", "201; " + body + "; " + who + "409 in_progress; " + sizes + "422 invalid idempotency_mismatch; " + write},
		"delete /api/v1/me/addresses/{address}": {"address", "204; 400 unknown_parameter; " + who + "404 not_found; " + write},
		"get /api/v1/me/addresses/{address}":    {"address", "200; 400 unknown_parameter; " + who + "404 not_found; " + read},
		"patch /api/v1/me/addresses/{address}":  {"address", "200; " + body + "; " + who + "404 not_found; " + sizes + "422 invalid; " + write},
		"get /api/v1/me/cart":                   {scope, "200; 400 unknown_parameter; " + who + "404 not_found; 422 invalid amount_overflow; " + read},
		"post /api/v1/me/cart":                  {scope + "Idempotency-Key", "200; " + body + "; " + who + "404 not_found; 409 in_progress cart_completed; " + sizes + "422 invalid idempotency_mismatch amount_overflow; " + write},
		"get /api/v1/me/consents":               {"", "200; 400 unknown_parameter; " + who + read},
		"put /api/v1/me/consents/{purpose}":     {"purpose", "204; " + body + "; " + who + sizes + "422 invalid; " + write},
		"put /api/v1/me/email":                  {"", "202; " + body + "; " + who + sizes + "422 invalid; 429 rate_limited; " + write},
		"get /api/v1/me/orders":                 {"limit cursor", "200; 400 unknown_parameter invalid_cursor; " + who + "422 invalid; " + read},
		"get /api/v1/me/orders/{order}":         {"order", "200; 400 unknown_parameter; " + who + "404 not_found; " + read},
		"put /api/v1/me/password":               {"", "204; " + body + "; " + who + sizes + "422 invalid; 429 rate_limited; " + write},
		"get /api/v1/me/sessions":               {"", "200; 400 unknown_parameter; " + who + read},
		"delete /api/v1/me/sessions/{session}":  {"session", "204; 400 unknown_parameter; " + who + "404 not_found; " + write},
		"post /api/v1/sessions":                 {scope, "201; " + body + "; 401 unauthenticated; " + sizes + "422 invalid; 429 rate_limited; " + write},
		"delete /api/v1/sessions/current":       {"", "204; 400 unknown_parameter; " + who + write},
		"post /api/v1/sessions/refresh":         {"", "200; " + body + "; 401 unauthenticated; " + sizes + "422 invalid; " + write},
	} {
		document.holds(t, name, want.parameters, want.answers)
	}
}
