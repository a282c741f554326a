package postgres

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	sqlInsertAccount = `INSERT INTO commerce.accounts (shop, id, version, kind, state, email, new_email, name, password, epoch,
		verify_digest, verify_email, verify_until, reset_digest, reset_email, reset_until, customer_id, staff_id, owner, roles, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`
	sqlUpdateAccount = `UPDATE commerce.accounts SET version = $3, kind = $4, state = $5, email = $6, new_email = $7, name = $8, password = $9,
		epoch = $10, verify_digest = $11, verify_email = $12, verify_until = $13, reset_digest = $14, reset_email = $15, reset_until = $16,
		customer_id = $17, staff_id = $18, owner = $19, roles = $20, created_at = $21, updated_at = $22 WHERE shop = $1 AND id = $2`
	// What no account has, so that several can exchange what is unique.
	sqlFreeAddresses = `UPDATE commerce.accounts SET email = id::text, verify_digest = NULL, reset_digest = NULL WHERE shop = $1 AND id = ANY ($2)`

	sqlInsertSession = `INSERT INTO commerce.sessions (shop, id, version, account_id, state, epoch, access, access_until, refresh, previous,
		nonce, device, client, created_at, refreshed_at, idle_until, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
	sqlUpdateSession = `UPDATE commerce.sessions SET version = $3, account_id = $4, state = $5, epoch = $6, access = $7, access_until = $8,
		refresh = $9, previous = $10, nonce = $11, device = $12, client = $13, created_at = $14, refreshed_at = $15, idle_until = $16, until = $17
		WHERE shop = $1 AND id = $2`
	sqlRememberRefresh = `INSERT INTO commerce.session_refreshes (shop, digest, session_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlForgetRefreshes = `DELETE FROM commerce.session_refreshes WHERE shop = $1 AND session_id = ANY ($2)`
	sqlForgetSessions  = `DELETE FROM commerce.sessions WHERE shop = $1 AND id = ANY ($2)`

	sqlInsertRole = `INSERT INTO commerce.roles (shop, id, version, name, permissions, retired, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlUpdateRole = `UPDATE commerce.roles SET version = $3, name = $4, permissions = $5, retired = $6, created_at = $7, updated_at = $8
		WHERE shop = $1 AND id = $2`
	sqlInsertKey = `INSERT INTO commerce.api_keys (shop, id, version, name, digest, hint, scopes, created_by, created_at, expires_at, revoked_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlUpdateKey = `UPDATE commerce.api_keys SET version = $3, name = $4, digest = $5, hint = $6, scopes = $7, created_by = $8, created_at = $9,
		expires_at = $10, revoked_at = $11, used_at = $12 WHERE shop = $1 AND id = $2`
)

// either is the statement that makes a row, or the one that changes it.
func either(expected ref.Version, insert, update string) string {
	if expected == 0 {
		return insert
	}
	return update
}

func queueAccounts(b *pgx.Batch, shop int32, writes []access.Write[access.Account]) {
	if len(writes) > 1 {
		ids := make([]ref.AccountID, len(writes))
		for i, w := range writes {
			ids[i] = w.State.ID
		}
		b.Queue(sqlFreeAddresses, shop, uuids(ids))
	}
	for _, w := range writes {
		a := w.State
		var staff pgtype.UUID
		var roles [][16]byte
		owner := false
		if a.Staff != nil {
			staff, owner = orNull(a.Staff.ID), a.Staff.Owner
			if a.Staff.Roles != nil {
				roles = uuids(a.Staff.Roles)
			}
		}
		b.Queue(either(w.Expected, sqlInsertAccount, sqlUpdateAccount), shop, [16]byte(a.ID.UUID()), int64(a.Version), string(a.Kind),
			string(a.State), a.Email.String(), a.NewEmail.String(), a.Name, a.Password, a.Epoch, orNone(a.Verify.Digest), a.Verify.Email.String(),
			nullTime(a.Verify.Until), orNone(a.Reset.Digest), a.Reset.Email.String(), nullTime(a.Reset.Until), orNull(a.Customer), staff, owner, roles,
			a.CreatedAt, a.UpdatedAt)
	}
}

func queueSessions(b *pgx.Batch, shop int32, writes []access.Write[access.Session], forget []ref.SessionID) {
	for _, w := range writes {
		s := w.State
		id := [16]byte(s.ID.UUID())
		b.Queue(either(w.Expected, sqlInsertSession, sqlUpdateSession), shop, id, int64(s.Version), [16]byte(s.Account.UUID()), string(s.State),
			s.Epoch, s.Access[:], s.AccessUntil, s.Refresh[:], s.Previous[:], s.Nonce[:], s.Device[:], s.Client, s.CreatedAt, s.RefreshedAt,
			s.IdleUntil, s.Until)
		b.Queue(sqlRememberRefresh, shop, s.Refresh[:], id)
	}
	if len(forget) > 0 {
		b.Queue(sqlForgetRefreshes, shop, uuids(forget))
		b.Queue(sqlForgetSessions, shop, uuids(forget))
	}
}

func queueRoles(b *pgx.Batch, shop int32, writes []access.Write[access.Role]) {
	for _, w := range writes {
		r := w.State
		b.Queue(either(w.Expected, sqlInsertRole, sqlUpdateRole), shop, [16]byte(r.ID.UUID()), int64(r.Version), r.Name, words(r.Permissions),
			r.Retired, r.CreatedAt, r.UpdatedAt)
	}
}

func queueKeys(b *pgx.Batch, shop int32, writes []access.Write[access.APIKey]) {
	for _, w := range writes {
		k := w.State
		b.Queue(either(w.Expected, sqlInsertKey, sqlUpdateKey), shop, [16]byte(k.ID.UUID()), int64(k.Version), k.Name, k.Digest[:], k.Hint,
			words(k.Scopes), k.CreatedBy, k.CreatedAt, nullTime(k.ExpiresAt), nullTime(k.RevokedAt), nullTime(k.UsedAt))
	}
}

// words gives the texts of permissions.
func words(perms []access.Permission) []string {
	out := make([]string, len(perms))
	for i, p := range perms {
		out[i] = string(p)
	}
	return out
}
