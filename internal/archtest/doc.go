// Package archtest holds the rules of the house as functions over the source text: who may import whom, how large a
// file may be, where a context.Context may stand, which ports exist and whether each is documented and proven.
//
// Its tests run every rule over this repository, and over small planted violations that prove that the rule bites.
// Nothing but the standard library is used, so that the rules hold on a machine that has Go and nothing else. Linters
// check part of the same a second time; where the two differ, this package decides.
package archtest
