package portstest_test

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// sketchJobs is the sketch as ports.Jobs.
type sketchJobs struct{ *sketch }

// Enqueue is ports.Jobs's.
func (s sketchJobs) Enqueue(ctx context.Context, jobs []ports.Job) error {
	if err := ports.ValidateJobs(jobs); err != nil && s.flaw != takesMalformed {
		if s.flaw == takesTheRest {
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, j := range jobs {
				if j.Validate() == nil {
					s.enqueue([]ports.Job{j})
				}
			}
		}
		return err
	}
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	s.enqueue(jobs)
	s.ring(&s.called, callsOne)
	return nil
}

// holder finds the job that has the key of another.
func (s *sketch) holder(j ports.Job) (ports.JobRecord, bool) {
	for _, r := range s.jobs {
		sameKind := r.Kind == j.Kind || s.flaw == keysOfAnyKind
		if j.Key != "" && r.Key == j.Key && sameKind && (r.State != ports.JobDead || s.flaw == deadKeepKeys) {
			return r, true
		}
	}
	return ports.JobRecord{}, false
}

// enqueue makes jobs wait.
func (s *sketch) enqueue(jobs []ports.Job) {
	for _, j := range jobs {
		if s.flaw != sharesPayloads {
			j.Payload = bytes.Clone(j.Payload)
		}
		if r, held := s.holder(j); held {
			s.jobs[r.ID] = s.enqueued(r, j)
			continue
		}
		if _, known := s.jobs[j.ID]; !known || s.flaw == replacesJobs {
			s.jobs[j.ID] = ports.NewJobRecord(j)
		}
	}
}

// enqueued is the record after a job of its key was enqueued again.
func (s *sketch) enqueued(r ports.JobRecord, j ports.Job) ports.JobRecord {
	next := r.Enqueued(j)
	switch {
	case s.flaw == keepsFirstPayload:
		next.Payload = r.Payload
	case s.flaw == runsNoMore:
		next.Again = time.Time{}
	case s.flaw == laterTime && r.Every == 0 && r.State == ports.JobWaiting && j.RunAt.After(r.Due):
		next.RunAt, next.Due = j.RunAt, j.RunAt
	case s.flaw == startsTickAgain && r.Every > 0 && r.State == ports.JobWaiting:
		next.RunAt, next.Due = j.RunAt, j.RunAt
	case s.flaw == keepsInterval:
		next.Every = r.Every
	default:
	}
	return next
}

// Claim is ports.Jobs's.
func (s sketchJobs) Claim(ctx context.Context, c ports.JobClaim) (ports.JobShare, error) {
	if err := s.open(ctx); err != nil {
		return ports.JobShare{}, err
	}
	defer s.mu.Unlock()
	var list []ports.JobRecord
	for _, r := range s.jobs {
		if r.State != ports.JobDead && (slices.Contains(c.Kinds, r.Kind) || s.flaw == claimsAnyKind) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b ports.JobRecord) int {
		if s.flaw == youngestFirst {
			a, b = b, a
		}
		return cmp.Or(a.Due.Compare(b.Due), bytes.Compare(a.ID[:], b.ID[:]))
	})
	var out ports.JobShare
	for _, r := range list {
		if (len(out.Runs) < c.Limit || s.flaw == claimsBeyond) && r.Claimable(c.At) {
			next, run := r.Claimed(c)
			r = s.claimed(next, r)
			run.Attempt = r.Attempts
			if s.flaw != sharesPayloads {
				run.Payload = bytes.Clone(run.Payload)
			}
			s.jobs[r.ID] = r
			out.Runs = append(out.Runs, run)
		}
		if (out.Next.IsZero() || r.Due.Before(out.Next)) && (s.flaw != forgetsRunning || r.State != ports.JobRunning) {
			out.Next = r.Due
		}
	}
	return out, nil
}

// claimed is where flaws change a claim.
func (s *sketch) claimed(next, before ports.JobRecord) ports.JobRecord {
	if s.flaw == countsNothing && before.State == ports.JobRunning {
		next.Attempts = before.Attempts
	}
	return next
}

// heldRun finds the record of a run that stands.
func (s *sketch) heldRun(run ports.JobRun, open flaw) (ports.JobRecord, error) {
	r, known := s.jobs[run.ID]
	switch {
	case known && r.State == ports.JobRunning && s.flaw == open:
	case known && r.State == ports.JobRunning && r.Owner == run.Owner && s.flaw == jobsHaveNoTokens:
	case !known || !r.HeldBy(run):
		return r, ports.LeaseLost.New("another has it")
	}
	return r, nil
}

// Extend is ports.Jobs's.
func (s sketchJobs) Extend(ctx context.Context, run ports.JobRun, until time.Time) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	r, err := s.heldRun(run, anybodyExtends)
	if err != nil {
		return err
	}
	if s.flaw != extendsNothing {
		r.Due = until
	}
	s.jobs[r.ID] = r
	return nil
}

// Finish is ports.Jobs's.
func (s sketchJobs) Finish(ctx context.Context, res ports.JobResult) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	r, err := s.heldRun(res.Run, anybodyEnds)
	if err != nil {
		return err
	}
	next, gone := r.Finished(res)
	switch {
	case s.flaw == driftsTicks && r.Every > 0 && res.Outcome == ports.JobDone:
		next.RunAt, next.Due = res.At.Add(r.Every), res.At.Add(r.Every)
	case s.flaw == recurringDies && r.Every > 0 && res.Outcome == ports.JobFailed && res.Due.IsZero():
		next.State = ports.JobDead
	case s.flaw == countsHandedBack && res.Outcome == ports.JobHandedBack:
		next.Attempts++
	case s.flaw == retriesJobsAtOnce && r.Every == 0 && res.Outcome == ports.JobFailed && !res.Due.IsZero():
		next.Due = res.At
	}
	s.jobs[r.ID] = next
	if gone {
		delete(s.jobs, r.ID)
	}
	return nil
}

// Wake is ports.Jobs's.
func (s sketchJobs) Wake() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.called
}

// sketchDesk is the sketch as ports.JobsDesk.
type sketchDesk struct{ *sketch }

// Dead is ports.JobsDesk's.
func (s sketchDesk) Dead(ctx context.Context, after [16]byte, limit int) ([]ports.DeadJob, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var out []ports.DeadJob
	for _, r := range s.jobs {
		if r.State == ports.JobDead && (bytes.Compare(r.ID[:], after[:]) > 0 || s.flaw == listsAllDead) {
			d := ports.DeadJob{Job: r.Job, Attempts: r.Attempts, Cause: r.Cause, At: r.Due}
			if s.flaw == forgetsCause {
				d.Cause = ""
			}
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b ports.DeadJob) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return out[:min(limit, len(out))], nil
}

// Retry is ports.JobsDesk's.
func (s sketchDesk) Retry(ctx context.Context, id [16]byte, at time.Time) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	r, known := s.jobs[id]
	if !known || r.State != ports.JobDead && s.flaw != retriesTheLiving {
		return fault.Missing.New("not dead")
	}
	if _, taken := s.holder(r.Job); taken && r.State == ports.JobDead && s.flaw != doublesKeys {
		delete(s.jobs, id)
		return nil
	}
	s.jobs[id] = r.Retried(at)
	s.ring(&s.called, callsOne)
	return nil
}

// Drop is ports.JobsDesk's.
func (s sketchDesk) Drop(ctx context.Context, id [16]byte) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer s.mu.Unlock()
	r, known := s.jobs[id]
	if !known {
		return fault.Missing.New("no such job")
	}
	if s.flaw != dropsDeadOnly || r.State == ports.JobDead {
		delete(s.jobs, id)
	}
	return nil
}

// Figures is ports.JobsDesk's.
func (s sketchDesk) Figures(ctx context.Context, at time.Time) (ports.JobFigures, error) {
	if err := s.open(ctx); err != nil {
		return ports.JobFigures{}, err
	}
	defer s.mu.Unlock()
	var out ports.JobFigures
	for _, r := range s.jobs {
		switch r.State {
		case ports.JobWaiting:
			out.Waiting++
		case ports.JobRunning:
			out.Running++
		case ports.JobDead:
			out.Dead++
		}
		late := r.Claimable(at) || s.flaw == lateBeforeDue && r.State == ports.JobWaiting
		if late && (out.Oldest.IsZero() || r.Due.Before(out.Oldest)) {
			out.Oldest = r.Due
		}
	}
	if s.flaw == countsNoDead {
		out.Dead = 0
	}
	return out, nil
}
