package ports

import "time"

// JobState tells whether a job can be claimed.
type JobState string

// The states.
const (
	JobWaiting JobState = "waiting" // Claimed once it is due.
	JobRunning JobState = "running" // Claimed again once its lease is over.
	JobDead    JobState = "dead"    // Not claimed until somebody says so.
)

// JobRecord is what a store keeps of a job. Its methods are the pure meaning of what happens to it, for every store:
// they give the next state and change nothing.
type JobRecord struct {
	Job
	State    JobState
	Due      time.Time // When it may be claimed: when it is to run, or its lease is over. When it died, of a dead one.
	Attempts int
	Cause    string    // Of the last failure.
	Owner    [16]byte  // While it runs.
	Token    uint64    // Counts its runs.
	Again    time.Time // When to run once more, asked for while it ran; zero for never.
}

// NewJobRecord is a job that was just enqueued.
func NewJobRecord(j Job) JobRecord { return JobRecord{Job: j, State: JobWaiting, Due: j.RunAt} }

// Enqueued is the record after a job of its kind and key was enqueued again.
func (r JobRecord) Enqueued(j Job) JobRecord {
	if r.Every > 0 || j.Every > 0 {
		r.Every = j.Every
		if next := j.RunAt.Add(j.Every); r.State == JobWaiting && next.Before(r.Due) {
			r.RunAt, r.Due = next, next
		}
		return r
	}
	r.Payload = j.Payload
	if r.State == JobRunning {
		if r.Again.IsZero() || j.RunAt.Before(r.Again) {
			r.Again = j.RunAt
		}
		return r
	}
	if j.RunAt.Before(r.Due) {
		r.RunAt, r.Due = j.RunAt, j.RunAt
	}
	return r
}

// Claimable tells whether a claim may have it.
func (r JobRecord) Claimable(at time.Time) bool { return r.State != JobDead && !r.Due.After(at) }

// Claimed is the record after a claim, and the run that it gave.
func (r JobRecord) Claimed(c JobClaim) (JobRecord, JobRun) {
	r.State, r.Due, r.Owner = JobRunning, c.Until, c.Owner
	r.Attempts++
	r.Token++
	return r, JobRun{Job: r.Job, Attempt: r.Attempts, Owner: r.Owner, Token: r.Token, Until: c.Until}
}

// HeldBy tells whether the run is the present one.
func (r JobRecord) HeldBy(run JobRun) bool {
	return r.State == JobRunning && r.ID == run.ID && r.Owner == run.Owner && r.Token == run.Token
}

// Finished is the record after its run ended; gone is true when nothing is left to keep.
func (r JobRecord) Finished(res JobResult) (next JobRecord, gone bool) {
	r.State, r.Owner = JobWaiting, [16]byte{}
	switch res.Outcome {
	case JobHandedBack:
		r.Attempts--
		r.Due = res.At
		return r, false
	case JobFailed:
		r.Cause = res.Cause
		if r.Every > 0 && (res.Due.IsZero() || res.Due.After(r.tick(res.At))) {
			return r.renewed(r.tick(res.At)), false
		}
		if !res.Due.IsZero() {
			r.Due = res.Due
			return r, false
		}
		if r.Again.IsZero() {
			r.State, r.Due = JobDead, res.At
			return r, false
		}
	default:
		r.Cause = ""
	}
	switch {
	case r.Every > 0:
		return r.renewed(r.tick(res.At)), false
	case !r.Again.IsZero():
		return r.renewed(r.Again), false
	}
	return r, true
}

// renewed starts it anew at a time.
func (r JobRecord) renewed(at time.Time) JobRecord {
	r.RunAt, r.Due, r.Again, r.Attempts = at, at, time.Time{}, 0
	return r
}

// tick is the first tick behind a time.
func (r JobRecord) tick(at time.Time) time.Time {
	if at.Before(r.RunAt) {
		return r.RunAt.Add(r.Every)
	}
	return at.Add(r.Every - at.Sub(r.RunAt)%r.Every)
}

// Retried is a dead record that waits again.
func (r JobRecord) Retried(at time.Time) JobRecord {
	r.State = JobWaiting
	return r.renewed(at)
}
