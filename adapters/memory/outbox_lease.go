package memory

import (
	"context"
	"maps"
	"slices"

	"github.com/ipswich-retail/commerce/ports"
)

// Claim gives the relay its share of the consumer's partitions.
func (o Outbox) Claim(ctx context.Context, claim ports.OutboxClaim) (ports.OutboxShare, error) {
	s := o.store
	var out ports.OutboxShare
	err := s.update(ctx, func() (func(), error) {
		return func() {
			c, known := s.outbox.consumers[claim.Consumer]
			if !known {
				c = newConsumer(claim.Consumer)
				s.outbox.consumers[claim.Consumer] = c
			}
			out = c.claim(claim)
		}, nil
	})
	return out, err
}

// claim changes the leases as ports.ShareOut says.
func (c *consumerState) claim(claim ports.OutboxClaim) ports.OutboxShare {
	for owner, until := range c.relays {
		if !until.After(claim.At) {
			delete(c.relays, owner)
		}
	}
	c.relays[claim.Owner] = claim.Until
	shares := ports.ShareOut(c.leases[:], slices.Collect(maps.Keys(c.relays)), claim)
	for _, p := range shares.Drop {
		c.leases[p].Owner = [16]byte{}
	}
	for _, p := range shares.Take {
		c.leases[p].Owner = claim.Owner
		c.leases[p].Token++
	}
	out := ports.OutboxShare{Share: shares.Share}
	for p := range c.leases {
		if l := &c.leases[p]; l.Owner == claim.Owner {
			l.Until = claim.Until
			out.Leases = append(out.Leases, *l)
		}
	}
	return out
}

// holds tells whether the lease is the present one of its partition.
func (c *consumerState) holds(l ports.Lease) bool {
	if c == nil || l.Partition < 0 || l.Partition >= len(c.leases) {
		return false
	}
	now := c.leases[l.Partition]
	return now.Owner != [16]byte{} && now.Owner == l.Owner && now.Token == l.Token
}

// Release frees the owner's partitions.
func (o Outbox) Release(ctx context.Context, consumer string, owner [16]byte) error {
	s := o.store
	return s.update(ctx, func() (func(), error) {
		return func() {
			c, known := s.outbox.consumers[consumer]
			if !known {
				return
			}
			delete(c.relays, owner)
			for p := range c.leases {
				if c.leases[p].Owner == owner {
					c.leases[p].Owner = [16]byte{}
				}
			}
		}, nil
	})
}
