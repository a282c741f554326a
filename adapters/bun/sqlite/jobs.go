package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/ports"
)

// Jobs is the store as ports.Jobs and ports.JobsDesk. Jobs that are done are deleted, so the table is as long as what is
// to be done.
type Jobs struct{ s *Store }

var (
	_ ports.Jobs     = Jobs{}
	_ ports.JobsDesk = Jobs{}
)

// Jobs gives the ports of jobs.
func (s *Store) Jobs() Jobs { return Jobs{s} }

const (
	jobColumns = `id, kind, key, payload, run_at, every, state, due, attempts, cause, owner, token, again`
	sqlPutJob  = `INSERT INTO jobs (` + jobColumns + `) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
		ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, run_at = excluded.run_at, every = excluded.every, state = excluded.state,
			due = excluded.due, attempts = excluded.attempts, cause = excluded.cause, owner = excluded.owner, token = excluded.token, again = excluded.again`
	sqlDeleteJob = `DELETE FROM jobs WHERE id = ?1`
	sqlJob       = `SELECT ` + jobColumns + ` FROM jobs WHERE id = ?1`
	// By jobs_key, whose condition stands here word by word.
	sqlJobOfKey = `SELECT ` + jobColumns + ` FROM jobs WHERE kind = ?1 AND key = ?2 AND key <> '' AND state <> 'dead'`
	sqlDueJobs  = `SELECT ` + jobColumns + ` FROM jobs WHERE state <> 'dead' AND due <= ?1 AND kind IN (SELECT value FROM json_each(?2))
		ORDER BY due, id LIMIT ?3`
	sqlNextJob = `SELECT min(due) FROM jobs WHERE state <> 'dead' AND kind IN (SELECT value FROM json_each(?1))`
)

func scanJob(row scanned) (r ports.JobRecord, err error) {
	var payload []byte
	var every int64
	err = row.Scan(intoBytes(r.ID[:]), &r.Kind, &r.Key, &payload, intoTime(&r.RunAt), &every, &r.State, intoTime(&r.Due), &r.Attempts, &r.Cause,
		intoBytes(r.Owner[:]), &r.Token, intoTime(&r.Again))
	r.Payload, r.Every = json.RawMessage(payload), time.Duration(every)*time.Microsecond
	return r, err
}

// putJob writes a job as it is now.
func putJob(ctx context.Context, tx *sql.Tx, r ports.JobRecord) error {
	var payload any
	if len(r.Payload) > 0 {
		payload = string(r.Payload)
	}
	_, err := tx.ExecContext(ctx, sqlPutJob, r.ID[:], r.Kind, r.Key, payload, microsOf(r.RunAt), r.Every.Microseconds(), string(r.State), microsOf(r.Due),
		r.Attempts, r.Cause, uuidBytes(r.Owner), int64(r.Token), nullMicros(r.Again)) //nolint:gosec // Tokens are counted from 1.
	return err
}

// enqueue makes jobs wait; what waits or runs under their keys takes them in. Runners are woken when it is true.
func (s *Store) enqueue(ctx context.Context, tx *sql.Tx, jobs []ports.Job) error {
	for _, j := range jobs {
		s.wrote.jobs = true
		known, err := rowsOf(ctx, tx, scanJob, sqlJob, j.ID[:])
		if err != nil {
			return err
		}
		if len(known) > 0 {
			continue
		}
		next := ports.NewJobRecord(j)
		if j.Key != "" {
			waits, err := rowsOf(ctx, tx, scanJob, sqlJobOfKey, j.Kind, j.Key)
			if err != nil {
				return err
			}
			if len(waits) > 0 {
				next = waits[0].Enqueued(j)
			}
		}
		if err := putJob(ctx, tx, next); err != nil {
			return err
		}
	}
	return nil
}

// Enqueue makes jobs wait.
func (j Jobs) Enqueue(ctx context.Context, jobs []ports.Job) error {
	if err := ports.ValidateJobs(jobs); err != nil || len(jobs) == 0 {
		return err
	}
	return j.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return j.s.enqueue(ctx, tx, jobs) })
}

// Claim gives what is due to a runner. When nothing is, it only reads.
func (j Jobs) Claim(ctx context.Context, c ports.JobClaim) (out ports.JobShare, err error) {
	kinds := jsonText(orNothing(c.Kinds))
	var due []ports.JobRecord
	err = j.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		due, err = rowsOf(ctx, tx, scanJob, sqlDueJobs, microsOf(c.At), kinds, max(c.Limit, 0))
		if err == nil && len(due) == 0 {
			err = tx.QueryRowContext(ctx, sqlNextJob, kinds).Scan(intoTime(&out.Next))
		}
		return err
	})
	if err != nil || len(due) == 0 {
		return out, err
	}
	err = j.s.soon(ctx, func(ctx context.Context, tx *sql.Tx) error {
		due, err := rowsOf(ctx, tx, scanJob, sqlDueJobs, microsOf(c.At), kinds, max(c.Limit, 0))
		if err != nil {
			return err
		}
		for _, r := range due {
			r, run := r.Claimed(c)
			if err := putJob(ctx, tx, r); err != nil {
				return err
			}
			out.Runs = append(out.Runs, run)
		}
		return tx.QueryRowContext(ctx, sqlNextJob, kinds).Scan(intoTime(&out.Next))
	})
	if err != nil {
		return ports.JobShare{}, err
	}
	return out, nil
}

// Extend lengthens a run's lease.
func (j Jobs) Extend(ctx context.Context, run ports.JobRun, until time.Time) error {
	return j.s.soon(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err := affected(ctx, tx, `UPDATE jobs SET due = ?4 WHERE id = ?1 AND owner = ?2 AND token = ?3 AND state = 'running'`,
			run.ID[:], run.Owner[:], int64(run.Token), microsOf(until)) //nolint:gosec // Tokens are counted from 1.
		return leaseError(n, err)
	})
}

// leaseError tells when a statement that needs a lease found none.
func leaseError(changed int, err error) error {
	if err == nil && changed == 0 {
		return ports.LeaseLost.New("another server has taken the work over")
	}
	return err
}

// Wake is closed soon after jobs were enqueued, by this process or, within the time between two looks, by another.
func (j Jobs) Wake() <-chan struct{} { return j.s.called.listen() }

// Finish ends a run.
func (j Jobs) Finish(ctx context.Context, res ports.JobResult) error {
	return j.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := only(rowsOf(ctx, tx, scanJob, sqlJob, res.Run.ID[:]))
		if err != nil && !fault.Is(err, fault.Missing) {
			return err
		}
		if err != nil || !r.HeldBy(res.Run) {
			return ports.LeaseLost.New("another runner has the job, or it has ended")
		}
		next, gone := r.Finished(res)
		return keepJob(ctx, tx, next, gone)
	})
}

// keepJob writes a job's next state.
func keepJob(ctx context.Context, tx *sql.Tx, r ports.JobRecord, gone bool) error {
	if gone {
		_, err := tx.ExecContext(ctx, sqlDeleteJob, r.ID[:])
		return err
	}
	return putJob(ctx, tx, r)
}

// Dead lists jobs that nobody tries any more.
func (j Jobs) Dead(ctx context.Context, after [16]byte, limit int) ([]ports.DeadJob, error) {
	return rowsOf(ctx, j.s.reader, func(row scanned) (ports.DeadJob, error) {
		r, err := scanJob(row)
		return ports.DeadJob{Job: r.Job, Attempts: r.Attempts, Cause: r.Cause, At: r.Due}, err
	}, `SELECT `+jobColumns+` FROM jobs WHERE id > ?1 AND state = 'dead' ORDER BY id LIMIT ?2`, after[:], max(limit, 0))
}

// Retry makes a dead job wait again.
func (j Jobs) Retry(ctx context.Context, id [16]byte, at time.Time) error {
	return j.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r, err := only(rowsOf(ctx, tx, scanJob, sqlJob, id[:]))
		switch {
		case fault.Is(err, fault.Missing):
			return fault.Missing.New("no such job")
		case err != nil:
			return err
		case r.State != ports.JobDead:
			return fault.Missing.New("no such job is dead")
		}
		same, err := rowsOf(ctx, tx, scanJob, sqlJobOfKey, r.Kind, r.Key)
		if err != nil {
			return err
		}
		j.s.wrote.jobs = true
		return keepJob(ctx, tx, r.Retried(at), len(same) > 0)
	})
}

// Drop deletes a job.
func (j Jobs) Drop(ctx context.Context, id [16]byte) error {
	return j.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err := affected(ctx, tx, sqlDeleteJob, id[:])
		if err == nil && n == 0 {
			return fault.Missing.New("no such job")
		}
		return err
	})
}

// Figures counts jobs.
func (j Jobs) Figures(ctx context.Context, at time.Time) (f ports.JobFigures, err error) {
	err = j.s.reader.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'running'),
			count(*) FILTER (WHERE state = 'dead'), min(due) FILTER (WHERE state <> 'dead' AND due <= ?1) FROM jobs`, microsOf(at)).
		Scan(&f.Waiting, &f.Running, &f.Dead, intoTime(&f.Oldest))
	if err != nil {
		return ports.JobFigures{}, readError(err)
	}
	return f, nil
}
