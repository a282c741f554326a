package shopapitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// expectation is what a case must be answered with, besides what is so of every answer.
type expectation struct {
	refuse   bool     // With a status of 4xx.
	statuses []int    // One of these, if there are any.
	codes    []string // The problem's code is one of these, if there are any.
	field    string   // A refusal names it, or something in it or around it.
	sound    bool     // It is well-formed: nothing is said against how it was sent.
	slug     string   // Who has, or had, an object of this slug may answer with it: bodies of other cases may have made one.
	accept   string   // Nothing is said against this field: its value is at a bound, and not beyond it.
	keep     *kept    // What comes back if it was accepted.
}

// kept is a text that must come back as it was sent, under the name of its member.
type kept struct{ name, text string }

// insides are what an answer shows of the inside of a server, of its files, and of commands that were obeyed.
var insides = []string{
	"goroutine ", "runtime error", ".go:", "SQLSTATE", "jackc", "pgconn", "pq:", "syntax error at", "relation \"", "ERROR: ", "stack trace", "Traceback", "reflect.", "strconv.",
	"json: cannot", "invalid character", "root:x:0:", "sql: ", "context deadline", "nil pointer", "interface conversion", "unexpected EOF", reckoning,
}

// unsound are the statuses by which a request is refused for how it was sent, whatever it asks.
var unsound = []int{
	http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	http.StatusExpectationFailed, http.StatusRequestHeaderFieldsTooLarge, http.StatusNotImplemented,
}

// judge lists what is wrong with the answer to a request.
func (f *fighter) judge(r *request, a answer, want expectation) []string {
	wrong := a.flaws(r.method, r.get("X-Request-Id"))
	if r.op.responses[http.StatusMovedPermanently] != nil && a.status == http.StatusMovedPermanently {
		wrong = nil // A renamed product.
	}
	for _, inside := range insides {
		if bytes.Contains(a.body, []byte(inside)) && !bytes.Contains(encode(r.body), []byte(inside)) {
			wrong = append(wrong, fmt.Sprintf("shows %q", inside))
		}
	}
	if a.header.Get("X-Injected") != "" {
		wrong = append(wrong, "a header came out of a value")
	}
	if !r.mistargeted && r.method == r.op.method && !anywhere[a.status] {
		for _, flaw := range f.document.Check(r.method, r.op.path, a.status, a.header.Get("Content-Type"), a.body) {
			wrong = append(wrong, "by /openapi.json: "+flaw)
		}
	}
	if a.status == http.StatusUnauthorized && r.op.permission == "" && f.customer.Email == "" {
		return wrong // Nobody is signed in, and nobody learns more.
	}
	_, excused := f.siege.Unreached[r.op.String()]
	if (excused || r.place != nil && r.place.fiction) && a.status == http.StatusNotFound {
		return wrong
	}
	return append(wrong, want.unmet(a)...)
}

// comeAgain tells whether a server had no time for a request and says so, as the contract has it.
func (a answer) comeAgain() bool {
	return a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != ""
}

// unmet lists what was expected of the answer and is not so.
func (e expectation) unmet(a answer) []string {
	var p problem
	if a.status >= http.StatusBadRequest {
		_ = json.Unmarshal(a.body, &p) // An answer without a problem was noticed before.
	}
	// Who must wait learns nothing more.
	later := a.status == http.StatusTooManyRequests
	var wrong []string
	switch {
	case later, e.slug != "" && (a.status == http.StatusMovedPermanently || a.status < http.StatusBadRequest && slices.Contains(slugsIn(a.body), e.slug)):
	case e.refuse && a.status < http.StatusBadRequest:
		wrong = append(wrong, fmt.Sprintf("accepted what breaks a rule (%s)", e.about()))
	case len(e.statuses) > 0 && !slices.Contains(e.statuses, a.status):
		wrong = append(wrong, fmt.Sprintf("want one of %v", e.statuses))
	case len(e.codes) > 0 && !slices.Contains(e.codes, p.Code) && a.status >= http.StatusBadRequest:
		wrong = append(wrong, fmt.Sprintf("code %q, want one of %v", p.Code, e.codes))
	case e.field != "" && e.refuse && !p.names(e.field):
		wrong = append(wrong, "does not name "+e.field)
	}
	if e.sound && slices.Contains(unsound, a.status) {
		wrong = append(wrong, "refuses how a well-formed request was sent")
	}
	if e.accept != "" && (a.status == http.StatusBadRequest || a.status == http.StatusUnprocessableEntity) && p.blames(e.accept) {
		wrong = append(wrong, fmt.Sprintf("refuses %s, which keeps the rules of the document", e.accept))
	}
	if e.keep != nil && a.status < http.StatusMultipleChoices {
		if back := e.keep.changed(a.body); back != "" {
			wrong = append(wrong, fmt.Sprintf("%s came back as %q", e.keep.name, back))
		}
	}
	return wrong
}

func (e expectation) about() string {
	if e.field != "" {
		return e.field
	}
	return strings.Join(e.codes, ", ")
}

// names tells whether a problem says which field is wrong: by an entry about it, about something in it, or about what
// it stands in; or in its words.
func (p problem) names(field string) bool {
	for _, entry := range p.Errors {
		if strings.EqualFold(entry.Field, field) || within(entry.Field, field) || entry.Field != "" && within(field, entry.Field) {
			return true
		}
	}
	last := field[strings.LastIndexByte(field, '.')+1:]
	return last != "" && strings.Contains(p.Detail, last)
}

// blames tells whether an entry is about the field itself.
func (p problem) blames(field string) bool {
	return slices.ContainsFunc(p.Errors, func(entry problemEntry) bool { return entry.Field == field })
}

// within tells whether a path stands in another, such as lines[0].sku in lines.
func within(inner, outer string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// elsewhere are members that answers have of their own, whatever was sent under the name.
var elsewhere = []string{"message", "reference"}

// changed gives what a body has under the name instead of the text, "" when it has the text or nothing. An
// empty text is as good as none.
func (k *kept) changed(body []byte) string {
	value, err := decode(body)
	if err != nil || slices.Contains(elsewhere, k.name) {
		return ""
	}
	var found []string
	collect(value, k.name, &found)
	if k.text == "" || len(found) == 0 || slices.Contains(found, k.text) {
		return ""
	}
	return found[0]
}

// collect gathers the texts under a name, wherever it stands.
func collect(value any, name string, out *[]string) {
	switch value := value.(type) {
	case map[string]any:
		for member, inner := range value {
			if text, ok := inner.(string); ok && member == name {
				*out = append(*out, text)
			}
			collect(inner, name, out)
		}
	case []any:
		for _, inner := range value {
			collect(inner, name, out)
		}
	}
}

// slugsIn are the slugs that an answer shows.
func slugsIn(body []byte) []string {
	var found []string
	if value, err := decode(body); err == nil {
		for _, name := range []string{"slug", "code", "id", "sku"} {
			collect(value, name, &found)
		}
	}
	return found
}
