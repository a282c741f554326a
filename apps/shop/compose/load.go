package compose

import (
	"errors"
	"fmt"

	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// LoadSettings bound what the server takes on at once.
type LoadSettings struct {
	MaxRequests    int `help:"Requests worked on at once, 8 or more; beyond them browsing is shed first and checkouts last, with 503. 0 is 64 for each processor." default:"0" placeholder:"N" group:"Server"`
	MaxConnections int `help:"Connections open at once, 16 or more; further ones are told to come back. 0 is 4096." default:"0" placeholder:"N" group:"Server"`
}

// Bounds of what is counted: beyond them a number is a slip of the finger.
const (
	requestsMin    = 8
	requestsMax    = 100_000
	connectionsMin = 16
	connectionsMax = 1_000_000
)

// Check refuses settings that are wrong, with a *SettingError for each.
func (v LoadSettings) Check() error {
	var found []error
	if v.MaxRequests != 0 && (v.MaxRequests < requestsMin || v.MaxRequests > requestsMax) {
		found = append(found, wrong("--max-requests", fmt.Sprintf("0, or a whole number from %d to %d", requestsMin, requestsMax)))
	}
	if v.MaxConnections != 0 && (v.MaxConnections < connectionsMin || v.MaxConnections > connectionsMax) {
		found = append(found, wrong("--max-connections", fmt.Sprintf("0, or a whole number from %d to %d", connectionsMin, connectionsMax)))
	}
	return errors.Join(found...)
}

// apply puts the bounds into the server's options.
func (v LoadSettings) apply(o *fiberhttp.Options) {
	o.MaxRequests, o.MaxConnections = v.MaxRequests, v.MaxConnections
}

// Load bounds what the server takes on. The settings were checked before.
func Load(v LoadSettings) fx.Option { return fx.Supply(v) }
