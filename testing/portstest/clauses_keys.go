package portstest

import (
	"encoding/json"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// keyClauses prove [jobs-key].
func keyClauses() []Clause[Harness] {
	const id = "jobs-key"
	return []Clause[Harness]{
		{ID: id, Case: "the earlier time and the later payload", Run: mergesWaiting},
		{ID: id, Case: "once more when it runs", Run: runsOnceMore},
		{ID: id, Case: "once more after a last failure", Run: onceMoreAfterFailure},
		{ID: id, Case: "keys are of a kind", Run: keysOfKinds},
		{ID: id, Case: "free when it is done or dead", Run: keyIsFree},
		{ID: id, Case: "twice in one call", Run: keyTwice},
		{ID: id, Case: "many enqueue one key", Run: manyEnqueue},
	}
}

// keyed makes a job with the key that the clauses use.
func (w *world) keyed(n, seconds int) ports.Job {
	j := w.job(n, seconds)
	j.Key = "one"
	return j
}

func mergesWaiting(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.keyed(1, 20))
	w.enqueue(w.keyed(2, 10))
	w.enqueue(w.keyed(3, 30))
	w.wantIdle(after(9))
	want := w.keyed(1, 10)
	want.Payload = json.RawMessage(`{"n":3}`)
	w.wantJob(w.claimOne(1, after(10)).Job, want)
}

func runsOnceMore(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.keyed(1, 0))
	run := w.claimOne(1, after(0))
	w.enqueue(w.keyed(2, 9))
	w.enqueue(w.keyed(3, 7))
	w.enqueue(w.keyed(4, 8))
	w.wantIdle(after(20))
	w.finish(run, ports.JobDone, after(1), time.Time{})
	w.wantIdle(after(6))
	again := w.claimOne(1, after(7))
	want := w.keyed(1, 7)
	want.Payload = json.RawMessage(`{"n":4}`)
	w.wantJob(again.Job, want)
	w.same("attempt", again.Attempt, 1)
	w.finish(again, ports.JobDone, after(8), time.Time{})
	w.wantIdle(after(1000))
}

func onceMoreAfterFailure(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.keyed(1, 0))
	run := w.claimOne(1, after(0))
	w.enqueue(w.keyed(2, 4))
	w.finish(run, ports.JobFailed, after(1), time.Time{})
	w.wantIdle(after(3))
	w.same("attempt", w.claimOne(1, after(4)).Attempt, 1)
}

func keysOfKinds(t TB, open func(TB) Harness) {
	w := begin(t, open)
	other := w.keyed(2, 0)
	other.Kind += " too"
	none, noneToo := w.job(3, 0), w.job(4, 0)
	w.enqueue(w.keyed(1, 0), other)
	w.enqueue(none, noneToo)
	w.same("jobs", len(w.claimJobs(1, after(0), 10).Runs), 4)
}

func keyIsFree(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.keyed(1, 0))
	w.finish(w.claimOne(1, after(0)), ports.JobDone, after(1), time.Time{})
	w.enqueue(w.keyed(2, 2))
	run := w.claimOne(1, after(2))
	w.wantJob(run.Job, w.keyed(2, 2))
	w.finish(run, ports.JobFailed, after(3), time.Time{})
	w.enqueue(w.keyed(3, 4))
	w.wantJob(w.claimOne(1, after(4)).Job, w.keyed(3, 4))
}

func keyTwice(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.keyed(1, 8), w.job(2, 9), w.keyed(3, 7))
	want := w.keyed(1, 7)
	want.Payload = json.RawMessage(`{"n":3}`)
	w.wantJob(w.claimOne(1, after(7)).Job, want)
}

func manyEnqueue(t TB, open func(TB) Harness) {
	w := begin(t, open)
	race(func(caller int) {
		for i := range 4 {
			j := w.keyed(100+4*caller+i, 0)
			if err := w.Jobs.Enqueue(w.Context(), []ports.Job{j}); err != nil {
				w.Errorf("Enqueue: %v", err)
			}
		}
	})
	w.claimOne(1, after(0))
	w.wantIdle(after(1))
}

// everyClauses prove [jobs-every].
func everyClauses() []Clause[Harness] {
	const id = "jobs-every"
	return []Clause[Harness]{
		{ID: id, Case: "on its next tick when it is done", Run: nextTick},
		{ID: id, Case: "on its next tick when it failed", Run: nextTickFailed},
		{ID: id, Case: "registered again", Run: registersAgain},
		{ID: id, Case: "one runner a tick", Run: oneRunner},
	}
}

// recurring makes a job that recurs every minute.
func (w *world) recurring(n, seconds int) ports.Job {
	j := w.keyed(n, seconds)
	j.Every, j.Payload = time.Minute, nil
	return j
}

func nextTick(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.recurring(1, 5))
	run := w.claimOne(1, after(5))
	w.wantJob(run.Job, w.recurring(1, 5))
	w.finish(run, ports.JobDone, after(6), time.Time{})
	w.wantIdle(after(64))
	run = w.claimOne(1, after(70)) // Late: the ticks stay where they are.
	w.wantJob(run.Job, w.recurring(1, 65))
	w.finish(run, ports.JobDone, after(300), time.Time{}) // So long that ticks passed.
	w.wantIdle(after(304))
	run = w.claimOne(1, after(305))
	w.same("attempt", run.Attempt, 1)
	w.finish(run, ports.JobDone, after(365), time.Time{}) // On a tick: that one has begun.
	w.wantIdle(after(424))
	w.claimOne(1, after(425))
}

func nextTickFailed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.recurring(1, 0))
	w.finish(w.claimOne(1, after(0)), ports.JobFailed, after(1), after(11))
	w.wantIdle(after(10))
	run := w.claimOne(1, after(11))
	w.same("attempt", run.Attempt, 2)
	w.finish(run, ports.JobFailed, after(12), after(1000)) // Not later than the next tick.
	w.wantIdle(after(59))
	run = w.claimOne(1, after(60))
	w.same("attempt", run.Attempt, 1)
	w.finish(run, ports.JobFailed, after(61), time.Time{}) // Never dead.
	w.wantIdle(after(119))
	w.claimOne(1, after(120))
}

func registersAgain(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.recurring(1, 0))
	run := w.claimOne(1, after(0))
	w.enqueue(w.recurring(2, 1)) // While it runs.
	w.finish(run, ports.JobDone, after(2), time.Time{})
	w.enqueue(w.recurring(3, 3)) // While it waits, by a server that starts.
	w.wantIdle(after(59))
	shorter := w.recurring(4, 10)
	shorter.Every = 20 * time.Second
	w.enqueue(shorter)
	w.wantIdle(after(29))
	run = w.claimOne(1, after(30))
	w.same("interval", run.Every, 20*time.Second)
	w.finish(run, ports.JobDone, after(31), time.Time{})
	w.enqueue(w.recurring(5, 32)) // A longer one counts from the next tick on.
	run = w.claimOne(1, after(50))
	w.finish(run, ports.JobDone, after(51), time.Time{})
	w.wantIdle(after(109))
	w.claimOne(1, after(110))
}

func oneRunner(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.recurring(1, 0))
	for tick := range 3 {
		runs := make([]ports.JobShare, callers)
		race(func(caller int) {
			var err error
			if runs[caller], err = w.Jobs.Claim(w.Context(), claimFor(1+caller, after(60*tick), 10)); err != nil {
				w.Errorf("Claim: %v", err)
			}
			for _, run := range runs[caller].Runs {
				if err := w.tryFinish(run, ports.JobDone, after(60*tick+1), time.Time{}); err != nil {
					w.Errorf("Finish: %v", err)
				}
			}
		})
		n := 0
		for _, share := range runs {
			n += len(share.Runs)
		}
		w.same("runs of one tick", n, 1)
	}
}
