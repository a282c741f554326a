package accesstest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/testing/accesstest"
	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// The flaws of a sketch's commits.
const (
	keepsRefused      flaw = "a refused commit leaves its events behind"
	emailFirst        flaw = "addresses are judged before versions"
	oldSessions       flaw = "an old version of a session is replaced"
	staleFacts        flaw = "facts are read before the commit's turn"
	emailsTwice       flaw = "two accounts have one address"
	emailsOfAnyKind   flaw = "an address is of one kind of account alone"
	closedKeep        flaw = "a closed account keeps its address"
	ownersAnyway      flaw = "the last owner may go"
	keysTwice         flaw = "two keys have one text"
	keepsForgotten    flaw = "a session that is forgotten keeps its refresh tokens"
	tellsBackwards    flaw = "the events of a commit are told backwards"
	lonelyEntriesLost flaw = "a commit of entries alone is dropped"
	forgetsSessions   flaw = "sessions do not outlive the store"
)

// The flaws of a sketch's reads.
const (
	inventsAccounts    flaw = "an unknown account is an empty one"
	sharesRoles        flaw = "an account shares its roles"
	cutsTimes          flaw = "times have milliseconds"
	customersAlone     flaw = "an address finds customers alone"
	anyPurpose         flaw = "a token is found for any purpose"
	keepsTokens        flaw = "a token that was replaced is found"
	listsClosed        flaw = "staff that is closed is listed"
	newestStaff        flaw = "staff comes newest first"
	formerAccess       flaw = "an access token that was replaced is found"
	staleRoles         flaw = "roles are as they were made"
	twoRefreshes       flaw = "the last two refresh tokens alone are found"
	dropsNonce         flaw = "the nonce is dropped"
	hidesClients       flaw = "the client is dropped"
	everybodysSessions flaw = "sessions of all accounts are listed"
	oldestSessions     flaw = "sessions come oldest first"
	overAtOnce         flaw = "a session that ended is over at once"
	hidesRetired       flaw = "retired roles are hidden"
	hidesRevoked       flaw = "revoked keys are not found"
	oldestKeys         flaw = "keys come oldest first"
	pagesOverlap       flaw = "a page begins with the last entry of the one before"
	dropsChanges       flaw = "the changes of an entry are dropped"
	ignoresActor       flaw = "with a subject the actor is ignored"
)

// mutant makes a sketch with a flaw.
func mutant(f flaw, kills ...string) clausetest.Mutant[accesstest.Harness] {
	return clausetest.Mutant[accesstest.Harness]{
		Name: string(f), Kills: kills, Open: func(accesstest.TB) accesstest.Harness { return newSketch(f).harness() },
	}
}

type mutants = []clausetest.Mutant[accesstest.Harness]

func TestCommitterMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, accesstest.CommitterClauses(), mutants{
		mutant(""),
		mutant(keepsRefused, "access-atomic"),
		mutant(emailFirst, "access-decide"),
		mutant(oldSessions, "access-version"),
		// Who decides on what held before cannot but break all that races.
		mutant(staleFacts, "access-version", "access-email", "access-owner", "access-key"),
		mutant(emailsTwice, "access-email", "access-decide"),
		mutant(emailsOfAnyKind, "access-email"),
		mutant(closedKeep, "access-email"),
		mutant(ownersAnyway, "access-owner"),
		mutant(keysTwice, "access-key", "access-atomic"),
		mutant(keepsForgotten, "access-forget"),
		mutant(tellsBackwards, "access-events"),
		mutant(lonelyEntriesLost, "access-audit"),
		mutant(forgetsSessions, "access-durable"),
	})
}

func TestAccountsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, accesstest.AccountsClauses(), mutants{
		mutant(""),
		mutant(inventsAccounts, "accounts-read"),
		mutant(sharesRoles, "accounts-read"),
		mutant(cutsTimes, "accounts-read", "accounts-staff"),
		mutant(customersAlone, "accounts-email"),
		mutant(anyPurpose, "accounts-token"),
		mutant(keepsTokens, "accounts-token"),
		mutant(listsClosed, "accounts-staff"),
		mutant(newestStaff, "accounts-staff"),
	})
}

func TestSessionsMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, accesstest.SessionsClauses(), mutants{
		mutant(""),
		mutant(formerAccess, "sessions-access"),
		mutant(staleRoles, "sessions-access"),
		mutant(twoRefreshes, "sessions-refresh"),
		mutant(hidesClients, "sessions-read"),
		mutant(everybodysSessions, "sessions-account"),
		mutant(oldestSessions, "sessions-account"),
		mutant(overAtOnce, "sessions-over"),
		// What is not stored is not read, in any way.
		mutant(dropsNonce, "sessions-access", "sessions-refresh", "sessions-read", "sessions-account"),
	})
}

func TestRolesMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, accesstest.RolesClauses(), mutants{mutant(""), mutant(hidesRetired, "roles-read")})
}

func TestAPIKeysMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, accesstest.APIKeysClauses(), mutants{
		mutant(""),
		mutant(hidesRevoked, "keys-digest"),
		mutant(oldestKeys, "keys-read"),
	})
}

func TestAuditLogMutants(t *testing.T) {
	t.Parallel()
	clausetest.TestMutants(t, accesstest.AuditLogClauses(), mutants{
		mutant(""),
		mutant(pagesOverlap, "audit-page", "audit-filter"),
		mutant(dropsChanges, "audit-page", "audit-filter"),
		mutant(ignoresActor, "audit-filter"),
	})
}

// The flaws of a hasher.
const (
	foldsCase      flaw = "case does not count"
	truncates      flaw = "72 bytes count"
	endsAtZero     flaw = "a zero byte ends the password"
	saltless       flaw = "there is no salt"
	believesAll    flaw = "what cannot be read is no error"
	neverRehashes  flaw = "no hash needs another"
	alwaysRehashes flaw = "every hash needs another"
	hashesForNone  flaw = "it hashes for who has left"
)

// flawed is a hasher with a flaw.
type flawed struct {
	accesstest.Hasher

	flaw flaw
	made map[access.Secret]string
}

// Hash breaks what it is given, or what comes of it.
func (h *flawed) Hash(ctx context.Context, password access.Secret) (string, error) {
	if h.flaw == hashesForNone {
		ctx = context.WithoutCancel(ctx)
	}
	if text, known := h.made[password]; known && h.flaw == saltless && ctx.Err() == nil {
		return text, nil
	}
	text, err := h.Hasher.Hash(ctx, h.broken(password))
	h.made[password] = text
	return text, err
}

// Verify breaks the password in the same way.
func (h *flawed) Verify(ctx context.Context, text string, password access.Secret) (bool, error) {
	if h.flaw == hashesForNone {
		ctx = context.WithoutCancel(ctx)
	}
	ok, err := h.Hasher.Verify(ctx, text, h.broken(password))
	if h.flaw == believesAll && ctx.Err() == nil {
		return ok, nil
	}
	return ok, err
}

// broken is the password as a flawed hasher takes it.
func (h *flawed) broken(password access.Secret) access.Secret {
	text := password.Reveal()
	switch h.flaw {
	case foldsCase:
		text = strings.ToLower(text)
	case truncates:
		text = text[:min(len(text), 72)]
	case endsAtZero:
		text, _, _ = strings.Cut(text, "\x00")
	default:
	}
	return access.NewSecret(text)
}

// NeedsRehash is never or always so.
func (h *flawed) NeedsRehash(text string) bool {
	return h.flaw == alwaysRehashes || h.flaw != neverRehashes && h.Hasher.NeedsRehash(text)
}

func TestPasswordHasherMutants(t *testing.T) {
	t.Parallel()
	of := func(f flaw, kills ...string) clausetest.Mutant[accesstest.HasherHarness] {
		return clausetest.Mutant[accesstest.HasherHarness]{
			Name: string(f), Kills: kills, Open: func(accesstest.TB) accesstest.HasherHarness {
				return accesstest.HasherHarness{
					Hasher: &flawed{Hasher: accesstest.Hasher{Rounds: 2}, flaw: f, made: map[access.Secret]string{}}, Weaker: &accesstest.Hasher{Rounds: 1},
				}
			},
		}
	}
	clausetest.TestMutants(t, accesstest.HasherClauses(), []clausetest.Mutant[accesstest.HasherHarness]{
		of(""),
		of(foldsCase, "hasher-verify"),
		of(truncates, "hasher-whole"),
		of(endsAtZero, "hasher-whole"),
		of(saltless, "hasher-salt"),
		of(believesAll, "hasher-format"),
		of(neverRehashes, "hasher-rehash"),
		of(alwaysRehashes, "hasher-rehash"),
		of(hashesForNone, "hasher-left"),
	})
}
