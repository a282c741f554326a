package access_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
)

// No password, token or hash, and no address, stands in an event, an entry of the audit log or an error, whatever was
// done; nor does a token stand anywhere in what the store gives back.
func TestNothingTellsASecret(t *testing.T) {
	t.Parallel()
	s := newShop(t, nil)
	const mail, password, wrong = "canary@example.org", "canary password one", "canary password two"
	ctx := t.Context()
	var told []string
	note := func(err error) {
		if err != nil {
			told = append(told, fmt.Sprintf("%v %+v %#v", err, err, err))
		}
	}
	secrets := []string{mail, password, wrong}
	keep := func(tokens ...access.Secret) {
		for _, token := range tokens {
			if !token.IsZero() {
				secrets = append(secrets, token.Reveal())
			}
		}
	}
	note(s.Register(ctx, access.Registration{Email: mail, Password: access.NewSecret(password), Name: "Canary"}))
	note(s.Register(ctx, access.Registration{Email: mail, Password: access.NewSecret("pass"), Name: ""}))
	verify := s.letter(access.LetterVerify).Token
	keep(verify)
	a, err := s.Verify(ctx, verify)
	note(err)
	_, err = s.Verify(ctx, verify)
	note(err)
	in, err := s.SignIn(ctx, access.SignInRequest{Email: mail, Password: access.NewSecret(password)})
	note(err)
	keep(in.Tokens.Access, in.Tokens.Refresh, in.Tokens.Device)
	for range 11 {
		_, err = s.SignIn(ctx, access.SignInRequest{Email: mail, Password: access.NewSecret(wrong), Address: "192.0.2.77"})
		note(err)
	}
	next, err := s.Refresh(ctx, in.Tokens.Refresh)
	note(err)
	keep(next.Tokens.Access, next.Tokens.Refresh)
	s.clock.advance(time.Minute)
	_, err = s.Refresh(ctx, in.Tokens.Refresh)
	note(err)
	note(s.RequestReset(ctx, access.ResetRequest{Email: mail}))
	reset := s.letter(access.LetterReset).Token
	keep(reset)
	kept, err := s.Account(ctx, a.ID)
	note(err)
	note(s.ResetPassword(ctx, reset, access.NewSecret(mail)))
	note(s.ResetPassword(ctx, reset, access.NewSecret(wrong)))
	owner := s.owner("owner@example.org")
	_, key, err := s.CreateKey(ctx, owner, access.KeyRequest{Name: "K", Scopes: []access.Permission{access.StockRead}, ExpiresAt: s.clock.Now().Add(time.Hour)})
	note(err)
	keep(key)
	_, err = s.AddStaff(ctx, owner, access.StaffRequest{Email: mail, Name: "Canary", Password: access.NewSecret(wrong)})
	note(err)
	note(s.SetState(ctx, owner, a.ID, access.Disable))
	secrets = append(secrets, kept.Password)
	for _, e := range s.events() {
		told = append(told, fmt.Sprintf("%s %s %s", e.Name, e.Aggregate, e.Data))
	}
	entries, err := s.Entries(ctx, owner, access.AuditQuery{Limit: 100})
	s.must(err)
	told = append(told, fmt.Sprintf("%+v", entries))
	told = append(told, fmt.Sprintf("%+v %#v", in, in))
	for _, text := range told {
		for _, secret := range secrets {
			shown := text
			if text == told[len(told)-1] {
				shown = strings.ReplaceAll(shown, mail, "") // A session's owner may see the address.
			}
			if strings.Contains(shown, secret) {
				t.Errorf("%q stands in %s", secret, shown)
			}
		}
	}
	if len(entries) < 4 || len(told) < 30 {
		t.Errorf("%d entries and %d texts were looked through, which is too few", len(entries), len(told))
	}
	after, err := s.Account(ctx, a.ID)
	s.must(err)
	sessions, err := s.store.Sessions().OfAccount(ctx, a.ID)
	s.must(err)
	stored, err := json.Marshal([]any{after, kept, sessions})
	s.must(err)
	for _, secret := range secrets[1 : len(secrets)-1] {
		if strings.Contains(string(stored), secret) {
			t.Errorf("%q is stored", secret)
		}
	}
}
