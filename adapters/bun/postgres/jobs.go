package postgres

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/ref"
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

// sqlEnqueueJobs does what ports.JobRecord.Enqueued says to a job whose key waits or runs. Intervals are microseconds.
const sqlEnqueueJobs = `INSERT INTO commerce.jobs AS j (shop, id, kind, key, payload, run_at, every, state, due, attempts, cause, token)
	SELECT $1, e.id, e.kind, e.key, e.payload::json, e.run_at, e.every, 'waiting', e.run_at, 0, '', 0
	FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bigint[]) AS e(id, kind, key, payload, run_at, every)
	WHERE NOT EXISTS (SELECT FROM commerce.jobs k WHERE k.shop = $1 AND k.id = e.id)
	ON CONFLICT (shop, kind, key) WHERE key <> '' AND state <> 'dead' DO UPDATE SET
		every = excluded.every,
		payload = CASE WHEN j.every > 0 OR excluded.every > 0 THEN j.payload ELSE excluded.payload END,
		again = CASE WHEN j.every > 0 OR excluded.every > 0 OR j.state <> 'running' THEN j.again ELSE least(j.again, excluded.run_at) END,
		run_at = CASE WHEN j.state = 'waiting' AND excluded.run_at + excluded.every * interval '1 microsecond' < j.due
			THEN excluded.run_at + excluded.every * interval '1 microsecond' ELSE j.run_at END,
		due = CASE WHEN j.state = 'waiting' THEN least(j.due, excluded.run_at + excluded.every * interval '1 microsecond') ELSE j.due END`

// queueJobs writes jobs of a commit, in one order, for two commits may enqueue the same keys, which nothing locked
// before.
func queueJobs(b *pgx.Batch, shop int32, jobs []ports.Job) {
	if len(jobs) == 0 {
		return
	}
	jobs = merged(jobs)
	ids, kinds, keys := make([][16]byte, len(jobs)), make([]string, len(jobs)), make([]string, len(jobs))
	payloads, runs, every := make([]*string, len(jobs)), make([]time.Time, len(jobs)), make([]int64, len(jobs))
	for i, j := range jobs {
		ids[i], kinds[i], keys[i], runs[i], every[i] = j.ID, j.Kind, j.Key, j.RunAt, j.Every.Microseconds()
		if len(j.Payload) > 0 {
			text := string(j.Payload)
			payloads[i] = &text
		}
	}
	b.Queue(sqlEnqueueJobs, shop, ids, kinds, keys, payloads, runs, every)
}

// merged makes one job of those with one key, and sorts them: a statement changes a row once.
func merged(jobs []ports.Job) []ports.Job {
	var out []ports.Job
	at := map[[2]string]int{}
	for _, j := range jobs {
		key := [2]string{j.Kind, j.Key}
		i, twice := at[key]
		switch {
		case j.Key != "" && twice:
			out[i] = ports.NewJobRecord(out[i]).Enqueued(j).Job
		case slices.ContainsFunc(out, func(o ports.Job) bool { return o.ID == j.ID }):
		default:
			at[key] = len(out)
			out = append(out, j)
		}
	}
	slices.SortFunc(out, func(a, b ports.Job) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return out
}

// Enqueue makes jobs wait.
func (j Jobs) Enqueue(ctx context.Context, jobs []ports.Job) error {
	if err := ports.ValidateJobs(jobs); err != nil || len(jobs) == 0 {
		return err
	}
	err := j.s.quietly(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		queueJobs(b, j.s.cfg.Shop, jobs)
		return tx.SendBatch(ctx, b).Close()
	})
	if err == nil {
		j.s.call()
	}
	return err
}

const (
	sqlClaimJobs = `WITH due AS MATERIALIZED (SELECT id, due FROM commerce.jobs
			WHERE shop = $1 AND state <> 'dead' AND due <= $3 AND kind = ANY ($2::text[]) ORDER BY due, id LIMIT $4 FOR UPDATE SKIP LOCKED)
		UPDATE commerce.jobs j SET state = 'running', due = $6, owner = $5, attempts = attempts + 1, token = token + 1
		FROM due WHERE j.shop = $1 AND j.id = due.id
		RETURNING due.due, j.id, j.kind, j.key, j.payload, j.run_at, j.every, j.attempts, j.token`
	sqlNextJob = `SELECT min(due) FROM commerce.jobs WHERE shop = $1 AND state <> 'dead' AND kind = ANY ($2::text[])`
)

// Claim gives what is due to a runner; several may claim at once and none waits for another.
func (j Jobs) Claim(ctx context.Context, c ports.JobClaim) (ports.JobShare, error) {
	var out ports.JobShare
	type claimed struct {
		due time.Time
		run ports.JobRun
	}
	var all []claimed
	b := &pgx.Batch{}
	b.Queue(sqlClaimJobs, j.s.cfg.Shop, c.Kinds, c.At, max(c.Limit, 0), c.Owner, c.Until).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			x := claimed{run: ports.JobRun{Owner: c.Owner, Until: c.Until}}
			var payload []byte
			var every, token int64
			r := &x.run
			if err := rows.Scan(&x.due, &r.ID, &r.Kind, &r.Key, &payload, &r.RunAt, &every, &r.Attempt, &token); err != nil {
				return err
			}
			r.Payload, r.RunAt, r.Every, r.Token = json.RawMessage(payload), ref.Instant(r.RunAt), time.Duration(every)*time.Microsecond, uint64(token)
			all = append(all, x)
		}
		return rows.Err()
	})
	b.Queue(sqlNextJob, j.s.cfg.Shop, c.Kinds).QueryRow(func(row pgx.Row) error {
		var next *time.Time
		err := row.Scan(&next)
		if next != nil {
			out.Next = ref.Instant(*next)
		}
		return err
	})
	if err := j.s.pool.SendBatch(ctx, b).Close(); err != nil {
		return ports.JobShare{}, readError(err)
	}
	slices.SortFunc(all, func(a, b claimed) int {
		return cmp.Or(a.due.Compare(b.due), bytes.Compare(a.run.ID[:], b.run.ID[:]))
	})
	for _, x := range all {
		out.Runs = append(out.Runs, x.run)
	}
	return out, nil
}

// Extend lengthens a run's lease.
func (j Jobs) Extend(ctx context.Context, run ports.JobRun, until time.Time) error {
	tag, err := j.s.pool.Exec(ctx, `UPDATE commerce.jobs SET due = $5 WHERE shop = $1 AND id = $2 AND owner = $3 AND token = $4 AND state = 'running'`,
		j.s.cfg.Shop, run.ID, run.Owner, int64(run.Token), until)
	return leaseError(tag, err)
}

// Wake is closed soon after jobs were enqueued, by this process or, at the pace of notifications, by another.
func (j Jobs) Wake() <-chan struct{} {
	j.s.hear()
	return j.s.called.listen()
}

// jobColumns are those that scanJob reads.
const jobColumns = `id, kind, key, payload, run_at, every, state, due, attempts, cause, owner, token, again`

// scanJob reads a record.
func scanJob(row pgx.Row) (ports.JobRecord, error) {
	var r ports.JobRecord
	var payload []byte
	var every, token int64
	var owner pgtype.UUID
	var again *time.Time
	err := row.Scan(&r.ID, &r.Kind, &r.Key, &payload, &r.RunAt, &every, &r.State, &r.Due, &r.Attempts, &r.Cause, &owner, &token, &again)
	if again != nil {
		r.Again = ref.Instant(*again)
	}
	r.Payload, r.RunAt, r.Every, r.Due = json.RawMessage(payload), ref.Instant(r.RunAt), time.Duration(every)*time.Microsecond, ref.Instant(r.Due)
	r.Owner, r.Token = owner.Bytes, uint64(token)
	return r, err
}
