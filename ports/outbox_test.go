package ports_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

var base = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// Cursors are kept by partition, so an event never moves to another one.
func TestPartitionsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for aggregate, want := range map[string]int{"": 3, "abc": 10, "naïve": 8, "ord_01jabcdefghjkmnpqrstvwxyz0": 7} {
		if got := ports.PartitionOf(aggregate); got != want {
			t.Errorf("PartitionOf(%q) is %d, was %d", aggregate, got, want)
		}
	}
	var counts [ports.OutboxPartitions]int
	random := rand.New(rand.NewPCG(1, 2))
	for range 16_000 {
		name := make([]byte, 12)
		for i := range name {
			name[i] = byte('a' + random.IntN(26))
		}
		counts[ports.PartitionOf(string(name))]++
	}
	for p, n := range counts {
		if n < 800 || n > 1200 {
			t.Errorf("partition %d has %d of 16000 aggregates", p, n)
		}
	}
}

func lease(p int, owner byte, until time.Time) ports.Lease {
	return ports.Lease{Partition: p, Owner: [16]byte{owner}, Until: until}
}

func TestShareOut(t *testing.T) {
	t.Parallel()
	alive, over := base.Add(time.Second), base
	for name, c := range map[string]struct {
		leases           []ports.Lease
		relays           string // Their owners.
		keep, drop, take []int
		share            int
	}{
		"all are free": {
			[]ports.Lease{lease(0, 0, over), lease(1, 0, alive), lease(2, 0, over)}, "5", nil, nil, []int{0, 1, 2}, 3,
		},
		"half of what is free": {
			[]ports.Lease{lease(0, 0, over), lease(1, 0, over), lease(2, 0, over)}, "56", nil, nil, []int{0, 1}, 2,
		},
		"what is alive is left": {
			[]ports.Lease{lease(0, '6', alive), lease(1, '6', over), lease(2, 0, over)}, "5", nil, nil, []int{1, 2}, 3,
		},
		"own ones are kept, over or not": {
			[]ports.Lease{lease(0, '5', alive), lease(1, '5', over), lease(2, '6', alive)}, "56", []int{0, 1}, nil, nil, 2,
		},
		"beyond the share they are dropped, and not taken again": {
			[]ports.Lease{lease(0, '5', alive), lease(1, '5', alive), lease(2, '5', over), lease(3, '5', alive)}, "65", []int{0, 1}, []int{2, 3}, nil, 2,
		},
		"the lower owner has what is left over": {
			[]ports.Lease{lease(0, 0, over), lease(1, 0, over), lease(2, 0, over)}, "45", nil, nil, []int{0}, 1,
		},
		"nobody takes part": {
			[]ports.Lease{lease(0, 0, over)}, "", nil, nil, []int{0}, 1,
		},
		"more relays than partitions": {
			[]ports.Lease{lease(0, '6', alive), lease(1, 0, over)}, "45678", nil, nil, []int{1}, 1,
		},
	} {
		var relays [][16]byte
		for _, owner := range []byte(c.relays) {
			relays = append(relays, [16]byte{owner})
		}
		got := ports.ShareOut(c.leases, relays, ports.OutboxClaim{Owner: [16]byte{'5'}, At: base, Until: alive})
		if !slices.Equal(got.Keep, c.keep) || !slices.Equal(got.Drop, c.drop) || !slices.Equal(got.Take, c.take) || got.Share != c.share {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// Whoever joins, leaves and dies: no partition is leased to two, and once nobody comes or goes all are leased, evenly.
func TestShareOutComesToRest(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 7))
		leases := make([]ports.Lease, ports.OutboxPartitions)
		for p := range leases {
			leases[p].Partition = p
		}
		now, until := base, map[byte]time.Time{}
		claim := func(owner byte) {
			var relays [][16]byte
			for o, at := range until {
				if at.After(now) {
					relays = append(relays, [16]byte{o})
				}
			}
			until[owner] = now.Add(10 * time.Second)
			got := ports.ShareOut(leases, relays, ports.OutboxClaim{Owner: [16]byte{owner}, At: now, Until: until[owner]})
			for _, p := range got.Drop {
				leases[p].Owner = [16]byte{}
			}
			for _, p := range got.Take {
				if l := leases[p]; l.Owner != [16]byte{} && l.Owner != [16]byte{owner} && l.Until.After(now) {
					t.Fatalf("seed %d: %d takes a lease that is alive: %+v", seed, owner, l)
				}
				leases[p].Owner = [16]byte{owner}
			}
			for p := range leases {
				if leases[p].Owner == [16]byte{owner} {
					leases[p].Until = until[owner]
				}
			}
		}
		for range 200 {
			claim(byte(1 + random.IntN(5)))
			now = now.Add(time.Duration(random.IntN(3000)) * time.Millisecond)
		}
		stay := byte(1 + random.IntN(5))
		for range 30 {
			for owner := range stay {
				claim(owner + 1)
			}
			now = now.Add(time.Second)
		}
		counts := map[[16]byte]int{}
		for _, l := range leases {
			counts[l.Owner]++
		}
		share := (ports.OutboxPartitions + int(stay) - 1) / int(stay)
		if len(counts) != int(stay) || counts[[16]byte{}] != 0 {
			t.Errorf("seed %d: %d relays hold %v", seed, stay, counts)
		}
		for _, n := range counts {
			if n > share {
				t.Errorf("seed %d: a relay holds %d of a share of %d", seed, n, share)
			}
		}
	}
}
