package shopapitest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"regexp"
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
	Field     string `json:"field"`
	Code      string `json:"code"`
	Message   string `json:"message"`
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

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// hold checks what is so of every answer.
func (s *suite) hold(t *testing.T, method, path string, a answer, brought string) {
	t.Helper()
	id := a.header.Get("X-Request-Id")
	if !requestID.MatchString(id) {
		t.Errorf("%s: X-Request-Id %q", a, id)
	}
	if requestID.MatchString(brought) && id != brought {
		t.Errorf("%s: X-Request-Id %q was sent and %q came back", a, brought, id)
	}
	if cookies := a.header.Values("Set-Cookie"); len(cookies) > 0 {
		t.Errorf("%s: sets a cookie: %v", a, cookies)
	}
	switch {
	case a.status == http.StatusMovedPermanently && strings.HasPrefix(a.header.Get("Location"), "/api/v1/"):
		// Something has another slug now, at this shop.
	case a.status >= 300 && a.status < 400 && a.status != http.StatusNotModified:
		t.Errorf("%s: redirects to %q", a, a.header.Get("Location"))
	case a.status >= 500 && a.status != http.StatusNotImplemented:
		t.Errorf("%s: a caller's request is never a failure of the server", a)
	}
	if method == http.MethodHead || a.status == http.StatusNotModified {
		if len(a.body) > 0 {
			t.Errorf("%s: has a body of %d bytes", a, len(a.body))
		}
	} else if a.status >= 400 {
		a.holdProblem(t)
	}
	s.holdDocument(t, method, path, a)
}

// anywhere are the statuses that any request may meet before it is a request for an operation; the document says so in
// words.
var anywhere = map[int]bool{
	http.StatusRequestTimeout: true, http.StatusRequestEntityTooLarge: true, http.StatusUnsupportedMediaType: true,
	http.StatusRequestHeaderFieldsTooLarge: true,
}

func (s *suite) holdDocument(t *testing.T, method, path string, a answer) {
	t.Helper()
	if s.document == nil || s.document.find(method, path) == nil {
		return // An address beside the API, or one that does not exist.
	}
	if !s.coverage.Record(method, path, a.status) && anywhere[a.status] {
		return
	}
	for _, wrong := range s.document.Check(method, path, a.status, a.header.Get("Content-Type"), a.body) {
		t.Errorf("%s: by /openapi.json: %s", a, wrong)
	}
}

// holdProblem checks what is so of every error.
func (a answer) holdProblem(t *testing.T) {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != problemType {
		t.Errorf("%s: Content-Type %q of an error", a, got)
		return
	}
	var p problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Errorf("%s: the problem: %v", a, err)
		return
	}
	if p.Type == "" || p.Title == "" || p.Code == "" || p.Status != a.status || p.RequestID != a.header.Get("X-Request-Id") {
		t.Errorf("%s: the problem lacks a member or contradicts the answer", a)
	}
	for _, entry := range p.Errors {
		if entry.Code == "" || entry.Message == "" {
			t.Errorf("%s: an entry lacks a member", a)
		}
	}
	if retry := a.header.Get("Retry-After"); a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable {
		if seconds, err := strconv.Atoi(retry); err != nil || seconds < 1 {
			t.Errorf("%s: Retry-After %q", a, retry)
		}
	}
	if a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: Cache-Control %q of an error", a, a.header.Get("Cache-Control"))
	}
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
