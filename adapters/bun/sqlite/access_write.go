package sqlite

import (
	"context"
	"database/sql"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The statements that write the aggregates of access.
var (
	sqlPutAccount = table{name: "accounts", key: "id", columns: []string{
		"id", "version", "kind", "state", "email", "new_email", "name", "password", "epoch", "verify_digest", "verify_email", "verify_until",
		"reset_digest", "reset_email", "reset_until", "customer_id", "staff_id", "owner", "roles", "created_at", "updated_at",
	}}.put()
	sqlPutSession = table{name: "sessions", key: "id", columns: []string{
		"id", "version", "account_id", "state", "epoch", "access", "access_until", "refresh", "previous", "nonce", "device", "client",
		"created_at", "refreshed_at", "idle_until", "until",
	}}.put()
	sqlPutRole = table{name: "roles", key: "id", columns: []string{"id", "version", "name", "permissions", "retired", "created_at", "updated_at"}}.put()
	sqlPutKey  = table{name: "api_keys", key: "id", columns: []string{
		"id", "version", "name", "digest", "hint", "scopes", "created_by", "created_at", "expires_at", "revoked_at", "used_at",
	}}.put()
)

func writeAccounts(ctx context.Context, tx *sql.Tx, writes []access.Write[access.Account]) error {
	if len(writes) > 1 { // They may exchange what is unique; no address is an id.
		ids := written(writes, func(a access.Account) ref.AccountID { return a.ID })
		err := exec(ctx, tx, `UPDATE accounts SET email = id, verify_digest = NULL, reset_digest = NULL WHERE id IN `+sqlSet, idTexts(ids))
		if err != nil {
			return err
		}
	}
	return each(ctx, tx, sqlPutAccount, writes, rowOfAccount)
}

func rowOfAccount(w access.Write[access.Account]) []any {
	a := w.State
	var staff, roles any
	owner := false
	if a.Staff != nil {
		staff, owner = idText(a.Staff.ID), a.Staff.Owner
		if a.Staff.Roles != nil {
			roles = idTexts(a.Staff.Roles)
		}
	}
	return []any{
		idText(a.ID), a.Version, a.Kind, a.State, a.Email, a.NewEmail, a.Name, a.Password, a.Epoch, orNone(a.Verify.Digest), a.Verify.Email,
		nullMicros(a.Verify.Until), orNone(a.Reset.Digest), a.Reset.Email, nullMicros(a.Reset.Until), idText(a.Customer), staff, owner, roles,
		microsOf(a.CreatedAt), microsOf(a.UpdatedAt),
	}
}

func writeSessions(ctx context.Context, tx *sql.Tx, writes []access.Write[access.Session], forget []ref.SessionID) error {
	return inTurn(
		func() error { return each(ctx, tx, sqlPutSession, writes, rowOfSession) },
		func() error {
			return each(ctx, tx, `INSERT INTO session_refreshes (digest, session_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING`, writes,
				func(w access.Write[access.Session]) []any { return []any{w.State.Refresh[:], idText(w.State.ID)} })
		},
		func() error {
			if len(forget) == 0 {
				return nil
			}
			return exec(ctx, tx, `DELETE FROM session_refreshes WHERE session_id IN `+sqlSet, idTexts(forget))
		},
		func() error {
			if len(forget) == 0 {
				return nil
			}
			return exec(ctx, tx, `DELETE FROM sessions WHERE id IN `+sqlSet, idTexts(forget))
		},
	)
}

func rowOfSession(w access.Write[access.Session]) []any {
	s := w.State
	return []any{
		idText(s.ID), s.Version, idText(s.Account), s.State, s.Epoch, s.Access[:], microsOf(s.AccessUntil), s.Refresh[:], s.Previous[:], s.Nonce[:],
		s.Device[:], s.Client, microsOf(s.CreatedAt), microsOf(s.RefreshedAt), microsOf(s.IdleUntil), microsOf(s.Until),
	}
}

func rowOfRole(w access.Write[access.Role]) []any {
	r := w.State
	return []any{idText(r.ID), r.Version, r.Name, jsonText(orNothing(r.Permissions)), r.Retired, microsOf(r.CreatedAt), microsOf(r.UpdatedAt)}
}

func rowOfKey(w access.Write[access.APIKey]) []any {
	k := w.State
	return []any{
		idText(k.ID), k.Version, k.Name, k.Digest[:], k.Hint, jsonText(orNothing(k.Scopes)), k.CreatedBy, microsOf(k.CreatedAt),
		nullMicros(k.ExpiresAt), nullMicros(k.RevokedAt), nullMicros(k.UsedAt),
	}
}
