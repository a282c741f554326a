package compose

import (
	"github.com/ipswich-retail/commerce/domain/access"
)

// MailAttempts is how often one may ask for a mail.
func (v PeopleSettings) MailAttempts(s Settings) (access.Attempts, error) {
	return rate("--rate-mail", v.RateMail, access.MailAttempts, "production limits who has mails sent: COUNT/TIME, such as 5/1h", s)
}

// rate reads COUNT/TIME; empty is the default, and off without limit, which production refuses for the reason.
func rate(name, text string, otherwise access.Attempts, reason string, s Settings) (access.Attempts, error) {
	switch {
	case text == "":
		return otherwise, nil
	case text == "off" && s.Production:
		return access.Attempts{}, wrong(name, reason)
	case text == "off":
		return access.Attempts{Window: otherwise.Window}, nil
	}
	count, window, err := rateOf(name, text, "10/15m")
	return access.Attempts{Count: count, Window: window}, err
}
