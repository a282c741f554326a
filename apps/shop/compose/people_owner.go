package compose

import (
	"context"
	"fmt"

	"go.uber.org/zap"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// demoOwner is the address of the owner that the start of a demo makes; example is a name of nobody (RFC 2606).
const demoOwner = "owner@shop.example"

// FirstOwner is the owner that a start made when nobody said who it is to be: known to the process that made it alone, to
// be shown once. The zero value is none.
type FirstOwner struct {
	Email    string
	Password access.Secret
}

// demo makes an owner with a one-time password for a shop that is tried out, where nobody works yet and the settings let
// nobody in either.
func (v PeopleSettings) demo(ctx context.Context, s Settings, a *access.Service, first *FirstOwner, log *zap.Logger) error {
	if s.Production || v.AdminEmail != "" || v.AdminAPIKey != "" {
		return nil
	}
	by := access.System("shop serve")
	staff, err := a.Staff(ctx, by)
	if err != nil || len(staff) > 0 {
		return err
	}
	password := a.NewPassword()
	_, made, err := a.EnsureOwner(ctx, by, demoOwner, password)
	if err != nil {
		return fmt.Errorf("the owner of the demo: %w", err)
	}
	if made {
		*first = FirstOwner{Email: demoOwner, Password: password}
		log.Info(observe.OwnerMade)
	}
	return nil
}
