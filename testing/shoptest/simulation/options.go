package simulation

import (
	"io"

	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// The defaults of Options.
const (
	DefaultSteps    = 100_000
	DefaultShoppers = 8
	DefaultGoods    = 6
	DefaultEvery    = 1000
)

// WorldSteps is the most steps that make sense in one world: it only grows, and each look at all of it takes longer.
// For more, run more seeds.
const WorldSteps = 200_000

// Options say what to simulate; each zero field means the default.
type Options struct {
	Seed     uint64
	Steps    int
	Shoppers int // Who are there at once.
	Goods    int // Variants on sale.
	Every    int // So many steps lie between two looks at everything.
	// Ports may put another adapter in the place of the memory store's, or break it on purpose. Faults of the servers stand
	// in front of what it gives.
	Ports func(p shoptest.Ports) shoptest.Ports
	// Calm leaves out all faults and crashes; what is left is concurrency.
	Calm bool
	// Rates of faults of each call, in thousandths; see DefaultRates.
	Rates faulty.Rates
	// History is told every line of the history; it may be long.
	History io.Writer
}

// DefaultRates are the rates of faults.
func DefaultRates() faulty.Rates {
	return faulty.Rates{faulty.Before: 6, faulty.After: 20, faulty.Delay: 4, faulty.Duplicate: 20, faulty.Reorder: 20}
}

func (o Options) withDefaults() Options {
	set := func(n *int, to int) {
		if *n <= 0 {
			*n = to
		}
	}
	set(&o.Steps, DefaultSteps)
	set(&o.Shoppers, DefaultShoppers)
	set(&o.Goods, DefaultGoods)
	set(&o.Every, DefaultEvery)
	if o.Rates == nil {
		o.Rates = DefaultRates()
	}
	if o.Calm {
		o.Rates = faulty.Rates{}
	}
	return o
}
