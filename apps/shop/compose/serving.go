package compose

import (
	"encoding/base64"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// ServeSettings are what serving needs besides Settings.
type ServeSettings struct {
	Listen    string         `help:"Address to serve on. The environment's PORT alone means that port on all addresses." default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"Server"`
	Drain     *time.Duration `help:"How long to go on serving after SIGTERM, so that load balancers notice (2s; 0s on a terminal)." placeholder:"TIME" group:"Server"`
	Migrate   bool           `help:"Bring the database's schema up before serving; without it a schema that is not this program's is refused." group:"Server"`
	Seed      string         `help:"Product CSV of Shopify that fills an empty catalogue; without it a small demo catalogue does." placeholder:"FILE" group:"Server"`
	Payments  []string       `help:"Payment providers on offer (manual,test; manual alone in production)." placeholder:"NAME,…" group:"Checkout"`
	TokenKeys string         `help:"Keys that sign order tokens, ID:BASE64[,…], each of 32 bytes or more; the first one signs, all are accepted. Without it one is generated, and kept by a store that lasts." placeholder:"KEYS" group:"Checkout" secret:""`
	Lease     time.Duration  `help:"How long an attempt at a checkout is presumed at work before a retry takes over." default:"${lease}" placeholder:"TIME" group:"Checkout"`

	PeopleSettings
	ObserveSettings
	EdgeSettings
	LoadSettings
	KeepSettings
}

// Defaults are the defaults that only code knows.
func Defaults() map[string]string {
	return map[string]string{"lease": ordering.DefaultLease.String(), "not_products": defaultNotProducts}
}

// The longest times that make sense: a load balancer looks more often, a provider answers sooner.
const (
	drainMax = 10 * time.Minute
	leaseMax = time.Hour
)

// Check refuses settings that are wrong or do not go together, with a *SettingError for each; SettingErrors lists them.
func (v ServeSettings) Check(s Settings) error {
	found := []error{s.Check()}
	_, port, err := net.SplitHostPort(v.Listen)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		found = append(found, wrong("--listen", "HOST:PORT, such as 127.0.0.1:8080 or :8080"))
	}
	if v.Drain != nil && (*v.Drain < 0 || *v.Drain > drainMax) {
		found = append(found, wrong("--drain", "a time from 0s to 10m, such as 2s"))
	}
	if v.Lease < time.Second || v.Lease > leaseMax {
		found = append(found, wrong("--lease", "a time from 1s to 1h, such as 15s"))
	}
	found = append(found, v.checkPayments(s), v.PeopleSettings.Check(s), v.ObserveSettings.Check(), v.EdgeSettings.Check(s), v.LoadSettings.Check(), v.KeepSettings.Check())
	_, err = v.Keys()
	if s.Production && v.TokenKeys == "" {
		err = wrong("--token-keys", "production needs keys of its own, such as k1: and the output of openssl rand -base64 32")
	}
	return errors.Join(append(append(found, err), v.checkProduction(s)...)...)
}

func (v ServeSettings) checkPayments(s Settings) error {
	for i, name := range v.Payments {
		switch {
		case name != ProviderManual && name != ProviderTest:
			return wrong("--payments", "of manual and test, one or both with a comma between")
		case slices.Contains(v.Payments[:i], name):
			return wrong("--payments", name+" is named twice")
		case s.Production && name == ProviderTest:
			return wrong("--payments", "production refuses the test provider, which takes no money; name others")
		}
	}
	return nil
}

// Providers are the names of the payment providers on offer.
func (v ServeSettings) Providers(s Settings) []string {
	switch {
	case len(v.Payments) > 0:
		return v.Payments
	case s.Production:
		return []string{ProviderManual}
	}
	return []string{ProviderManual, ProviderTest}
}

// Keys reads the token keys that are set, if any.
func (v ServeSettings) Keys() ([]ordering.TokenKey, error) {
	if v.TokenKeys == "" {
		return nil, nil
	}
	refused := wrong("--token-keys", "ID:BASE64[,ID:BASE64…], the ids of letters and digits and each once, the keys of 32 bytes or more: openssl rand -base64 32")
	var keys []ordering.TokenKey
	for part := range strings.SplitSeq(v.TokenKeys, ",") {
		id, encoded, found := strings.Cut(strings.TrimSpace(part), ":")
		secret, err := base64.StdEncoding.DecodeString(encoded)
		if !found || err != nil {
			return nil, refused
		}
		keys = append(keys, ordering.TokenKey{ID: id, Secret: secret})
	}
	if _, err := ordering.NewOrderTokens(keys); err != nil {
		return nil, refused
	}
	return keys, nil
}
