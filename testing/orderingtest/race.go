package orderingtest

import (
	"sync"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// racers is how many callers race.
const racers = 32

// answer is what a commit came to.
type answer struct {
	commit  ordering.Commit
	outcome ordering.Outcome
	err     error
}

// accepted tells whether the commit was written.
func (a answer) accepted() bool { return a.err == nil && a.outcome.Replay == nil }

// race hands the store all of the commits at once and gives the answers in their order.
func (w *world) race(commits ...ordering.Commit) []answer {
	out := make([]answer, len(commits))
	start := make(chan struct{})
	var all sync.WaitGroup
	for i, c := range commits {
		all.Go(func() {
			<-start
			outcome, err := w.commit(c)
			out[i] = answer{commit: c, outcome: outcome, err: err}
		})
	}
	close(start)
	all.Wait()
	return out
}

// count counts the answers that were accepted, replayed, and refused with the class; any other is an error.
func (w *world) count(answers []answer, class fault.Class) (accepted, replayed, refused int) {
	w.Helper()
	for _, a := range answers {
		switch {
		case a.accepted():
			accepted++
		case a.err == nil:
			replayed++
		case fault.Is(a.err, class):
			refused++
		default:
			w.Errorf("an answer is %v", a.err)
		}
	}
	return accepted, replayed, refused
}

// refused checks that the answer is an error of the class.
func (w *world) refused(err error, class fault.Class) {
	w.Helper()
	if !fault.Is(err, class) {
		w.Errorf("the answer is %v, want %s", err, class.Code())
	}
}

// refuses checks that the store refuses the commit with the class, and that nothing of it is true.
func (w *world) refuses(c ordering.Commit, class fault.Class) {
	w.Helper()
	before := w.glance(c)
	_, err := w.commit(c)
	w.refused(err, class)
	w.nothing(before, w.glance(c))
}
