package compose

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/corefx"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// PeopleSettings are what serving needs for who buys and who works here.
type PeopleSettings struct {
	AdminEmail    string `help:"Address of an owner that a start makes, unless it has an account of staff." placeholder:"EMAIL" group:"People"`
	AdminPassword string `help:"Password of the owner that a start makes." placeholder:"PASSWORD" group:"People" secret:""`
	AdminAPIKey   string `help:"Text of an API key with every scope that a start makes: 22 characters or more, as from openssl rand -base64 24." placeholder:"KEY" group:"People" secret:""`
	RateMail      string `help:"How often one may ask for a mail, for each address of mail and each address of the network: COUNT/TIME, or off outside production (5/1h)." placeholder:"RATE" group:"People"`
	RateSignin    string `help:"How often one may try to sign in, for each account and each address: COUNT/TIME, or off outside production (10/15m)." placeholder:"RATE" group:"People"`
	Mail          string `help:"Where each mail is written, outside production: log for standard error, else a folder." placeholder:"log|DIR" group:"People"`
	Site          string `help:"Address that links in mails lead to (http://localhost:8080)." placeholder:"URL" group:"People"`
}

// Check refuses settings that are wrong or do not go together, with a *SettingError for each that holds no secret.
func (v PeopleSettings) Check(s Settings) error {
	_, err := v.Attempts(s)
	_, mail := v.MailAttempts(s)
	found := []error{err, mail}
	if (v.AdminEmail == "") != (v.AdminPassword == "") {
		found = append(found, wrong("--admin-email", "goes with --admin-password"))
	}
	if v.AdminEmail != "" {
		if _, err := ref.ParseEmail(v.AdminEmail); err != nil {
			found = append(found, wrong("--admin-email", "an e-mail address, such as owner@shop.example"))
		}
	}
	if v.AdminPassword != "" {
		if rule := access.PasswordRule(access.NewSecret(v.AdminPassword), v.AdminEmail); rule != "" {
			found = append(found, wrong("--admin-password", rule))
		}
	}
	if v.AdminAPIKey != "" && len(v.AdminAPIKey) < access.GivenKeyMin {
		found = append(found, wrong("--admin-api-key", fmt.Sprintf("%d characters or more", access.GivenKeyMin)))
	}
	if v.Mail != "" && s.Production {
		found = append(found, wrong("--mail", "production does not write mails where others may read them"))
	}
	if v.Site != "" && (!strings.HasPrefix(v.Site, "http://") && !strings.HasPrefix(v.Site, "https://") || strings.HasSuffix(v.Site, "/")) {
		found = append(found, wrong("--site", "an address such as https://shop.example, without a slash at the end"))
	}
	return errors.Join(found...)
}

// Attempts is how often one may try to sign in.
func (v PeopleSettings) Attempts(s Settings) (access.Attempts, error) {
	return rate("--rate-signin", v.RateSignin, access.DefaultAttempts, "production limits who guesses passwords: COUNT/TIME, such as 10/15m", s)
}

// site is where links lead to.
func (v PeopleSettings) site() string {
	if v.Site == "" {
		return "http://localhost:8080"
	}
	return v.Site
}

// People composes what serving needs for who buys and who works here: limits, mail, and the owner and the key of the
// start. The settings were checked before.
func People(s Settings, v PeopleSettings) fx.Option {
	attempts, _ := v.Attempts(s)
	mails, _ := v.MailAttempts(s)
	first := &FirstOwner{}
	return fx.Options(
		fx.Supply(&access.Options{SignIn: attempts, Mail: mails}, first),
		corefx.People(),
		mail(v),
		fx.Invoke(func(lc fx.Lifecycle, a *access.Service, log *zap.Logger) {
			lc.Append(fx.StartHook(func(ctx context.Context) error { return v.start(ctx, a, log) }))
			lc.Append(fx.StartHook(func(ctx context.Context) error { return v.demo(ctx, s, a, first, log) }))
		}),
	)
}

// start makes the owner and the key of the start, unless they are there.
func (v PeopleSettings) start(ctx context.Context, a *access.Service, log *zap.Logger) error {
	by := access.System("shop serve")
	if v.AdminEmail != "" {
		_, made, err := a.EnsureOwner(ctx, by, v.AdminEmail, access.NewSecret(v.AdminPassword))
		if err != nil {
			return fmt.Errorf("the owner of the start: %w", err)
		}
		if made {
			log.Info(observe.OwnerMade)
		}
	}
	if v.AdminAPIKey != "" {
		if err := a.EnsureKey(ctx, by, "start", access.NewSecret(v.AdminAPIKey)); err != nil {
			return fmt.Errorf("the API key of the start: %w", err)
		}
	}
	return nil
}

// mail is where mails go, if anywhere.
func mail(v PeopleSettings) fx.Option {
	if v.Mail == "" {
		return fx.Options()
	}
	return fx.Options(
		fx.Provide(func(clock ports.Clock) (ports.Mailer, error) {
			if v.Mail == "log" {
				return system.NewMailLog(os.Stderr), nil
			}
			return system.NewMailDir(v.Mail, "shop@localhost", clock)
		}),
		corefx.Post(bridge.PostOptions{Shop: "Shop", Storefront: v.site(), Admin: v.site() + "/admin"}),
	)
}
