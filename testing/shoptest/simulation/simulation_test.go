package simulation_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/testing/shoptest/simulation"
)

// TestSimulation simulates COMMERCE_SIMULATE steps, or DefaultSteps, for each of COMMERCE_SIMULATE_SEEDS seeds from
// COMMERCE_SIMULATE_SEED on; "make simulate" sets them. More steps than a world takes are spread over several worlds, the
// seed of each being one above the last.
func TestSimulation(t *testing.T) {
	t.Parallel()
	steps := setting(t, "COMMERCE_SIMULATE", simulation.DefaultSteps)
	seeds, first := setting(t, "COMMERCE_SIMULATE_SEEDS", 1), setting(t, "COMMERCE_SIMULATE_SEED", 1)
	if testing.Short() || raced {
		steps = min(steps, 20_000)
	}
	worlds := seeds * ((steps + simulation.WorldSteps - 1) / simulation.WorldSteps)
	for seed := first; seed < first+worlds; seed++ {
		r := simulation.Run(simulation.Options{Seed: uint64(seed), Steps: min(steps, simulation.WorldSteps)})
		if !r.Clean() {
			t.Fatal(r)
		}
		t.Log(r)
	}
}

// setting reads a number from the environment.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s is a number, not %q", name, text)
	}
	return n
}

// TestASeedReplays: the same seed gives the same history to the last digit, another seed another one.
func TestASeedReplays(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (simulation.Report, string) {
		var history strings.Builder
		r := simulation.Run(simulation.Options{Seed: seed, Steps: 5000, History: &history})
		if !r.Clean() {
			t.Fatal(r)
		}
		return r, history.String()
	}
	first, text := run(7)
	again, textAgain := run(7)
	if first.Digest != again.Digest || text != textAgain {
		t.Errorf("one seed gave %s and %s", first.Digest, again.Digest)
	}
	if other, _ := run(8); other.Digest == first.Digest {
		t.Error("two seeds gave the same history")
	}
}

// TestWhatIsSimulated: a simulation in which nothing went wrong would prove nothing.
func TestWhatIsSimulated(t *testing.T) {
	t.Parallel()
	r := simulation.Run(simulation.Options{Seed: 3, Steps: 20_000})
	if !r.Clean() {
		t.Fatal(r)
	}
	for _, name := range []string{
		"crash", "fault before", "fault after", "fault delay", "fault duplicate", "fault reorder", "event again",
		"order pending to placed", "order pending to cancelled", "checkout fail out_of_stock", "checkout fail in_progress",
		"checkout fail payment_declined", "checkout fail cart_completed", "checkout fail price_changed", "checkout info outcome_unknown",
	} {
		if r.Counts[name] == 0 {
			t.Errorf("%s never happened: %v", name, r.Counts)
		}
	}
}
