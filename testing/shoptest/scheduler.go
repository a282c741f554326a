package shoptest

import (
	"iter"
	"math/rand/v2"
	"slices"
)

// Scheduler runs tasks in turns, one at a time: a task goes on until it yields, and the seed decides who is next. So
// what a test of concurrency does is the same each time. Use it from one goroutine.
type Scheduler struct {
	random  *rand.Rand
	tasks   []*Task
	current *Task
}

// Task is something that goes on in turns.
type Task struct {
	Name  string
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// stopped is what a task panics with that is to end.
type stopped struct{}

// NewScheduler makes a scheduler whose choices are those of the seed.
func NewScheduler(seed uint64) *Scheduler { return &Scheduler{random: chance(seed, "scheduler")} }

// Go adds a task. It starts when its turn comes; a task may add others.
func (s *Scheduler) Go(name string, do func()) *Task {
	t := &Task{Name: name}
	t.next, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			if p := recover(); p != nil && p != (stopped{}) {
				panic(p)
			}
		}()
		t.yield = yield
		do()
	})
	s.tasks = append(s.tasks, t)
	return t
}

// Yield ends the turn of the task that calls it. Outside of all tasks it does nothing. Services yield wherever they call
// a port, so tasks need not.
func (s *Scheduler) Yield() {
	if t := s.current; t != nil && !t.yield(struct{}{}) {
		panic(stopped{})
	}
}

// Step gives one task a turn, and tells whether there was one to give it to.
func (s *Scheduler) Step() bool {
	if len(s.tasks) == 0 {
		return false
	}
	s.Resume(s.tasks[s.random.IntN(len(s.tasks))])
	return true
}

// Resume gives a task a turn, and tells whether it goes on after it.
func (s *Scheduler) Resume(t *Task) (goesOn bool) {
	before := s.current
	s.current = t
	defer func() {
		s.current = before
		if !goesOn {
			s.tasks = slices.DeleteFunc(s.tasks, func(o *Task) bool { return o == t })
		}
	}()
	_, goesOn = t.next()
	return goesOn
}

// Run gives turns until every task has ended.
func (s *Scheduler) Run() {
	for s.Step() {
	}
}

// Stop ends a task where it is, as if its process had ended: deferred functions run, nothing else.
func (s *Scheduler) Stop(t *Task) {
	before := s.current
	s.current = t
	defer func() { s.current = before }()
	t.stop()
	s.tasks = slices.DeleteFunc(s.tasks, func(o *Task) bool { return o == t })
}

// Tasks lists the tasks that have not ended, in the order in which they were added.
func (s *Scheduler) Tasks() []*Task { return slices.Clone(s.tasks) }
