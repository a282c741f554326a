// Package customers is the context of who buys: people and businesses with their addresses, groups and consents.
//
// # Customers
//
// A Customer is a guest while the shop knows them without an account, by an import or by hand; registered once the owner of
// an account proved the address; disabled while they may not sign in; and erased for ever, when nothing is left but the id
// that orders name. Machine is this life. Credentials and sessions are none of it: they are the context access's, and
// adapters/bridge brings the two together.
//
//	customer, err := service.Ensure(ctx, ref.CustomerID{}, account, "ada@example.org", "Ada")
//
// Ensure makes the customer of an account, or finds the one whom the shop knows by the proven address, and may be called
// until it succeeds. An address is unique among customers that are not erased. References name a customer in other systems,
// so that an import finds again whom it brought.
//
// # Addresses
//
// A customer has a book of addresses, under the rules that an order has for its own. One at most is the default of a
// purpose: saving another as the default takes it over. Orders copy an address and never refer to one.
//
// # Groups
//
// A Group sets prices, promotions or taxes apart. The shop puts customers into groups by hand; ScopeGroups tells which ones
// count: only those that are not archived, and only for a customer who has proven the address. A typed address earns
// nothing.
//
// # Consent
//
// Consents are a book that only grows: given or withdrawn, for which purpose, when, where, and to which wording. The newest
// entry of a purpose counts, see Given.
//
// # Storage
//
// A change is a Commit; Decide is the pure rule of what it means, which every store uses. Commands of administrators take
// an actor and leave an entry in the audit log, in the same commit; it says that a personal field changed, never from what
// to what, for the log outlives an erasure.
package customers
