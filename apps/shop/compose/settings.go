// Package compose puts a shop together from the parts of the toolkit: it is where stores, providers and the HTTP
// adapter are chosen, and nothing else.
package compose

import (
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// Settings are everything that can be set about a shop. The tags are read by the command line.
type Settings struct {
	Store       string `help:"Where the shop is kept: memory or postgres. A postgres:// database address without it means postgres, else it is memory." env:"SHOP_STORE" enum:",memory,postgres" default:"" placeholder:"STORE"`
	DatabaseURL string `help:"Address of the PostgreSQL database." env:"SHOP_DATABASE_URL,DATABASE_URL" placeholder:"postgres://…"`
	Currency    string `help:"Currency of the shop's channel, ISO 4217." env:"SHOP_CURRENCY" default:"GBP"`
	Locale      string `help:"Language of the shop's channel, BCP 47." env:"SHOP_LOCALE" default:"en-GB"`
	Country     string `help:"Country of the shop's channel, ISO 3166-1." env:"SHOP_COUNTRY" default:"GB"`
	Production  bool   `help:"Refuse what is for trying out only: memory, the test payment provider, the demo catalogue, generated token keys." env:"SHOP_PRODUCTION"`
	LogLevel    string `help:"Least level that is logged: ${enum}." env:"SHOP_LOG_LEVEL" enum:"debug,info,warn,error" default:"info"`

	Conns       int32 `help:"Connections of the general pool; 0 is four a core." env:"SHOP_CONNS" default:"0"`
	CommitGroup int   `help:"Most orders in one transaction." env:"SHOP_COMMIT_GROUP" default:"64"`
	CommitLoops int   `help:"Transactions of orders side by side." env:"SHOP_COMMIT_LOOPS" default:"2"`
}

// ServeSettings are what serving needs besides.
type ServeSettings struct {
	Listen    string         `help:"Address to serve on. PORT alone means all addresses and that port." env:"SHOP_LISTEN" default:"${listen}" placeholder:"HOST:PORT"`
	Port      string         `hidden:"" env:"PORT"`
	Seed      string         `help:"A Shopify product CSV that fills an empty catalogue; without it a small demo catalogue does." env:"SHOP_SEED" placeholder:"FILE"`
	Migrate   bool           `help:"Bring the schema up before serving; without it a server refuses a schema that is not its own." env:"SHOP_MIGRATE"`
	Payments  []string       `help:"Payment providers on offer." env:"SHOP_PAYMENTS" enum:"manual,test" default:"${payments}"`
	TokenKeys string         `help:"Keys that sign order tokens, the first one signs: ID:BASE64[,…], each of 32 bytes or more." env:"SHOP_TOKEN_KEYS" placeholder:"ID:BASE64"`
	Drain     *time.Duration `help:"How long to go on serving after a request to stop, so that load balancers notice (2s; 0s on a terminal)." env:"SHOP_DRAIN"`
	Lease     time.Duration  `help:"How long an attempt at a checkout is presumed at work before a retry takes over." env:"SHOP_LEASE" default:"${lease}"`
}

// Defaults are the defaults that code knows and help texts show.
func Defaults() map[string]string {
	return map[string]string{
		"listen": "127.0.0.1:8080", "payments": "manual,test", "lease": ordering.DefaultLease.String(),
	}
}

// SettingError is a setting that is wrong: which, and what to do.
type SettingError struct{ Name, Rule string }

// Error is one line for an operator.
func (e *SettingError) Error() string { return fmt.Sprintf("setting %s: %s", e.Name, e.Rule) }

// store tells which store is meant.
func (s Settings) store() string {
	switch {
	case s.Store != "":
		return s.Store
	case strings.HasPrefix(s.DatabaseURL, "postgres://"), strings.HasPrefix(s.DatabaseURL, "postgresql://"):
		return "postgres"
	}
	return "memory"
}

// Persistent tells whether the store outlives the process.
func (s Settings) Persistent() bool { return s.store() != "memory" }

// Check refuses settings that are wrong or do not go together.
func (s Settings) Check() error {
	if _, err := money.CurrencyOf(s.Currency); err != nil {
		return &SettingError{"--currency", "three capital letters of ISO 4217, such as GBP"}
	}
	if len(s.Country) != 2 || strings.ToUpper(s.Country) != s.Country {
		return &SettingError{"--country", "two capital letters of ISO 3166-1, such as GB"}
	}
	if s.store() == "postgres" && s.DatabaseURL == "" {
		return &SettingError{"--database-url", "the postgres store needs the address of a database"}
	}
	if s.Store == "memory" && s.DatabaseURL != "" {
		return &SettingError{"--store", "memory keeps nothing in a database; leave out --database-url or choose postgres"}
	}
	if s.Production && !s.Persistent() {
		return &SettingError{"--store", "production refuses memory, which forgets everything at the end; choose postgres"}
	}
	for name, n := range map[string]int{"--commit-group": s.CommitGroup, "--commit-loops": s.CommitLoops} {
		if n < 1 || n > 1024 {
			return &SettingError{name, "a whole number from 1 to 1024"}
		}
	}
	if s.Conns < 0 || s.Conns > 1024 {
		return &SettingError{"--conns", "a whole number from 0 to 1024"}
	}
	return nil
}

// Check refuses settings that are wrong or do not go together.
func (v ServeSettings) Check(s Settings) error {
	if err := s.Check(); err != nil {
		return err
	}
	if _, err := v.address(); err != nil {
		return err
	}
	for _, p := range v.Payments {
		if s.Production && p == "test" {
			return &SettingError{"--payments", "production refuses the test provider, which takes no money; name others"}
		}
	}
	if s.Production && v.TokenKeys == "" {
		return &SettingError{"--token-keys", "production needs its own keys: openssl rand -base64 32"}
	}
	if v.Lease < time.Second {
		return &SettingError{"--lease", "one second or more"}
	}
	_, err := v.Keys()
	return err
}

// address is where to listen.
func (v ServeSettings) address() (string, error) {
	address, name := v.Listen, "--listen"
	if v.Port != "" && v.Listen == Defaults()["listen"] {
		address, name = ":"+v.Port, "PORT"
	}
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		return "", &SettingError{name, "HOST:PORT, such as 127.0.0.1:8080 or :8080"}
	}
	return address, nil
}

// Keys reads the token keys that are set, if any.
func (v ServeSettings) Keys() ([]ordering.TokenKey, error) {
	if v.TokenKeys == "" {
		return nil, nil
	}
	wrong := &SettingError{"--token-keys", "ID:BASE64[,ID:BASE64…], the ids letters and digits, the keys 32 bytes or more: openssl rand -base64 32"}
	var keys []ordering.TokenKey
	for part := range strings.SplitSeq(v.TokenKeys, ",") {
		id, encoded, found := strings.Cut(part, ":")
		secret, err := base64.StdEncoding.DecodeString(encoded)
		if !found || err != nil {
			return nil, wrong
		}
		keys = append(keys, ordering.TokenKey{ID: id, Secret: secret})
	}
	if _, err := ordering.NewOrderTokens(keys); err != nil {
		return nil, wrong
	}
	return keys, nil
}
