package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A shop's live heap is some ten megabytes, so collecting at twice that, as Go does by itself, takes a fifth of the
// processor, under load and while it starts, to keep small what is small. Passwords that are hashed live in much more, and
// a shop in memory may: from garbageMost on Go's own setting holds.
const (
	garbageMost = 48 << 20 // Bytes that may lie about because of it.
	percentMost = 300
	percentGo   = 100
)

// collectLate collects garbage later while little lives; GOGC says otherwise.
func collectLate(p Process) {
	if p.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(percentMost)
	afterEach(&cycle{percent: percentMost})
}

// cycle is garbage in each cycle of the collector, which so tells that one has ended.
type cycle struct{ percent int }

// afterEach judges by what lives after each cycle.
func afterEach(c *cycle) {
	runtime.SetFinalizer(c, func(c *cycle) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if percent := garbagePercent(live[0].Value.Uint64()); percent != c.percent {
			c.percent = percent
			debug.SetGCPercent(percent)
		}
		afterEach(c)
	})
}

// garbagePercent is how much garbage there may be for so much that lives.
func garbagePercent(live uint64) int {
	return int(min(max(garbageMost*100/max(live, 1), percentGo), percentMost))
}
