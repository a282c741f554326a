package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

const (
	sqlLockJob   = `SELECT ` + jobColumns + ` FROM commerce.jobs WHERE shop = $1 AND id = $2 FOR UPDATE`
	sqlUpdateJob = `UPDATE commerce.jobs SET run_at = $3, state = $4, due = $5, attempts = $6, cause = $7, owner = $8, again = $9 WHERE shop = $1 AND id = $2`
	sqlDeleteJob = `DELETE FROM commerce.jobs WHERE shop = $1 AND id = $2`
)

// Finish ends a run.
func (j Jobs) Finish(ctx context.Context, res ports.JobResult) error {
	return j.s.quietly(ctx, func(tx pgx.Tx) error {
		r, err := j.lock(ctx, tx, res.Run.ID)
		if err != nil && !fault.Is(err, fault.Missing) {
			return err
		}
		if err != nil || !r.HeldBy(res.Run) {
			return ports.LeaseLost.New("another runner has the job, or it has ended")
		}
		next, gone := r.Finished(res)
		return j.keep(ctx, tx, next, gone)
	})
}

// lock reads a job for who changes it.
func (j Jobs) lock(ctx context.Context, tx pgx.Tx, id [16]byte) (ports.JobRecord, error) {
	r, err := scanJob(tx.QueryRow(ctx, sqlLockJob, j.s.cfg.Shop, id))
	if errors.Is(err, pgx.ErrNoRows) {
		return r, fault.Missing.New("no such job")
	}
	return r, err
}

// keep writes a job's next state.
func (j Jobs) keep(ctx context.Context, tx pgx.Tx, r ports.JobRecord, gone bool) error {
	if gone {
		_, err := tx.Exec(ctx, sqlDeleteJob, j.s.cfg.Shop, r.ID)
		return err
	}
	owner := pgtype.UUID{Bytes: r.Owner, Valid: r.Owner != [16]byte{}}
	_, err := tx.Exec(ctx, sqlUpdateJob, j.s.cfg.Shop, r.ID, r.RunAt, string(r.State), r.Due, r.Attempts, r.Cause, owner, nullTime(r.Again))
	return err
}

// Dead lists jobs that nobody tries any more.
func (j Jobs) Dead(ctx context.Context, after [16]byte, limit int) ([]ports.DeadJob, error) {
	rows, err := j.s.pool.Query(ctx, `SELECT `+jobColumns+` FROM commerce.jobs WHERE shop = $1 AND id > $2 AND state = 'dead' ORDER BY id LIMIT $3`,
		j.s.cfg.Shop, after, max(limit, 0))
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ports.DeadJob, error) {
		r, err := scanJob(row)
		return ports.DeadJob{Job: r.Job, Attempts: r.Attempts, Cause: r.Cause, At: r.Due}, err
	})
	return out, readError(err)
}

// Retry makes a dead job wait again.
func (j Jobs) Retry(ctx context.Context, id [16]byte, at time.Time) error {
	err := j.s.quietly(ctx, func(tx pgx.Tx) error {
		r, err := j.lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.State != ports.JobDead {
			return fault.Missing.New("no such job is dead")
		}
		var taken bool
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM commerce.jobs WHERE shop = $1 AND kind = $2 AND key = $3 AND key <> '' AND state <> 'dead')`,
			j.s.cfg.Shop, r.Kind, r.Key).Scan(&taken)
		if err != nil {
			return err
		}
		return j.keep(ctx, tx, r.Retried(at), taken)
	})
	if err == nil {
		j.s.call()
	}
	return err
}

// Drop deletes a job.
func (j Jobs) Drop(ctx context.Context, id [16]byte) error {
	tag, err := j.s.pool.Exec(ctx, sqlDeleteJob, j.s.cfg.Shop, id)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.Missing.New("no such job")
	}
	return readError(err)
}

// Figures counts jobs.
func (j Jobs) Figures(ctx context.Context, at time.Time) (ports.JobFigures, error) {
	var f ports.JobFigures
	var oldest *time.Time
	err := j.s.pool.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'running'),
			count(*) FILTER (WHERE state = 'dead'), min(due) FILTER (WHERE state <> 'dead' AND due <= $2)
		FROM commerce.jobs WHERE shop = $1`, j.s.cfg.Shop, at).Scan(&f.Waiting, &f.Running, &f.Dead, &oldest)
	if err != nil {
		return ports.JobFigures{}, readError(err)
	}
	if oldest != nil {
		f.Oldest = ref.Instant(*oldest)
	}
	return f, nil
}
