package system_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// A folder of mail is read as a mail program would.
func TestMailDir(t *testing.T) {
	t.Parallel()
	portstest.TestMailer(t, func(t *testing.T) portstest.MailerHarness {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "made", "anew")
		m, err := system.NewMailDir(dir, "shop@example.org", system.NewClock())
		if err != nil {
			t.Fatal(err)
		}
		return portstest.MailerHarness{Mailer: m, Arrived: func(context.Context) ([]ports.Mail, error) {
			names, err := filepath.Glob(filepath.Join(dir, "*"))
			var out []ports.Mail
			for _, name := range names {
				m, readErr := readMail(name)
				if readErr != nil {
					return nil, readErr
				}
				out = append(out, m)
			}
			return out, err
		}}
	})
}

// readMail reads a mail by RFC 5322.
func readMail(name string) (ports.Mail, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return ports.Mail{}, err
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ports.Mail{}, fmt.Errorf("%s: %w", name, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return ports.Mail{}, err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	return ports.Mail{To: m.Header.Get("To"), Subject: subject, Text: strings.ReplaceAll(string(text), "\r\n", "\n")}, err
}

// buffer is what several write to at once.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// A log of mail is read by who knows that no text of the suite has its first words.
func TestMailLog(t *testing.T) {
	t.Parallel()
	portstest.TestMailer(t, func(*testing.T) portstest.MailerHarness {
		b := &buffer{}
		return portstest.MailerHarness{Mailer: system.NewMailLog(b), Arrived: func(context.Context) ([]ports.Mail, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			var out []ports.Mail
			for _, part := range strings.Split(b.buf.String(), "mail to ")[1:] {
				head, text, _ := strings.Cut(part, "\n")
				to, subject, _ := strings.Cut(head, ": ")
				out = append(out, ports.Mail{To: to, Subject: subject, Text: strings.TrimSuffix(text, "\n\n")})
			}
			return out, nil
		}}
	})
}

func TestMailFailures(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := system.NewMailDir(file, "shop@example.org", system.NewClock()); err == nil {
		t.Error("a file was taken for a folder")
	}
	dir := filepath.Join(t.TempDir(), "mail")
	m, err := system.NewMailDir(dir, "shop@example.org", system.NewClock())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	one := ports.Mail{To: "ada@example.org", Subject: "Mail", Text: "text"}
	if err := m.Send(t.Context(), one); err == nil || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("without its folder: %v, want kind unavailable", err)
	}
	if err := system.NewMailLog(brokenWriter{}).Send(t.Context(), one); err == nil || fault.KindOf(err) != fault.Unknown {
		t.Errorf("with a writer that fails: %v, want kind unknown", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
