package fiberhttp

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	problemType = "application/problem+json"
	// maxEntries bounds the entries of one problem: a body of a thousand wrong lines is not answered with a thousand.
	maxEntries = 100
)

// Problem is the body of every error answer: a problem detail of RFC 9457 with the members code, errors and request_id.
// Facts of the case, such as current_total, stand beside them as further members.
type Problem struct { //nolint:errname // It is the answer's body, named as RFC 9457 does, and an error only for huma.
	Type      string         `json:"type" format:"uri-reference" doc:"Address of the description of the case."`
	Title     string         `json:"title" doc:"The case in words, the same for each occurrence."`
	Status    int            `json:"status" doc:"The HTTP status."`
	Detail    string         `json:"detail,omitempty" doc:"What went wrong this time and what to do."`
	Code      string         `json:"code" doc:"Stable name of the case; act on this."`
	Errors    []ProblemEntry `json:"errors,omitempty" doc:"One entry for each field that is wrong."`
	RequestID string         `json:"request_id" doc:"The id under which the request is logged; also in X-Request-Id."`
	TraceID   string         `json:"trace_id,omitempty" doc:"The trace in which the request is found, when it is traced."`

	extras map[string]any
	header http.Header
	cause  error
}

// ProblemEntry is one wrong field. Facts about it, such as sku and available, stand beside its members.
type ProblemEntry struct {
	Field   string `json:"field" doc:"Path of the field, such as lines[0].quantity; the name of a parameter or header."`
	Code    string `json:"code" doc:"Stable name of the case."`
	Message string `json:"message" doc:"The rule and what to do."`

	extras map[string]any
}

// Error is the code and the detail, for logs.
func (p *Problem) Error() string {
	if p.cause != nil {
		return p.cause.Error()
	}
	return p.Code + ": " + p.Detail
}

// Unwrap gives the error that became this problem; it is never shown.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders tells huma the headers, such as Retry-After.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType tells huma the media type.
func (p *Problem) ContentType(string) string { return problemType }

// MarshalJSON writes the members of RFC 9457 first and the facts of the case behind them.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	return appendMembers((*plain)(p), p.extras)
}

// MarshalJSON writes the entry's members first and the facts about the field behind them.
func (e ProblemEntry) MarshalJSON() ([]byte, error) {
	type plain ProblemEntry
	return appendMembers(plain(e), e.extras)
}

// reserved are the members that no fact may overwrite, those of an entry among them.
var reserved = []string{"type", "title", "status", "detail", "code", "errors", "request_id", "trace_id", "field", "message", "instance"}

func appendMembers(v any, extras map[string]any) ([]byte, error) {
	out, err := json.Marshal(v)
	if err != nil || len(extras) == 0 {
		return out, err
	}
	more := maps.Clone(extras)
	maps.DeleteFunc(more, func(name string, _ any) bool { return slices.Contains(reserved, name) })
	if len(more) == 0 {
		return out, nil
	}
	tail, err := json.Marshal(more)
	if err != nil {
		return nil, err
	}
	out[len(out)-1] = ','
	return append(out, tail[1:]...), nil
}

// retryAfter gives the whole seconds after which a retry makes sense: the fact retry_after of the case, else one.
func retryAfter(extras map[string]any) string {
	if seconds, ok := extras["retry_after"].(int); ok && seconds > 0 {
		return strconv.Itoa(seconds)
	}
	return "1"
}

// titleOf makes "Out of stock" of out_of_stock.
func titleOf(code string) string {
	title := strings.ReplaceAll(code, "_", " ")
	title = strings.ReplaceAll(title, "json", "JSON")
	if title == "" {
		return ""
	}
	return strings.ToUpper(title[:1]) + title[1:]
}

// typeOf is the address of the description of a case on the documentation page.
func typeOf(code string) string { return "/docs#error-" + code }
