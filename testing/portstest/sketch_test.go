package portstest_test

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

// flaw names what is broken in a sketch; "" is nothing.
type flaw string

// sketch is the smallest store that keeps the contracts, with places where it can be broken. Its lock is held by every
// call from its beginning to its end.
type sketch struct {
	flaw flaw
	mu   sync.Mutex

	records   map[ports.CommandKey]ports.CommandRecord
	order     []ports.CommandKey        // In which they were made.
	stepped   map[ports.CommandKey]bool // At the desk.
	rows      []row
	held      map[string]event.Event // By a flaw.
	last      uint64
	consumers map[string]*consumer
	jobs      map[[16]byte]ports.JobRecord
	told      chan struct{}
	called    chan struct{}
}

// row is an event at its place.
type row struct {
	position uint64
	event    event.Event
}

func newSketch(f flaw) *sketch {
	return &sketch{
		flaw: f, records: map[ports.CommandKey]ports.CommandRecord{}, stepped: map[ports.CommandKey]bool{}, consumers: map[string]*consumer{}, held: map[string]event.Event{},
		jobs: map[[16]byte]ports.JobRecord{}, told: make(chan struct{}), called: make(chan struct{}),
	}
}

// harness is the sketch as the suites see it.
func (s *sketch) harness() portstest.Harness {
	return portstest.Harness{
		Commands: sketchCommands{s}, CommandDesk: sketchCommands{s}, CommandSweeper: sketchCommands{s}, Outbox: sketchOutbox{s}, Parked: sketchParked{s},
		OutboxSweeper: sketchSweeper{s}, Jobs: sketchJobs{s}, Desk: sketchDesk{s}, Committer: s,
		Reopen: func(portstest.TB) portstest.Harness {
			s.reopen()
			return s.harness()
		},
	}
}

// reopen is where a flaw forgets.
func (s *sketch) reopen() {
	switch s.flaw {
	case forgetsCommands:
		clear(s.records)
	case forgetsCursors:
		for _, c := range s.consumers {
			c.cursors = [ports.OutboxPartitions]uint64{}
		}
	case forgetsLeases:
		for _, c := range s.consumers {
			for p := range c.leases {
				c.leases[p].Until = time.Time{}
			}
		}
	case forgetsParked:
		for _, c := range s.consumers {
			clear(c.parked)
		}
	case forgetsJobs:
		clear(s.jobs)
	default:
	}
}

// open locks, unless the caller has left.
func (s *sketch) open(ctx context.Context) error {
	if ctx.Err() != nil && s.flaw != servesWhoLeft {
		return fault.Down.New("the caller has left")
	}
	s.mu.Lock()
	return nil
}

// ring wakes who listens: everyone, unless the flaw wakes one.
func (s *sketch) ring(bell *chan struct{}, one flaw) {
	if s.flaw == one {
		select {
		case *bell <- struct{}{}:
		default:
		}
		return
	}
	close(*bell)
	*bell = make(chan struct{})
}

// Commit is ordering.Committer's, as far as these suites need it: whoever writes a cart is refused.
func (s *sketch) Commit(ctx context.Context, c ordering.Commit) (ordering.Outcome, error) {
	if err := ports.ValidateJobs(c.Jobs); err != nil && s.flaw != takesMalformed {
		return ordering.Outcome{}, err
	}
	if err := s.open(ctx); err != nil {
		return ordering.Outcome{}, err
	}
	defer s.mu.Unlock()
	if len(c.Carts) > 0 {
		s.betray(c)
		return ordering.Outcome{}, fault.VersionConflict.New("there is no such cart")
	}
	if c.Command != nil {
		switch _, standing, err := c.Command.Judge(s.stored(c.Command.Key)); {
		case err != nil:
			return ordering.Outcome{}, err
		case standing != nil:
			return ordering.Outcome{Replay: standing}, nil
		}
		s.command(*c.Command)
	}
	s.tell(c.Events)
	if len(c.Jobs) > 0 && s.flaw != dropsCommitJobs {
		s.enqueue(c.Jobs)
		s.ring(&s.called, callsOne)
	}
	return ordering.Outcome{}, nil
}

// betray keeps a part of a refused commit.
func (s *sketch) betray(c ordering.Commit) {
	switch {
	case s.flaw == keepsRefusedCommand && c.Command != nil:
		s.command(*c.Command)
	case s.flaw == keepsRefusedEvents:
		s.tell(c.Events)
	case s.flaw == keepsRefusedJobs:
		s.enqueue(c.Jobs)
	default:
	}
}

// tell gives events their places and writes them.
func (s *sketch) tell(events []event.Event) {
	if len(events) == 0 {
		return
	}
	fresh := make([]row, len(events))
	for i, e := range events {
		s.last++
		fresh[i] = row{s.last, e}
	}
	for _, r := range fresh {
		s.write(r)
	}
	s.ring(&s.told, wakesOne)
}

// write puts a row at its place.
func (s *sketch) write(r row) {
	if s.flaw == swapsLate && s.late(r) {
		return
	}
	i, _ := slices.BinarySearchFunc(s.rows, r.position, func(x row, p uint64) int { return cmp.Compare(x.position, p) })
	s.rows = slices.Insert(s.rows, i, r)
	if held, ok := s.held[r.event.Aggregate]; ok {
		delete(s.held, r.event.Aggregate)
		s.last++
		s.rows = append(s.rows, row{s.last, held})
	}
}

// late holds the eleventh event of an aggregate back until the next one.
func (s *sketch) late(r row) bool {
	n := 0
	for _, x := range s.rows {
		if x.event.Aggregate == r.event.Aggregate {
			n++
		}
	}
	_, holds := s.held[r.event.Aggregate]
	if n == 10 && !holds {
		s.held[r.event.Aggregate] = r.event
		return true
	}
	return false
}

// command makes a step of a command true.
func (s *sketch) command(cmd ports.Command) {
	key := s.key(cmd.Key)
	if _, known := s.records[key]; !known {
		s.order = append(s.order, key)
	}
	next := ordering.NextRecord(s.records[key], cmd)
	if next.Answer != nil && s.flaw != sharesAnswer {
		answer := *next.Answer
		next.Answer = &answer
	}
	s.records[key] = next
}

// stored is the record of a key, or nil.
func (s *sketch) stored(k ports.CommandKey) *ports.CommandRecord {
	r, known := s.records[s.key(k)]
	if !known {
		return nil
	}
	r.Key, r.Answer = k, clone(r.Answer)
	return &r
}

// key is where a flaw forgets the scope.
func (s *sketch) key(k ports.CommandKey) ports.CommandKey {
	if s.flaw == keysOfAnyActor {
		k.Actor = ""
	}
	return k
}

// sketchCommands is the sketch as ports.Commands and ports.CommandSweeper.
type sketchCommands struct{ *sketch }

// Find is ports.Commands's.
func (s sketchCommands) Find(ctx context.Context, key ports.CommandKey) (*ports.CommandRecord, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	r, known := s.records[s.key(key)]
	switch {
	case !known && s.flaw == inventsRecords:
		return &ports.CommandRecord{}, nil
	case !known:
		return nil, nil
	}
	r.Key = key
	if r.Answer != nil && s.flaw != sharesAnswer {
		answer := *r.Answer
		r.Answer = &answer
	}
	if s.flaw == cutsLease {
		r.Lease = r.Lease.Truncate(time.Second)
	}
	return &r, nil
}

// SweepCommands is ports.CommandSweeper's.
func (s sketchCommands) SweepCommands(ctx context.Context, before time.Time, limit int) (int, error) {
	if err := s.open(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	keys := slices.Clone(s.order)
	if s.flaw == sweepsNewest {
		slices.Reverse(keys)
	}
	if s.flaw == sweepsAtOnce {
		before = before.Add(time.Microsecond)
	}
	deleted := 0
	for _, k := range keys {
		r, known := s.records[k]
		open := r.Answer == nil && s.flaw != sweepsOpen
		if !known || open || !r.CreatedAt.Before(before) || deleted >= limit && s.flaw != sweepsBeyond {
			continue
		}
		if s.flaw != sweepsNothing {
			delete(s.records, k)
		}
		deleted++
	}
	return deleted, nil
}

// byID shows events by their ids, to compare.
func byID(e event.Event, id [16]byte) bool { return e.ID == ref.NewID[ref.EventKind](id) }
