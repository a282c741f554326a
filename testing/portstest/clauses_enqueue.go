package portstest

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// enqueueClauses prove [jobs-enqueue] and [jobs-wake].
func enqueueClauses() []Clause[Harness] {
	const id = "jobs-enqueue"
	return []Clause[Harness]{
		{ID: id, Case: "whole jobs, when they are due", Run: enqueuesWhole},
		{ID: id, Case: "malformed ones are refused with all others", Run: refusesMalformed},
		{ID: id, Case: "with a commit", Run: enqueuesWithCommit},
		{ID: id, Case: "not with a refused commit", Run: enqueuesNothingRefused},
		{ID: id, Case: "the same id again changes nothing", Run: enqueuesOnce},
		{ID: id, Case: "after a restart", Run: jobsReopened},
		{ID: id, Case: "what nobody else can change", Run: jobCopies},
		{ID: "jobs-wake", Case: "everyone, each time", Run: jobsWake},
	}
}

func enqueuesWhole(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.wantIdle(after(1000))
	w.enqueue()
	bare := w.job(1, 10)
	bare.Payload = nil
	keyed := w.job(2, 11)
	keyed.Kind, keyed.Key, keyed.Payload = kind+" too", "naïve key", json.RawMessage(`{"text":"naïve <2>","list":[1,null]}`)
	w.enqueue(bare, keyed)
	w.wantIdle(after(10).Add(-time.Microsecond))
	w.wantJob(w.claimOne(1, after(10)).Job, bare)
	run := w.claimOne(2, after(11))
	w.wantJob(run.Job, keyed)
	w.same("the run", [4]any{run.Attempt, run.Owner, run.Until, run.Token > 0}, [4]any{1, uuid(2), after(11).Add(leaseTime), true})
	w.wantGone("Enqueue", w.Jobs.Enqueue(w.gone(), []ports.Job{w.job(3, 0)}))
	w.wantIdle(after(12))
}

func refusesMalformed(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for _, spoil := range []func(j *ports.Job){
		func(j *ports.Job) { j.ID = [16]byte{} },
		func(j *ports.Job) { j.Kind = "" },
		func(j *ports.Job) { j.Kind = strings.Repeat("k", ports.JobNameMost+1) },
		func(j *ports.Job) { j.Key = strings.Repeat("k", ports.JobNameMost+1) },
		func(j *ports.Job) { j.Payload = json.RawMessage("{") },
		func(j *ports.Job) { j.Payload = json.RawMessage(`"` + strings.Repeat("x", ports.JobPayloadMost) + `"`) },
		func(j *ports.Job) { j.Every = time.Minute },
		func(j *ports.Job) { j.Every, j.Key = time.Millisecond, "k" },
	} {
		bad := w.job(2, 0)
		spoil(&bad)
		w.refuses("Enqueue", w.Jobs.Enqueue(w.Context(), []ports.Job{w.job(1, 0), bad}), fault.Bad)
		_, err := w.Committer.Commit(w.Context(), with(w.job(1, 0), bad))
		w.refuses("Commit", err, fault.Bad)
	}
	w.wantIdle(after(1))
}

func enqueuesWithCommit(t TB, open func(TB) Harness) {
	w := begin(t, open)
	_, err := w.Committer.Commit(w.Context(), with(w.job(2, 1), w.job(1, 2)))
	w.must("Commit", err)
	w.wantRuns("claimed", w.claimJobs(1, after(1), 10).Runs, 2)
	w.wantRuns("claimed", w.claimJobs(1, after(2), 10).Runs, 1)
}

func enqueuesNothingRefused(t TB, open func(TB) Harness) {
	w := begin(t, open)
	bad := refused()
	bad.Jobs = []ports.Job{w.job(1, 0)}
	w.isRefused(bad)
	w.wantIdle(after(1))
}

func enqueuesOnce(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 5))
	other := w.job(1, 0)
	other.Payload = nil
	w.enqueue(other, w.job(2, 6))
	w.wantIdle(after(4))
	w.wantJob(w.claimOne(1, after(5)).Job, w.job(1, 5))
	w.wantRuns("claimed", w.claimJobs(1, after(6), 10).Runs, 2)
}

func jobsReopened(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.enqueue(w.job(1, 0), w.job(2, 1))
	w.claimOne(1, after(0))
	w = w.reopened()
	w.wantRuns("claimed", w.claimJobs(2, after(1), 10).Runs, 2)
}

func jobCopies(t TB, open func(TB) Harness) {
	w := begin(t, open)
	j := w.job(1, 0)
	w.enqueue(j)
	j.Payload[2] = 'X'
	run := w.claimOne(1, after(0))
	w.wantJob(run.Job, w.job(1, 0))
	run.Payload[2] = 'X'
	w.wantJob(w.claimOne(2, after(30)).Job, w.job(1, 0))
}

func jobsWake(t TB, open func(TB) Harness) {
	w := begin(t, open)
	for n := range 3 {
		one, two := w.Jobs.Wake(), w.Jobs.Wake()
		if n == 2 {
			_, err := w.Committer.Commit(w.Context(), with(w.job(n+1, 0)))
			w.must("Commit", err)
		} else {
			w.enqueue(w.job(n+1, 0))
		}
		w.wantWoken("the first", one)
		w.wantWoken("the second", two)
	}
}
