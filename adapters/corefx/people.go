package corefx

import (
	"time"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bridge"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/customers"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// The consumers of the outbox that follow people: who keeps accounts and customers together, and who mails.
const (
	PeopleConsumer = "people"
	MailConsumer   = "mail"
)

// accessParams are the parts of access's service.
type accessParams struct {
	fx.In

	Committer access.Committer
	Accounts  access.Accounts
	Sessions  access.Sessions
	Roles     access.Roles
	Keys      access.APIKeys
	Audit     access.AuditLog
	Hasher    access.PasswordHasher
	Limiter   ports.RateLimiter
	Clock     ports.Clock
	IDs       ports.IDs
	Options   *access.Options `optional:"true"`
}

func newAccess(p accessParams) *access.Service {
	return access.NewService(access.Parts{
		Committer: p.Committer, Accounts: p.Accounts, Sessions: p.Sessions, Roles: p.Roles, Keys: p.Keys, Audit: p.Audit,
		Hasher: p.Hasher, Limiter: p.Limiter, Clock: p.Clock, IDs: p.IDs,
	}, p.Options)
}

// peopleParams are the parts of the bridge between access, customers and ordering.
type peopleParams struct {
	fx.In

	Access    *access.Service
	Customers *customers.Service
	Orders    *ordering.Service
}

func newPeople(p peopleParams) *bridge.People {
	return bridge.NewPeople(p.Access, p.Customers, p.Orders)
}

// PasswordHasher provides the hasher of the standard library; options are optional.
func PasswordHasher() fx.Option {
	type params struct {
		fx.In

		Options *system.PasswordOptions `optional:"true"`
	}
	return fx.Provide(func(p params) access.PasswordHasher { return system.NewPasswordHasher(p.Options) })
}

// People adds what a running shop does for people: the consumer that keeps accounts, customers and their orders together
// whatever was cut off, and the sweep of sessions that are over.
func People() fx.Option {
	return fx.Options(
		fx.Provide(fx.Annotate(func(p *bridge.People) system.Consumer {
			return system.Consumer{Name: PeopleConsumer, Handle: p.Handle}
		}, fx.ResultTags(`group:"outbox_consumers"`))),
		Sweep("access.sweep_sessions", time.Hour, func(s *access.Service) SweepStep { return s.SweepSessions }),
	)
}

// Post adds the consumer that mails what events make due; it needs a ports.Mailer.
func Post(opts bridge.PostOptions) fx.Option {
	return fx.Provide(fx.Annotate(func(a *access.Service, mailer ports.Mailer) system.Consumer {
		return system.Consumer{Name: MailConsumer, Handle: bridge.NewPost(a, mailer, opts).Handle}
	}, fx.ResultTags(`group:"outbox_consumers"`)))
}
