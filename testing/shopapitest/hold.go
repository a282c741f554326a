package shopapitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// hold checks what is so of every answer, and records it.
func (s *suite) hold(t *testing.T, method, path string, a answer, brought string) {
	t.Helper()
	for _, wrong := range append(a.flaws(method, brought), s.undocumented(method, path, a)...) {
		t.Errorf("%s: %s", a, wrong)
	}
}

// flaws lists what is wrong with an answer whatever was asked; brought is the request id that the caller sent.
func (a answer) flaws(method, brought string) []string {
	var wrong []string
	id := a.header.Get("X-Request-Id")
	if !requestID.MatchString(id) {
		wrong = append(wrong, fmt.Sprintf("X-Request-Id %q", id))
	}
	if requestID.MatchString(brought) && id != brought {
		wrong = append(wrong, fmt.Sprintf("X-Request-Id %q was sent and %q came back", brought, id))
	}
	if cookies := a.header.Values("Set-Cookie"); len(cookies) > 0 {
		wrong = append(wrong, fmt.Sprintf("sets a cookie: %v", cookies))
	}
	switch {
	case a.status == http.StatusMovedPermanently && strings.HasPrefix(a.header.Get("Location"), "/api/v1/"):
		// Something has another slug now, at this shop.
	case a.status >= 300 && a.status < 400 && a.status != http.StatusNotModified:
		wrong = append(wrong, fmt.Sprintf("redirects to %q", a.header.Get("Location")))
	case a.status >= 500 && a.status != http.StatusNotImplemented:
		wrong = append(wrong, "a caller's request is never a failure of the server")
	}
	switch {
	case method == http.MethodHead || a.status == http.StatusNotModified:
		if len(a.body) > 0 {
			wrong = append(wrong, fmt.Sprintf("has a body of %d bytes", len(a.body)))
		}
	case a.status >= 400:
		wrong = append(wrong, a.problemFlaws()...)
	}
	return wrong
}

// anywhere are the statuses that any request may meet before it is a request for an operation; the document says so in
// words.
var anywhere = map[int]bool{
	http.StatusRequestTimeout: true, http.StatusRequestEntityTooLarge: true, http.StatusUnsupportedMediaType: true,
	http.StatusRequestHeaderFieldsTooLarge: true,
}

// undocumented records an answer and lists what the document does not say of it.
func (s *suite) undocumented(method, path string, a answer) []string {
	if s.document == nil || s.document.find(method, path) == nil {
		return nil // An address beside the API, or one that does not exist.
	}
	if !s.coverage.Record(method, path, a.status) && anywhere[a.status] {
		return nil
	}
	wrong := s.document.Check(method, path, a.status, a.header.Get("Content-Type"), a.body)
	for i := range wrong {
		wrong[i] = "by /openapi.json: " + wrong[i]
	}
	return wrong
}

// problemFlaws lists what is wrong with an error whatever it is about.
func (a answer) problemFlaws() []string {
	if got := a.header.Get("Content-Type"); got != problemType {
		return []string{fmt.Sprintf("Content-Type %q of an error", got)}
	}
	var p struct {
		Type, Title, Code string
		Status            int
		RequestID         string `json:"request_id"`
		Errors            []struct{ Code, Message string }
	}
	if err := json.Unmarshal(a.body, &p); err != nil {
		return []string{fmt.Sprintf("the problem: %v", err)}
	}
	var wrong []string
	if p.Type == "" || p.Title == "" || p.Code == "" || p.Status != a.status || p.RequestID != a.header.Get("X-Request-Id") {
		wrong = append(wrong, "the problem lacks a member or contradicts the answer")
	}
	for _, entry := range p.Errors {
		if entry.Code == "" || entry.Message == "" {
			wrong = append(wrong, "an entry lacks a member")
		}
	}
	if retry := a.header.Get("Retry-After"); a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable {
		if seconds, err := strconv.Atoi(retry); err != nil || seconds < 1 {
			wrong = append(wrong, fmt.Sprintf("Retry-After %q", retry))
		}
	}
	if a.header.Get("Cache-Control") != "no-store" {
		wrong = append(wrong, fmt.Sprintf("Cache-Control %q of an error", a.header.Get("Cache-Control")))
	}
	return wrong
}
