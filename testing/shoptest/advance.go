package shoptest

import (
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

// Advance moves the clock by d. What Every was told of is done in between, each at its own time, the earliest first.
func (s *Shop) Advance(d time.Duration) {
	end := s.Clock.Now().Add(d)
	for {
		var next *recurring
		for _, r := range s.every {
			if !r.due.After(end) && (next == nil || r.due.Before(next.due)) {
				next = r
			}
		}
		if next == nil {
			s.Clock.To(end)
			return
		}
		s.Clock.To(next.due)
		next.due = next.due.Add(next.every)
		next.do()
	}
}
