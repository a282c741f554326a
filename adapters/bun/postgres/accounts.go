package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

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
	sqlAccount        = `SELECT ` + accountColumns + ` FROM commerce.accounts a WHERE a.shop = $1 AND a.id = $2`
	sqlAccountByEmail = `SELECT ` + accountColumns + ` FROM commerce.accounts a WHERE a.shop = $1 AND a.email = $2 AND a.state <> 'closed' ORDER BY a.kind`
	sqlAccountVerify  = `SELECT ` + accountColumns + ` FROM commerce.accounts a WHERE a.shop = $1 AND a.verify_digest = $2`
	sqlAccountReset   = `SELECT ` + accountColumns + ` FROM commerce.accounts a WHERE a.shop = $1 AND a.reset_digest = $2`
	sqlStaff          = `SELECT ` + accountColumns + ` FROM commerce.accounts a WHERE a.shop = $1 AND a.staff_id IS NOT NULL AND a.state <> 'closed' ORDER BY a.id`
	sqlRoles          = `SELECT r.id, r.version, r.name, r.permissions, r.retired, r.created_at, r.updated_at FROM commerce.roles r WHERE r.shop = $1`
	sqlKeys           = `SELECT k.id, k.version, k.name, k.digest, k.hint, k.scopes, k.created_by, k.created_at, k.expires_at, k.revoked_at, k.used_at
		FROM commerce.api_keys k WHERE k.shop = $1`
)

// Account reads an account by its key.
func (a Accounts) Account(ctx context.Context, id ref.AccountID) (access.Account, error) {
	return a.one(ctx, sqlAccount, a.s.cfg.Shop, [16]byte(id.UUID()))
}

// ByEmail reads the accounts of an address.
func (a Accounts) ByEmail(ctx context.Context, email ref.Email) ([]access.Account, error) {
	return collect(ctx, a.s, scanAccount, sqlAccountByEmail, a.s.cfg.Shop, email.String())
}

// ByToken reads the account that keeps a token.
func (a Accounts) ByToken(ctx context.Context, purpose access.Purpose, digest access.Digest) (access.Account, error) {
	if purpose == access.ForReset {
		return a.one(ctx, sqlAccountReset, a.s.cfg.Shop, digest[:])
	}
	return a.one(ctx, sqlAccountVerify, a.s.cfg.Shop, digest[:])
}

// Staff reads the accounts of staff.
func (a Accounts) Staff(ctx context.Context) ([]access.Account, error) {
	return collect(ctx, a.s, scanAccount, sqlStaff, a.s.cfg.Shop)
}

// Roles reads all roles.
func (a Accounts) Roles(ctx context.Context) ([]access.Role, error) {
	return collect(ctx, a.s, scanRole, sqlRoles+` ORDER BY r.created_at, r.id`, a.s.cfg.Shop)
}

// ByDigest reads the key with a digest.
func (a Accounts) ByDigest(ctx context.Context, digest access.Digest) (access.APIKey, error) {
	return only(collect(ctx, a.s, scanKey, sqlKeys+` AND k.digest = $2`, a.s.cfg.Shop, digest[:]))
}

// Keys reads all keys.
func (a Accounts) Keys(ctx context.Context) ([]access.APIKey, error) {
	return collect(ctx, a.s, scanKey, sqlKeys+` ORDER BY k.created_at DESC, k.id DESC`, a.s.cfg.Shop)
}

// one reads one account.
func (a Accounts) one(ctx context.Context, sql string, args ...any) (access.Account, error) {
	return only(collect(ctx, a.s, scanAccount, sql, args...))
}

// collect reads the rows of a statement; none and not nil for none.
func collect[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, err := s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheStatement}, args...)...)
	if err != nil {
		return nil, readError(err)
	}
	out, err := pgx.AppendRows([]T{}, rows, scan)
	return out, readError(err)
}

// only gives the only row of a read.
func only[T any](items []T, err error) (T, error) {
	if err == nil && len(items) == 0 {
		err = readError(pgx.ErrNoRows)
	}
	if err != nil {
		var none T
		return none, err
	}
	return items[0], nil
}

// accountRow is where an account is read into.
type accountRow struct {
	a                    access.Account
	id                   [16]byte
	verify, reset        []byte
	verifyUntil, resetAt *time.Time
	customer, staff      pgtype.UUID
	owner                bool
	roles                [][16]byte
}

// into are the places of accountColumns.
func (r *accountRow) into() []any {
	a := &r.a
	return []any{
		&r.id, &a.Version, &a.Kind, &a.State, &a.Email, &a.NewEmail, &a.Name, &a.Password, &a.Epoch, &r.verify, &a.Verify.Email,
		&r.verifyUntil, &r.reset, &a.Reset.Email, &r.resetAt, &r.customer, &r.staff, &r.owner, &r.roles, &a.CreatedAt, &a.UpdatedAt,
	}
}

// account is what was read.
func (r *accountRow) account() access.Account {
	a := r.a
	a.ID = ref.NewID[ref.AccountKind](r.id)
	a.Verify.Digest, a.Verify.Until = digestOf(r.verify), instant(r.verifyUntil)
	a.Reset.Digest, a.Reset.Until = digestOf(r.reset), instant(r.resetAt)
	if r.customer.Valid {
		a.Customer = ref.NewID[ref.CustomerKind](r.customer.Bytes)
	}
	if r.staff.Valid {
		a.Staff = &access.Staff{ID: ref.NewID[ref.StaffKind](r.staff.Bytes), Owner: r.owner, Roles: refs[ref.RoleKind](r.roles)}
	}
	a.CreatedAt, a.UpdatedAt = ref.Instant(a.CreatedAt), ref.Instant(a.UpdatedAt)
	return a
}

func scanAccount(row pgx.CollectableRow) (access.Account, error) {
	var r accountRow
	if err := row.Scan(r.into()...); err != nil {
		return access.Account{}, err
	}
	return r.account(), nil
}

// refs are stored ids; nil for NULL.
func refs[K ref.Kind](stored [][16]byte) []ref.ID[K] {
	if stored == nil {
		return nil
	}
	out := make([]ref.ID[K], len(stored))
	for i, id := range stored {
		out[i] = ref.NewID[K](id)
	}
	return out
}

func scanRole(row pgx.CollectableRow) (access.Role, error) {
	var r access.Role
	var id [16]byte
	var perms []string
	err := row.Scan(&id, &r.Version, &r.Name, &perms, &r.Retired, &r.CreatedAt, &r.UpdatedAt)
	r.ID, r.Permissions = ref.NewID[ref.RoleKind](id), permissions(perms)
	r.CreatedAt, r.UpdatedAt = ref.Instant(r.CreatedAt), ref.Instant(r.UpdatedAt)
	return r, err
}

func scanKey(row pgx.CollectableRow) (access.APIKey, error) {
	var k access.APIKey
	var id [16]byte
	var digest []byte
	var scopes []string
	var expires, revoked, used *time.Time
	err := row.Scan(&id, &k.Version, &k.Name, &digest, &k.Hint, &scopes, &k.CreatedBy, &k.CreatedAt, &expires, &revoked, &used)
	k.ID, k.Digest, k.Scopes = ref.NewID[ref.APIKeyKind](id), digestOf(digest), permissions(scopes)
	k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.UsedAt = ref.Instant(k.CreatedAt), instant(expires), instant(revoked), instant(used)
	return k, err
}

// permissions are those of stored texts; none is nil.
func permissions(stored []string) []access.Permission {
	var out []access.Permission
	for _, s := range stored {
		out = append(out, access.Permission(s))
	}
	return out
}
