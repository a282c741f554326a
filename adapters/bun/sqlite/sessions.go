package sqlite

import (
	"context"
	"database/sql"
	"time"

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
	sqlSession   = `SELECT ` + sessionColumns + ` FROM sessions s WHERE `
	sqlByAccess  = `SELECT ` + sessionColumns + `, ` + accountColumns + ` FROM sessions s CROSS JOIN accounts a ON a.id = s.account_id WHERE s.access = ?1`
	sqlByRefresh = `SELECT ` + sessionColumns + `, ` + accountColumns + ` FROM session_refreshes f CROSS JOIN sessions s ON s.id = f.session_id
		CROSS JOIN accounts a ON a.id = s.account_id WHERE f.digest = ?1`
	sqlRolesOf = `SELECT ` + roleColumns + ` FROM roles r WHERE r.id IN ` + sqlSet
	sqlOver    = `SELECT id FROM (SELECT id FROM sessions WHERE until < ?1 ORDER BY until LIMIT ?2)
		UNION SELECT id FROM (SELECT id FROM sessions WHERE state <> 'active' AND refreshed_at < ?1 ORDER BY refreshed_at LIMIT ?2) LIMIT ?2`
)

// ByAccess reads who has an access token.
func (p Sessions) ByAccess(ctx context.Context, digest access.Digest) (access.Identity, error) {
	return p.identity(ctx, sqlByAccess, digest)
}

// ByRefresh reads whose a refresh token is or was.
func (p Sessions) ByRefresh(ctx context.Context, digest access.Digest) (access.Identity, error) {
	return p.identity(ctx, sqlByRefresh, digest)
}

// identity reads a session with what hangs on it, as of one moment.
func (p Sessions) identity(ctx context.Context, query string, digest access.Digest) (access.Identity, error) {
	var out access.Identity
	err := p.s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var staff access.Staff
		err := tx.QueryRowContext(ctx, query, digest[:]).Scan(append(intoSession(&out.Session), intoAccount(&out.Account, &staff)...)...)
		if err != nil {
			return err
		}
		out.Account = withStaff(out.Account, staff)
		if len(staff.Roles) > 0 {
			out.Roles, err = rowsOf(ctx, tx, scanRole, sqlRolesOf, idTexts(staff.Roles))
		}
		return err
	})
	return out, err
}

// Session reads a session by its key.
func (p Sessions) Session(ctx context.Context, id ref.SessionID) (access.Session, error) {
	return only(rowsOf(ctx, p.s.reader, scanSession, sqlSession+`s.id = ?1`, id.String()))
}

// OfAccount reads the newest sessions of an account.
func (p Sessions) OfAccount(ctx context.Context, id ref.AccountID) ([]access.Session, error) {
	return rowsOf(ctx, p.s.reader, scanSession, sqlSession+`s.account_id = ?1 ORDER BY s.created_at DESC, s.id DESC LIMIT ?2`, id.String(), access.SessionsListed)
}

// Over reads sessions that are over.
func (p Sessions) Over(ctx context.Context, before time.Time, limit int) ([]ref.SessionID, error) {
	return rowsOf(ctx, p.s.reader, func(row scanned) (id ref.SessionID, err error) { return id, row.Scan(intoID(&id)) }, sqlOver, microsOf(before), limit)
}

func scanSession(row scanned) (access.Session, error) {
	var s access.Session
	return s, row.Scan(intoSession(&s)...)
}

// intoSession are the places of sessionColumns.
func intoSession(s *access.Session) []any {
	return []any{
		intoID(&s.ID), &s.Version, intoID(&s.Account), &s.State, &s.Epoch, intoBytes(s.Access[:]), intoTime(&s.AccessUntil), intoBytes(s.Refresh[:]),
		intoBytes(s.Previous[:]), intoBytes(s.Nonce[:]), intoBytes(s.Device[:]), &s.Client, intoTime(&s.CreatedAt), intoTime(&s.RefreshedAt),
		intoTime(&s.IdleUntil), intoTime(&s.Until),
	}
}
