package portstest_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// consumer is what one took, and who delivers to it.
type consumer struct {
	relays  map[[16]byte]time.Time
	leases  [ports.OutboxPartitions]ports.Lease
	cursors [ports.OutboxPartitions]uint64
	parked  map[string]*parked
	skipped []ports.SkippedEvent
}

// parked is an aggregate whose events wait; their places ascend.
type parked struct {
	ports.ParkedAggregate
	waiting []uint64
}

// consumer gives who has a name, new or known.
func (s *sketch) consumer(name string) *consumer {
	c := s.consumers[name]
	if c == nil {
		c = &consumer{relays: map[[16]byte]time.Time{}, parked: map[string]*parked{}}
		for p := range c.leases {
			c.leases[p].Consumer, c.leases[p].Partition = name, p
		}
		s.consumers[name] = c
	}
	return c
}

// sketchOutbox is the sketch as ports.Outbox.
type sketchOutbox struct{ *sketch }

// Claim is ports.Outbox's.
func (s sketchOutbox) Claim(ctx context.Context, claim ports.OutboxClaim) (ports.OutboxShare, error) {
	if err := s.open(ctx); err != nil {
		return ports.OutboxShare{}, err
	}
	defer s.mu.Unlock()
	c := s.consumer(claim.Consumer)
	maps.DeleteFunc(c.relays, func(_ [16]byte, until time.Time) bool { return !until.After(claim.At) })
	c.relays[claim.Owner] = claim.Until
	relays := slices.Collect(maps.Keys(c.relays))
	if s.flaw == sharesNothing {
		relays = nil
	}
	leases := c.leases
	if s.flaw == robs {
		for p := range leases {
			if leases[p].Owner != claim.Owner {
				leases[p].Owner = [16]byte{}
			}
		}
	}
	shares := ports.ShareOut(leases[:], relays, claim)
	out := ports.OutboxShare{Share: shares.Share}
	for _, p := range shares.Drop {
		c.leases[p].Owner = [16]byte{}
	}
	for _, p := range shares.Take {
		c.leases[p].Owner = claim.Owner
		c.leases[p].Token++
	}
	for p := range c.leases {
		if l := &c.leases[p]; l.Owner == claim.Owner {
			if s.flaw == renewsToken {
				l.Token++
			}
			if s.flaw != renewsNothing || l.Until.IsZero() {
				l.Until = claim.Until
			}
			out.Leases = append(out.Leases, *l)
		}
	}
	return out, nil
}

// Release is ports.Outbox's.
func (s sketchOutbox) Release(ctx context.Context, name string, owner [16]byte) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	c := s.consumer(name)
	delete(c.relays, owner)
	for p := range c.leases {
		if c.leases[p].Owner == owner || s.flaw == releasesAll {
			c.leases[p].Owner = [16]byte{}
		}
	}
	return nil
}

// holds tells whether a lease is the present one.
func (s *sketch) holds(c *consumer, l ports.Lease) bool {
	now := c.leases[l.Partition]
	return now.Owner == l.Owner && (now.Token == l.Token || s.flaw == knowsNoTokens)
}

// shown is a row as a delivery.
func (s *sketch) shown(c *consumer, r row) ports.Delivery {
	return ports.Delivery{
		Event: r.event, Cursor: ports.Cursor{Position: r.position}, Partition: ports.PartitionOf(r.event.Aggregate),
		Parked: c.parked[r.event.Aggregate] != nil,
	}
}

// Read is ports.Outbox's.
func (s sketchOutbox) Read(ctx context.Context, r ports.OutboxRead) (ports.Reading, error) {
	if err := s.open(ctx); err != nil {
		return ports.Reading{}, err
	}
	defer s.mu.Unlock()
	c := s.consumer(r.Consumer)
	var held [ports.OutboxPartitions]bool
	for _, l := range r.Leases {
		held[l.Partition] = s.holds(c, l) || s.flaw == readsWithoutLease
	}
	var out ports.Reading
	var n [ports.OutboxPartitions]int
	for _, x := range s.rows {
		d := s.shown(c, x)
		if !held[d.Partition] && s.flaw != readsAll || x.position <= c.cursors[d.Partition] || n[d.Partition] >= r.Limit {
			continue
		}
		if s.flaw == limitsInAll && len(out.Fresh) >= r.Limit {
			break
		}
		if s.flaw == skipsSlow && s.slow(x, r.Limit) {
			continue
		}
		n[d.Partition]++
		out.Fresh = append(out.Fresh, s.spoiled(d))
	}
	s.due(c, r, held, &out)
	return out, nil
}

// slow tells whether a row is not there yet when those behind it in its partition fill a reading.
func (s *sketch) slow(r row, limit int) bool {
	behind := 0
	for _, x := range s.rows {
		if x.position > r.position && ports.PartitionOf(x.event.Aggregate) == ports.PartitionOf(r.event.Aggregate) {
			behind++
		}
	}
	return r.position%2 == 0 && limit > 0 && behind >= limit
}

// spoiled is where flaws change what is fresh.
func (s *sketch) spoiled(d ports.Delivery) ports.Delivery {
	switch s.flaw {
	case cutsEventTimes:
		d.Event.At = d.Event.At.Truncate(time.Millisecond)
	case namesNoPartition:
		d.Partition = 0
	case marksNothing:
		d.Parked = false
	default:
	}
	return d
}

// due adds what is due.
func (s *sketch) due(c *consumer, r ports.OutboxRead, held [ports.OutboxPartitions]bool, out *ports.Reading) {
	for _, name := range slices.Sorted(maps.Keys(c.parked)) {
		p := c.parked[name]
		if !held[ports.PartitionOf(name)] || p.Due.IsZero() && s.flaw != triesForEver {
			continue
		}
		if p.Due.After(r.At) && s.flaw != triesAtOnce {
			if out.NextDue.IsZero() || p.Due.Before(out.NextDue) {
				out.NextDue = p.Due
			}
			continue
		}
		d := ports.DueAggregate{Aggregate: name, Partition: ports.PartitionOf(name), Attempts: p.Attempts, More: len(p.waiting) > r.Limit}
		if s.flaw == forgetsAttempts {
			d.Attempts = 0
		}
		for _, x := range s.rows {
			if slices.Contains(p.waiting, x.position) {
				d.Events = append(d.Events, s.shown(c, x))
			}
		}
		if s.flaw == newestDueFirst {
			slices.Reverse(d.Events)
		}
		d.Events = d.Events[:min(r.Limit, len(d.Events))]
		out.Due = append(out.Due, d)
	}
}

// Ack is ports.Outbox's.
func (s sketchOutbox) Ack(ctx context.Context, p ports.Progress) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	c := s.consumer(p.Lease.Consumer)
	if !s.holds(c, p.Lease) && s.flaw != acksWithoutLease {
		return ports.LeaseLost.New("another has it")
	}
	cursor := &c.cursors[p.Lease.Partition]
	switch {
	case s.flaw == acksBackwards && p.Through.Position > 0:
		*cursor = p.Through.Position
	default:
		*cursor = max(*cursor, p.Through.Position)
	}
	for _, d := range p.Kept {
		k := c.parked[d.Event.Aggregate]
		if k == nil {
			k = &parked{ParkedAggregate: ports.ParkedAggregate{Aggregate: d.Event.Aggregate, Since: p.At, Due: p.At}}
			if s.flaw == keepsForEver {
				k.Due = time.Time{}
			}
			c.parked[d.Event.Aggregate] = k
		}
		k.waiting = append(k.waiting, d.Cursor.Position)
	}
	for _, d := range p.Took {
		s.unpark(c, d.Event.Aggregate, d.Cursor.Position)
	}
	for _, f := range p.Failed {
		if k := c.parked[f.Aggregate]; k != nil {
			k.Attempts, k.Cause, k.Due = f.Attempts, f.Cause, f.Due
		}
	}
	return nil
}

// unpark takes a waiting event away.
func (s *sketch) unpark(c *consumer, aggregate string, position uint64) {
	k := c.parked[aggregate]
	if k == nil {
		return
	}
	k.waiting = slices.DeleteFunc(k.waiting, func(p uint64) bool { return p == position })
	if len(k.waiting) == 0 && s.flaw != unparksNothing {
		delete(c.parked, aggregate)
	}
}

// owed are the rows that a consumer has not taken.
func (s *sketch) owed(name string, withoutParked flaw) []row {
	c := s.consumers[name]
	if c == nil {
		return s.rows
	}
	var out []row
	for _, r := range s.rows {
		k := c.parked[r.event.Aggregate]
		waits := k != nil && slices.Contains(k.waiting, r.position) && s.flaw != withoutParked
		if waits || r.position > c.cursors[ports.PartitionOf(r.event.Aggregate)] {
			out = append(out, r)
		}
	}
	return out
}

// Pending is ports.Outbox's.
func (s sketchOutbox) Pending(ctx context.Context, name string, limit int) ([]ports.Delivery, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	c := s.consumers[name]
	if c == nil {
		c = &consumer{}
	}
	var out []ports.Delivery
	for _, r := range s.owed(name, owesNoParked) {
		if len(out) < limit || s.flaw == owesBeyond {
			out = append(out, s.shown(c, r))
		}
	}
	return out, nil
}

// Oldest is ports.Outbox's.
func (s sketchOutbox) Oldest(ctx context.Context, name string) (time.Time, error) {
	if err := s.open(ctx); err != nil {
		return time.Time{}, err
	}
	defer s.mu.Unlock()
	owed := s.owed(name, agesNoParked)
	if s.flaw == agesNewest {
		owed = slices.Clone(owed)
		slices.Reverse(owed)
	}
	if len(owed) == 0 {
		return time.Time{}, nil
	}
	return owed[0].event.At, nil
}

// Wake is ports.Outbox's.
func (s sketchOutbox) Wake() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.told
}

// sketchParked is the sketch as ports.ParkedEvents.
type sketchParked struct{ *sketch }

// Parked is ports.ParkedEvents's.
func (s sketchParked) Parked(ctx context.Context, name, after string, limit int) ([]ports.ParkedAggregate, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []ports.ParkedAggregate
	c := s.consumer(name)
	for _, aggregate := range slices.Sorted(maps.Keys(c.parked)) {
		k := c.parked[aggregate]
		if aggregate <= after && s.flaw != listsFromTheStart || len(out) >= limit || len(k.waiting) == 0 {
			continue
		}
		p := k.ParkedAggregate
		p.Events = len(k.waiting)
		for _, r := range slices.Backward(s.rows) {
			if slices.Contains(k.waiting, r.position) {
				p.First = r.event
				if s.flaw == listsLastEvent {
					break
				}
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// Skipped is ports.ParkedEvents's.
func (s sketchParked) Skipped(ctx context.Context, name string, limit int) ([]ports.SkippedEvent, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	out := slices.Clone(s.consumer(name).skipped)
	if s.flaw != oldestSkippedFirst {
		slices.Reverse(out)
	}
	return out[:min(limit, len(out))], nil
}

// Retry is ports.ParkedEvents's.
func (s sketchParked) Retry(ctx context.Context, name, aggregate string, at time.Time) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	k := s.consumer(name).parked[aggregate]
	if k == nil {
		if s.flaw == retriesNothing {
			return nil
		}
		return fault.Missing.New("not parked")
	}
	k.Due = at
	if s.flaw != retriesCounting {
		k.Attempts = 0
	}
	if s.flaw != retriesSilently {
		s.ring(&s.told, wakesOne)
	}
	return nil
}

// Skip is ports.ParkedEvents's.
func (s sketchParked) Skip(ctx context.Context, skip ports.EventSkip) error {
	if skip.Reason == "" && s.flaw != skipsWithoutReason {
		return fault.Bad.New("why?").At("reason")
	}
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	c := s.consumer(skip.Consumer)
	k := c.parked[skip.Aggregate]
	i := slices.IndexFunc(s.rows, func(r row) bool { return byID(r.event, skip.Event) })
	if k == nil || i < 0 || !slices.Contains(k.waiting, s.rows[i].position) {
		return fault.Missing.New("it does not wait")
	}
	if s.flaw != skipsOnTheQuiet {
		c.skipped = append(c.skipped, ports.SkippedEvent{
			Event: skip.Event, Name: s.rows[i].event.Name, Aggregate: skip.Aggregate, Reason: skip.Reason, At: skip.At,
		})
	}
	if s.flaw != skipsAndRests {
		k.Due, k.Attempts = skip.At, 0
	}
	s.unpark(c, skip.Aggregate, s.rows[i].position)
	return nil
}

// sketchSweeper is the sketch as ports.OutboxSweeper.
type sketchSweeper struct{ *sketch }

// SweepEvents is ports.OutboxSweeper's.
func (s sketchSweeper) SweepEvents(ctx context.Context, before time.Time, limit int) (int, error) {
	if err := s.open(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	owed := map[uint64]bool{}
	for _, name := range slices.Sorted(maps.Keys(s.consumers)) {
		for _, r := range s.owed(name, sweepsParked) {
			owed[r.position] = true
		}
		if s.flaw == sweepsOthers {
			owed = map[uint64]bool{}
		}
	}
	deleted := 0
	s.rows = slices.DeleteFunc(s.rows, func(r row) bool {
		old := !owed[r.position] && (r.event.At.Before(before) || s.flaw == sweepsYoung) && (deleted < limit || s.flaw == sweepsEventsBeyond)
		if old {
			deleted++
		}
		return old
	})
	if s.flaw == sweepsCursors && deleted > 0 {
		for _, c := range s.consumers {
			for p := range c.cursors {
				c.cursors[p] = s.last + 1
			}
		}
	}
	slices.SortFunc(s.rows, func(a, b row) int { return cmp.Compare(a.position, b.position) })
	return deleted, nil
}

// Forget is ports.OutboxSweeper's.
func (s sketchSweeper) Forget(ctx context.Context, name string) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	c := s.consumers[name]
	switch {
	case c == nil:
	case s.flaw == remembersParked:
		c.leases, c.cursors = [ports.OutboxPartitions]ports.Lease{}, [ports.OutboxPartitions]uint64{}
	case s.flaw != remembers:
		delete(s.consumers, name)
	}
	return nil
}
