package integration_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
)

// catalogOnPostgres is the harness of the catalogue's suites over a store, whose data stay when it is closed.
func catalogOnPostgres(t *testing.T, cfg postgres.Config) catalogtest.Harness {
	t.Helper()
	s := openPostgres(t, cfg)
	return catalogtest.Harness{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Committer: s.Catalog(), Events: func(catalogtest.TB) []event.Event { return postgresEvents(s, cfg.Shop)(t) },
		Reopen: func(catalogtest.TB) catalogtest.Harness {
			s.Close()
			return catalogOnPostgres(t, cfg)
		},
	}
}

// memoryCatalog is the harness of the catalogue's suites over a store in memory.
func memoryCatalog(t *testing.T, s *memory.Store) catalogtest.Harness {
	t.Helper()
	return catalogtest.Harness{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Committer: s.Catalog(), Events: func(catalogtest.TB) []event.Event { return memoryEvents(s)(t) },
		Reopen: func(catalogtest.TB) catalogtest.Harness { return memoryCatalog(t, s) },
	}
}

// memoryParts are what a catalogue's service needs of a store in memory.
func memoryParts(s *memory.Store, clock ports.Clock, ids ports.IDs) catalog.Parts {
	return catalog.Parts{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Listings: s.Listings(), Committer: s.Catalog(), Slugger: system.NewSlugger(), Clock: clock, IDs: ids,
	}
}

// postgresParts are what a catalogue's service needs of a store in PostgreSQL.
func postgresParts(s *postgres.Store, clock ports.Clock, ids ports.IDs) catalog.Parts {
	return catalog.Parts{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(), Directory: s.Directory(),
		Listings: s.Listings(), Committer: s.Catalog(), Slugger: system.NewSlugger(), Clock: clock, IDs: ids,
	}
}
