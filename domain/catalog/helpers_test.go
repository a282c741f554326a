package catalog_test

import (
	"encoding/binary"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// ticking is a clock that goes on by a second with each look.
type ticking struct{ looks atomic.Int64 }

func (c *ticking) Now() time.Time { return day.Add(time.Duration(c.looks.Add(1)) * time.Second) }

// counting makes ids that count up.
type counting struct{ last atomic.Uint64 }

func (c *counting) New() (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], c.last.Add(1))
	return id
}

func (c *counting) Secret() [20]byte { return [20]byte{} }

// plain makes slugs of texts that have only letters and spaces.
type plain struct{}

func (plain) Slug(text string) string {
	if strings.ToLower(text) == strings.ToUpper(text) {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(text), " ", "-")
}

// web is the view of the default channel.
func web() ref.Scope { return ref.Scope{Channel: ref.DefaultChannel, Locale: "en-GB", At: day} }

// service makes a service over an empty store.
func service() (*catalog.Service, *memory.Store) {
	s := memory.New(&ticking{}, nil)
	return catalog.NewService(partsOf(s)), s
}

// partsOf are what a service needs of a store, with a clock and ids of its own.
func partsOf(s *memory.Store) catalog.Parts {
	ids := &counting{}
	ids.last.Store(uint64(servers.Add(1)) << 32)
	return catalog.Parts{
		Products: s.Products(), Upkeep: s.Upkeep(), Categories: s.Categories(), Brands: s.Brands(), Collections: s.Collections(),
		Directory: s.Directory(), Committer: s.Catalog(), Slugger: plain{}, Clock: &ticking{}, IDs: ids,
	}
}

// servers counts services, so that no two make the same ids.
var servers atomic.Int64

// mug is a valid product that was not saved yet.
func mug() catalog.Product {
	media := ref.NewID[ref.MediaKind](ref.UUID{1})
	return catalog.Product{
		Slug: "mug", Title: "Mug", Status: catalog.Active, Tags: []string{"blue"}, Options: []string{"Size", "Colour"},
		Variants: []catalog.Variant{
			{ID: ref.NewID[ref.VariantKind](ref.UUID{1}), SKU: "MUG-S", Options: []string{"Small", "Blue"}, Media: media},
			{ID: ref.NewID[ref.VariantKind](ref.UUID{2}), SKU: "MUG-L", Options: []string{"Large", "Blue"}},
		},
		Media: []catalog.Media{{ID: media, Alt: "A mug"}},
	}
}
