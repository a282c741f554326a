package ordering_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// judge gives the verdict on a commit of one cart.
func judge(c ordering.Commit, f ordering.CartFact) error {
	facts := ordering.Facts{Carts: map[ref.CartID]ordering.CartFact{emptyCart().ID: f}}
	return ordering.Decide([]ordering.Commit{c}, facts, ordering.Rules{})[0].Err
}

func TestDecideCarts(t *testing.T) {
	t.Parallel()
	next := func(change func(c *ordering.Cart)) ordering.Commit {
		c := emptyCart()
		c.Version = 2
		change(&c)
		return ordering.Commit{At: now(), Carts: []ordering.Write[ordering.Cart]{{State: c, Expected: c.Version - 1}}}
	}
	same := func(*ordering.Cart) {}
	fact := func(s ordering.CartStatus) ordering.CartFact {
		return ordering.CartFact{Version: 1, Status: s, Channel: ref.DefaultChannel, Currency: money.GBP}
	}
	for name, tc := range map[string]struct {
		change func(c *ordering.Cart)
		fact   ordering.CartFact
		class  *fault.Class
	}{
		"active":               {same, fact(ordering.CartActive), nil},
		"revived":              {same, fact(ordering.CartExpired), nil},
		"revived and ordered":  {func(c *ordering.Cart) { c.Status = ordering.CartDone }, fact(ordering.CartAbandoned), nil},
		"revived and merged":   {func(c *ordering.Cart) { c.Status = ordering.CartMerged }, fact(ordering.CartExpired), nil},
		"reopened":             {same, fact(ordering.CartDone), nil},
		"completed and merged": {func(c *ordering.Cart) { c.Status = ordering.CartMerged }, fact(ordering.CartDone), &ordering.CartCompleted},
		"merged":               {same, fact(ordering.CartMerged), &ordering.CartSuperseded},
		"stale":                {func(c *ordering.Cart) { c.Version = 3 }, fact(ordering.CartActive), &fault.VersionConflict},
		"stale and completed":  {func(c *ordering.Cart) { c.Version = 3 }, fact(ordering.CartDone), &ordering.CartCompleted},
		"stale and merged":     {func(c *ordering.Cart) { c.Version = 3 }, fact(ordering.CartMerged), &ordering.CartSuperseded},
		"another channel":      {func(c *ordering.Cart) { c.Channel = "market" }, fact(ordering.CartActive), &ordering.CartScope},
		"another currency":     {func(c *ordering.Cart) { c.Currency = money.EUR }, fact(ordering.CartActive), &ordering.CartScope},
		"a scope that is not known": {
			func(c *ordering.Cart) { c.Currency = money.EUR }, ordering.CartFact{Version: 1, Status: ordering.CartActive}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := judge(next(tc.change), tc.fact)
			if tc.class == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantClass(t, err, *tc.class)
		})
	}
}

func TestDecidePurges(t *testing.T) {
	t.Parallel()
	id := emptyCart().ID
	purge := ordering.Commit{At: now(), Purges: []ordering.CartPurge{{Cart: id, Expected: 1}}}
	for s, ok := range map[ordering.CartStatus]bool{
		ordering.CartExpired: true, ordering.CartMerged: true, ordering.CartActive: false, ordering.CartAbandoned: false, ordering.CartDone: false,
	} {
		if err := judge(purge, ordering.CartFact{Version: 1, Status: s}); (err == nil) != ok {
			t.Errorf("the purge of a cart that is %s: %v", s, err)
		}
		if err := judge(purge, ordering.CartFact{Version: 2, Status: s}); err == nil {
			t.Errorf("the purge of another version of a cart that is %s was accepted", s)
		}
	}
	// What one commit purged is not there for the next.
	facts := ordering.Facts{Carts: map[ref.CartID]ordering.CartFact{id: {Version: 1, Status: ordering.CartExpired}}}
	verdicts := ordering.Decide([]ordering.Commit{purge, purge}, facts, ordering.Rules{})
	if verdicts[0].Err != nil || !fault.Is(verdicts[1].Err, fault.VersionConflict) {
		t.Errorf("twice: %v, %v", verdicts[0].Err, verdicts[1].Err)
	}
	written := emptyCart()
	for name, c := range map[string]ordering.Commit{
		"twice":      {Purges: []ordering.CartPurge{{Cart: id, Expected: 1}, {Cart: id, Expected: 1}}},
		"written":    {Purges: []ordering.CartPurge{{Cart: id, Expected: 1}}, Carts: []ordering.Write[ordering.Cart]{{State: written}}},
		"no version": {Purges: []ordering.CartPurge{{Cart: id}}},
	} {
		if err := c.Validate(); !fault.Is(err, ordering.MalformedCommit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
