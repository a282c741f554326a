package inventory

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// PolicyKind tells what happens when more of a SKU is wanted than is there.
type PolicyKind string

// The kinds of policies.
const (
	Deny      PolicyKind = "deny"      // No more is sold than is there; the policy of a SKU that has none.
	Backorder PolicyKind = "backorder" // Up to Limit may be owed, for goods that will come.
	Preorder  PolicyKind = "preorder"  // The same, before Until only: when the goods are to be there.
)

// Policy tells how a SKU is sold beyond its stock. Lowering a limit, or denying, takes back no promise that was made.
type Policy struct {
	SKU     ref.SKU
	Version ref.Version
	Kind    PolicyKind
	Limit   int64     // The most that may be owed in all, 1 to QuantityMax; 0 when denied.
	Until   time.Time // Of a preorder; zero else.
}

// Validate checks the rules of a policy and reports all violations with their fields.
func (p Policy) Validate() error { return fault.Collect(p.violations()) }

// violations lists what is wrong with the policy.
func (p Policy) violations() []*fault.Error {
	var out []*fault.Error
	if _, err := ref.ParseSKU(string(p.SKU)); err != nil {
		out = append(out, fault.Of(err).At("sku"))
	}
	switch {
	case p.Kind != Deny && p.Kind != Backorder && p.Kind != Preorder:
		out = append(out, BrokenRule.New("a policy is deny, backorder or preorder").At("kind"))
	case p.Kind == Deny && p.Limit != 0:
		out = append(out, BrokenRule.New("a policy that denies has no limit").At("limit"))
	case p.Kind != Deny && (p.Limit < 1 || p.Limit > QuantityMax):
		out = append(out, BrokenRule.Newf("a limit is 1 to %d", int64(QuantityMax)).At("limit"))
	}
	if (p.Kind == Preorder) == p.Until.IsZero() {
		out = append(out, BrokenRule.New("a preorder, and nothing else, has a moment until which it holds").At("until"))
	}
	return out
}

// same tells whether the policies say the same.
func (p Policy) same(o Policy) bool {
	return p.SKU == o.SKU && p.Kind == o.Kind && p.Limit == o.Limit && p.Until.Equal(o.Until)
}

// Promise is a SKU's policy with what is owed under it, and under those before it. Invariant: Owed is the sum of what
// the SKU's claims are owed.
type Promise struct {
	Policy
	Owed int64
}

// Beyond is how much more can be promised at a moment.
func (p Promise) Beyond(at time.Time) int64 {
	if p.Kind == Backorder || p.Kind == Preorder && at.Before(p.Until) {
		return max(p.Limit-p.Owed, 0)
	}
	return 0
}
