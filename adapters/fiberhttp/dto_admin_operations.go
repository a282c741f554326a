package fiberhttp

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// DoctorReport is what an examination of the shop's data came to.
type DoctorReport struct {
	At       time.Time        `json:"at"`
	Checks   []DoctorCheck    `json:"checks" doc:"What was checked."`
	Examined map[string]int64 `json:"examined" doc:"How many orders, carts, levels, promises, claims, events and prices were read."`
	Count    int64            `json:"count" doc:"Of all findings; nothing is wrong when it is 0."`
	Findings []DoctorFinding  `json:"findings" doc:"The first of them, by check and subject."`
}

// DoctorCheck is something that must hold.
type DoctorCheck struct {
	Name      string `json:"name" example:"level-bounds"`
	Invariant string `json:"invariant" example:"I1"`
	Meaning   string `json:"meaning"`
}

// DoctorFinding is something that does not hold.
type DoctorFinding struct {
	Check     string `json:"check"`
	Invariant string `json:"invariant"`
	Subject   string `json:"subject"`
	Expected  string `json:"expected"`
	Got       string `json:"got"`
}

// deadJob is a job that nobody tries any more.
type deadJob struct {
	ID       string    `json:"id" example:"01934e5b-8f7a-7c42-86cb-2aa830bacc33"`
	Kind     string    `json:"kind" example:"ordering.sweep_orders"`
	Key      string    `json:"key,omitempty"`
	State    string    `json:"state" enum:"dead"`
	Attempts int       `json:"attempts"`
	Cause    string    `json:"cause" doc:"Why it failed last."`
	RunAt    time.Time `json:"run_at" doc:"When it was due."`
	DiedAt   time.Time `json:"died_at"`
}

// jobPlace is a place in the list of dead jobs.
type jobPlace struct {
	ID string `json:"i"`
}

func (p jobPlace) sound() bool { _, err := parseUUID(p.ID); return err == nil }

// parkedAggregate is an aggregate whose events wait for somebody.
type parkedAggregate struct {
	Consumer  string      `json:"consumer"`
	Aggregate string      `json:"aggregate" example:"ord_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Since     time.Time   `json:"since"`
	Attempts  int         `json:"attempts"`
	Cause     string      `json:"cause" doc:"Why the first of them could not be taken."`
	DueAt     *time.Time  `json:"due_at" doc:"When it is tried again; null when it waits for somebody."`
	Events    int         `json:"events" doc:"How many wait."`
	First     parkedEvent `json:"first" doc:"The one that failed."`
}

type parkedEvent struct {
	ID   string    `json:"id"`
	Name string    `json:"name" example:"ordering.order_placed"`
	At   time.Time `json:"at"`
}

// skippedEvent is an event that somebody decided not to deliver.
type skippedEvent struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Aggregate string    `json:"aggregate"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
}

// background is what the shop has still to do by itself.
type background struct {
	Consumers []consumerState `json:"consumers" doc:"Who listens to what happens, and how far they are."`
	Jobs      jobsState       `json:"jobs"`
}

type consumerState struct {
	Name      string     `json:"name"`
	OldestAt  *time.Time `json:"oldest_at" doc:"When the oldest event happened that it was not told of yet; null when it knows all."`
	Parked    int        `json:"parked" doc:"Aggregates whose events it could not take; at most 100 are counted."`
	BehindFor int64      `json:"behind_seconds" doc:"Age of that event."`
}

type jobsState struct {
	Waiting  int        `json:"waiting"`
	Running  int        `json:"running"`
	Dead     int        `json:"dead" doc:"They wait for somebody."`
	OldestAt *time.Time `json:"oldest_at" doc:"Since when the one is due that is due longest; null when nothing is late."`
}

func deadJobOf(j ports.DeadJob) deadJob {
	return deadJob{
		ID: ref.UUID(j.ID).String(), Kind: j.Kind, Key: j.Key, State: "dead", Attempts: j.Attempts, Cause: j.Cause,
		RunAt: j.RunAt.UTC(), DiedAt: j.At.UTC(),
	}
}

func parkedAggregateOf(consumer string, p ports.ParkedAggregate) parkedAggregate {
	return parkedAggregate{
		Consumer: consumer, Aggregate: p.Aggregate, Since: p.Since.UTC(), Attempts: p.Attempts, Cause: p.Cause, DueAt: shownInstant(p.Due), Events: p.Events,
		First: parkedEvent{ID: p.First.ID.String(), Name: p.First.Name, At: p.First.At.UTC()},
	}
}

// parseUUID reads the canonical form of a UUID, and nothing else. Errors: fault.Missing.
func parseUUID(text string) (ref.UUID, error) {
	var id ref.UUID
	raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(raw) != len(id) || ref.UUID(raw).String() != text {
		return id, fault.Missing.New("there is nothing of this id")
	}
	return ref.UUID(raw), nil
}
