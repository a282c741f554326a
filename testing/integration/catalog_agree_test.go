package integration_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ipswich-retail/commerce/adapters/memory"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
	"github.com/ipswich-retail/commerce/ports"
)

// stepClock goes on when it is told; stepIDs count. Two of each that see the same calls give the same.
type stepClock struct{ now time.Time }

func (c *stepClock) Now() time.Time { return c.now }

type stepIDs struct{ last uint64 }

func (i *stepIDs) New() (id [16]byte) {
	i.last++
	binary.BigEndian.PutUint64(id[8:], i.last)
	id[6], id[8] = 0x70, id[8]|0x80
	return id
}

func (*stepIDs) Secret() [20]byte { return [20]byte{} }

// twin is one of two catalogues to which the same is done.
type twin struct {
	*catalog.Service

	parts catalog.Parts
	clock *stepClock
}

func newTwin(parts func(ports.Clock, ports.IDs) catalog.Parts) *twin {
	clock := &stepClock{now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
	out := &twin{parts: parts(clock, &stepIDs{}), clock: clock}
	out.Service = catalog.NewService(out.parts)
	return out
}

// TestCataloguesAgree gives random commands, sound and unsound, to catalogues on memory and on another store: every
// answer, and all that can be read in every channel afterwards, is the same.
func TestCataloguesAgree(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if !needsDatabase(t) {
			return
		}
		dsn, shop := database(t), int32(0)
		cataloguesAgree(t, func() (func(ports.Clock, ports.IDs) catalog.Parts, func()) {
			shop++
			cfg := small(dsn)
			cfg.Shop = shop
			store := openPostgres(t, cfg)
			return func(clock ports.Clock, ids ports.IDs) catalog.Parts { return postgresParts(store, clock, ids) }, store.Close
		})
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		cataloguesAgree(t, func() (func(ports.Clock, ports.IDs) catalog.Parts, func()) {
			store := openSQLite(t, shopFile(t))
			return func(clock ports.Clock, ids ports.IDs) catalog.Parts { return sqliteParts(store, clock, ids) }, store.Close
		})
	})
}

func cataloguesAgree(t *testing.T, open func() (parts func(ports.Clock, ports.IDs) catalog.Parts, done func())) {
	t.Helper()
	rapid.Check(t, func(r *rapid.T) {
		other, done := open()
		defer done()
		c := &twins{T: r, both: [2]*twin{
			newTwin(func(clock ports.Clock, ids ports.IDs) catalog.Parts {
				return memoryParts(memory.New(clock, nil), clock, ids)
			}),
			newTwin(other),
		}}
		for range rapid.IntRange(5, 25).Draw(r, "steps") {
			c.step()
		}
		c.compare()
	})
}

// twins are two catalogues and what was made in them.
type twins struct {
	*rapid.T

	both        [2]*twin
	products    []ref.ProductID
	categories  []ref.CategoryID
	collections []ref.CollectionID
	brands      []ref.BrandID
	slugs       map[string]bool
	skus        int
}

// do gives both the same command and compares what comes of it.
func (c *twins) do(what string, command func(ctx context.Context, s *twin) (any, error)) any {
	c.Helper()
	var answers [2]string
	var first any
	for i, s := range c.both {
		got, err := command(context.Background(), s)
		if err != nil {
			got = fault.CodeOf(err) + " " + strings.Join(fieldsOf(err), " ")
		} else if i == 0 {
			first = got
		}
		text, marshalErr := json.Marshal(got)
		if marshalErr != nil {
			c.Fatalf("%s: %v", what, marshalErr)
		}
		answers[i] = normalJSON(string(text))
	}
	if answers[0] != answers[1] {
		c.Fatalf("%s: memory answers\n%s\nand the other store\n%s", what, answers[0], answers[1])
	}
	return first
}

// normalJSON takes an empty list or object for none.
func normalJSON(text string) string {
	if text == "[]" {
		return "null"
	}
	return strings.NewReplacer(":[]", ":null", ":{}", ":null").Replace(text)
}

func fieldsOf(err error) []string {
	var out []string
	if e := fault.Of(err); e != nil {
		out = append(out, e.Field())
		for _, v := range e.Violations() {
			out = append(out, v.Field())
		}
	}
	return out
}

func one[T any](c *twins, from []T, name string) (T, bool) {
	if len(from) == 0 {
		var none T
		return none, false
	}
	return from[rapid.IntRange(0, len(from)-1).Draw(c.T, name)], true
}

// step gives one command.
func (c *twins) step() {
	if rapid.Bool().Draw(c.T, "later") {
		for _, s := range c.both {
			s.clock.now = s.clock.now.Add(time.Hour)
		}
	}
	switch rapid.IntRange(0, 9).Draw(c.T, "command") {
	case 0, 1:
		c.newProduct()
	case 2, 3, 4:
		c.editProduct()
	case 5:
		c.category()
	case 6:
		c.collection()
	case 7:
		c.do("Sweep", func(ctx context.Context, s *twin) (any, error) { return s.Sweep(ctx, 2) })
	case 8:
		c.do("PublishDue", func(ctx context.Context, s *twin) (any, error) { return s.PublishDue(ctx, 2) })
	default:
		c.remove()
	}
}

var (
	someSlugs    = []string{"", "a", "b", "c"}
	someBrands   = []string{"", "Ebb Lane", "EBB LANE", "Ebb-Lane", "Orwell"}
	someTags     = []string{"x", "y"}
	someChannels = []ref.Channel{ref.DefaultChannel, "b2b", "pos"}
)

func (c *twins) newProduct() {
	c.skus++
	p := catalog.Product{
		Title: "Thing", Slug: rapid.SampledFrom(someSlugs).Draw(c.T, "slug"), Brand: rapid.SampledFrom(someBrands).Draw(c.T, "brand"),
		Status: rapid.SampledFrom([]catalog.Status{catalog.Active, catalog.Draft}).Draw(c.T, "status"),
		Tags:   []string{rapid.SampledFrom(someTags).Draw(c.T, "tag")}, Options: []string{"Size"},
		Translations: map[string]catalog.Translation{"fr": {Title: "Chose"}},
	}
	for i := range 2 {
		sku := ref.SKU(fmt.Sprintf("S%d-%d", c.skus, i))
		if rapid.IntRange(0, 9).Draw(c.T, "thief") == 0 {
			sku = "S1-0"
		}
		var id ref.UUID
		binary.BigEndian.PutUint64(id[8:], uint64(c.skus*2+i))
		p.Variants = append(p.Variants, catalog.Variant{ID: ref.NewID[ref.VariantKind](id), SKU: sku, Options: []string{strconv.Itoa(i)}})
	}
	made := c.do("Save", func(ctx context.Context, s *twin) (any, error) { return s.Save(ctx, p) })
	if made, ok := made.(catalog.Product); ok {
		c.products = append(c.products, made.ID)
		c.noteSlug(made.Slug)
		if !made.BrandID.IsZero() {
			c.brands = append(c.brands, made.BrandID)
		}
	}
}

func (c *twins) noteSlug(slug string) {
	if c.slugs == nil {
		c.slugs = map[string]bool{}
	}
	c.slugs[slug] = true
}

func (c *twins) editProduct() {
	id, ok := one(c, c.products, "product")
	if !ok {
		return
	}
	got, _ := c.do("Get", func(ctx context.Context, s *twin) (any, error) { return s.Get(ctx, id) }).(catalog.Product)
	if rapid.IntRange(0, 9).Draw(c.T, "old") == 0 {
		got.Version--
	}
	switch rapid.IntRange(0, 6).Draw(c.T, "edit") {
	case 0:
		got.Slug = rapid.SampledFrom(someSlugs[1:]).Draw(c.T, "slug")
	case 1:
		got.Brand = rapid.SampledFrom(someBrands).Draw(c.T, "brand")
	case 2:
		got.Listings = nil
		for _, channel := range someChannels {
			if rapid.Bool().Draw(c.T, "listed") {
				l := catalog.Listing{Channel: channel, Published: rapid.Bool().Draw(c.T, "published")}
				if rapid.Bool().Draw(c.T, "windowed") {
					l.From = c.both[0].clock.now.Add(time.Duration(rapid.IntRange(-2, 2).Draw(c.T, "from")) * time.Hour)
				}
				got.Listings = append(got.Listings, l)
			}
		}
	case 3:
		got.Categories = nil
		if k, ok := one(c, c.categories, "category"); ok {
			got.Categories = []ref.CategoryID{k}
		}
	case 4:
		got.Tags = []string{rapid.SampledFrom(someTags).Draw(c.T, "tag")}
		got.Publication.Until = c.both[0].clock.now.Add(time.Duration(rapid.IntRange(0, 2).Draw(c.T, "until")) * time.Hour)
	case 5:
		on := rapid.SampledFrom([]catalog.StatusEvent{catalog.Publish, catalog.Withdraw, catalog.Archive, catalog.Restore}).Draw(c.T, "on")
		c.do("Change", func(ctx context.Context, s *twin) (any, error) { return s.Change(ctx, id, got.Version, on) })
		return
	default:
		v := got.Variants[rapid.IntRange(0, 1).Draw(c.T, "variant")].ID
		if rapid.Bool().Draw(c.T, "retire") {
			c.do("RetireVariant", func(ctx context.Context, s *twin) (any, error) { return s.RetireVariant(ctx, id, got.Version, v) })
		} else {
			c.do("ReinstateVariant", func(ctx context.Context, s *twin) (any, error) { return s.ReinstateVariant(ctx, id, got.Version, v) })
		}
		return
	}
	if saved, ok := c.do("Save", func(ctx context.Context, s *twin) (any, error) { return s.Save(ctx, got) }).(catalog.Product); ok {
		c.noteSlug(saved.Slug)
	}
}

func (c *twins) category() {
	parent, _ := one(c, c.categories, "parent")
	id, known := one(c, c.categories, "category")
	if known && rapid.Bool().Draw(c.T, "move") {
		c.do("MoveCategory", func(ctx context.Context, s *twin) (any, error) {
			tree, err := s.Tree(ctx, ref.Scope{})
			if err != nil {
				return nil, err
			}
			k, _ := tree.Get(id)
			return s.MoveCategory(ctx, id, k.Version, parent, 0)
		})
		return
	}
	made := c.do("SaveCategory", func(ctx context.Context, s *twin) (any, error) {
		return s.SaveCategory(ctx, catalog.Category{Parent: parent, Text: catalog.Text{Name: "Shelf"}})
	})
	if made, ok := made.(catalog.Category); ok {
		c.categories = append(c.categories, made.ID)
	}
}

func (c *twins) collection() {
	k := catalog.Collection{Text: catalog.Text{Name: "Some"}}
	if rapid.Bool().Draw(c.T, "by rule") {
		k.Rule = &catalog.Rule{Op: catalog.RuleTag, Value: rapid.SampledFrom(someTags).Draw(c.T, "tag")}
		if id, ok := one(c, c.categories, "category"); ok && rapid.Bool().Draw(c.T, "by category") {
			k.Rule = &catalog.Rule{Op: catalog.RuleCategory, Value: id.String()}
		}
	} else {
		k.Products = append(k.Products, c.products...)
	}
	made := c.do("SaveCollection", func(ctx context.Context, s *twin) (any, error) { return s.SaveCollection(ctx, k) })
	if made, ok := made.(catalog.Collection); ok {
		c.collections = append(c.collections, made.ID)
	}
}

func (c *twins) remove() {
	if id, ok := one(c, c.brands, "brand"); ok && rapid.Bool().Draw(c.T, "a brand") {
		c.do("RemoveBrand", func(ctx context.Context, s *twin) (any, error) { return nil, s.RemoveBrand(ctx, id, 1) })
		return
	}
	if id, ok := one(c, c.categories, "category"); ok && rapid.Bool().Draw(c.T, "a category") {
		c.do("RemoveCategory", func(ctx context.Context, s *twin) (any, error) { return nil, s.RemoveCategory(ctx, id, 1) })
		return
	}
	if id, ok := one(c, c.collections, "collection"); ok {
		c.do("RemoveCollection", func(ctx context.Context, s *twin) (any, error) { return nil, s.RemoveCollection(ctx, id, 1) })
	}
}

// compare reads everything from both.
func (c *twins) compare() {
	c.do("Walk", func(ctx context.Context, s *twin) (any, error) { return s.parts.Upkeep.Walk(ctx, ref.ProductID{}, 100) })
	c.do("Structure", func(ctx context.Context, s *twin) (any, error) { return s.parts.Categories.Structure(ctx) })
	c.do("Collections", func(ctx context.Context, s *twin) (any, error) { return s.parts.Collections.Walk(ctx, "", 100) })
	c.do("Count", func(ctx context.Context, s *twin) (any, error) {
		all, active, err := s.Count(ctx)
		return [2]int64{all, active}, err
	})
	for _, channel := range someChannels {
		scope := ref.Scope{Channel: channel, Currency: money.GBP, Locale: "fr-CA", Country: "GB", At: c.both[0].clock.now}
		c.do("List", func(ctx context.Context, s *twin) (any, error) {
			var pages []catalog.Page
			var after *catalog.Place
			for {
				page, err := s.List(ctx, scope, catalog.ListQuery{Limit: 2, After: after})
				pages, after = append(pages, page), page.Next
				if err != nil || after == nil {
					return pages, err
				}
			}
		})
		c.do("Brands", func(ctx context.Context, s *twin) (any, error) {
			return s.Brands(ctx, scope, catalog.BrandQuery{Limit: 2})
		})
		for slug := range c.slugs {
			c.do("Product", func(ctx context.Context, s *twin) (any, error) { return s.Product(ctx, scope, slug) })
			c.do("Moved", func(ctx context.Context, s *twin) (any, error) { return s.parts.Products.Moved(ctx, scope, slug) })
		}
		for _, id := range c.collections {
			c.do("Members", func(ctx context.Context, s *twin) (any, error) {
				var pages []catalog.MemberPage
				var after *catalog.MemberPlace
				for {
					page, err := s.Members(ctx, scope, id, catalog.MemberQuery{Limit: 2, After: after})
					pages, after = append(pages, page), page.Next
					if err != nil || after == nil {
						return pages, err
					}
				}
			})
		}
	}
}
