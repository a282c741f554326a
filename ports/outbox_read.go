package ports

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
)

// OutboxRead asks for what is to be delivered under leases of one consumer.
type OutboxRead struct {
	Consumer string
	Leases   []Lease
	At       time.Time
	Limit    int // Of events for each partition, and for each aggregate that is due.
}

// Reading is what is to be delivered: first what is due, then what is fresh.
type Reading struct {
	Fresh     []Delivery     // In the order of their cursors.
	Due       []DueAggregate // Parked aggregates whose time has come.
	NextDue   time.Time      // When the next of the parked aggregates is due; zero for none.
	Unsettled bool           // Events are written that cannot be given yet; look again soon.
}

// DueAggregate is a parked aggregate that is to be tried again.
type DueAggregate struct {
	Aggregate string
	Partition int
	Attempts  int        // How often it failed so far.
	Events    []Delivery // The first that wait, in order.
	More      bool       // More wait behind them.
}

// Progress is what a relay did under one lease, as one value that becomes true wholly or not at all.
type Progress struct {
	Lease   Lease
	At      time.Time
	Through Cursor     // Of the fresh events all up to here are taken, or in Kept; zero for none.
	Kept    []Delivery // Fresh events that were not taken and wait. An aggregate of which nothing waited is due at once, unless it is in Failed.
	Took    []Delivery // Events that waited and were taken.
	Failed  []Failure  // Aggregates whose first waiting event was tried and not taken.
}

// Failure is what became of an attempt to deliver.
type Failure struct {
	Aggregate string
	Attempts  int       // How often its first waiting event failed, this time included.
	Cause     string    // For who looks after it.
	Due       time.Time // When it is tried again; zero means not before somebody says so.
}

// ParkedAggregate is an aggregate whose events wait.
type ParkedAggregate struct {
	Aggregate string
	Since     time.Time
	Attempts  int
	Cause     string
	Due       time.Time // Zero: it waits for Retry or Skip.
	Events    int       // How many wait.
	First     event.Event
}

// EventSkip says that a waiting event is not to be delivered.
type EventSkip struct {
	Consumer  string
	Aggregate string
	Event     [16]byte
	Reason    string
	At        time.Time
}

// SkippedEvent is an event that was not delivered, and why.
type SkippedEvent struct {
	Event     [16]byte
	Name      string
	Aggregate string
	Reason    string
	At        time.Time
}
