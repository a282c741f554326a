package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Access is the store as access.Committer.
type Access struct{ s *Store }

var _ access.Committer = Access{}

// Access gives the port access.Committer.
func (s *Store) Access() Access { return Access{s} }

// The order of locks is accounts, sessions, roles, keys; by key within. A commit that touches staff locks all owners who
// can sign in too, in one statement with the accounts, so that two of them cannot wait for each other, and none is
// decided on what another is about to change.
const (
	sqlLockAccounts = `SELECT id, version, owner AND state = 'active' FROM commerce.accounts
		WHERE shop = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`
	sqlLockStaff = `SELECT id, version, owner AND state = 'active' FROM commerce.accounts
		WHERE shop = $1 AND id IN (SELECT unnest($2::uuid[]) UNION SELECT id FROM commerce.accounts WHERE shop = $1 AND owner AND state = 'active')
		ORDER BY id FOR UPDATE`
	sqlAddresses    = `SELECT kind, email, id FROM commerce.accounts WHERE shop = $1 AND email = ANY ($2) AND state <> 'closed'`
	sqlLockSessions = `SELECT id, version FROM commerce.sessions WHERE shop = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`
	sqlLockRoles    = `SELECT id, version FROM commerce.roles WHERE shop = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`
	sqlLockKeys     = `SELECT id, version FROM commerce.api_keys WHERE shop = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE`
	sqlDigests      = `SELECT digest, id FROM commerce.api_keys WHERE shop = $1 AND digest = ANY ($2)`
)

// Commit decides on locked facts and writes. What no lock can hold, a row that is not there yet, the unique indexes hold:
// who runs into one decides anew.
func (a Access) Commit(ctx context.Context, c access.Commit) error {
	return a.s.inTransaction(ctx, func(tx pgx.Tx) error {
		facts, err := a.facts(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := access.Decide(c, facts); err != nil {
			return err
		}
		b := &pgx.Batch{}
		queueAccounts(b, a.s.cfg.Shop, c.Accounts)
		queueSessions(b, a.s.cfg.Shop, c.Sessions, c.Forget)
		queueRoles(b, a.s.cfg.Shop, c.Roles)
		queueKeys(b, a.s.cfg.Shop, c.Keys)
		queueAudit(b, a.s.cfg.Shop, c.Audit)
		queueEvents(b, a.s.cfg.Shop, c.Events)
		return tx.SendBatch(ctx, b).Close()
	})
}

// facts locks and reads what Decide needs to know, in one round trip.
func (a Access) facts(ctx context.Context, tx pgx.Tx, c access.Commit) (access.Facts, error) {
	f := access.Facts{
		Accounts: map[ref.AccountID]access.AccountFact{}, Addresses: map[access.Address]ref.AccountID{},
		Sessions: map[ref.SessionID]ref.Version{}, Roles: map[ref.RoleID]ref.Version{}, Keys: map[ref.APIKeyID]ref.Version{},
		Digests: map[access.Digest]ref.APIKeyID{},
	}
	b := &pgx.Batch{}
	a.queueAccountFacts(b, c, &f)
	queueAccessVersions(b, sqlLockSessions, a.s.cfg.Shop, c.Sessions, func(s access.Session) ref.SessionID { return s.ID }, f.Sessions)
	queueAccessVersions(b, sqlLockRoles, a.s.cfg.Shop, c.Roles, func(r access.Role) ref.RoleID { return r.ID }, f.Roles)
	queueAccessVersions(b, sqlLockKeys, a.s.cfg.Shop, c.Keys, func(k access.APIKey) ref.APIKeyID { return k.ID }, f.Keys)
	if len(c.Keys) > 0 {
		digests := make([][]byte, len(c.Keys))
		for i, w := range c.Keys {
			digests[i] = w.State.Digest[:]
		}
		b.Queue(sqlDigests, a.s.cfg.Shop, digests).Query(func(rows pgx.Rows) error {
			var digest []byte
			var id [16]byte
			_, err := pgx.ForEachRow(rows, []any{&digest, &id}, func() error {
				f.Digests[digestOf(digest)] = ref.NewID[ref.APIKeyKind](id)
				return nil
			})
			return err
		})
	}
	return f, tx.SendBatch(ctx, b).Close()
}

// queueAccountFacts locks and reads the accounts of a commit.
func (a Access) queueAccountFacts(b *pgx.Batch, c access.Commit, f *access.Facts) {
	if len(c.Accounts) == 0 {
		return
	}
	ids, emails := make([]ref.AccountID, len(c.Accounts)), make([]string, len(c.Accounts))
	for i, w := range c.Accounts {
		ids[i], emails[i] = w.State.ID, w.State.Email.String()
	}
	lock := sqlLockAccounts
	if c.TouchesStaff() {
		lock = sqlLockStaff
	}
	b.Queue(lock, a.s.cfg.Shop, uuids(ids)).Query(func(rows pgx.Rows) error {
		var id [16]byte
		var fact access.AccountFact
		_, err := pgx.ForEachRow(rows, []any{&id, &fact.Version, &fact.Owner}, func() error {
			f.Accounts[ref.NewID[ref.AccountKind](id)] = fact
			return nil
		})
		return err
	})
	b.Queue(sqlAddresses, a.s.cfg.Shop, emails).Query(func(rows pgx.Rows) error {
		var at access.Address
		var id [16]byte
		_, err := pgx.ForEachRow(rows, []any{&at.Kind, &at.Email, &id}, func() error {
			f.Addresses[at] = ref.NewID[ref.AccountKind](id)
			return nil
		})
		return err
	})
}

// queueAccessVersions locks aggregates and reads their versions.
func queueAccessVersions[T any, K ref.Kind](b *pgx.Batch, sql string, shop int32, writes []access.Write[T], id func(T) ref.ID[K], into map[ref.ID[K]]ref.Version) {
	if len(writes) == 0 {
		return
	}
	ids := make([]ref.ID[K], len(writes))
	for i, w := range writes {
		ids[i] = id(w.State)
	}
	b.Queue(sql, shop, uuids(ids)).Query(func(rows pgx.Rows) error {
		var id [16]byte
		var version ref.Version
		_, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
			into[ref.NewID[K](id)] = version
			return nil
		})
		return err
	})
}

// digestOf is a stored digest; none is stored as nothing.
func digestOf(stored []byte) access.Digest {
	var d access.Digest
	copy(d[:], stored)
	return d
}

// orNone is how a digest that may be none is stored.
func orNone(d access.Digest) []byte {
	if d == (access.Digest{}) {
		return nil
	}
	return d[:]
}
