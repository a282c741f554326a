package portstest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// JobsDeskClauses are the clauses of ports.JobsDesk.
func JobsDeskClauses() []Clause[Harness] {
	return []Clause[Harness]{
		{ID: "jobs-dead", Case: "by id, from behind one on", Run: listsDead},
		{ID: "jobs-dead", Case: "retried", Run: retriesDead},
		{ID: "jobs-dead", Case: "retried while another has its key", Run: retriesDeadKey},
		{ID: "jobs-dead", Case: "dropped", Run: dropsJobs},
		{ID: "jobs-dead", Case: "what is not there", Run: noSuchJob},
		{ID: "jobs-figures", Case: "counts and the longest due", Run: figures},
	}
}

// kill enqueues a job and lets it die at a time.
func (w *world) kill(j ports.Job, seconds int) {
	w.Helper()
	w.enqueue(j)
	w.finish(w.claimOne(1, j.RunAt), ports.JobFailed, after(seconds), time.Time{})
}

// dead lists dead jobs.
func (w *world) dead(after, limit int) []ports.DeadJob {
	w.Helper()
	var from [16]byte
	if after > 0 {
		from = uuid(after)
	}
	got, err := w.Desk.Dead(w.Context(), from, limit)
	w.must("Dead", err)
	return got
}

// wantDead checks which jobs are dead.
func (w *world) wantDead(got []ports.DeadJob, want ...int) {
	w.Helper()
	var runs []ports.JobRun
	for _, d := range got {
		runs = append(runs, ports.JobRun{Job: d.Job})
	}
	w.wantRuns("dead", runs, want...)
}

func listsDead(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.wantDead(w.dead(0, 10))
	w.kill(w.job(3, 0), 1)
	w.kill(w.keyed(1, 2), 3)
	w.kill(w.job(2, 4), 5)
	w.enqueue(w.job(4, 0))
	w.wantDead(w.dead(0, 10), 1, 2, 3)
	w.wantDead(w.dead(1, 1), 2)
	w.wantDead(w.dead(3, 10))
	first := w.dead(0, 1)[0]
	w.wantJob(first.Job, w.keyed(1, 2))
	w.same("the rest of it", [3]any{first.Attempts, first.Cause, first.At}, [3]any{1, "it broke: naïve", after(3)})
	_, err := w.Desk.Dead(w.gone(), [16]byte{}, 10)
	w.wantGone("Dead", err)
}

func retriesDead(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.kill(w.keyed(1, 0), 1)
	wake := w.Jobs.Wake()
	w.must("Retry", w.Desk.Retry(w.Context(), uuid(1), after(9)))
	w.wantWoken("the runner", wake)
	w.wantDead(w.dead(0, 10))
	w.enqueue(w.keyed(2, 20)) // It has its key again.
	w.wantIdle(after(8))
	run := w.claimOne(1, after(9))
	w.same("the run", [2]any{run.ID, run.Attempt}, [2]any{uuid(1), 1})
}

func retriesDeadKey(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.kill(w.keyed(1, 0), 1)
	w.enqueue(w.keyed(2, 5))
	w.must("Retry", w.Desk.Retry(w.Context(), uuid(1), after(3)))
	w.wantDead(w.dead(0, 10))
	w.wantIdle(after(4))
	w.wantRuns("claimed", w.claimJobs(1, after(5), 10).Runs, 2)
	w.wantIdle(after(6))
}

func dropsJobs(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.kill(w.job(1, 0), 1)
	w.enqueue(w.keyed(2, 2))
	run := w.claimOne(1, after(2))
	for n := 1; n <= 2; n++ {
		w.must("Drop", w.Desk.Drop(w.Context(), uuid(n)))
	}
	w.wantDead(w.dead(0, 10))
	w.wantOvertaken(run)
	w.enqueue(w.keyed(4, 3)) // The key is free.
	w.wantRuns("claimed", w.claimJobs(1, after(3), 10).Runs, 4)
}

func noSuchJob(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	w.refuses("Retry of nothing", w.Desk.Retry(w.Context(), uuid(7), base), fault.Missing)
	w.refuses("Retry of what waits", w.Desk.Retry(w.Context(), uuid(1), base), fault.Missing)
	w.refuses("Drop of nothing", w.Desk.Drop(w.Context(), uuid(7)), fault.Missing)
	w.wantGone("Retry", w.Desk.Retry(w.gone(), uuid(1), base))
	w.wantGone("Drop", w.Desk.Drop(w.gone(), uuid(1)))
	w.claimOne(1, after(0))
}

func figures(t TB, open func(TB) Harness) {
	w := begin(t, open)
	want := func(at int, want ports.JobFigures) {
		w.Helper()
		got, err := w.Desk.Figures(w.Context(), after(at))
		w.must("Figures", err)
		w.same("figures", got, want)
	}
	want(0, ports.JobFigures{})
	w.kill(w.job(1, 0), 1)
	w.enqueue(w.job(2, 2))
	w.claimOne(1, after(3))
	w.enqueue(w.job(3, 20), w.job(4, 50))
	want(19, ports.JobFigures{Waiting: 2, Running: 1, Dead: 1})
	want(25, ports.JobFigures{Waiting: 2, Running: 1, Dead: 1, Oldest: after(20)})
	w.finish(w.claimOne(2, after(20)), ports.JobDone, after(21), time.Time{})
	want(40, ports.JobFigures{Waiting: 1, Running: 1, Dead: 1, Oldest: after(33)})
	_, err := w.Desk.Figures(w.gone(), base)
	w.wantGone("Figures", err)
}
