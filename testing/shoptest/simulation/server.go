package simulation

import (
	"context"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/testing/shoptest"
	"github.com/ipswich-retail/commerce/testing/shoptest/faulty"
)

// server is one process that serves the shop. What it knows is lost when it crashes.
type server struct {
	shoptest.Services

	name   string
	world  *world
	faults *faulty.Faults
	ports  shoptest.Ports
	tasks  map[*shoptest.Task]func() // What each does when it is cut off.
	chores shoptest.Work
	relays bool // Whether the relay is at work,
	jobs   bool // and the runner of jobs.
	// Changes of one cart that come to one process take turns, which no task may wait for.
	changing map[ref.CartID]bool
}

// writers are the methods that change something: their answers can be lost, and they can come late. What the others
// give, nobody misses.
var writers = map[string]bool{
	"Commit": true, "Charge": true, "Ack": true, "Claim": true, "Release": true, "Enqueue": true, "Extend": true, "Finish": true,
	"Capture": true, "Void": true, "Refund": true, "SweepCommands": true, "SweepEvents": true,
}

// repeatable are the methods that may get through twice: their contracts say so. A commit may not; it is one call of one
// store.
var repeatable = map[string]bool{
	"Charge": true, "Lookup": true, "Capture": true, "Void": true, "Refund": true, "Release": true, "SweepCommands": true, "SweepEvents": true,
}

// start makes a server over the ports.
func (w *world) start(name string) *server {
	s := &server{name: name, world: w, tasks: map[*shoptest.Task]func(){}}
	s.faults = faulty.New(&faulty.Options{
		Choose: w.fault,
		Wait:   func(d time.Duration) { w.clock.Forward(d) },
		Seen:   func(faulty.Call, faulty.Moment) { w.tasks.Yield() },
		// The deadlines of a real clock have no place here.
		Context: context.WithoutCancel,
		Late: func(c faulty.Call, do func()) {
			w.late = append(w.late, func() {
				w.note("late " + c.Port + "." + c.Method)
				do()
			})
		},
	})
	s.ports = w.ports.Faulty(s.faults)
	s.restart()
	return s
}

// restart makes its services anew.
func (s *server) restart() {
	s.faults.Revive()
	s.Services = shoptest.NewServices(s.ports, s.world.tokens, nil)
	s.chores = shoptest.NewWork(s.ports, s.Services, s.world.accounts.consumer())
	s.relays, s.jobs, s.changing = false, false, map[ref.CartID]bool{}
}

// work has the server do some of what nobody asks for: hand out events, or do a job.
func (s *server) work() {
	w := s.world
	step, busy, name := s.chores.Relay.Step, &s.relays, "relay"
	if w.oneIn(3) {
		step, busy, name = s.chores.Jobs.Step, &s.jobs, "jobs"
	}
	if *busy {
		return
	}
	*busy = true
	s.spawn(name, func() {
		progress, err := step(context.Background())
		*busy = false
		if err != nil {
			w.history.count(name + " failed")
			w.note(s.name + " " + name + ": " + err.Error())
			return
		}
		if progress {
			w.history.count(name + " moved")
		}
		w.idle = w.idle && !progress
	}, func() {})
}

// fault draws what a call meets.
func (w *world) fault(c faulty.Call) faulty.Fault {
	f := faulty.Draw(w.random, w.rates)
	switch f.Kind {
	case faulty.After, faulty.Reorder:
		if !writers[c.Method] {
			return faulty.Fault{}
		}
	case faulty.Duplicate:
		if !repeatable[c.Method] {
			return faulty.Fault{}
		}
	default:
	}
	if f.Kind != faulty.None {
		w.note(fmt.Sprintf("fault %s at %s.%s", f.Kind, c.Port, c.Method))
		w.history.count("fault " + f.Kind.String())
	}
	return f
}

// spawn runs do as a task of the server. When the server crashes before it ends, lost is called instead of what would
// follow.
func (s *server) spawn(name string, do, lost func()) {
	var task *shoptest.Task
	task = s.world.tasks.Go(name, func() {
		faulty.Survive(func() {
			do()
			delete(s.tasks, task)
		})
	})
	s.tasks[task] = lost
	s.world.running = append(s.world.running, running{s, task})
}

// crash ends the process in the middle of whatever it does, and starts it anew.
func (s *server) crash() {
	w := s.world
	w.note("crash " + s.name)
	w.history.count("crash")
	s.faults.Kill()
	var rest []running
	for _, r := range w.running {
		if r.server != s {
			rest = append(rest, r)
			continue
		}
		lost, unfinished := s.tasks[r.task]
		w.tasks.Stop(r.task)
		delete(s.tasks, r.task)
		if unfinished {
			lost()
		}
	}
	w.running = rest
	s.restart()
}
