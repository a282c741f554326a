package fiberhttp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// credentials are whom the guarded shop knows.
var credentials = func() map[string]access.Principal {
	id := ref.UUID{1}
	session := ref.NewID[ref.SessionKind](id)
	customer := access.Principal{Kind: access.PrincipalCustomer, Session: session, Customer: ref.NewID[ref.CustomerKind](id)}
	unproven := access.Principal{Kind: access.PrincipalCustomer, Session: session}
	clerk := access.Principal{Kind: access.PrincipalStaff, Session: session, Permissions: []access.Permission{access.OrdersRead}}
	other := access.Principal{Kind: access.PrincipalStaff, Session: session, Permissions: []access.Permission{access.OrdersRefund}}
	key := access.Principal{Kind: access.PrincipalKey, Permissions: []access.Permission{access.OrdersRead}}
	return map[string]access.Principal{"customer": customer, "unproven": unproven, "clerk": clerk, "other": other, "key": key}
}()

// newGuardedShop has an operation for each way of letting in.
func newGuardedShop(t *testing.T) *shop {
	t.Helper()
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Authenticate = func(_ context.Context, token access.Secret) (access.Principal, error) {
			if token.Reveal() == "down" {
				return access.Principal{}, fault.Down.New("the database is not reachable")
			}
			if who, ok := credentials[token.Reveal()]; ok {
				return who, nil
			}
			return access.Principal{}, access.Unauthenticated.New("unknown")
		}
	})
	for name, route := range map[string]fiberhttp.Route{
		"public": {}, "optional": {Auth: fiberhttp.MayBeCustomer}, "customer": {Auth: fiberhttp.CustomerOnly},
		"session": {Auth: fiberhttp.SignedIn}, "permission": {Permission: access.OrdersRead},
	} {
		route.ID, route.Method, route.Path, route.Tag, route.Summary = "who-"+name, http.MethodPost, "/api/v1/who/"+name, "Test", "Who"
		fiberhttp.Op(s.Server, route, func(ctx context.Context, _ *struct{}) (*echo, error) {
			return echoOf(string(fiberhttp.PrincipalOf(ctx).Kind)), nil
		})
	}
	return s
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	s := newGuardedShop(t)
	const bearer, apiKey = "Authorization", "X-Api-Key"
	for _, test := range []struct {
		operation string
		headers   []string
		status    int
		who       string
	}{
		{"public", nil, 200, ""},
		{"public", []string{bearer, "Bearer nonsense"}, 200, ""},
		{"public", []string{bearer, "Bearer customer"}, 200, ""},
		{"optional", nil, 200, ""},
		{"optional", []string{bearer, "Bearer customer"}, 200, "customer"},
		{"optional", []string{bearer, "bEaReR  clerk"}, 200, "staff"},
		{"optional", []string{bearer, "Bearer nonsense"}, 401, ""},
		{"optional", []string{bearer, "Basic customer"}, 401, ""},
		{"optional", []string{bearer, "Bearer"}, 401, ""},
		{"optional", []string{bearer, "Bearer customer x"}, 401, ""},
		{"optional", []string{bearer, "Bearer customer, Bearer clerk"}, 401, ""},
		{"optional", []string{bearer, "Bearer customer", bearer, "Bearer clerk"}, 401, ""},
		{"optional", []string{bearer, "Bearer key", apiKey, "key"}, 401, ""},
		{"optional", []string{bearer, "Bearer down"}, 503, ""},
		{"customer", nil, 401, ""},
		{"customer", []string{bearer, "Bearer customer"}, 200, "customer"},
		{"customer", []string{bearer, "Bearer unproven"}, 403, ""},
		{"customer", []string{bearer, "Bearer clerk"}, 403, ""},
		{"customer", []string{apiKey, "key"}, 403, ""},
		{"session", nil, 401, ""},
		{"session", []string{bearer, "Bearer unproven"}, 200, "customer"},
		{"session", []string{bearer, "Bearer other"}, 200, "staff"},
		{"session", []string{apiKey, "key"}, 403, ""},
		{"permission", nil, 401, ""},
		{"permission", []string{"Cookie", "session=clerk"}, 401, ""},
		{"permission", []string{bearer, "Bearer customer"}, 403, ""},
		{"permission", []string{bearer, "Bearer other"}, 403, ""},
		{"permission", []string{bearer, "Bearer clerk"}, 200, "staff"},
		{"permission", []string{bearer, "Bearer key"}, 200, "api_key"},
		{"permission", []string{apiKey, "key"}, 200, "api_key"},
		{"permission", []string{apiKey, "clerk"}, 401, ""},
		{"permission", []string{apiKey, "nonsense"}, 401, ""},
	} {
		a := s.call(t, http.MethodPost, "/api/v1/who/"+test.operation, "", test.headers...)
		if a.status != test.status {
			t.Errorf("%s with %q: %d %s, want %d", test.operation, test.headers, a.status, a.body, test.status)
			continue
		}
		switch a.status {
		case http.StatusOK:
			if got := string(a.body); strings.TrimSpace(got) != `{"id":"`+test.who+`"}` {
				t.Errorf("%s with %q is taken for %s", test.operation, test.headers, got)
			}
		case http.StatusUnauthorized:
			if a.problem(t)["code"] != "unauthenticated" || a.header.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s with %q: %v %s", test.operation, test.headers, a.header, a.body)
			}
		case http.StatusForbidden:
			if a.problem(t)["code"] != "denied" {
				t.Errorf("%s with %q: %s", test.operation, test.headers, a.body)
			}
		}
	}
	if a := s.call(t, http.MethodPost, "/api/v1/who/permission?x=1", `{"x"`); a.status != http.StatusUnauthorized {
		t.Errorf("who may not call learns what is wrong with the request: %d %s", a.status, a.body)
	}
}

func TestDocumentNamesCredentials(t *testing.T) {
	t.Parallel()
	text, err := newGuardedShop(t).Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Security   []map[string][]string
			Permission string `json:"x-permission"`
			Auth       string `json:"x-auth"`
			Responses  map[string]struct{ Description string }
		}
		Components struct {
			SecuritySchemes map[string]map[string]any `json:"securitySchemes"`
		}
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	if schemes := document.Components.SecuritySchemes; schemes["bearer"]["scheme"] != "bearer" || schemes["apiKey"]["name"] != "X-API-Key" {
		t.Errorf("schemes: %v", schemes)
	}
	for name, want := range map[string]struct {
		permission, auth string
		ways             int
		refused, denied  bool
	}{
		"public": {"", "public", 1, false, false}, "optional": {"", "optional", 2, true, false},
		"customer": {"", "customer", 1, true, true}, "session": {"", "session", 1, true, true},
		"permission": {"orders.read", "", 2, true, true},
	} {
		op := document.Paths["/api/v1/who/"+name]["post"]
		_, refused := op.Responses["401"]
		denied := strings.Contains(op.Responses["403"].Description, "`denied`")
		if op.Permission != want.permission || op.Auth != want.auth || len(op.Security) != want.ways || refused != want.refused || denied != want.denied {
			t.Errorf("%s: %+v", name, op)
		}
	}
}

func TestDocsSayWhomOperationsLetIn(t *testing.T) {
	t.Parallel()
	page := string(newGuardedShop(t).call(t, http.MethodGet, "/docs", "").body)
	for _, words := range []string{
		"For staff and API keys with the permission <code>orders.read</code>.", "For customers who signed in.", "For whoever signed in.",
		"For anybody; who signed in sends their token along.",
	} {
		if !strings.Contains(page, words) {
			t.Errorf("/docs does not say: %s", words)
		}
	}
}
