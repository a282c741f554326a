package ref

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// EmailMax is the longest e-mail address in bytes: RFC 5321, 4.5.3.1.3, less the angle brackets.
const EmailMax = 254

// Email is an e-mail address in its canonical form, see CanonicalEmail: two addresses are the same person's exactly if
// their Emails are equal. It is for finding and comparing; mail goes to the address as its owner wrote it. Made by
// ParseEmail, so a value has the shape of an address; only a mail that arrives proves one. The zero value is no address.
type Email string

// ParseEmail checks the text and gives its canonical form. It fails with MalformedEmail, whose message names the rule.
func ParseEmail(text string) (Email, error) {
	canonical := CanonicalEmail(text)
	if rule := emailRule(canonical); rule != "" {
		return "", MalformedEmail.New(rule)
	}
	return Email(canonical), nil
}

// CanonicalEmail is the one form in which the toolkit compares e-mail addresses, whatever the text: without space at
// its ends and with the ASCII letters of all of it in lower case. RFC 5321 lets a host tell Ada@ from ada@, and no
// host that people use does; so one mailbox is one customer. Nothing else is folded: dots and +tags may be other
// mailboxes, and letters beyond ASCII have more than one lower case. It gives the same again for what it gave.
func CanonicalEmail(text string) string {
	folded := []byte(strings.TrimSpace(text))
	for i, b := range folded {
		if b >= 'A' && b <= 'Z' {
			folded[i] = b + ('a' - 'A')
		}
	}
	return string(folded)
}

// IsZero tells whether this is no address.
func (e Email) IsZero() bool { return e == "" }

// String is the canonical form.
func (e Email) String() string { return string(e) }

// emailRule names the rule that an address breaks, or "". It checks the shape alone.
func emailRule(s string) string {
	local, domain, found := strings.Cut(s, "@")
	switch {
	case s == "":
		return "it must not be empty"
	case len(s) > EmailMax:
		return "it is too long"
	case !utf8.ValidString(s):
		return "it must be valid UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "it must not have control characters or line breaks"
	case !found, local == "", domain == "", strings.Contains(domain, "@"), strings.ContainsFunc(s, unicode.IsSpace):
		return "an e-mail address is name@domain"
	case !strings.Contains(domain, "."), strings.HasPrefix(domain, "."), strings.HasSuffix(domain, "."):
		return "the domain of an e-mail address has a dot inside"
	}
	return ""
}
