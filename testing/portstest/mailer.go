package portstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// MailerClause is one case of one clause of ports.Mailer.
type MailerClause = clausetest.Clause[MailerHarness]

// MailerHarness is a mailer, and all that arrived of it, as it was sent.
type MailerHarness struct {
	Mailer  ports.Mailer
	Arrived func(ctx context.Context) ([]ports.Mail, error)
}

// TestMailer proves a ports.Mailer.
func TestMailer(t *testing.T, open func(t *testing.T) MailerHarness) {
	t.Helper()
	clausetest.Run(t, MailerClauses(), open)
}

// MailerClauses are the clauses of ports.Mailer.
func MailerClauses() []MailerClause {
	return []MailerClause{
		{ID: "mailer-whole", Case: "as it was given", Run: mailerWhole},
		{ID: "mailer-each", Case: "twice and at once", Run: mailerEach},
		{ID: "mailer-refuses", Case: "what would be another mail", Run: mailerRefuses},
		{ID: "mailer-left", Case: "for who has left", Run: mailerLeft},
	}
}

// arrived reads what arrived, in one order.
func (h MailerHarness) arrived(t clausetest.TB) []ports.Mail {
	t.Helper()
	mails, err := h.Arrived(t.Context())
	if err != nil {
		t.Fatalf("reading what arrived: %v", err)
	}
	slices.SortFunc(mails, func(a, b ports.Mail) int { return strings.Compare(a.To+a.Subject+a.Text, b.To+b.Subject+b.Text) })
	return mails
}

func mailerWhole(t clausetest.TB, open func(clausetest.TB) MailerHarness) {
	h := open(t)
	m := ports.Mail{
		To: "zoë+tag@example.org", Subject: "Grüße: your £ “order” = 100% of what you wished for, in a line that is longer than most are",
		Text: "Dear Zoë,\n\n=?utf-8?q?not encoded?= \t.\n.\nFrom here on: https://shop.example/verify?token=vfy_0123456789abcdefghjkmnpqrstvwxyz&x=1#y\n" +
			strings.Repeat("long line ", 120) + "\n漢字 🛒\n",
	}
	if err := h.Mailer.Send(t.Context(), m); err != nil {
		t.Fatalf("Send: %v", err)
	}
	if got := h.arrived(t); len(got) != 1 || got[0] != m {
		t.Errorf("arrived: %q, want %q", got, m)
	}
}

func mailerEach(t clausetest.TB, open func(clausetest.TB) MailerHarness) {
	h := open(t)
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			m := ports.Mail{To: "ada@example.org", Subject: "Mail", Text: fmt.Sprintf("text %d", n/2)}
			if err := h.Mailer.Send(t.Context(), m); err != nil {
				t.Errorf("Send: %v", err)
			}
		})
	}
	all.Wait()
	if got := h.arrived(t); len(got) != 40 {
		t.Errorf("%d mails arrived, want 40", len(got))
	}
}

func mailerRefuses(t clausetest.TB, open func(clausetest.TB) MailerHarness) {
	h := open(t)
	for _, m := range []ports.Mail{
		{Subject: "Mail", Text: "text"},
		{To: "ada@example.org", Text: "text"},
		{To: "ada@example.org", Subject: "Mail"},
		{To: "ada@example.org\r\nBcc: eve@example.org", Subject: "Mail", Text: "text"},
		{To: "ada@example.org", Subject: "Mail\nBcc: eve@example.org", Text: "text"},
		{To: "ada@example.org, eve@example.org", Subject: "Mail", Text: "text"},
		{To: "nobody", Subject: "Mail", Text: "text"},
	} {
		if err := h.Mailer.Send(t.Context(), m); !fault.Is(err, ports.MalformedMail) {
			t.Errorf("Send of %q: %v, want malformed_mail", m, err)
		}
	}
	if got := h.arrived(t); len(got) != 0 {
		t.Errorf("arrived all the same: %q", got)
	}
}

func mailerLeft(t clausetest.TB, open func(clausetest.TB) MailerHarness) {
	h := open(t)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	err := h.Mailer.Send(ctx, ports.Mail{To: "ada@example.org", Subject: "Mail", Text: "text"})
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Send for a caller who is gone: %v, want kind unavailable", err)
	}
	if got := h.arrived(t); len(got) != 0 {
		t.Errorf("arrived all the same: %q", got)
	}
}
