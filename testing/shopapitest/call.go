package shopapitest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

// suite is one run against one target. All of it is safe for concurrent use.
type suite struct {
	base     string
	client   *http.Client
	adminKey string
	owner    Credentials
	mail     func() ([]Mail, error)
	people   people
	document *Document // Nil until it was read.
	coverage *Coverage
	shelf    shelf
}

// admin is call with the key that may do everything.
func (s *suite) admin(t *testing.T, method, path, body string, pairs ...string) answer {
	t.Helper()
	return s.call(t, method, "/api/v1/admin"+path, body, append([]string{"X-API-Key", s.adminKey}, pairs...)...)
}

// answer is a response that was read.
type answer struct {
	request string // Method, path and body, shortened, for messages.
	status  int
	header  http.Header
	body    []byte
}

// problem is the body of an error.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Code      string         `json:"code"`
	Errors    []problemEntry `json:"errors"`
	RequestID string         `json:"request_id"`
	// CurrentTotal is a fact of price_changed.
	CurrentTotal *amount `json:"current_total"`
}

// problemEntry is what is wrong with one field; SKU and Available are facts of out_of_stock.
type problemEntry struct {
	Field     string          `json:"field"`
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	SKU       string          `json:"sku"`
	Available json.RawMessage `json:"available"` // A number of goods, or an amount of money.
}

// available is how many goods there are, or -1.
func (e problemEntry) available() int64 {
	n, err := strconv.ParseInt(string(e.Available), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// call sends a request and holds the answer against what every answer must be. A body is sent as JSON; pairs are header
// names and values, which replace those that the suite sets, and an empty value removes one.
func (s *suite) call(t *testing.T, method, path, body string, pairs ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if body != "" {
		request.Header.Set("Content-Type", jsonType)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if request.Header.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			request.Header.Del(pairs[i])
		}
	}
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: reading the answer: %v", method, path, err)
	}
	a := answer{strings.TrimSpace(excerpt(method+" "+path, 200) + " " + excerpt(body, 300)), response.StatusCode, response.Header, content}
	s.hold(t, method, path, a, request.Header.Get("X-Request-Id"))
	for _, wrong := range a.securityFlaws(path) {
		t.Errorf("%s: %s", a, wrong)
	}
	return a
}

// String is the request and the answer, for messages.
func (a answer) String() string {
	return a.request + " → " + strconv.Itoa(a.status) + " " + excerpt(string(a.body), 600)
}

// excerpt is the beginning of a text, in characters that a log can hold.
func excerpt(text string, most int) string {
	if len(text) > most {
		text = text[:most] + "…"
	}
	return strings.ToValidUTF8(text, "?")
}

// want ends the test when the status is another.
func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: want %d", a, status)
	}
	return a
}

// refused is the problem that the answer is, of that status and code, with these fields in its entries.
func (a answer) refused(t *testing.T, status int, code string, fields ...string) problem {
	t.Helper()
	var p problem
	if a.status != status {
		t.Errorf("%s: want %d %s", a, status, code)
		return p
	}
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Errorf("%s: %v", a, err)
	}
	if p.Code != code {
		t.Errorf("%s: code %q, want %s", a, p.Code, code)
	}
	for i, field := range fields {
		if i >= len(p.Errors) || p.Errors[i].Field != field {
			t.Errorf("%s: the errors should be about %v", a, fields)
			break
		}
	}
	return p
}

// read decodes a good answer of JSON into the value.
func (a answer) read(t *testing.T, status int, into any) {
	t.Helper()
	a.want(t, status)
	mediaType, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || mediaType != jsonType {
		t.Errorf("%s: Content-Type %q", a, a.header.Get("Content-Type"))
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("%s: %v", a, err)
	}
}

// members decodes a JSON object, with numbers as they are written.
func (a answer) members(t *testing.T) map[string]any {
	t.Helper()
	value, err := decode(a.body)
	if err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	out, ok := value.(map[string]any)
	if !ok {
		t.Fatalf("%s: is no object", a)
	}
	return out
}

// wantMembers checks that an object has these members, whatever they are.
func wantMembers(t *testing.T, what string, value any, names ...string) {
	t.Helper()
	members, ok := value.(map[string]any)
	if !ok {
		t.Errorf("%s is no object: %s", what, brief(value))
		return
	}
	for _, name := range names {
		if _, ok := members[name]; !ok {
			t.Errorf("%s has no %s: %s", what, name, brief(value))
		}
	}
}

// jsonOf writes a value as JSON; it ends the test when that is not possible.
func jsonOf(t *testing.T, value any) string {
	t.Helper()
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
