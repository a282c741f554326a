package portstest

import (
	"sync"
	"time"

	"github.com/ipswich-retail/commerce/ports"
)

// jobLeaseClauses prove [jobs-lease].
func jobLeaseClauses() []Clause[Harness] {
	const id = "jobs-lease"
	return []Clause[Harness]{
		{ID: id, Case: "at most the limit, the longest due first", Run: claimsLimit},
		{ID: id, Case: "of its kinds alone", Run: claimsKinds},
		{ID: id, Case: "each to one of many", Run: manyClaimJobs},
		{ID: id, Case: "again once the lease is over", Run: claimsAgain},
		{ID: id, Case: "extended", Run: extends},
		{ID: id, Case: "a caller who left", Run: claimJobsGone},
	}
}

func claimsLimit(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 3), w.job(2, 1), w.job(3, 2), w.job(4, 100))
	w.wantRuns("none", w.claimJobs(1, after(10), 0).Runs)
	w.wantRuns("two", w.claimJobs(1, after(10), 2).Runs, 2, 3)
	w.wantRuns("the rest", w.claimJobs(1, after(10), 2).Runs, 1)
}

func claimsKinds(t TB, open func(TB) Harness) {
	w := begin(t, open)
	other := w.job(1, 0)
	other.Kind = "portstest.other"
	w.enqueue(other, w.job(2, 1))
	w.wantRuns("claimed", w.claimJobs(1, after(10), 1).Runs, 2)
	w.wantIdle(after(11))
}

func manyClaimJobs(t TB, open func(TB) Harness) {
	w := begin(t, open)
	const n = 40
	jobs := make([]ports.Job, n)
	for i := range jobs {
		jobs[i] = w.job(100+i, 0)
	}
	w.enqueue(jobs...)
	var mu sync.Mutex
	times := map[[16]byte]int{}
	race(func(caller int) {
		for range 10 {
			share, err := w.Jobs.Claim(w.Context(), claimFor(1+caller, after(1), 3))
			if err != nil {
				w.Errorf("Claim: %v", err)
			}
			mu.Lock()
			for _, r := range share.Runs {
				times[r.ID]++
			}
			mu.Unlock()
		}
	})
	for _, r := range w.claimJobs(99, after(2), n).Runs { // What a locked row hid from all of them.
		times[r.ID]++
	}
	for _, j := range jobs {
		if times[j.ID] != 1 {
			w.Errorf("a job was claimed %d times", times[j.ID])
		}
	}
}

func claimsAgain(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	first := w.claimOne(1, after(0))
	w.wantIdle(after(30).Add(-time.Microsecond))
	second := w.claimOne(2, after(30))
	w.wantJob(second.Job, w.job(1, 0))
	w.same("the second run", [3]any{second.Attempt, second.Owner, second.Token > first.Token}, [3]any{2, uuid(2), true})
}

func extends(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	run := w.claimOne(1, after(0))
	w.must("Extend", w.Jobs.Extend(w.Context(), run, after(50)))
	w.wantIdle(after(49))
	w.claimOne(2, after(50))
	w.wantGone("Extend", w.Jobs.Extend(w.gone(), run, after(50)))
}

func claimJobsGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	_, err := w.Jobs.Claim(w.gone(), claimFor(1, after(0), 10))
	w.wantGone("Claim", err)
	w.claimOne(1, after(0))
}

// jobFenceClauses prove [jobs-fence].
func jobFenceClauses() []Clause[Harness] {
	const id = "jobs-fence"
	return []Clause[Harness]{
		{ID: id, Case: "who was overtaken changes nothing", Run: jobOvertaken},
		{ID: id, Case: "who was overtaken by itself changes nothing", Run: jobOvertakenByItself},
		{ID: id, Case: "what has ended has ended", Run: jobEnded},
		{ID: id, Case: "over and untaken it stands", Run: jobOverStands},
	}
}

// wantOvertaken checks that a run changes nothing any more.
func (w *world) wantOvertaken(run ports.JobRun) {
	w.Helper()
	w.refuses("Extend", w.Jobs.Extend(w.Context(), run, after(10_000)), ports.LeaseLost)
	for _, outcome := range []ports.JobOutcome{ports.JobDone, ports.JobFailed, ports.JobHandedBack} {
		w.refuses("Finish", w.tryFinish(run, outcome, after(31), after(31)), ports.LeaseLost)
	}
}

func jobOvertaken(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	run := w.claimOne(1, after(0))
	next := w.claimOne(2, after(30))
	w.wantOvertaken(run)
	w.wantIdle(after(59))
	w.finish(next, ports.JobDone, after(59), time.Time{})
	w.wantIdle(after(1000))
}

func jobOvertakenByItself(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	run := w.claimOne(1, after(0))
	w.claimOne(1, after(30))
	w.wantOvertaken(run)
	w.wantIdle(after(59))
}

func jobEnded(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	run := w.claimOne(1, after(0))
	w.finish(run, ports.JobDone, after(1), time.Time{})
	w.wantOvertaken(run)
	w.wantIdle(after(99))
	w.enqueue(w.job(2, 100))
	run = w.claimOne(1, after(100))
	w.finish(run, ports.JobFailed, after(101), after(200))
	w.wantOvertaken(run)
	w.claimOne(1, after(200))
}

func jobOverStands(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	run := w.claimOne(1, after(0))
	w.must("Extend", w.Jobs.Extend(w.Context(), run, after(1000)))
	w.finish(run, ports.JobDone, after(2000), time.Time{})
	w.wantIdle(after(3000))
}

// finishClauses prove [jobs-finish].
func finishClauses() []Clause[Harness] {
	const id = "jobs-finish"
	return []Clause[Harness]{
		{ID: id, Case: "done is gone", Run: doneIsGone},
		{ID: id, Case: "failed comes back when it says", Run: failedComesBack},
		{ID: id, Case: "handed back is due at once and was no attempt", Run: handsBack},
		{ID: id, Case: "without a time it is dead", Run: dies},
		{ID: id, Case: "a caller who left", Run: finishGone},
	}
}

func doneIsGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0), w.job(2, 9))
	w.finish(w.claimOne(1, after(0)), ports.JobDone, after(1), after(2))
	w.wantIdle(after(8))
	w.wantRuns("claimed", w.claimJobs(1, after(9), 10).Runs, 2)
}

func failedComesBack(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	w.finish(w.claimOne(1, after(0)), ports.JobFailed, after(1), after(5))
	w.wantIdle(after(4))
	run := w.claimOne(1, after(5))
	w.same("attempt", run.Attempt, 2)
	w.wantJob(run.Job, w.job(1, 0))
}

func handsBack(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	w.finish(w.claimOne(1, after(0)), ports.JobHandedBack, after(1), time.Time{})
	w.same("attempt", w.claimOne(2, after(1)).Attempt, 1)
}

func dies(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	w.finish(w.claimOne(1, after(0)), ports.JobFailed, after(1), time.Time{})
	w.wantIdle(after(1_000_000))
}

func finishGone(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0))
	run := w.claimOne(1, after(0))
	w.wantGone("Finish", w.Jobs.Finish(w.gone(), ports.JobResult{Run: run, At: after(1)}))
	w.wantRuns("claimed again", w.claimJobs(2, after(30), 10).Runs, 1)
}

// nextClauses prove [jobs-next].
func nextClauses() []Clause[Harness] {
	return []Clause[Harness]{{ID: "jobs-next", Case: "due, or free again", Run: tellsNext}}
}

func tellsNext(t TB, open func(TB) Harness) {
	w := begin(t, open)
	next := func(seconds, limit int, want time.Time) ports.JobShare {
		w.Helper()
		got := w.claimJobs(1, after(seconds), limit)
		if !got.Next.Equal(want) {
			w.Errorf("at %d: the next is due at %v, want %v", seconds, got.Next, want)
		}
		return got
	}
	next(0, 10, time.Time{})
	other := w.job(9, 1)
	other.Kind = "portstest.other"
	w.enqueue(w.job(1, 5), w.job(2, 40), other)
	next(0, 10, after(5))
	next(6, 0, after(5)) // Still to be claimed.
	run := next(6, 10, after(36)).Runs[0]
	w.finish(run, ports.JobFailed, after(7), time.Time{})
	next(8, 10, after(40))
}
