package ref

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
)

// Channel is a selling surface, such as "web". One channel exists until channels can be managed.
type Channel string

// DefaultChannel is the channel of a shop that made none.
const DefaultChannel Channel = "web"

// Scope is the view in which the catalogue and its prices are read: who asks, from where, in which money, when. It
// is built once per request, by an adapter, and is an argument of every such read, so that no query can forget it.
type Scope struct {
	Channel        Channel
	Currency       money.Currency
	Locale         string   // BCP 47, such as en-GB.
	Country        string   // ISO 3166-1 alpha-2, such as GB.
	CustomerGroups []string // Groups that the customer has proven to be in.
	At             time.Time
}

// Version counts the writes of an aggregate: 1 after the first. As the expected version of a write, 0 means that
// the aggregate must not exist.
type Version int64

// Instant brings a time to the form in which every store gives it back: UTC, whole microseconds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
