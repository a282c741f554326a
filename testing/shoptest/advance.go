package shoptest

import (
	"context"
	"time"
)

// recurring is something that is done again and again.
type recurring struct {
	every time.Duration
	due   time.Time
	do    func()
}

// Every has Advance call do every d of virtual time, first after d.
func (s *Shop) Every(d time.Duration, do func()) {
	s.every = append(s.every, &recurring{every: d, due: s.Clock.Now().Add(d), do: do})
}

// Advance moves the clock by d. What becomes due in between is done at its own time, the earliest first: what Every was
// told of, jobs, and the delivery of events. It gives the first error of a job or a delivery, which are tried again.
func (s *Shop) Advance(ctx context.Context, d time.Duration) error {
	end := s.Clock.Now().Add(d)
	first := s.Work(ctx)
	for {
		next := end
		for _, r := range s.every {
			if r.due.Before(next) {
				next = r.due
			}
		}
		if due := s.work.Next(); due.After(s.Clock.Now()) && due.Before(next) {
			next = due
		}
		s.Clock.To(next)
		for _, r := range s.every {
			if !r.due.After(next) {
				r.due = r.due.Add(r.every)
				r.do()
			}
		}
		if err := s.Work(ctx); first == nil {
			first = err
		}
		if !next.Before(end) {
			return first
		}
	}
}
