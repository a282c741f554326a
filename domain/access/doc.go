// Package access is the context of who may do what: accounts of customers and of staff, sessions, roles, API keys, and the
// audit log.
//
// # Accounts
//
// An Account is who can sign in: an address, the hash of a password, and whose it is. A customer's leads to a customer of
// the context customers, which it gets once the address is proven; one of a member of staff has a Staff part with roles. An
// address has one account of each Kind at most. AccountMachine is an account's life: unverified until a mail was answered,
// then active; disabled by the shop; closed for ever.
//
// Nobody learns from an answer whether an address has an account. Registering, signing in, asking for a reset and asking
// for another address give the same answer and hash as many passwords for an address that is known as for one that is
// not; what only the owner may know goes to the owner, by mail.
//
//	err := service.Register(ctx, access.Registration{Email: "ada@example.org", Password: access.NewSecret("…"), Name: "Ada"})
//
// # Mail
//
// A token that is mailed works once and for a while, and a newer one of its purpose replaces it. It stands in no event: an
// event says that a mail is due, and whoever mails asks Letters, which makes the token, keeps its digest and hands it out.
// So a token is in the mail and nowhere else, a lost mail is one more event, and asking takes no longer for who has an
// account. Verify and ResetPassword use a token up; neither signs anybody in.
//
// # Sessions
//
// A Session is one sign-in. Its access token is short-lived and lets in (Authenticate); its refresh token is replaced by
// each Refresh. Both are random, opaque and stored as digests. A refresh token that is shown again was stolen, or its
// answer was lost: within a short grace, and before its successor was used, it gives the same tokens again, for they are
// derived of it and of a nonce that the session keeps; else the session is revoked, with all tokens of its family. All
// sessions of an account end at once when its password changes or it is disabled: each is of the account's Epoch, which
// goes up then. SessionMachine is a session's life. SweepSessions forgets sessions that are long over.
//
// Passwords are guessed under limits (Attempts): for each account, whether there is one or not, and for each address of the
// network. A device that signed in before shows its device token and has a limit of its own, so that nobody can lock
// somebody else out.
//
// # Permissions
//
// A Permission is a right, of a flat catalogue (Permissions). Staff have those of their roles, which are data; owners have
// all; an API key has its scopes, which are the same names. They are looked up with each request, so a change takes effect
// at once. Nobody gives or takes a permission that they lack, owners alone make owners, and the last owner stays.
//
// Authenticate tells who asks, as a Principal, and Require asks whether they may:
//
//	who, err := service.Authenticate(ctx, access.NewSecret(bearer))
//	…
//	err = who.Require(access.OrdersRefund)
//
// # Audit
//
// Each command of an administrator leaves an entry in the audit log: who, what, on what, when, what came of it, and what
// changed, without secrets. Commands of this context and of customers carry it in their own commit. Audited does the same
// for commands whose commit does not: it writes an entry before the command and one behind it, so that one which was cut
// off shows as begun.
//
//	err := service.Audited(ctx, who, access.OrdersRefund, "ordering.refund", order.String(), func(ctx context.Context) error {
//		return orders.Refund(ctx, …)
//	})
//
// # Storage
//
// A change is a Commit; Decide is the pure rule of what it means, which every store uses. Passwords are hashed by a port of
// their own, PasswordHasher.
package access
