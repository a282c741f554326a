package memory

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// jobState holds jobs that are not done.
type jobState struct {
	records map[[16]byte]ports.JobRecord
	live    map[jobKey][16]byte // Of those that wait or run and have a key.
}

type jobKey struct{ kind, key string }

func newJobState() jobState {
	return jobState{records: map[[16]byte]ports.JobRecord{}, live: map[jobKey][16]byte{}}
}

// put stores a record and keeps the index of keys.
func (j *jobState) put(r ports.JobRecord) {
	j.records[r.ID] = r
	if r.Key == "" {
		return
	}
	if key := (jobKey{r.Kind, r.Key}); r.State == ports.JobDead {
		j.free(key, r.ID)
	} else {
		j.live[key] = r.ID
	}
}

// drop forgets a record.
func (j *jobState) drop(r ports.JobRecord) {
	delete(j.records, r.ID)
	j.free(jobKey{r.Kind, r.Key}, r.ID)
}

func (j *jobState) free(key jobKey, id [16]byte) {
	if j.live[key] == id {
		delete(j.live, key)
	}
}

// enqueue adds a job, or changes the one that has its key.
func (j *jobState) enqueue(job ports.Job) {
	job = copyJob(job)
	if id, live := j.live[jobKey{job.Kind, job.Key}]; live && job.Key != "" {
		j.put(j.records[id].Enqueued(job))
		return
	}
	if _, known := j.records[job.ID]; !known { // The same commit again changes nothing.
		j.put(ports.NewJobRecord(job))
	}
}

// enqueue writes jobs and wakes the runners. The caller is publishing.
func (s *Store) enqueue(jobs []ports.Job) {
	if len(jobs) == 0 {
		return
	}
	for _, j := range jobs {
		s.jobs.enqueue(j)
	}
	s.called.ring()
}

func copyJob(j ports.Job) ports.Job {
	j.Payload = slices.Clone(j.Payload)
	return j
}

// Jobs keeps what is to be done later: ports.Jobs and ports.JobsDesk.
type Jobs struct{ store *Store }

var (
	_ ports.Jobs     = Jobs{}
	_ ports.JobsDesk = Jobs{}
)

// Jobs gives the ports of jobs.
func (s *Store) Jobs() Jobs { return Jobs{s} }

// Enqueue makes jobs wait.
func (j Jobs) Enqueue(ctx context.Context, jobs []ports.Job) error {
	if err := ports.ValidateJobs(jobs); err != nil {
		return err
	}
	return j.store.update(ctx, func() (func(), error) {
		return func() { j.store.enqueue(jobs) }, nil
	})
}

// Claim gives what is due to a runner.
func (j Jobs) Claim(ctx context.Context, c ports.JobClaim) (ports.JobShare, error) {
	s := j.store
	var out ports.JobShare
	err := s.update(ctx, func() (func(), error) {
		return func() {
			for _, r := range s.jobs.ofKinds(c.Kinds) {
				if len(out.Runs) < c.Limit && r.Claimable(c.At) {
					var run ports.JobRun
					r, run = r.Claimed(c)
					s.jobs.put(r)
					run.Job = copyJob(run.Job)
					out.Runs = append(out.Runs, run)
				}
				out.Next = earlier(out.Next, r.Due)
			}
		}, nil
	})
	return out, err
}

// ofKinds gives the live records of kinds, those first that are due longest.
func (j *jobState) ofKinds(kinds []string) []ports.JobRecord {
	var out []ports.JobRecord
	for _, r := range j.records {
		if r.State != ports.JobDead && slices.Contains(kinds, r.Kind) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b ports.JobRecord) int {
		return cmp.Or(a.Due.Compare(b.Due), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out
}

// held gives the record of a run that its runner still holds.
func (j *jobState) held(run ports.JobRun) (ports.JobRecord, error) {
	r, known := j.records[run.ID]
	if !known || !r.HeldBy(run) {
		return r, ports.LeaseLost.New("another runner has the job, or it has ended")
	}
	return r, nil
}

// Extend lengthens a run's lease.
func (j Jobs) Extend(ctx context.Context, run ports.JobRun, until time.Time) error {
	s := j.store
	return s.update(ctx, func() (func(), error) {
		r, err := s.jobs.held(run)
		if err != nil {
			return nil, err
		}
		r.Due = until
		return func() { s.jobs.put(r) }, nil
	})
}

// Finish ends a run.
func (j Jobs) Finish(ctx context.Context, res ports.JobResult) error {
	s := j.store
	return s.update(ctx, func() (func(), error) {
		r, err := s.jobs.held(res.Run)
		if err != nil {
			return nil, err
		}
		next, gone := r.Finished(res)
		return func() {
			if gone {
				s.jobs.drop(r)
				return
			}
			s.jobs.put(next)
		}, nil
	})
}

// Wake is closed when jobs were enqueued.
func (j Jobs) Wake() <-chan struct{} { return j.store.called.listen() }

// Dead lists jobs that nobody tries any more.
func (j Jobs) Dead(ctx context.Context, after [16]byte, limit int) ([]ports.DeadJob, error) {
	return view(ctx, j.store, func() ([]ports.DeadJob, error) {
		var out []ports.DeadJob
		for _, r := range j.store.jobs.records {
			if r.State == ports.JobDead && bytes.Compare(r.ID[:], after[:]) > 0 {
				out = append(out, ports.DeadJob{Job: copyJob(r.Job), Attempts: r.Attempts, Cause: r.Cause, At: r.Due})
			}
		}
		slices.SortFunc(out, func(a, b ports.DeadJob) int { return bytes.Compare(a.ID[:], b.ID[:]) })
		return out[:min(max(limit, 0), len(out))], nil
	})
}

// Retry makes a dead job wait again.
func (j Jobs) Retry(ctx context.Context, id [16]byte, at time.Time) error {
	s := j.store
	return s.update(ctx, func() (func(), error) {
		r, known := s.jobs.records[id]
		if !known || r.State != ports.JobDead {
			return nil, fault.Missing.New("no such job is dead")
		}
		_, taken := s.jobs.live[jobKey{r.Kind, r.Key}]
		return func() {
			if taken && r.Key != "" {
				s.jobs.drop(r)
				return
			}
			s.jobs.put(r.Retried(at))
			s.called.ring()
		}, nil
	})
}

// Drop deletes a job.
func (j Jobs) Drop(ctx context.Context, id [16]byte) error {
	s := j.store
	return s.update(ctx, func() (func(), error) {
		r, known := s.jobs.records[id]
		if !known {
			return nil, fault.Missing.New("no such job")
		}
		return func() { s.jobs.drop(r) }, nil
	})
}

// Figures counts jobs.
func (j Jobs) Figures(ctx context.Context, at time.Time) (ports.JobFigures, error) {
	return view(ctx, j.store, func() (ports.JobFigures, error) {
		var out ports.JobFigures
		for _, r := range j.store.jobs.records {
			switch r.State {
			case ports.JobWaiting:
				out.Waiting++
			case ports.JobRunning:
				out.Running++
			case ports.JobDead:
				out.Dead++
			}
			if r.Claimable(at) {
				out.Oldest = earlier(out.Oldest, r.Due)
			}
		}
		return out, nil
	})
}
