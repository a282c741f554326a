package portstest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// TestJobs proves an adapter of ports.Jobs. Open gives an empty store for each subtest.
func TestJobs(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, JobsClauses(), open)
}

// JobsClauses are the clauses of ports.Jobs.
func JobsClauses() []Clause[Harness] {
	return slices.Concat(enqueueClauses(), keyClauses(), everyClauses(), jobLeaseClauses(), jobFenceClauses(), finishClauses(), nextClauses())
}

// TestJobsDesk proves an adapter of ports.JobsDesk. Open gives an empty store for each subtest.
func TestJobsDesk(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	run(t, JobsDeskClauses(), open)
}

// kind is the kind of most jobs.
const kind = "portstest.work"

// job makes a job, the n-th, that is due some seconds after base.
func (w *world) job(n, seconds int) ports.Job {
	return ports.Job{ID: uuid(n), Kind: kind, Payload: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n)), RunAt: after(seconds)}
}

// enqueue enqueues jobs that the store must accept.
func (w *world) enqueue(jobs ...ports.Job) {
	w.Helper()
	w.must("Enqueue", w.Jobs.Enqueue(w.Context(), jobs))
}

// claimJobs claims for leaseTime what is due at a time.
func (w *world) claimJobs(owner int, at time.Time, limit int) ports.JobShare {
	w.Helper()
	got, err := w.Jobs.Claim(w.Context(), claimFor(owner, at, limit))
	w.must("Claim", err)
	return got
}

func claimFor(owner int, at time.Time, limit int) ports.JobClaim {
	return ports.JobClaim{Kinds: []string{kind, kind + " too"}, Owner: uuid(owner), At: at, Until: at.Add(leaseTime), Limit: limit}
}

// claimOne claims what must be the one job that is due.
func (w *world) claimOne(owner int, at time.Time) ports.JobRun {
	w.Helper()
	got := w.claimJobs(owner, at, 10)
	if len(got.Runs) != 1 {
		w.Fatalf("%d jobs were claimed, want 1: %+v", len(got.Runs), got.Runs)
	}
	return got.Runs[0]
}

// wantIdle checks that nothing can be claimed at a time.
func (w *world) wantIdle(at time.Time) {
	w.Helper()
	w.wantRuns("nothing", w.claimJobs(99, at, 10).Runs)
}

// wantRuns checks which jobs were claimed, in order.
func (w *world) wantRuns(what string, runs []ports.JobRun, want ...int) {
	w.Helper()
	got, wanted := [][16]byte{}, [][16]byte{}
	for _, r := range runs {
		got = append(got, r.ID)
	}
	for _, n := range want {
		wanted = append(wanted, uuid(n))
	}
	w.same(what, got, wanted)
}

// wantJob checks a job in all its parts.
func (w *world) wantJob(got, want ports.Job) {
	w.Helper()
	if len(got.Payload)+len(want.Payload) > 0 {
		got.Payload, want.Payload = compact(w, got.Payload), compact(w, want.Payload)
	}
	w.same("the job", got, want)
}

// finish ends a run.
func (w *world) finish(run ports.JobRun, outcome ports.JobOutcome, at, due time.Time) {
	w.Helper()
	w.must("Finish", w.tryFinish(run, outcome, at, due))
}

func (w *world) tryFinish(run ports.JobRun, outcome ports.JobOutcome, at, due time.Time) error {
	res := ports.JobResult{Run: run, Outcome: outcome, At: at, Due: due}
	if outcome == ports.JobFailed {
		res.Cause = "it broke: naïve"
	}
	return w.Jobs.Finish(w.Context(), res)
}

// with is a commit that carries jobs.
func with(jobs ...ports.Job) ordering.Commit { return ordering.Commit{At: base, Jobs: jobs} }
