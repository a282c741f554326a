package access

import (
	"encoding/hex"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// Attempts says how often a thing may be tried; Count 0 means without limit.
type Attempts struct {
	Count  int
	Window time.Duration
}

// DefaultAttempts is how often one may sign in, for each account and each address (reliability E5): a guesser gets 960
// guesses a day at an account, and a person who mistypes waits a quarter of an hour at most.
var DefaultAttempts = Attempts{Count: 10, Window: 15 * time.Minute}

// MailAttempts is how often a mail may be asked for, for each address of mail and each address of the network: enough for
// who does not find the first, too few to bury a mailbox.
var MailAttempts = Attempts{Count: 5, Window: time.Hour}

// Tried is what is tried, by whom and from where.
type Tried struct {
	What    string // Such as "signin".
	Account string // Whose account, by the address of mail, whether there is one or not and of whatever kind.
	Address string // Of the network, as the caller's edge proved it; "" when it is not known.
	Device  Digest // That the account knows, or zero.
}

// Limits are the limits that a try counts against. Each account and each address has its own. A device that the account
// knows counts by itself, so that nobody can lock a person out by wrong passwords from elsewhere: who shows it signed in
// before. Names are digests: the store of counts learns no address.
func (a Attempts) Limits(t Tried) []ports.Limit {
	if a.Count <= 0 {
		return nil
	}
	limit := func(by, name string) ports.Limit {
		digest := NewSecret(t.What + "\x00" + by + "\x00" + name).Digest()
		return ports.Limit{Key: t.What + ":" + by + ":" + hex.EncodeToString(digest[:16]), Count: a.Count, Window: a.Window}
	}
	if t.Device != (Digest{}) {
		return []ports.Limit{limit("device", hex.EncodeToString(t.Device[:]))}
	}
	out := []ports.Limit{limit("account", t.Account)}
	if t.Address != "" {
		out = append(out, limit("address", t.Address))
	}
	return out
}
