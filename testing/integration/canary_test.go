package integration_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// canaries are data of one person and credentials, each unlike anything else, that are sent to a shop wherever a caller
// can send something. What is found of them in logs, metrics, traces or the errors of others was let out.
type canaries map[string]string

func newCanaries() canaries {
	unlike := func() string { return "Kanari" + strings.ToLower(rand.Text()[:12]) }
	digits := make([]byte, 16)
	for i, c := range []byte(rand.Text()[:16]) {
		digits[i] = '0' + c%10
	}
	return canaries{
		"name": "Ada " + unlike(), "email": strings.ToLower(unlike()) + "@canary.example", "street": "7 " + unlike() + " Street",
		"city": unlike(), "phone": "+44" + string(digits[:12]), "password": "pass word " + unlike(), "token": unlike() + unlike(),
		"card": "4" + string(digits[1:]), "key": unlike(), "text": unlike(),
	}
}

// found lists the canaries that are in a text, whichever way it is written there.
func (c canaries) found(text []byte) []string {
	lower := bytes.ToLower(text)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(c)) {
		value := c[name]
		for _, written := range []string{value, url.QueryEscape(value), url.PathEscape(value)} {
			if bytes.Contains(lower, []byte(strings.ToLower(written))) {
				out = append(out, name)
				break
			}
		}
	}
	return out
}

// of is what to send for a field: something that its rules take where its name tells what it is of.
func (c canaries) of(field string) string {
	for _, known := range [][2]string{
		{"email", "email"},
		{"password", "password"},
		{"token", "token"},
		{"phone", "phone"},
		{"line", "street"},
		{"city", "city"},
		{"name", "name"},
		{"key", "key"},
		{"reason", "text"},
	} {
		if strings.Contains(strings.ToLower(field), known[0]) {
			return c[known[1]]
		}
	}
	return c["card"]
}

// exercise is a run over every operation of a shop's document.
type exercise struct {
	*client

	canaries
	document map[string]any
	admin    string // The text of a key that may everything, or "".
	order    string // The token of an order.
	ids      map[string]string
}

// newExercise reads the document of the shop, and makes what ids are needed for.
func newExercise(t *testing.T, c *client, with canaries) *exercise {
	t.Helper()
	e := &exercise{client: c, canaries: with, ids: map[string]string{}}
	raw, err := c.call(t.Context(), http.MethodGet, "/openapi.json", nil)
	if err != nil || json.Unmarshal(raw.body, &e.document) != nil {
		t.Fatalf("/openapi.json: %v %d", err, raw.status)
	}
	return e
}

// buy orders something under the person's name, so that the shop knows the person.
func (e *exercise) buy(t *testing.T) {
	t.Helper()
	cart := e.anyCart(t)
	e.ids["cart"], e.canaries["cart id"] = cart, cart
	address := map[string]any{"name": e.canaries["name"], "line1": e.canaries["street"], "line2": e.canaries["text"], "city": e.canaries["city"], "postal_code": "IP1 1DD", "country": "GB"}
	answer, err := e.checkout(t.Context(), cart, e.canaries["key"], map[string]any{
		"email": e.canaries["email"], "payment": map[string]any{"provider": "manual"}, "shipping_address": address, "billing_address": address,
	})
	var order struct{ ID, Token string }
	if err != nil || answer.status != http.StatusCreated || json.Unmarshal(answer.body, &order) != nil {
		t.Fatalf("checkout: %v %d %s", err, answer.status, answer.body)
	}
	e.ids["order"], e.order, e.canaries["order token"] = order.ID, order.Token, order.Token
	e.ids["cart"] = e.anyCart(t)
	e.canaries["other cart id"] = e.ids["cart"]
}

// anyCart makes a cart of something that is in stock.
func (e *exercise) anyCart(t *testing.T) string {
	t.Helper()
	var list struct {
		Items []struct {
			Slug    string
			InStock bool `json:"in_stock"`
		}
	}
	var product struct {
		Variants []struct {
			SKU     string
			InStock bool `json:"in_stock"`
		}
	}
	get := func(path string, into any) {
		a, err := e.call(t.Context(), http.MethodGet, path, nil)
		if err != nil || a.into(into) != nil {
			t.Fatalf("%s: %v %s", path, err, a.body)
		}
	}
	get("/api/v1/products?in_stock=true", &list)
	get("/api/v1/products/"+list.Items[0].Slug, &product)
	for _, v := range product.Variants {
		if v.InStock {
			return e.mustCart(t, line{v.SKU, 1})
		}
	}
	t.Fatal("nothing is in stock")
	return ""
}

// operations calls f with every operation of the document.
func (e *exercise) operations(f func(method, path string, op map[string]any)) {
	paths, _ := e.document["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item, _ := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			if op, ok := item[method].(map[string]any); ok {
				f(strings.ToUpper(method), path, op)
			}
		}
	}
}

// run sends the canaries to every operation, whole and broken, with every sort of credential.
func (e *exercise) run(t *testing.T) {
	t.Helper()
	sent := 0
	e.operations(func(method, path string, op map[string]any) {
		callers := e.credentials()
		for i, headers := range callers {
			for n, r := range e.requests(method, path, op) {
				if n < 3 || i == len(callers)-1 { // What is wrong with a request is told to who may send it.
					sent += e.send(t.Context(), method, r, headers)
				}
			}
		}
	})
	if sent < 100 {
		t.Errorf("only %d requests were answered", sent)
	}
}

// credentials are headers of callers: nobody's, wrong ones, an order's, and those of who may everything.
func (e *exercise) credentials() [][]string {
	odd := []string{"User-Agent", e.canaries["name"], "Referer", "https://canary.example/" + e.canaries["text"], "Cookie", "session=" + e.canaries["token"], "X-Forwarded-For", e.canaries["text"]}
	out := [][]string{
		odd,
		{"Authorization", "Bearer " + e.canaries["token"], "Idempotency-Key", e.canaries["key"]},
		{"X-API-Key", e.canaries["token"]},
		{"X-Order-Token", e.order, "Idempotency-Key", "k" + rand.Text()},
		{"X-Order-Token", e.canaries["token"], "X-Channel", e.canaries["text"], "If-Match", e.canaries["text"], "Accept-Language", e.canaries["text"]},
	}
	if e.admin != "" {
		out = append(out, []string{"X-API-Key", e.admin, "Idempotency-Key", "k" + rand.Text()})
	}
	return out
}

// request is what is sent to an operation.
type canaryRequest struct{ target, contentType, body string }

// requests are ways to call an operation, right and wrong.
func (e *exercise) requests(method, path string, op map[string]any) []canaryRequest {
	own, strange := e.target(path, true), e.target(path, false)
	query := "?" + url.QueryEscape(e.canaries["text"]) + "=" + url.QueryEscape(e.canaries["email"])
	var known []string
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		if parameter, ok := p.(map[string]any); ok && parameter["in"] == "query" {
			name := fmt.Sprint(parameter["name"])
			known = append(known, url.QueryEscape(name)+"="+url.QueryEscape(e.canaries.of(name)))
		}
	}
	const asJSON = "application/json"
	out := []canaryRequest{{own, "", ""}, {own + query, "", ""}, {strange, "", ""}}
	body := e.body(op)
	text, _ := json.Marshal(body) //nolint:errchkjson // Made of texts and numbers.
	if method != http.MethodGet {
		out[0] = canaryRequest{own, asJSON, string(text)}
	}
	out = append(out, []canaryRequest{{own + "?" + strings.Join(known, "&"), "", ""}, {own + "/" + url.PathEscape(e.canaries["name"]), "", ""}}...)
	for _, k := range known {
		out = append(out, canaryRequest{own + "?" + k, "", ""})
	}
	if method == http.MethodGet {
		return out
	}
	out = append(out,
		canaryRequest{strange, asJSON, string(text)}, canaryRequest{own, asJSON, string(text[:len(text)/2])},
		canaryRequest{own, "text/" + e.canaries["text"], string(text)}, canaryRequest{own, asJSON, `{"` + e.canaries["text"] + `":"` + e.canaries["card"] + `"}`},
		canaryRequest{own, asJSON, `"` + e.canaries["card"] + `"`}, canaryRequest{own, asJSON, `{"a":"` + e.canaries["name"] + `","a":1}`},
	)
	members, _ := body.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		for _, wrong := range []any{e.canaries["card"], []any{e.canaries["text"]}, map[string]any{e.canaries["text"]: e.canaries["email"]}, strings.Repeat(e.canaries["name"], 200)} {
			broken := maps.Clone(members)
			broken[name] = wrong
			text, _ := json.Marshal(broken) //nolint:errchkjson // As above.
			out = append(out, canaryRequest{own, asJSON, string(text)})
		}
	}
	return out
}

// target is a path with its parameters: those of the person, or canaries.
func (e *exercise) target(path string, own bool) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		value := e.canaries["text"]
		switch {
		case own && i > 0 && parts[i-1] == "carts":
			value = e.ids["cart"]
		case own && i > 0 && parts[i-1] == "orders":
			value = e.ids["order"]
		}
		parts[i] = url.PathEscape(value)
	}
	return strings.Join(parts, "/")
}

// body is a value that the operation's schema takes, as far as it can be told.
func (e *exercise) body(op map[string]any) any {
	body, _ := op["requestBody"].(map[string]any)
	content, _ := body["content"].(map[string]any)
	media, _ := content["application/json"].(map[string]any)
	return e.value("", media["schema"], 0)
}

// value makes a value of a schema.
func (e *exercise) value(field string, of any, depth int) any {
	schema, _ := of.(map[string]any)
	if reference, ok := schema["$ref"].(string); ok {
		at := any(e.document)
		for part := range strings.SplitSeq(strings.TrimPrefix(reference, "#/"), "/") {
			members, _ := at.(map[string]any)
			at = members[part]
		}
		return e.value(field, at, depth)
	}
	if choices, ok := schema["enum"].([]any); ok && len(choices) > 0 {
		return choices[0]
	}
	kind := schema["type"]
	if kinds, ok := kind.([]any); ok && len(kinds) > 0 {
		kind = kinds[0]
	}
	switch kind {
	case "object":
		out := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name, property := range properties {
			if depth < 4 && name != "$schema" {
				out[name] = e.value(name, property, depth+1)
			}
		}
		return out
	case "array":
		return []any{e.value(field, schema["items"], depth+1)}
	case "integer", "number":
		return 1
	case "boolean":
		return true
	}
	switch field {
	case "country":
		return "GB"
	case "currency":
		return "GBP"
	case "amount":
		return "1.00"
	}
	return e.canaries.of(field)
}

// send sends one request and tells whether it was answered; what the answer is does not matter.
func (e *exercise) send(ctx context.Context, method string, r canaryRequest, headers []string) int {
	request, err := http.NewRequestWithContext(ctx, method, e.base+r.target, strings.NewReader(r.body))
	if err != nil {
		return 0
	}
	if r.contentType != "" {
		request.Header.Set("Content-Type", r.contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := e.http.Do(request)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return 1
}

// others calls every operation as somebody else, who sends nothing of the person, and gives what the errors say.
func (e *exercise) others(t *testing.T) []byte {
	t.Helper()
	var said bytes.Buffer
	e.operations(func(method, path string, _ map[string]any) {
		for _, part := range []string{"1", "none"} {
			target := path
			for begin := strings.IndexByte(target, '{'); begin >= 0; begin = strings.IndexByte(target, '{') {
				target = target[:begin] + part + target[begin+strings.IndexByte(target[begin:], '}')+1:]
			}
			a, err := e.call(t.Context(), method, target, map[string]any{}, "Idempotency-Key", "k"+rand.Text())
			if err == nil && a.status >= http.StatusBadRequest {
				said.Write(a.body)
			}
		}
	})
	return said.Bytes()
}
