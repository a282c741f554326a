package faulty

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Rates tell of how many calls in a thousand meet a fault of a kind.
type Rates map[Kind]int

// waitMost is the longest Delay that Random draws.
const waitMost = 30 * time.Second

// Random chooses faults by chance, the same ones for the same seed and calls. Give it to Options.Choose. Safe for
// concurrent use, though then the order of the calls is not the same each time.
func Random(seed uint64, rates Rates) func(Call) Fault {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)) //nolint:gosec // Chance that can be replayed is the purpose.
	return func(Call) Fault {
		mu.Lock()
		defer mu.Unlock()
		return Draw(random, rates)
	}
}

// Draw chooses a fault by chance.
func Draw(random *rand.Rand, rates Rates) Fault {
	n := random.IntN(1000)
	for _, kind := range Kinds() {
		if n -= rates[kind]; n < 0 {
			out := Fault{Kind: kind}
			if kind == Delay {
				out.Wait = time.Duration(random.Int64N(int64(waitMost)))
			}
			return out
		}
	}
	return Fault{}
}

// Even gives each of the kinds the same rate.
func Even(perMille int, kinds ...Kind) Rates {
	out := Rates{}
	for _, k := range slices.Compact(slices.Sorted(slices.Values(kinds))) {
		out[k] = perMille
	}
	return out
}
