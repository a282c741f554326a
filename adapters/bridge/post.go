package bridge

import (
	"context"
	"strings"
	"text/template"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// PostOptions say what stands in mails. The addresses of links come from here alone, never from a request.
type PostOptions struct {
	Shop       string // The shop's name.
	Storefront string // Where customers are, such as https://shop.example, without a slash at the end.
	Admin      string // Where staff is.
}

// Post mails what the events of access make due: it makes the tokens when it writes the mail, so that no event and no row
// holds one. Safe for concurrent use.
type Post struct {
	access *access.Service
	mailer ports.Mailer
	opts   PostOptions
}

// NewPost needs all of its parts.
func NewPost(a *access.Service, mailer ports.Mailer, opts PostOptions) *Post {
	return &Post{access: a, mailer: mailer, opts: opts}
}

// Handle sends the mails that an event makes due. Told twice it mails twice, and of two mails with a token the later one
// counts. An address to which nothing can be sent is left out. Errors: those of the mailer; kinds Unavailable and Unknown
// (tell it again).
func (p *Post) Handle(ctx context.Context, e event.Event) error {
	letters, err := p.access.Letters(ctx, e)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if err := p.mailer.Send(ctx, p.write(l)); err != nil && !fault.Is(err, ports.MalformedMail) {
			return err
		}
	}
	return nil
}

// texts are the mails, in English. They hold no name: who registers types it, and would have a stranger mailed what they
// like. A token stands behind #, so that no server and no log sees it on the way.
var texts = map[access.LetterKind]struct {
	subject string
	text    *template.Template
}{
	access.LetterVerify: {"Confirm your e-mail address", letterText(`please confirm that this is your e-mail address:

{{.Site}}/account/verify#{{.Token}}

The link works once, until {{.Until}}. If you did not ask for this, do nothing: without
the link nobody can use your address here.`)},
	access.LetterReset: {"Choose a new password", letterText(`here you can choose a new password:

{{.Site}}/account/password#{{.Token}}

The link works once, until {{.Until}}. If you did not ask for this, do nothing: your
password stays as it is.`)},
	access.LetterKnown: {"You have an account already", letterText(`somebody, maybe you, wanted to use this e-mail address for an account. It has one already:

{{.Site}}/account/sign-in

If you forgot the password you can choose a new one there. If it was not you, do nothing.`)},
	access.LetterMoving: {"Your e-mail address is about to change", letterText(`somebody who knows your password asked to move your account to another e-mail address.
If it was not you, choose a new password now:

{{.Site}}/account/sign-in`)},
	access.LetterNewPassword: {"Your password was changed", letterText(`the password of your account was changed, and everybody was signed out. If it was not
you, choose a new one now:

{{.Site}}/account/sign-in`)},
}

func letterText(body string) *template.Template {
	return template.Must(template.New("letter").Parse("Hello,\n\n" + body + "\n\n{{.Shop}}\n"))
}

// write is a letter as a mail.
func (p *Post) write(l access.Letter) ports.Mail {
	site := p.opts.Storefront
	if l.For == access.ForStaff {
		site = p.opts.Admin
	}
	t := texts[l.Kind]
	var b strings.Builder
	_ = t.text.Execute(&b, map[string]string{ // A strings.Builder takes everything, and the names are those above.
		"Site": site, "Shop": p.opts.Shop, "Token": l.Token.Reveal(), "Until": l.Until.UTC().Format(time.RFC1123),
	})
	return ports.Mail{To: l.To.String(), Subject: p.opts.Shop + ": " + t.subject, Text: b.String()}
}
