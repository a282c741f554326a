package access

import (
	"context"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// Committer makes a commit true, wholly or not at all.
//
// Contract:
//   - [access-atomic] A commit is true as a whole or not at all, events and audit entries too.
//   - [access-decide] What is accepted and refused is what Decide says about the facts at the moment of the commit.
//   - [access-version] A write whose Expected is not the stored version fails with fault.VersionConflict; of many that
//     expect one version, one wins.
//   - [access-email] Among accounts of a kind that are not closed an address stands once: EmailTaken.
//   - [access-owner] A commit that would leave no owner who can sign in, where there was one, fails with LastOwner, also
//     when several try at once.
//   - [access-key] The digest of an API key stands once: KeyTaken.
//   - [access-forget] A session in Forget is gone, with all refresh tokens that it had.
//   - [access-events] The events of a commit are in the outbox, in their order.
//   - [access-audit] The audit entries of a commit are in the log, once each.
//   - [access-durable] What was accepted is there after the store is opened anew.
//
// Errors: those of Decide; kinds Unavailable and Unknown. Safe for concurrent use.
type Committer interface {
	Commit(ctx context.Context, c Commit) error
}

// Accounts reads accounts.
//
// Contract: [accounts-read] Account gives the account as last committed, all of it, with fault.Missing for an unknown
// id; [accounts-email] ByEmail gives the accounts that have the address and are not closed, at most one of a kind;
// [accounts-token] ByToken gives the account that keeps the digest as a token of the purpose, and fault.Missing for one
// that no account keeps, or keeps no longer; [accounts-staff] Staff gives the accounts of staff, closed ones left out,
// oldest first. Errors also: kind Unavailable. Safe for concurrent use.
type Accounts interface {
	Account(ctx context.Context, id ref.AccountID) (Account, error)
	ByEmail(ctx context.Context, email ref.Email) ([]Account, error)
	ByToken(ctx context.Context, purpose Purpose, digest Digest) (Account, error)
	Staff(ctx context.Context) ([]Account, error)
}

// Identity is a session with what is needed to tell who has it, as they were at one moment.
type Identity struct {
	Session Session
	Account Account
	Roles   []Role // Of a member of staff: those that they have, retired ones too.
}

// Sessions reads sessions.
//
// Contract: [sessions-access] ByAccess gives the session whose present access token has the digest, with its account and
// roles as last committed, and fault.Missing for any other; [sessions-refresh] ByRefresh finds a session by the digest of
// its present refresh token and of each that it had before, until it is forgotten; [sessions-read] Session gives a
// session by its id, all of it, or fault.Missing; [sessions-account] OfAccount gives the sessions of an account, at most
// SessionsListed, newest first; [sessions-over] Over gives at most limit sessions that are over since before the time: by
// their Until, or written as ended and last refreshed before it. Errors also: kind Unavailable. Safe for concurrent use.
type Sessions interface {
	ByAccess(ctx context.Context, access Digest) (Identity, error)
	ByRefresh(ctx context.Context, refresh Digest) (Identity, error)
	Session(ctx context.Context, id ref.SessionID) (Session, error)
	OfAccount(ctx context.Context, id ref.AccountID) ([]Session, error)
	Over(ctx context.Context, before time.Time, limit int) ([]ref.SessionID, error)
}

// Roles reads roles.
//
// Contract: [roles-read] Roles gives all roles as last committed, retired ones too, oldest first. Errors: kind
// Unavailable. Safe for concurrent use.
type Roles interface {
	Roles(ctx context.Context) ([]Role, error)
}

// APIKeys reads API keys.
//
// Contract: [keys-digest] ByDigest gives the key with the digest, revoked and expired ones too, or fault.Missing;
// [keys-read] Keys gives all keys as last committed, newest first. Errors also: kind Unavailable. Safe for concurrent
// use.
type APIKeys interface {
	ByDigest(ctx context.Context, digest Digest) (APIKey, error)
	Keys(ctx context.Context) ([]APIKey, error)
}

// AuditLog reads the audit log, of all contexts.
//
// Contract: [audit-page] Entries gives entries newest first, at most Limit of those before Before, none twice and none
// skipped however many are written meanwhile, whole; [audit-filter] of the subject and the actor that are asked for
// alone. Errors: kind Unavailable. Safe for concurrent use.
type AuditLog interface {
	Entries(ctx context.Context, q AuditQuery) ([]ports.AuditEntry, error)
}

// AuditQuery asks for a page of the audit log.
type AuditQuery struct {
	Limit   int      // 1 to PageMax.
	Before  [16]byte // The last entry of the page before, or zero.
	Subject string   // Only of this subject, unless "".
	Actor   string   // Only by the actor of this id, unless "".
}

// PasswordHasher hashes passwords slowly.
//
// Contract: [hasher-verify] Verify is true for the password that Hash was given and false for any other; [hasher-whole]
// every byte of up to PasswordMax counts, whatever it is; [hasher-salt] the same password never has the same hash twice;
// [hasher-format] a hash is a PHC string ($id$parameters$salt$hash) of at most 255 printable bytes of ASCII that holds
// nothing of the password, and one that cannot be read is an error of kind Internal and never true; [hasher-rehash]
// NeedsRehash is false for what Hash gives now, and true for a hash of a weaker or an unknown kind, which Verify still
// takes when it knows it; [hasher-left] for a caller who is gone nothing is hashed, with kind Unavailable. Errors also:
// kind Unavailable when too many ask at once. Safe for concurrent use.
type PasswordHasher interface {
	Hash(ctx context.Context, password Secret) (string, error)
	Verify(ctx context.Context, hash string, password Secret) (bool, error)
	NeedsRehash(hash string) bool
}
