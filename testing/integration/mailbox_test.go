package integration_test

import (
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/testing/shopapitest"
)

// readMails reads the folder into which a shop writes its mails, oldest first.
func readMails(folder string) ([]shopapitest.Mail, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names) // They begin with the time.
	var out []shopapitest.Mail
	for _, name := range names {
		m, err := readMail(name)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// readMail reads a mail as a mail program does.
func readMail(name string) (shopapitest.Mail, error) {
	f, err := os.Open(name)
	if err != nil {
		return shopapitest.Mail{}, err
	}
	defer func() { _ = f.Close() }()
	m, err := mail.ReadMessage(f)
	if err != nil {
		return shopapitest.Mail{}, err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		return shopapitest.Mail{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	return shopapitest.Mail{To: m.Header.Get("To"), Subject: subject, Text: strings.ReplaceAll(string(text), "\r\n", "\n")}, err
}
