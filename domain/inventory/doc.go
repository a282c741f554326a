// Package inventory is the context of what is in stock, where, and who has a claim on it.
//
// Stock is counted per SKU and location in two numbers: on hand (what lies there) and reserved (what of it is
// claimed); available is the difference. Neither is ever set: each change is a Movement in an append-only ledger, and
// at every moment the sums of a level's movements are its two numbers.
//
// A Claim is a two-phase hold by an order: held, then exactly one of consumed (the goods left), released or expired.
// Ledger is the pure rule that judges claims and adjustments, the one that every store uses, inside its own commit.
package inventory
