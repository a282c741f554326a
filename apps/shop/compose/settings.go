// Package compose puts a shop together from the parts of the toolkit: it is where stores, providers and the HTTP
// adapter are chosen, and nothing else.
package compose

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"
	"go.uber.org/zap/zapcore"

	"github.com/ipswich-retail/commerce/domain/money"
)

// Settings are everything that can be set about a shop. The tags are read by the command line, which also takes each
// setting from the environment and from a file; Check judges the values wherever they came from.
type Settings struct {
	Currency   string `help:"Currency of the shop's channel, ISO 4217." default:"GBP" placeholder:"CODE" group:"Shop"`
	Locale     string `help:"Language of the shop's channel, BCP 47." default:"en-GB" placeholder:"TAG" group:"Shop"`
	Country    string `help:"Country of the shop's channel, ISO 3166-1." default:"GB" placeholder:"CODE" group:"Shop"`
	Production bool   `help:"Refuse what is for trying out only: the memory store, the test payment provider, the demo catalogue, generated token keys." group:"Shop"`
	LogLevel   string `help:"Least level that is logged, on standard error: debug, info, warn or error." default:"info" placeholder:"LEVEL" group:"Shop"`

	Place
	DirectURL   string `help:"Address of the database server itself, where the other one is a pooler's: servers of one shop tell each other there what is new. Without it the other one." placeholder:"URL" group:"Store" secret:""`
	Conns       int32  `help:"Connections for everything but orders; 0 is four for each core." default:"0" placeholder:"N" group:"Store"`
	CommitGroup int    `help:"Most orders in one transaction." default:"64" placeholder:"N" group:"Store"`
	CommitLoops int    `help:"Transactions of orders side by side, each on a connection of its own." default:"2" placeholder:"N" group:"Store"`

	WatchSettings
	PasswordSettings
}

var (
	localeForm  = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
)

// Bounds of what is counted: beyond them a number is a slip of the finger, for no server has so many connections.
const (
	connsMax  = 1024
	loopsMax  = 64
	groupsMax = 1024
)

// Check refuses settings that are wrong or do not go together, with a *SettingError for each; SettingErrors lists them.
func (s Settings) Check() error {
	var found []error
	if _, err := money.CurrencyOf(s.Currency); err != nil {
		found = append(found, wrong("--currency", "three capital letters of ISO 4217, such as GBP"))
	}
	if !localeForm.MatchString(s.Locale) {
		found = append(found, wrong("--locale", "a language tag of BCP 47, such as en-GB"))
	}
	if !countryForm.MatchString(s.Country) {
		found = append(found, wrong("--country", "two capital letters of ISO 3166-1, such as GB"))
	}
	_, err := s.Level()
	found = append(found, err, s.WatchSettings.Check(), s.PasswordSettings.check(s.Production), s.checkStore())
	for _, n := range []struct {
		name             string
		value, low, high int
	}{
		{"--conns", int(s.Conns), 0, connsMax}, {"--commit-group", s.CommitGroup, 1, groupsMax}, {"--commit-loops", s.CommitLoops, 1, loopsMax},
	} {
		if n.value < n.low || n.value > n.high {
			found = append(found, wrong(n.name, fmt.Sprintf("a whole number from %d to %d", n.low, n.high)))
		}
	}
	return errors.Join(found...)
}

// checkStore refuses a store that is not there or does not go with the rest.
func (s Settings) checkStore() error {
	err := s.Place.Check()
	switch {
	case s.Production && !s.Persistent():
		err = errors.Join(err, wrong("--store", "production refuses memory, which forgets everything at the end; choose sqlite or postgres"))
	case s.Production && s.Store == "" && s.DatabaseURL == "":
		// One whose address got lost would open an empty shop beside the one that is meant.
		err = errors.Join(err, wrong("--store", "production wants to be told where the shop is: --store sqlite, or --database-url postgres://…"))
	}
	if _, direct := pgx.ParseConfig(s.DirectURL); s.DirectURL != "" && s.StoreName() == StorePostgres && direct != nil {
		err = errors.Join(err, wrong("--direct-url", "cannot be read; write postgres://USER:PASSWORD@HOST:5432/NAME, special characters of the password as %XX"))
	}
	return err
}

// Level is the least level that is logged.
func (s Settings) Level() (zapcore.Level, error) {
	switch s.LogLevel {
	case "debug", "info", "warn", "error":
		return zapcore.ParseLevel(s.LogLevel)
	}
	return 0, wrong("--log-level", "debug, info, warn or error")
}
