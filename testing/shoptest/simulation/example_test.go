package simulation_test

import (
	"fmt"

	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/simulation"
)

// An adapter of your own stands in the place of the memory store's; here it is one that loses what is acknowledged.
// The report has the seed, by which anybody sees the same, and the end of the history.
func ExampleRun() {
	report := simulation.Run(simulation.Options{Seed: 1, Steps: 20_000, Ports: func(p shoptest.Ports) shoptest.Ports {
		p.Commands = forgetful{}
		return p
	}})
	fmt.Println(report.Clean(), report.Findings[0].Check)
	// Output: false answer-changed
}
