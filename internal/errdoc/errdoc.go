// Package errdoc writes docs/errors.md: every error case that the code declares with fault.Define, over all modules,
// with the HTTP status that callers see. It reads the source, so that nothing has to be linked in to be listed.
package errdoc

import (
	"fmt"
	"strings"
)

// File is where the page stands, from the repository's root.
const File = "docs/errors.md"

// Case is one declared error case.
type Case struct {
	Code    string
	Kind    string // As fault.Kind's String names it, such as not_found.
	Where   string // The variable that holds it, such as ordering.OutOfStock.
	Meaning string
	Place   string // File and line.
}

// statusOfKind is what a kind is over HTTP.
var statusOfKind = map[string]int{
	"invalid": 422, "unauthenticated": 401, "denied": 403, "not_found": 404, "conflict": 409, "precondition": 412,
	"exhausted": 429, "unavailable": 503, "unknown": 503, "internal": 500,
}

// statusOfCode holds the codes whose status is not that of their kind.
var statusOfCode = map[string]int{
	"malformed_json": 400, "unknown_field": 400, "duplicate_field": 400, "unknown_parameter": 400,
	"missing_idempotency_key": 400, "invalid_cursor": 400, "webhook_signature": 400, "webhook_malformed": 400,
	"payment_declined": 402, "method_not_allowed": 405, "request_timeout": 408, "body_too_large": 413,
	"unsupported_media_type": 415, "headers_too_large": 431, "method_unknown": 501,
}

// Status is the HTTP status of a case.
func Status(kind, code string) int {
	if own, ok := statusOfCode[code]; ok {
		return own
	}
	return statusOfKind[kind]
}

const head = `# Errors

<!-- Generated from the code by "make generate". Do not edit. -->

Every error that leaves the toolkit has a *kind*, which says how to react, and a stable *code*, which says which case
it is. Act on these two, never on messages: those are for people and change. Over HTTP the status follows from the kind,
apart from a few codes with a status of their own. A new code may appear in any release; a code never changes its
meaning.

| code | kind | HTTP | where | meaning |
|---|---|---|---|---|
`

// Render gives the page for cases in the order in which they come.
func Render(cases []Case) string {
	var b strings.Builder
	b.WriteString(head)
	for _, c := range cases {
		fmt.Fprintf(&b, "| `%s` | %s | %d | `%s` | %s |\n",
			c.Code, c.Kind, Status(c.Kind, c.Code), c.Where, strings.ReplaceAll(c.Meaning, "|", `\|`))
	}
	return b.String()
}
