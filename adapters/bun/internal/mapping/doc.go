// Package mapping is what the stores of this module make of values of the domain, the same way whatever the database: the
// shape of a row, and what a decision needs of another context in its own words.
package mapping
