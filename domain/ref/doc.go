// Package ref holds the values by which contexts name things to each other: typed ids, SKUs, e-mail addresses,
// scopes and versions.
//
// An id is a UUIDv7 inside and prefixed text outside, such as "ord_01jdb4x9k7e8gt2r6y3w5m0n4q"; its type says what it
// names. A credential (CartID) is random and no UUID. All values are immutable and safe for concurrent use.
package ref
