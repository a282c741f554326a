package observe

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
)

// reasonMost is how many bytes of an error are logged.
const reasonMost = 500

// address finds what looks like an e-mail address, which servers of mail and others put into their errors.
var address = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)

// Reason is the text of an error for a log: one line, bounded, without e-mail addresses. It takes out what it can
// recognise and nothing else, so whoever makes an error keeps what a caller sent out of it; the stores do.
func Reason(err error) string {
	if err == nil {
		return ""
	}
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(err.Error(), "?"))
	text = address.ReplaceAllString(text, "…@…")
	if len(text) > reasonMost {
		text = strings.ToValidUTF8(text[:reasonMost], "") + "…"
	}
	return text
}

// Panicked is an error that tells of a panic without its value, which may hold anything that the program was working on.
// An error of the runtime is told in full, for it holds types and indexes.
func Panicked(value any) error {
	if err, ok := value.(runtime.Error); ok {
		return fmt.Errorf("panic: %w", err)
	}
	return fmt.Errorf("panic with a value of type %T", value)
}
