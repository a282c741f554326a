package integration_test

import (
	"io"
	"mime/quotedprintable"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// things makes something fresh of the kind, with everything that a request on it names.
func (w *rightsWorld) things(t *testing.T, subject string) things {
	t.Helper()
	switch subject {
	case "guest cart":
		return w.filledCart(t, "/api/v1/carts", nil)
	case "customer cart":
		return w.filledCart(t, "/api/v1/me/cart", w.credentials("owner", ""))
	case "guest order":
		return w.ordered(t, w.filledCart(t, "/api/v1/carts", nil), nil)
	case "customer order":
		own := w.credentials("owner", "")
		return w.ordered(t, w.filledCart(t, "/api/v1/me/cart", own), own)
	case "address":
		var made struct{ ID string }
		w.want(t, http.StatusCreated, &made, http.MethodPost, "/api/v1/me/addresses", inIpswich, w.credentials("owner", "")...)
		return things{path: map[string]string{"address": made.ID}}
	case "session":
		w.signIn(t, "ada@example.com")
		var list struct {
			Items []struct {
				ID      string
				Current bool
			}
		}
		w.want(t, http.StatusOK, &list, http.MethodGet, "/api/v1/me/sessions", nil, w.credentials("owner", "")...)
		for _, s := range list.Items {
			if !s.Current {
				return things{path: map[string]string{"session": s.ID}}
			}
		}
		t.Fatal("a customer who signed in twice has one session")
	}
	return things{}
}

var inIpswich = map[string]any{"name": "Ada Reed", "line1": "1 Secret Quay", "city": "Ipswich", "postal_code": "IP4 1AA", "country": "GB"}

// secretOf is what an answer to somebody else never holds.
func (w *rightsWorld) secretOf(subject string) string {
	if subject == "-" {
		return "a text that no answer holds"
	}
	return "Secret Quay"
}

func (w *rightsWorld) filledCart(t *testing.T, path string, credentials []string) things {
	t.Helper()
	var cart struct {
		ID    string
		Lines []struct{ ID string }
	}
	made, err := w.call(t.Context(), http.MethodPost, path, map[string]any{}, credentials...)
	if err != nil || made.status >= http.StatusBadRequest {
		t.Fatalf("POST %s: %v %d %s", path, err, made.status, made.body)
	}
	if err := made.into(&cart); err != nil {
		t.Fatal(err)
	}
	w.want(t, http.StatusOK, &cart, http.MethodPost, "/api/v1/carts/"+cart.ID+"/lines", map[string]any{"sku": w.sku, "quantity": 1}, credentials...)
	return things{path: map[string]string{"cart": cart.ID, "line": cart.Lines[0].ID}}
}

func (w *rightsWorld) ordered(t *testing.T, in things, credentials []string) things {
	t.Helper()
	var order struct{ ID, Token string }
	w.made++
	w.want(t, http.StatusCreated, &order, http.MethodPost, "/api/v1/carts/"+in.path["cart"]+"/checkout", map[string]any{
		"email": "ada@example.com", "shipping_address": inIpswich, "payment": map[string]any{"provider": "manual"},
	}, append([]string{"Idempotency-Key", "order-" + in.path["cart"][5:25]}, credentials...)...)
	return things{path: map[string]string{"order": order.ID}, headers: map[string]map[string]string{"guest": {"X-Order-Token": order.Token}}}
}

// bodyOf are the members of the body that the smallest valid one does not guess.
func (w *rightsWorld) bodyOf(t *testing.T, op apiOperation, s things) map[string]any {
	t.Helper()
	switch op.OperationID {
	case "add-line":
		return map[string]any{"sku": w.sku, "quantity": 1}
	case "checkout":
		return map[string]any{"email": "ada@example.com", "shipping_address": inIpswich, "payment": map[string]any{"provider": "manual"}}
	case "add-my-address":
		return inIpswich
	case "sign-in":
		return map[string]any{"email": "ada@example.com", "password": goodPassword}
	case "refresh-session":
		var tokens struct {
			RefreshToken string `json:"refresh_token"`
		}
		w.want(t, http.StatusCreated, &tokens, http.MethodPost, "/api/v1/sessions", map[string]any{"email": "eve@example.com", "password": goodPassword})
		return map[string]any{"refresh_token": tokens.RefreshToken}
	case "change-password":
		return map[string]any{"current_password": goodPassword, "password": goodPassword}
	case "change-email":
		return map[string]any{"password": goodPassword, "email": "new@example.com"}
	}
	return s.body
}

// mailedTo matches the one who a mail is to; mailedLink the token at the end of the link in it.
var mailedLink = regexp.MustCompile(`#([A-Za-z0-9_-]{20,})`)

// mailedToken waits for the mail to the address and gives the token in it.
func mailedToken(t *testing.T, folder, to string) string {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	late := time.NewTimer(shopStart)
	defer late.Stop()
	for {
		files, err := filepath.Glob(filepath.Join(folder, "[^.]*")) // Others are being written.
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			head, body, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n")
			if !strings.Contains(head, to) {
				continue
			}
			plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
			if err != nil {
				t.Fatal(err)
			}
			if found := mailedLink.FindSubmatch(plain); found != nil {
				return string(found[1])
			}
		}
		select {
		case <-look.C:
		case <-late.C:
			t.Fatalf("no mail with a token came to %s", to)
		}
	}
}

// nested sends the operation as somebody else, once with a thing of the owner's in the member, and once with one that is
// not there.
func (w *rightsWorld) nested(t *testing.T, op apiOperation, member string) (foreign, missing answer) {
	t.Helper()
	own, kind := things{}, member[strings.LastIndexAny(member, ".?")+1:]
	switch kind {
	case "cart":
		own = w.things(t, "customer cart")
	default:
		t.Fatalf("%s: no way is known to make a thing for %s", op.OperationID, member)
	}
	send := func(value string) answer {
		body := w.bodyOf(t, op, things{})
		if body == nil {
			body = map[string]any{}
		}
		switch op.OperationID {
		case "sign-in":
			body["email"] = "eve@example.com"
		}
		body[kind] = value
		a := w.try(t, op, things{body: body}, "other")
		return a
	}
	foreign, missing = send(own.path[kind]), send(nowhere[kind])
	if strings.Contains(string(foreign.body), own.path[kind]) || strings.Contains(string(foreign.body), own.path["line"]) {
		t.Errorf("%s with a %s of somebody else shows it: %s", op.OperationID, member, foreign.body)
	}
	var left struct{ Lines []struct{ ID string } }
	w.want(t, http.StatusOK, &left, http.MethodGet, "/api/v1/carts/"+own.path["cart"], nil, w.credentials("owner", "")...)
	if len(left.Lines) == 0 {
		t.Errorf("%s with a %s of somebody else emptied it", op.OperationID, member)
	}
	return foreign, missing
}

// shopStores are the arguments with which a shop starts on each store.
func shopStores(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{"memory": {"--store", "memory"}}
	if needsDatabase(t) {
		out["postgres"] = []string{"--store", "postgres", "--database-url", database(t), "--conns", "8"}
	}
	return out
}
