package postgres

import (
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

const (
	sqlInsertCommands = `INSERT INTO commerce.commands (shop, actor, route, key, fingerprint, owner, subject, created_at, lease, answered, code, detail)
		SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::uuid[], $7::text[], $8::timestamptz[], $9::timestamptz[],
			$10::boolean[], $11::text[], $12::text[])`
	sqlUpdateCommands = `UPDATE commerce.commands t SET owner = c.owner, lease = c.lease, answered = c.answered, code = c.code, detail = c.detail,
			subject = c.subject
		FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[], $7::boolean[], $8::text[], $9::text[], $10::text[])
		AS c(actor, route, key, owner, lease, answered, code, detail, subject)
		WHERE t.shop = $1 AND t.actor = c.actor AND t.route = c.route AND t.key = c.key`
)

func (w *writer) queueCommands() {
	fresh, known := w.cmds.Split()
	// In one order, for two groups may begin the same commands, which nothing locked before.
	slices.SortFunc(fresh, func(a, b ports.CommandRecord) int { return a.Key.Compare(b.Key) })
	w.s.queueCommandRows(w.pending, fresh, known)
}

// queueCommandRows writes records that are new and such as were there.
func (s *Store) queueCommandRows(b *pgx.Batch, fresh, known []ports.CommandRecord) {
	if len(fresh) > 0 {
		c := commandColumnsOf(fresh)
		b.Queue(sqlInsertCommands, s.cfg.Shop, c.actors, c.routes, c.keys, c.fingerprints, c.owners, c.subjects, c.created,
			c.leases, c.answered, c.codes, c.details)
	}
	if len(known) > 0 {
		c := commandColumnsOf(known)
		b.Queue(sqlUpdateCommands, s.cfg.Shop, c.actors, c.routes, c.keys, c.owners, c.leases, c.answered, c.codes, c.details, c.subjects)
	}
}

type commandColumns struct {
	actors, routes, keys, subjects, codes, details []string
	fingerprints                                   [][]byte
	owners                                         [][16]byte
	created, leases                                []time.Time
	answered                                       []bool
}

func commandColumnsOf(records []ports.CommandRecord) (c commandColumns) {
	for _, r := range records {
		c.actors = append(c.actors, r.Key.Actor)
		c.routes = append(c.routes, r.Key.Route)
		c.keys = append(c.keys, r.Key.Key)
		c.fingerprints = append(c.fingerprints, r.Fingerprint[:])
		c.owners = append(c.owners, r.Owner)
		c.subjects = append(c.subjects, r.Subject)
		c.created = append(c.created, r.CreatedAt)
		c.leases = append(c.leases, r.Lease)
		answer := ports.Answer{}
		if r.Answer != nil {
			answer = *r.Answer
		}
		c.answered = append(c.answered, r.Answer != nil)
		c.codes = append(c.codes, answer.Code)
		c.details = append(c.details, answer.Detail)
	}
	return c
}

// scanCommand reads a record from the columns of sqlCommands.
func scanCommand(row pgx.Row) (ports.CommandRecord, error) {
	var r ports.CommandRecord
	var fingerprint []byte
	var answered bool
	var a ports.Answer
	err := row.Scan(&r.Key.Actor, &r.Key.Route, &r.Key.Key, &fingerprint, &r.Owner, &r.Subject, &r.CreatedAt, &r.Lease, &answered, &a.Code, &a.Detail)
	if err != nil {
		return r, err
	}
	copy(r.Fingerprint[:], fingerprint)
	r.CreatedAt, r.Lease = ref.Instant(r.CreatedAt), ref.Instant(r.Lease)
	if answered {
		r.Answer = &a
	}
	return r, nil
}
