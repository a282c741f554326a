package postgres_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
)

// FuzzHeard: anybody who may connect to the database can tell the servers of a shop something; they ring or do not.
func FuzzHeard(f *testing.F) {
	for _, payload := range []string{"", ":", "a:1", "a:3", "a:4294967295", "a:4294967296", "a:-1", "a:1:2", "\xff:1", ":1"} {
		f.Add(payload)
	}
	f.Fuzz(func(_ *testing.T, payload string) { postgres.Heard(payload) })
}
