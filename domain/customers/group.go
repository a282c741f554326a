package customers

import (
	"slices"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Group is a set of customers that prices, promotions and taxes may tell apart, such as "trade". The shop says who is in
// it: a customer has the keys of the groups. An archived one counts for nothing and keeps its members.
type Group struct {
	Key       string // 1 to GroupKeyMax lower-case letters, digits, '-' and '_'; it never changes.
	Version   ref.Version
	Name      string
	Archived  bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Validate refuses a group with a key or a name that breaks a rule. Errors: Bad with fields.
func (g Group) Validate() error {
	var out []*fault.Error
	if g.Key == "" || len(g.Key) > GroupKeyMax || strings.Trim(g.Key, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		out = append(out, Rule.Newf("a key has 1 to %d lower-case letters, digits, '-' and '_'", GroupKeyMax).At("key"))
	}
	if rule := textRule(g.Name, true, NameMax); rule != "" {
		out = append(out, Rule.New(rule).At("name"))
	}
	return fault.Collect(out)
}

// ScopeGroups are the groups that a customer has proven to be in, for ref.Scope: those that are not archived, of a
// customer who is registered and has proven the address. A typed address earns nothing.
func ScopeGroups(c Customer, groups []Group) []string {
	if c.Status != Registered || !c.Verified() {
		return nil
	}
	var out []string
	for _, g := range groups {
		if !g.Archived && slices.Contains(c.Groups, g.Key) {
			out = append(out, g.Key)
		}
	}
	slices.Sort(out)
	return out
}
