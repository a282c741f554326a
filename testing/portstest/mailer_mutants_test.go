package portstest_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// The flaws of a mailer.
const (
	trimsText    = "the end of a text is trimmed"
	sendsOnce    = "the same mail is sent once"
	sendsHeaders = "a line break in a subject is sent"
	sendsForNone = "it sends for who has left"
)

// mailer is the smallest mailer, with a flaw or without.
type mailer struct {
	flaw string
	mu   sync.Mutex
	sent []ports.Mail
}

// Send is ports.Mailer's.
func (l *mailer) Send(ctx context.Context, m ports.Mail) error {
	if err := m.Check(); err != nil && (l.flaw != sendsHeaders || !strings.Contains(m.Subject, "\n")) {
		return err
	}
	if ctx.Err() != nil && l.flaw != sendsForNone {
		return fault.Down.New("the caller has left")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.flaw == trimsText {
		m.Text = strings.TrimSpace(m.Text)
	}
	if l.flaw != sendsOnce || !slices.Contains(l.sent, m) {
		l.sent = append(l.sent, m)
	}
	return nil
}

func TestMailerMutants(t *testing.T) {
	t.Parallel()
	of := func(f string, kills ...string) clausetest.Mutant[portstest.MailerHarness] {
		return clausetest.Mutant[portstest.MailerHarness]{
			Name: f, Kills: kills, Open: func(clausetest.TB) portstest.MailerHarness {
				l := &mailer{flaw: f}
				return portstest.MailerHarness{Mailer: l, Arrived: func(context.Context) ([]ports.Mail, error) {
					l.mu.Lock()
					defer l.mu.Unlock()
					return slices.Clone(l.sent), nil
				}}
			},
		}
	}
	clausetest.TestMutants(t, portstest.MailerClauses(), []clausetest.Mutant[portstest.MailerHarness]{
		of(""),
		of(trimsText, "mailer-whole"),
		of(sendsOnce, "mailer-each"),
		of(sendsHeaders, "mailer-refuses"),
		of(sendsForNone, "mailer-left"),
	})
}
