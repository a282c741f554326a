// Package shopapitest proves that a shop answers as its contract says, from outside: Test takes the address of a
// running shop and needs of it two variants with a price and 65 units in stock, all of which it buys, the payment
// providers manual and test, an owner, an API key with every scope, and the mails that it sends. The shop lets an address
// sign up and ask for mails 40 times in a while, and guess passwords 20 times: the suite does, before it looks whether
// there are limits.
//
// Whatever the suite asks for, each answer must carry a request id and no cookie, errors must be problem details, and
// status and body must be those that the shop's own OpenAPI document names for the operation. The suite fails when the
// document names a status of an operation that nothing ever answered.
//
// Document and Coverage are the parts of that last rule, for tests of other kinds that add to it, such as tests that
// break a shop's database to see its 503.
//
// Hostile is the other half: it makes from the document what every operation must refuse, and what it must bear, and
// sends it.
package shopapitest
