package ports

import "time"

// Clock tells the time, so that the domain never asks the machine.
//
// Contract: [clock-utc] the answer is in UTC and has whole microseconds, as every store keeps it; [clock-forward] it
// does not go backwards between two calls of one goroutine. Safe for concurrent use.
type Clock interface {
	Now() time.Time
}
