package compose

import (
	"strconv"
	"strings"
	"time"

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
	count, window, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(count)
	d, notTime := time.ParseDuration(window)
	if err != nil || n < 1 || n > rateMax || notTime != nil || d <= 0 || d > windowMax {
		return access.Attempts{}, wrong(name, "COUNT/TIME, such as 10/15m: 1 to 10000 within 24h at most")
	}
	return access.Attempts{Count: n, Window: d}, nil
}
