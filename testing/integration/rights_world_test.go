package integration_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
)

// rightsWorld is a running shop with somebody of each kind in it.
type rightsWorld struct {
	*client
	mail     string // The folder of the mails.
	document apiDocument
	sku      string

	owner, other            string // Access tokens of customers.
	without, with, admin    string // Access tokens of staff.
	withoutRole, withRole   string // The roles of the first two, which are changed from permission to permission.
	keys                    map[string]string
	permitted               string // The permission that the roles are set for; "none" before the first.
	guestToken, guestsOrder string // An order of the guest's own.
	made                    int
}

// things are what a request names: parameters of the path, headers, and members of the body.
type things struct {
	path    map[string]string
	headers map[string]map[string]string // By caller.
	body    map[string]any
}

// nowhere stand for things that are not there: well-formed, and nobody's.
var nowhere = map[string]string{
	"cart": "cart_" + strings.Repeat("A", 43), "order": "ord_01jd8x5v9ke2vbrwkxtq4m6h3m", "line": "lin_01jd8x5v9ke2vbrwkxtq4m6h3m",
	"address": "adr_01jd8x5v9ke2vbrwkxtq4m6h3m", "session": "ses_01jd8x5v9ke2vbrwkxtq4m6h3m",
}

// elsewhere are the same things, but that none of them exists.
func (s things) elsewhere() things {
	out := things{path: maps.Clone(s.path), headers: s.headers, body: s.body}
	for name := range out.path {
		if text, ok := nowhere[name]; ok {
			out.path[name] = text
		}
	}
	return out
}

func newRightsWorld(t *testing.T, store ...string) *rightsWorld {
	t.Helper()
	mail := t.TempDir()
	args := append([]string{
		"--mail", mail, "--rate-signin", "off", "--rate-mail", "off", "--admin-email", "owner@shop.example", "--admin-password", goodPassword,
	}, store...)
	w := &rightsWorld{client: newClient(t, startShop(t, args...).base), mail: mail, keys: make(map[string]string), permitted: "none"}
	w.want(t, http.StatusOK, &w.document, http.MethodGet, "/openapi.json", nil)
	var list struct{ Items []struct{ Slug string } }
	w.want(t, http.StatusOK, &list, http.MethodGet, "/api/v1/products?in_stock=true&limit=1", nil)
	var product struct{ Variants []struct{ SKU string } }
	w.want(t, http.StatusOK, &product, http.MethodGet, "/api/v1/products/"+list.Items[0].Slug, nil)
	w.sku = product.Variants[0].SKU
	w.owner, w.other = w.customer(t, "ada@example.com"), w.customer(t, "eve@example.com")
	w.admin = w.signIn(t, "owner@shop.example")
	w.without, w.withoutRole = w.staff(t, "bob@shop.example", "Without")
	w.with, w.withRole = w.staff(t, "cleo@shop.example", "With")
	own := w.things(t, "guest order")
	w.guestsOrder, w.guestToken = own.path["order"], own.headers["guest"]["X-Order-Token"]
	return w
}

// want demands an answer and reads it.
func (w *rightsWorld) want(t *testing.T, status int, into any, method, path string, body any, headers ...string) {
	t.Helper()
	a, err := w.call(t.Context(), method, path, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	if a.status != status {
		t.Fatalf("%s %s: %d %s, want %d", method, path, a.status, a.body, status)
	}
	if into != nil {
		if err := json.Unmarshal(a.body, into); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, a.body)
		}
	}
}

// customer makes an account, proves its address and signs in.
func (w *rightsWorld) customer(t *testing.T, email string) string {
	t.Helper()
	w.want(t, http.StatusAccepted, nil, http.MethodPost, "/api/v1/customers", map[string]any{"email": email, "password": goodPassword, "name": "Somebody"})
	w.want(t, http.StatusNoContent, nil, http.MethodPost, "/api/v1/customers/verify", map[string]any{"token": mailedToken(t, w.mail, email)})
	return w.signIn(t, email)
}

// staff makes a member of staff with a role of their own, who may do nothing yet, and signs them in.
func (w *rightsWorld) staff(t *testing.T, email, name string) (token, role string) {
	t.Helper()
	var made struct{ ID string }
	w.want(t, http.StatusCreated, &made, http.MethodPost, "/api/v1/admin/roles", map[string]any{"name": name, "permissions": []string{}}, w.asAdmin()...)
	w.want(t, http.StatusCreated, nil, http.MethodPost, "/api/v1/admin/staff", map[string]any{"email": email, "name": name, "roles": []string{made.ID}}, w.asAdmin()...)
	w.want(t, http.StatusNoContent, nil, http.MethodPost, "/api/v1/customers/password", map[string]any{"token": mailedToken(t, w.mail, email), "password": goodPassword})
	return w.signIn(t, email), made.ID
}

func (w *rightsWorld) signIn(t *testing.T, email string) string {
	t.Helper()
	var tokens struct {
		AccessToken string `json:"access_token"`
	}
	w.want(t, http.StatusCreated, &tokens, http.MethodPost, "/api/v1/sessions", map[string]any{"email": email, "password": goodPassword})
	return tokens.AccessToken
}

func (w *rightsWorld) asAdmin() []string { return []string{"Authorization", "Bearer " + w.admin} }

// permit gives one member of staff nothing but the permission, and the other one everything else.
func (w *rightsWorld) permit(t *testing.T, permission string) {
	t.Helper()
	if w.permitted == permission {
		return
	}
	w.permitted = permission
	var all, rest []string
	for _, p := range access.AllPermissions() {
		all = append(all, string(p))
	}
	rest = slices.DeleteFunc(slices.Clone(all), func(p string) bool { return p == permission })
	only := []string{}
	if len(rest) < len(all) {
		only = append(only, permission)
	}
	w.want(t, http.StatusOK, nil, http.MethodPatch, "/api/v1/admin/roles/"+w.withRole, map[string]any{"permissions": only}, w.asAdmin()...)
	w.want(t, http.StatusOK, nil, http.MethodPatch, "/api/v1/admin/roles/"+w.withoutRole, map[string]any{"permissions": rest}, w.asAdmin()...)
	if w.keys[permission] == "" {
		var key struct{ Key string }
		w.want(t, http.StatusCreated, &key, http.MethodPost, "/api/v1/admin/api-keys", map[string]any{
			"name": "all but " + permission, "scopes": rest, "expires_at": time.Now().Add(time.Hour).UTC().Truncate(time.Second),
		}, w.asAdmin()...)
		w.keys[permission] = key.Key
	}
}

// credentials are the headers of a caller.
func (w *rightsWorld) credentials(caller, permission string) []string {
	switch caller {
	case "guest":
		return []string{"X-Order-Token", w.guestToken}
	case "owner":
		return []string{"Authorization", "Bearer " + w.owner}
	case "other":
		return []string{"Authorization", "Bearer " + w.other}
	case "staff without":
		return []string{"Authorization", "Bearer " + w.without}
	case "staff with":
		return []string{"Authorization", "Bearer " + w.with}
	case "key without":
		return []string{"X-API-Key", w.keys[permission]}
	case "admin":
		return []string{"Authorization", "Bearer " + w.admin}
	}
	return nil
}

// try sends a request for the operation, right but for who sends it.
func (w *rightsWorld) try(t *testing.T, op apiOperation, s things, caller string) answer {
	t.Helper()
	if caller != "anonymous" && caller != "guest" {
		w.permit(t, op.Permission)
	}
	path := op.path
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		value, ok := s.path[p.Name]
		if !ok {
			value = fmt.Sprint(w.document.smallest(p.Schema, 0))
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", value)
	}
	headers := w.credentials(caller, op.Permission)
	for name, value := range s.headers[caller] {
		headers = append(headers, name, value)
	}
	for _, p := range op.Parameters {
		if p.In == "header" && p.Name == "Idempotency-Key" {
			w.made++
			headers = append(headers, p.Name, fmt.Sprintf("key-%d", w.made))
		}
	}
	var query []string
	for _, p := range op.Parameters {
		if p.In == "query" && p.Required {
			query = append(query, p.Name+"="+fmt.Sprint(w.document.smallest(p.Schema, 0)))
		}
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	a, err := w.call(t.Context(), op.method, path, w.document.body(op, w.bodyOf(t, op, s)), headers...)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains([]string{"sign-out", "change-password", "revoke-my-session"}, op.OperationID) {
		w.owner, w.other = w.signIn(t, "ada@example.com"), w.signIn(t, "eve@example.com")
		w.admin, w.with, w.without = w.signIn(t, "owner@shop.example"), w.signIn(t, "cleo@shop.example"), w.signIn(t, "bob@shop.example")
	}
	return a
}
