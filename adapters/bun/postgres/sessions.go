package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Sessions is the store as access.Sessions.
type Sessions struct{ s *Store }

var _ access.Sessions = Sessions{}

// Sessions gives the port access.Sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

const (
	sessionColumns = `s.id, s.version, s.account_id, s.state, s.epoch, s.access, s.access_until, s.refresh, s.previous, s.nonce, s.device, s.client,
		s.created_at, s.refreshed_at, s.idle_until, s.until`
	roleColumns = `r.id, r.version, r.name, r.permissions, r.retired, r.created_at, r.updated_at`
	// One statement is one moment: the session, its account, and the roles of a member of staff, a row each. OFFSET 0 keeps
	// the lookups from becoming joins, which would be planned by statistics.
	identityOf = ` CROSS JOIN LATERAL (SELECT * FROM commerce.accounts WHERE shop = $1 AND id = s.account_id OFFSET 0) a
		LEFT JOIN LATERAL (SELECT * FROM commerce.roles WHERE shop = $1 AND id = ANY (a.roles) OFFSET 0) r ON true`
	sqlByAccess = `SELECT ` + sessionColumns + `, ` + accountColumns + `, ` + roleColumns + `
		FROM (SELECT * FROM commerce.sessions WHERE shop = $1 AND access = $2 OFFSET 0) s` + identityOf
	sqlByRefresh = `SELECT ` + sessionColumns + `, ` + accountColumns + `, ` + roleColumns + `
		FROM (SELECT session_id FROM commerce.session_refreshes WHERE shop = $1 AND digest = $2 OFFSET 0) f
		CROSS JOIN LATERAL (SELECT * FROM commerce.sessions WHERE shop = $1 AND id = f.session_id OFFSET 0) s` + identityOf
	sqlSession    = `SELECT ` + sessionColumns + ` FROM commerce.sessions s WHERE s.shop = $1 AND s.id = $2`
	sqlOfAccount  = `SELECT ` + sessionColumns + ` FROM commerce.sessions s WHERE s.shop = $1 AND s.account_id = $2 ORDER BY s.created_at DESC, s.id DESC LIMIT `
	sqlOverUntil  = `(SELECT id FROM commerce.sessions WHERE shop = $1 AND until < $2 ORDER BY until LIMIT $3)`
	sqlOverEnded  = `(SELECT id FROM commerce.sessions WHERE shop = $1 AND state <> 'active' AND refreshed_at < $2 ORDER BY refreshed_at LIMIT $3)`
	sqlOver       = `SELECT id FROM (` + sqlOverUntil + ` UNION ` + sqlOverEnded + `) o LIMIT $3`
	sessionsShown = access.SessionsListed
)

// ByAccess reads who has an access token.
func (p Sessions) ByAccess(ctx context.Context, digest access.Digest) (access.Identity, error) {
	return p.identity(ctx, sqlByAccess, digest)
}

// ByRefresh reads whose a refresh token is or was.
func (p Sessions) ByRefresh(ctx context.Context, digest access.Digest) (access.Identity, error) {
	return p.identity(ctx, sqlByRefresh, digest)
}

// identity reads a session with what hangs on it.
func (p Sessions) identity(ctx context.Context, sql string, digest access.Digest) (access.Identity, error) {
	rows, err := p.s.pool.Query(ctx, sql, pgx.QueryExecModeCacheStatement, p.s.cfg.Shop, digest[:])
	if err != nil {
		return access.Identity{}, readError(err)
	}
	defer rows.Close()
	var out access.Identity
	found := false
	for rows.Next() {
		var session sessionRow
		var account accountRow
		var role roleRow
		if err := rows.Scan(append(append(session.into(), account.into()...), role.into()...)...); err != nil {
			return access.Identity{}, readError(err)
		}
		found = true
		out.Session, out.Account = session.session(), account.account()
		if role.id != nil {
			out.Roles = append(out.Roles, role.role())
		}
	}
	if err := rows.Err(); err != nil {
		return access.Identity{}, readError(err)
	}
	if !found {
		return access.Identity{}, readError(pgx.ErrNoRows)
	}
	return out, nil
}

// Session reads a session by its key.
func (p Sessions) Session(ctx context.Context, id ref.SessionID) (access.Session, error) {
	return only(collect(ctx, p.s, scanSession, sqlSession, p.s.cfg.Shop, [16]byte(id.UUID())))
}

// OfAccount reads the newest sessions of an account.
func (p Sessions) OfAccount(ctx context.Context, id ref.AccountID) ([]access.Session, error) {
	return collect(ctx, p.s, scanSession, sqlOfAccount+strconv.Itoa(sessionsShown), p.s.cfg.Shop, [16]byte(id.UUID()))
}

// Over reads sessions that are over.
func (p Sessions) Over(ctx context.Context, before time.Time, limit int) ([]ref.SessionID, error) {
	return collect(ctx, p.s, func(row pgx.CollectableRow) (ref.SessionID, error) {
		var id [16]byte
		err := row.Scan(&id)
		return ref.NewID[ref.SessionKind](id), err
	}, sqlOver, p.s.cfg.Shop, before, limit)
}

// sessionRow is where a session is read into.
type sessionRow struct {
	s                                          access.Session
	id, account                                [16]byte
	access, refresh, previous, nonce, deviceOf []byte
}

// into are the places of sessionColumns.
func (r *sessionRow) into() []any {
	s := &r.s
	return []any{
		&r.id, &s.Version, &r.account, &s.State, &s.Epoch, &r.access, &s.AccessUntil, &r.refresh, &r.previous, &r.nonce, &r.deviceOf, &s.Client,
		&s.CreatedAt, &s.RefreshedAt, &s.IdleUntil, &s.Until,
	}
}

// session is what was read.
func (r *sessionRow) session() access.Session {
	s := r.s
	s.ID, s.Account = ref.NewID[ref.SessionKind](r.id), ref.NewID[ref.AccountKind](r.account)
	s.Access, s.Refresh, s.Previous, s.Device = digestOf(r.access), digestOf(r.refresh), digestOf(r.previous), digestOf(r.deviceOf)
	copy(s.Nonce[:], r.nonce)
	s.AccessUntil, s.CreatedAt, s.RefreshedAt = ref.Instant(s.AccessUntil), ref.Instant(s.CreatedAt), ref.Instant(s.RefreshedAt)
	s.IdleUntil, s.Until = ref.Instant(s.IdleUntil), ref.Instant(s.Until)
	return s
}

func scanSession(row pgx.CollectableRow) (access.Session, error) {
	var r sessionRow
	if err := row.Scan(r.into()...); err != nil {
		return access.Session{}, err
	}
	return r.session(), nil
}

// roleRow is where a role is read into that may not be there.
type roleRow struct {
	id               *[16]byte
	version          *int64
	name             *string
	permissions      []string
	retired          *bool
	created, updated *time.Time
}

// into are the places of roleColumns.
func (r *roleRow) into() []any {
	return []any{&r.id, &r.version, &r.name, &r.permissions, &r.retired, &r.created, &r.updated}
}

// role is what was read.
func (r *roleRow) role() access.Role {
	return access.Role{
		ID: ref.NewID[ref.RoleKind](*r.id), Version: ref.Version(*r.version), Name: *r.name, Permissions: permissions(r.permissions),
		Retired: *r.retired, CreatedAt: instant(r.created), UpdatedAt: instant(r.updated),
	}
}
