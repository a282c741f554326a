package fiberhttp

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// keyHeader names the header that makes a call safe to repeat.
const keyHeader = "Idempotency-Key"

// finding is one thing that huma holds against a request, in our words.
type finding struct {
	class fault.Class
	entry ProblemEntry
}

// ofValidation translates what huma's validation found: a path that cannot exist is 404, an unknown member or a
// missing idempotency key 400, everything else 422 with one entry a field. Body is the raw body and shape what it
// should decode into, nil when there is none.
func ofValidation(status int, errs []error, body []byte, shape reflect.Type) *Problem {
	var findings []finding
	for _, err := range errs {
		findings = append(findings, findingsOf(err, body, shape)...)
	}
	if len(findings) == 0 {
		return ofFault(ofStatus(status), nil)
	}
	class := worst(findings)
	if class.Code() == fault.Missing.Code() {
		return ofFault(fault.Missing.New("there is nothing at this address"), nil)
	}
	entries := distinct(findings)
	detail := "one field breaks a rule"
	if len(entries) != 1 {
		detail = "several fields break a rule; each is listed"
	}
	switch class.Code() {
	case UnknownField.Code():
		detail = "the body has a member that is not known here; leave it out"
	case MissingIdempotencyKey.Code():
		detail = "the call needs the header " + keyHeader + "; send a fresh random value"
	}
	return problemWith(class.Code(), StatusOf(class), detail, entries, nil, nil)
}

func findingsOf(err error, body []byte, shape reflect.Type) []finding {
	if known := fault.Of(err); known != nil {
		return []finding{{fault.Bad, entryOf(known)}}
	}
	detail, ok := err.(huma.ErrorDetailer)
	if !ok {
		return []finding{{fault.Bad, ProblemEntry{Code: fault.Bad.Code(), Message: "breaks a rule"}}}
	}
	found := detail.ErrorDetail()
	place, field, _ := strings.Cut(found.Location, ".")
	switch {
	case place == "body" && strings.HasPrefix(found.Location, "body["):
		place, field = "body", strings.TrimPrefix(found.Location, "body")
	case strings.HasPrefix(place, "body["):
		place, field = "body", strings.TrimPrefix(found.Location, "body")
	}
	if place == "body" && field == "" && shape != nil {
		if wrong := explain(body, shape, ""); len(wrong) > 0 {
			return bad(wrong)
		}
	}
	return []finding{classify(place, field, found.Message)}
}

func bad(wrong []*fault.Error) []finding {
	out := make([]finding, 0, len(wrong))
	for _, entry := range entriesOf(wrong) {
		out = append(out, finding{fault.Bad, entry})
	}
	return out
}

func classify(place, field, message string) finding {
	class, code := fault.Bad, fault.Bad.Code()
	prefix, suffix, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	rest, required := strings.CutPrefix(message, prefix)
	switch {
	case place == "path":
		class = fault.Missing
	case place == "header" && http.CanonicalHeaderKey(field) == keyHeader && strings.HasPrefix(message, "required "):
		class, code, message = MissingIdempotencyKey, MissingIdempotencyKey.Code(), "is missing; send a fresh random value"
	case message == validation.MsgUnexpectedProperty:
		class, code, message = UnknownField, UnknownField.Code(), "is not known here; names are case-sensitive"
	case required:
		field, message = join(field, strings.TrimSuffix(rest, suffix)), "is required"
	case strings.HasPrefix(message, "required "):
		message = "is required"
	default:
		message = plainly(message)
	}
	return finding{class, ProblemEntry{Field: excerpt(field, maxPath), Code: code, Message: message}}
}

// plainly cuts what a library of Go says about a format from the rule itself.
func plainly(message string) string {
	for _, rule := range []string{"expected string to be RFC", "expected duration", "expected string to be regex", "invalid value", "invalid date/time"} {
		if strings.HasPrefix(message, rule) {
			message, _, _ = strings.Cut(message, ": ")
			message, _, _ = strings.Cut(message, " for format")
		}
	}
	return message
}

// worst picks the case that names the whole answer.
func worst(findings []finding) fault.Class {
	for _, class := range []fault.Class{fault.Missing, UnknownField, MissingIdempotencyKey} {
		if slices.ContainsFunc(findings, func(f finding) bool { return f.class.Code() == class.Code() }) {
			return class
		}
	}
	return fault.Bad
}

// distinct keeps the first entry of each field. The unknown members of one object come in no order, so they are sorted,
// in front of the others.
func distinct(findings []finding) []ProblemEntry {
	slices.SortStableFunc(findings, func(a, b finding) int {
		aUnknown, bUnknown := a.class.Code() == UnknownField.Code(), b.class.Code() == UnknownField.Code()
		switch {
		case aUnknown && bUnknown:
			return strings.Compare(a.entry.Field, b.entry.Field)
		case aUnknown:
			return -1
		case bUnknown:
			return 1
		default:
			return 0
		}
	})
	seen := make(map[string]bool, len(findings))
	var out []ProblemEntry
	for _, f := range findings {
		if !seen[f.entry.Field] {
			seen[f.entry.Field] = true
			out = append(out, f.entry)
		}
	}
	return out
}
