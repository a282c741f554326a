package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/adapters/bun/internal/mapping"
	"github.com/ipswich-retail/commerce/domain/inventory"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlUpdateLevels = `UPDATE commerce.stock_levels t SET on_hand = l.on_hand, reserved = l.reserved
		FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS l(sku, location, on_hand, reserved)
		WHERE t.shop = $1 AND t.sku = l.sku AND t.location = l.location`
	sqlInsertLevels = `INSERT INTO commerce.stock_levels (shop, sku, location, on_hand, reserved)
		SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[])`
	sqlInsertClaims = `INSERT INTO commerce.stock_claims (shop, id, owner, sku, state, parts, sent, owed, freed, back, damaged, until)
		SELECT $1, c.id, c.owner, c.sku, c.state, c.parts::jsonb, c.sent::jsonb, c.owed, c.freed, c.back, c.damaged, c.until
		FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
			$12::timestamptz[])
		AS c(id, owner, sku, state, parts, sent, owed, freed, back, damaged, until)`
	sqlUpdateClaims = `UPDATE commerce.stock_claims t SET state = c.state, parts = c.parts::jsonb, sent = c.sent::jsonb, owed = c.owed,
			freed = c.freed, back = c.back, damaged = c.damaged, until = c.until
		FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::timestamptz[])
		AS c(id, state, parts, sent, owed, freed, back, damaged, until)
		WHERE t.shop = $1 AND t.id = c.id`
	sqlUpdatePromises = `UPDATE commerce.stock_policies t SET version = p.version, kind = p.kind, most = p.most, until = p.until, owed = p.owed
		FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::timestamptz[], $7::bigint[]) AS p(sku, version, kind, most, until, owed)
		WHERE t.shop = $1 AND t.sku = p.sku`
	sqlInsertPromises = `INSERT INTO commerce.stock_policies (shop, sku, version, kind, most, until, owed)
		SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::timestamptz[], $7::bigint[])`
	sqlUpdateSites = `UPDATE commerce.stock_locations t SET version = s.version, name = s.name, state = s.state, priority = s.priority
		FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::integer[]) AS s(code, version, name, state, priority)
		WHERE t.shop = $1 AND t.code = s.code`
	sqlInsertSites = `INSERT INTO commerce.stock_locations (shop, code, version, name, state, priority)
		SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::integer[])`
	sqlInsertMovements = `INSERT INTO commerce.stock_movements (shop, sku, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at)
		SELECT $1, m.sku, m.location, m.kind, m.on_hand, m.reserved, m.on_hand_after, m.reserved_after, m.cause, m.reason, m.at
		FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::timestamptz[])
		WITH ORDINALITY AS m(sku, location, kind, on_hand, reserved, on_hand_after, reserved_after, cause, reason, at, n) ORDER BY m.n`
)

func (w *writer) queueStock() { queueStock(w.pending, w.s.cfg.Shop, w.facts.stock, w.stock) }

// queueStock writes what a ledger changed. What the facts did not hold is new; should it be there after all, the insert
// fails and everything is tried again.
func queueStock(b *pgx.Batch, shop int32, f inventory.Facts, c inventory.Changes) {
	sites := keysOf(f.Sites, func(s inventory.Site) inventory.Location { return s.Location })
	fresh, known := newAndKnown(c.Sites, func(s inventory.Site) bool { return sites[s.Location] })
	queueSites(b, sqlInsertSites, shop, fresh)
	queueSites(b, sqlUpdateSites, shop, known)
	promises := keysOf(f.Promises, func(p inventory.Promise) ref.SKU { return p.SKU })
	made, changed := newAndKnown(c.Promises, func(p inventory.Promise) bool { return promises[p.SKU] })
	queuePromises(b, sqlInsertPromises, shop, made)
	queuePromises(b, sqlUpdatePromises, shop, changed)
	levels := keysOf(f.Levels, func(l inventory.Level) inventory.LevelKey { return l.LevelKey })
	begun, moved := newAndKnown(c.Levels, func(l inventory.Level) bool { return levels[l.LevelKey] })
	queueLevels(b, sqlInsertLevels, shop, begun)
	queueLevels(b, sqlUpdateLevels, shop, moved)
	claims := keysOf(f.Claims, func(x inventory.Claim) ref.ClaimID { return x.ID })
	for _, x := range f.Owed {
		claims[x.ID] = true
	}
	queueClaims(b, shop, c.Claims, claims)
	queueMovements(b, shop, c.Movements)
	queueProjectStock(b, shop, mapping.Crossed(f, c))
}

// keysOf gives the keys of values.
func keysOf[V any, K comparable](values []V, key func(V) K) map[K]bool {
	out := make(map[K]bool, len(values))
	for _, v := range values {
		out[key(v)] = true
	}
	return out
}

// newAndKnown gives the values that are new and those that are known.
func newAndKnown[V any](values []V, isKnown func(V) bool) (fresh, known []V) {
	for _, v := range values {
		if isKnown(v) {
			known = append(known, v)
		} else {
			fresh = append(fresh, v)
		}
	}
	return fresh, known
}

// queueClaims writes claims.
func queueClaims(b *pgx.Batch, shop int32, all []inventory.Claim, claims map[ref.ClaimID]bool) {
	fresh, known := newAndKnown(all, func(c inventory.Claim) bool { return claims[c.ID] })
	if len(fresh) > 0 {
		c := claimColumnsOf(fresh)
		b.Queue(sqlInsertClaims, shop, c.ids, c.owners, c.skus, c.states, c.parts, c.sent, c.owed, c.freed, c.backs, c.damaged, c.untils)
	}
	if len(known) > 0 {
		c := claimColumnsOf(known)
		b.Queue(sqlUpdateClaims, shop, c.ids, c.states, c.parts, c.sent, c.owed, c.freed, c.backs, c.damaged, c.untils)
	}
}

type claimColumns struct {
	ids                               [][16]byte
	owners, skus, states, parts, sent []string
	owed, freed, backs, damaged       []int64
	untils                            []*time.Time
}

func claimColumnsOf(claims []inventory.Claim) (c claimColumns) {
	for _, x := range claims {
		c.ids = append(c.ids, x.ID.UUID())
		c.owners = append(c.owners, x.Owner)
		c.skus = append(c.skus, string(x.SKU))
		c.states = append(c.states, string(x.State))
		c.parts = append(c.parts, partsText(x.Parts))
		c.sent = append(c.sent, partsText(x.Sent))
		c.owed = append(c.owed, x.Owed)
		c.freed = append(c.freed, x.Freed)
		c.backs = append(c.backs, x.Back)
		c.damaged = append(c.damaged, x.Damaged)
		c.untils = append(c.untils, nullTime(x.Until))
	}
	return c
}

// partsText encodes parts; none is an empty list.
func partsText(parts []inventory.Part) string {
	if len(parts) == 0 {
		return "[]"
	}
	return text(parts)
}

func queueSites(b *pgx.Batch, sql string, shop int32, sites []inventory.Site) {
	if len(sites) == 0 {
		return
	}
	codes, names, states := make([]string, len(sites)), make([]string, len(sites)), make([]string, len(sites))
	versions, priorities := make([]int64, len(sites)), make([]int32, len(sites))
	for i, s := range sites {
		codes[i], versions[i], names[i], states[i], priorities[i] = string(s.Location), int64(s.Version), s.Name, string(s.State), s.Priority
	}
	b.Queue(sql, shop, codes, versions, names, states, priorities)
}

func queuePromises(b *pgx.Batch, sql string, shop int32, promises []inventory.Promise) {
	if len(promises) == 0 {
		return
	}
	skus, kinds := make([]string, len(promises)), make([]string, len(promises))
	versions, limits, owed := make([]int64, len(promises)), make([]int64, len(promises)), make([]int64, len(promises))
	untils := make([]*time.Time, len(promises))
	for i, p := range promises {
		skus[i], versions[i], kinds[i], limits[i], untils[i], owed[i] = string(p.SKU), int64(p.Version), string(p.Kind), p.Limit, nullTime(p.Until), p.Owed
	}
	b.Queue(sql, shop, skus, versions, kinds, limits, untils, owed)
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
