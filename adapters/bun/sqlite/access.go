package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Access is the store as access.Committer.
type Access struct{ s *Store }

var _ access.Committer = Access{}

// Access gives the port access.Committer.
func (s *Store) Access() Access { return Access{s} }

// Commit decides on the facts and writes.
func (a Access) Commit(ctx context.Context, c access.Commit) error {
	return a.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		facts, err := readAccessFacts(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := access.Decide(c, facts); err != nil {
			return err
		}
		return inTurn(
			func() error { return writeAccounts(ctx, tx, c.Accounts) },
			func() error { return writeSessions(ctx, tx, c.Sessions, c.Forget) },
			func() error { return each(ctx, tx, sqlPutRole, c.Roles, rowOfRole) },
			func() error { return each(ctx, tx, sqlPutKey, c.Keys, rowOfKey) },
			func() error { return writeAudit(ctx, tx, c.Audit) },
			func() error { return a.s.insertEvents(ctx, tx, c.Events) },
		)
	})
}

// readAccessFacts reads what Decide needs to know. Nobody else writes meanwhile.
func readAccessFacts(ctx context.Context, tx *sql.Tx, c access.Commit) (access.Facts, error) {
	f := access.Facts{
		Accounts: map[ref.AccountID]access.AccountFact{}, Addresses: map[access.Address]ref.AccountID{},
		Sessions: map[ref.SessionID]ref.Version{}, Roles: map[ref.RoleID]ref.Version{}, Keys: map[ref.APIKeyID]ref.Version{},
		Digests: map[access.Digest]ref.APIKeyID{},
	}
	return f, inTurn(
		func() error { return readAccountFacts(ctx, tx, c, f) },
		func() error {
			return readVersions(ctx, tx, "sessions", written(c.Sessions, func(s access.Session) ref.SessionID { return s.ID }), f.Sessions)
		},
		func() error {
			return readVersions(ctx, tx, "roles", written(c.Roles, func(r access.Role) ref.RoleID { return r.ID }), f.Roles)
		},
		func() error {
			return readVersions(ctx, tx, "api_keys", written(c.Keys, func(k access.APIKey) ref.APIKeyID { return k.ID }), f.Keys)
		},
		func() error {
			for _, w := range c.Keys {
				var id ref.APIKeyID
				err := eachRow(ctx, tx, `SELECT id FROM api_keys WHERE digest = ?1`, []any{w.State.Digest[:]}, []any{intoID(&id)},
					func() { f.Digests[w.State.Digest] = id })
				if err != nil {
					return err
				}
			}
			return nil
		},
	)
}

// written are the ids of what is written.
func written[T any, K ref.Kind](writes []access.Write[T], id func(T) ref.ID[K]) []ref.ID[K] {
	out := make([]ref.ID[K], len(writes))
	for i, w := range writes {
		out[i] = id(w.State)
	}
	return out
}

// readAccountFacts reads the accounts of a commit; with those of staff all owners who can sign in.
func readAccountFacts(ctx context.Context, tx *sql.Tx, c access.Commit, f access.Facts) error {
	if len(c.Accounts) == 0 {
		return nil
	}
	query := `SELECT id, version, owner AND state = 'active' FROM accounts WHERE id IN ` + sqlSet
	if c.TouchesStaff() {
		query += ` OR owner = 1 AND state = 'active'`
	}
	emails := make([]ref.Email, len(c.Accounts))
	for i, w := range c.Accounts {
		emails[i] = w.State.Email
	}
	var id ref.AccountID
	var fact access.AccountFact
	var at access.Address
	return inTurn(
		func() error {
			ids := written(c.Accounts, func(a access.Account) ref.AccountID { return a.ID })
			return eachRow(ctx, tx, query, []any{idTexts(ids)}, []any{intoID(&id), &fact.Version, &fact.Owner}, func() { f.Accounts[id] = fact })
		},
		func() error {
			return eachRow(ctx, tx, `SELECT kind, email, id FROM accounts WHERE email IN `+sqlSet+` AND state <> 'closed'`, []any{jsonText(emails)},
				[]any{&at.Kind, &at.Email, intoID(&id)}, func() { f.Addresses[at] = id })
		},
	)
}

// orNone is how a digest that may be none is stored.
func orNone(d access.Digest) any {
	if d == (access.Digest{}) {
		return nil
	}
	return d[:]
}
