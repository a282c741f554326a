package ports

import (
	"context"
	"strings"
	"unicode"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// MalformedMail is the error of a mail that no mailer can send.
var MalformedMail = fault.Define(fault.Invalid, "malformed_mail", "A mail lacks its address, subject or text, or has a line break where none may be.")

// Mail is a letter to one person.
type Mail struct {
	To      string // An address, without a name.
	Subject string // One line.
	Text    string // Plain text, lines of any length.
}

// Check refuses a mail that could not be sent as it is, above all one whose address or subject would smuggle in a header.
// Mailers call it first. Errors: MalformedMail.
func (m Mail) Check() error {
	for _, line := range []string{m.To, m.Subject} {
		if line == "" || strings.ContainsFunc(line, unicode.IsControl) {
			return MalformedMail.New("the address and the subject of a mail are one line each")
		}
	}
	if !strings.Contains(m.To, "@") || strings.ContainsAny(m.To, " ,;<>") || m.Text == "" {
		return MalformedMail.New("a mail has one address and a text")
	}
	return nil
}

// Mailer sends mail.
//
// Contract: [mailer-whole] what Send accepts arrives with the address, the subject and the text as they were given;
// [mailer-each] each mail arrives, also the same one twice and many at once; [mailer-refuses] a mail that Mail.Check
// refuses is refused with its error, and nothing is sent; [mailer-left] for a caller who is gone nothing is sent, with
// kind Unavailable. Errors also: kind Unavailable when nothing was sent, kind Unknown when it may have been. Safe for
// concurrent use.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}
