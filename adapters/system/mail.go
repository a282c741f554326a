package system

import (
	"context"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// MailLog writes each mail to a writer, whole: for trying out, since who reads the log can open what is mailed. Safe for
// concurrent use.
type MailLog struct {
	mu sync.Mutex
	to io.Writer
}

// MailDir writes each mail into a folder, as a file that mail programs open (RFC 5322). The name begins with the time, so
// that the folder lists them in order. For trying out and for tests. Safe for concurrent use.
type MailDir struct {
	dir   string
	from  string
	clock ports.Clock
	last  atomic.Uint64
}

var (
	_ ports.Mailer = (*MailLog)(nil)
	_ ports.Mailer = (*MailDir)(nil)
)

// NewMailLog writes to the writer.
func NewMailLog(to io.Writer) *MailLog { return &MailLog{to: to} }

// Send writes the mail.
func (l *MailLog) Send(ctx context.Context, m ports.Mail) error {
	if err := sendable(ctx, m); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := fmt.Fprintf(l.to, "mail to %s: %s\n%s\n\n", m.To, m.Subject, m.Text); err != nil {
		return fault.Lost.New("the mail may not have been written").Because(err)
	}
	return nil
}

// NewMailDir writes into the folder, which is made if it is not there, as mail from the address. It fails when the folder
// cannot be made.
func NewMailDir(dir, from string, clock ports.Clock) (*MailDir, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for mail: %w", err)
	}
	return &MailDir{dir: dir, from: from, clock: clock}, nil
}

// Send writes the mail into a file of its own: under another name first, so that who watches the folder sees whole mails.
func (d *MailDir) Send(ctx context.Context, m ports.Mail) error {
	if err := sendable(ctx, m); err != nil {
		return err
	}
	now := d.clock.Now()
	f, err := os.CreateTemp(d.dir, ".mail-*")
	if err != nil {
		return fault.Down.New("the mail could not be written").Because(err)
	}
	_, err = io.WriteString(f, message(d.from, m, now))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		name := fmt.Sprintf("%s-%d-%d.eml", now.Format("20060102T150405.000000"), os.Getpid(), d.last.Add(1))
		err = os.Rename(f.Name(), filepath.Join(d.dir, name))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fault.Down.New("the mail could not be written").Because(err)
	}
	return nil
}

// sendable refuses what cannot be sent, before anything is.
func sendable(ctx context.Context, m ports.Mail) error {
	if err := m.Check(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fault.Down.New("the request ended before the mail was sent").Because(err)
	}
	return nil
}

// message is the mail by RFC 5322 and MIME.
func message(from string, m ports.Mail, at time.Time) string {
	var b strings.Builder
	for _, header := range [][2]string{
		{"From", from},
		{"To", m.To},
		{"Subject", mime.QEncoding.Encode("utf-8", m.Subject)},
		{"Date", at.Format(time.RFC1123Z)},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", header[0], header[1])
	}
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(m.Text)) // A strings.Builder takes everything.
	_ = w.Close()
	return b.String()
}
