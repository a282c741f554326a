package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// adminCmd looks after those who run the shop.
type adminCmd struct {
	Create adminCreateCmd `cmd:"" help:"Make an owner, who may do everything; prints a one-time password unless one is given."`
}

// adminCreateCmd makes an owner.
type adminCreateCmd struct {
	compose.Settings
	formatFlag
	AdminPassword string `help:"Password of the owner that a start makes." placeholder:"PASSWORD" group:"People" secret:""`
	Email         string `arg:"" help:"Address that the owner signs in with."`
}

// Run makes the owner, and prints the password if it made one: nobody can read it again.
func (c *adminCreateCmd) Run(ctx context.Context, p Process) error {
	if err := c.check(); err != nil {
		return err
	}
	log, err := logger(c.Settings, p)
	if err != nil {
		return err
	}
	if err := c.Verify(ctx, true); err != nil {
		return interrupted(ctx, err)
	}
	var service *access.Service
	app := fx.New(compose.Core(c.Settings, nil, nil, ordering.DefaultLease, log), fx.Populate(&service))
	if err := app.Start(ctx); err != nil {
		return interrupted(ctx, fmt.Errorf("start: %w", rootCause(err)))
	}
	defer func() { _ = app.Stop(context.WithoutCancel(ctx)) }()
	password, shown := access.NewSecret(c.AdminPassword), ""
	if password.IsZero() {
		password = service.NewPassword()
		shown = password.Reveal()
	}
	account, made, err := service.EnsureOwner(ctx, access.System("shop admin create"), c.Email, password)
	switch {
	case err != nil:
		return interrupted(ctx, fmt.Errorf("the owner was not made: %w", err))
	case !made:
		return declinedError{fmt.Errorf("nothing was written: %s has an account of staff already", account.Email)}
	}
	return c.print(p, account, shown)
}

// check refuses what cannot end well before the database is asked.
func (c *adminCreateCmd) check() error {
	found := []error{c.Check(), c.formatFlag.check()}
	if rule := access.PasswordRule(access.NewSecret(c.AdminPassword), c.Email); c.AdminPassword != "" && rule != "" {
		found = append(found, &compose.SettingError{Name: "--admin-password", Rule: rule})
	}
	if err := errors.Join(found...); err != nil {
		return err
	}
	if !c.Persistent() {
		return usagef("admin create needs a store that lasts: --store sqlite, or --database-url postgres://… (serve --admin-email makes an owner in memory)")
	}
	if _, err := ref.ParseEmail(c.Email); err != nil {
		return usagef("%q is no e-mail address: %s", c.Email, fault.Of(err).Message())
	}
	return nil
}

// print reports what was made.
func (c *adminCreateCmd) print(p Process, a access.Account, password string) error {
	if c.Format == "json" {
		return json.NewEncoder(p.Stdout).Encode(struct {
			Account  string `json:"account"`
			Email    string `json:"email"`
			Password string `json:"password,omitempty"`
		}{a.ID.String(), a.Email.String(), password})
	}
	text := fmt.Sprintf("owner     %s\n", a.Email)
	if password != "" {
		text += fmt.Sprintf("password  %s\n\nIt is shown this once; change it after the first sign-in.\n", password)
	}
	_, err := fmt.Fprint(p.Stdout, text)
	return err
}
