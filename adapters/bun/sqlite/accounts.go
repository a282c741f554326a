package sqlite

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Accounts is the store as access.Accounts, access.Roles and access.APIKeys.
type Accounts struct{ s *Store }

var (
	_ access.Accounts = Accounts{}
	_ access.Roles    = Accounts{}
	_ access.APIKeys  = Accounts{}
)

// Accounts gives the ports access.Accounts, access.Roles and access.APIKeys.
func (s *Store) Accounts() Accounts { return Accounts{s} }

const (
	accountColumns = `a.id, a.version, a.kind, a.state, a.email, a.new_email, a.name, a.password, a.epoch, a.verify_digest, a.verify_email,
		a.verify_until, a.reset_digest, a.reset_email, a.reset_until, a.customer_id, a.staff_id, a.owner, a.roles, a.created_at, a.updated_at`
	sqlAccount  = `SELECT ` + accountColumns + ` FROM accounts a WHERE `
	roleColumns = `r.id, r.version, r.name, r.permissions, r.retired, r.created_at, r.updated_at`
	sqlKeys     = `SELECT id, version, name, digest, hint, scopes, created_by, created_at, expires_at, revoked_at, used_at FROM api_keys`
)

// Account reads an account by its key.
func (a Accounts) Account(ctx context.Context, id ref.AccountID) (access.Account, error) {
	return a.one(ctx, `a.id = ?1`, id.String())
}

// ByEmail reads the accounts of an address.
func (a Accounts) ByEmail(ctx context.Context, email ref.Email) ([]access.Account, error) {
	return rowsOf(ctx, a.s.reader, scanAccount, sqlAccount+`a.email = ?1 AND a.state <> 'closed' ORDER BY a.kind`, email)
}

// ByToken reads the account that keeps a token.
func (a Accounts) ByToken(ctx context.Context, purpose access.Purpose, digest access.Digest) (access.Account, error) {
	if purpose == access.ForReset {
		return a.one(ctx, `a.reset_digest = ?1`, digest[:])
	}
	return a.one(ctx, `a.verify_digest = ?1`, digest[:])
}

// Staff reads the accounts of staff.
func (a Accounts) Staff(ctx context.Context) ([]access.Account, error) {
	return rowsOf(ctx, a.s.reader, scanAccount, sqlAccount+`a.staff_id IS NOT NULL AND a.state <> 'closed' ORDER BY a.id`)
}

// Roles reads all roles.
func (a Accounts) Roles(ctx context.Context) ([]access.Role, error) {
	return rowsOf(ctx, a.s.reader, scanRole, `SELECT `+roleColumns+` FROM roles r ORDER BY r.created_at, r.id`)
}

// ByDigest reads the key with a digest.
func (a Accounts) ByDigest(ctx context.Context, digest access.Digest) (access.APIKey, error) {
	return only(rowsOf(ctx, a.s.reader, scanKey, sqlKeys+` WHERE digest = ?1`, digest[:]))
}

// Keys reads all keys.
func (a Accounts) Keys(ctx context.Context) ([]access.APIKey, error) {
	return rowsOf(ctx, a.s.reader, scanKey, sqlKeys+` ORDER BY created_at DESC, id DESC`)
}

// one reads one account.
func (a Accounts) one(ctx context.Context, where string, key any) (access.Account, error) {
	return only(rowsOf(ctx, a.s.reader, scanAccount, sqlAccount+where, key))
}

func scanAccount(row scanned) (access.Account, error) {
	var a access.Account
	staff := access.Staff{}
	if err := row.Scan(intoAccount(&a, &staff)...); err != nil {
		return a, err
	}
	return withStaff(a, staff), nil
}

// intoAccount are the places of accountColumns; withStaff makes the account whole.
func intoAccount(a *access.Account, staff *access.Staff) []any {
	return []any{
		intoID(&a.ID), &a.Version, &a.Kind, &a.State, &a.Email, &a.NewEmail, &a.Name, &a.Password, &a.Epoch, intoBytes(a.Verify.Digest[:]),
		&a.Verify.Email, intoTime(&a.Verify.Until), intoBytes(a.Reset.Digest[:]), &a.Reset.Email, intoTime(&a.Reset.Until), intoID(&a.Customer),
		intoID(&staff.ID), &staff.Owner, intoJSON(&staff.Roles), intoTime(&a.CreatedAt), intoTime(&a.UpdatedAt),
	}
}

func withStaff(a access.Account, staff access.Staff) access.Account {
	if !staff.ID.IsZero() {
		a.Staff = &staff
	}
	return a
}

func scanRole(row scanned) (access.Role, error) {
	var r access.Role
	return r, row.Scan(intoID(&r.ID), &r.Version, &r.Name, intoList(&r.Permissions), &r.Retired, intoTime(&r.CreatedAt), intoTime(&r.UpdatedAt))
}

func scanKey(row scanned) (access.APIKey, error) {
	var k access.APIKey
	return k, row.Scan(intoID(&k.ID), &k.Version, &k.Name, intoBytes(k.Digest[:]), &k.Hint, intoList(&k.Scopes), &k.CreatedBy, intoTime(&k.CreatedAt),
		intoTime(&k.ExpiresAt), intoTime(&k.RevokedAt), intoTime(&k.UsedAt))
}
