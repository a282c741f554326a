package postgres

import (
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

const (
	sqlUpdateLevels = `UPDATE commerce.stock_levels t SET on_hand = l.on_hand, reserved = l.reserved
		FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS l(sku, location, on_hand, reserved)
		WHERE t.shop = $1 AND t.sku = l.sku AND t.location = l.location`
	sqlInsertLevels = `INSERT INTO commerce.stock_levels (shop, sku, location, on_hand, reserved)
		SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[])`
	sqlInsertClaims = `INSERT INTO commerce.stock_claims (shop, id, owner, sku, state, parts, back, until)
		SELECT $1, c.id, c.owner, c.sku, c.state, c.parts::jsonb, c.back, c.until
		FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
		AS c(id, owner, sku, state, parts, back, until)`
	sqlUpdateClaims = `UPDATE commerce.stock_claims t SET state = c.state, back = c.back, until = c.until
		FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[]) AS c(id, state, back, until)
		WHERE t.shop = $1 AND t.id = c.id`
	sqlInsertMovements = `INSERT INTO commerce.stock_movements (shop, sku, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at)
		SELECT $1, m.sku, m.location, m.kind, m.on_hand, m.reserved, m.on_hand_after, m.reserved_after, m.cause, m.reason, m.at
		FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::timestamptz[])
		WITH ORDINALITY AS m(sku, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at, n) ORDER BY m.n`
	sqlInsertCommands = `INSERT INTO commerce.commands (shop, actor, route, key, fingerprint, owner, subject, created_at, lease, answered, code, detail)
		SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::uuid[], $7::text[], $8::timestamptz[], $9::timestamptz[],
			$10::boolean[], $11::text[], $12::text[])`
	sqlUpdateCommands = `UPDATE commerce.commands t SET owner = c.owner, lease = c.lease, answered = c.answered, code = c.code, detail = c.detail
		FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[], $7::boolean[], $8::text[], $9::text[])
		AS c(actor, route, key, owner, lease, answered, code, detail)
		WHERE t.shop = $1 AND t.actor = c.actor AND t.route = c.route AND t.key = c.key`
)

func (w *writer) queueStock() {
	queueLevels(w.pending, sqlUpdateLevels, w.s.cfg.Shop, w.stock.Levels)
	var fresh, known []inventory.Claim
	for _, c := range w.stock.Claims {
		if w.known[c.ID] {
			known = append(known, c)
		} else {
			fresh = append(fresh, c)
		}
	}
	if len(fresh) > 0 {
		c := claimColumnsOf(fresh)
		w.pending.Queue(sqlInsertClaims, w.s.cfg.Shop, c.ids, c.owners, c.skus, c.states, c.parts, c.backs, c.untils)
	}
	if len(known) > 0 {
		c := claimColumnsOf(known)
		w.pending.Queue(sqlUpdateClaims, w.s.cfg.Shop, c.ids, c.states, c.backs, c.untils)
	}
	queueMovements(w.pending, w.s.cfg.Shop, w.stock.Movements)
	queueProjectStock(w.pending, w.s.cfg.Shop, crossed(w.facts.levels, w.stock.Levels))
}

type claimColumns struct {
	ids                         [][16]byte
	owners, skus, states, parts []string
	backs                       []int64
	untils                      []*time.Time
}

func claimColumnsOf(claims []inventory.Claim) (c claimColumns) {
	for _, x := range claims {
		c.ids = append(c.ids, x.ID.UUID())
		c.owners = append(c.owners, x.Owner)
		c.skus = append(c.skus, string(x.SKU))
		c.states = append(c.states, string(x.State))
		c.parts = append(c.parts, text(x.Parts))
		c.backs = append(c.backs, x.Back)
		c.untils = append(c.untils, nullTime(x.Until))
	}
	return c
}

// queueLevels writes the numbers of levels by the statement, an insert or an update.
func queueLevels(b *pgx.Batch, sql string, shop int32, levels []inventory.Level) {
	if len(levels) == 0 {
		return
	}
	skus, locations := make([]string, len(levels)), make([]string, len(levels))
	onHand, reserved := make([]int64, len(levels)), make([]int64, len(levels))
	for i, l := range levels {
		skus[i], locations[i], onHand[i], reserved[i] = string(l.SKU), string(l.Location), l.OnHand, l.Reserved
	}
	b.Queue(sql, shop, skus, locations, onHand, reserved)
}

// queueMovements writes entries of the stock ledger in their order.
func queueMovements(b *pgx.Batch, shop int32, movements []inventory.Movement) {
	if len(movements) == 0 {
		return
	}
	var skus, locations, kinds, causes, reasons []string
	var onHand, reserved, onHandAfter, reservedAfter []int64
	var ats []time.Time
	for _, m := range movements {
		skus, locations, kinds = append(skus, string(m.SKU)), append(locations, string(m.Location)), append(kinds, string(m.Kind))
		onHand, reserved = append(onHand, m.OnHand), append(reserved, m.Reserved)
		onHandAfter, reservedAfter = append(onHandAfter, m.OnHandAfter), append(reservedAfter, m.ReservedAfter)
		causes, reasons, ats = append(causes, m.Cause), append(reasons, m.Reason), append(ats, m.At)
	}
	b.Queue(sqlInsertMovements, shop, skus, locations, kinds, onHand, reserved, onHandAfter, reservedAfter, causes, reasons, ats)
}

func (w *writer) queueCommands() {
	fresh, known := w.cmds.split()
	if len(fresh) > 0 {
		// In one order, for two groups may begin the same commands, which nothing locked before.
		slices.SortFunc(fresh, func(a, b ports.CommandRecord) int { return a.Key.Compare(b.Key) })
		c := commandColumnsOf(fresh)
		w.pending.Queue(sqlInsertCommands, w.s.cfg.Shop, c.actors, c.routes, c.keys, c.fingerprints, c.owners, c.subjects, c.created,
			c.leases, c.answered, c.codes, c.details)
	}
	if len(known) > 0 {
		c := commandColumnsOf(known)
		w.pending.Queue(sqlUpdateCommands, w.s.cfg.Shop, c.actors, c.routes, c.keys, c.owners, c.leases, c.answered, c.codes, c.details)
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
