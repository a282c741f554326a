package figures_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// The catalogue that is searched.
const (
	searched     = 100_000 // Products.
	searchBrands = 500
	searchTypes  = 400
	searchWords  = 20_000 // Of its language.
)

// searchStart is when its first product was made; the others follow each minute.
var searchStart = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// language makes words of syllables, the common ones first, each once.
func language(r *rand.Rand) []string {
	syllables := strings.Fields("ba be bo ca ce co da de di do fa fe fi ga go ha he in ka ke la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se si so ta te ti to va ve wa we wo an en er on st ing ton")
	seen := map[string]bool{}
	var out []string
	for len(out) < searchWords {
		var w strings.Builder
		for range 2 + r.IntN(3) {
			w.WriteString(syllables[r.IntN(len(syllables))])
		}
		if !seen[w.String()] {
			seen[w.String()] = true
			out = append(out, w.String())
		}
	}
	return out
}

// searchShop is a catalogue of products with titles of five words, a brand, a type, tags, codes, and descriptions of sixty
// words; words are as unequally common as those of languages.
type searchShop struct {
	r        *rand.Rand
	words    []string
	zipf     *rand.Zipf // Of words.
	types    *rand.Zipf
	brands   *rand.Zipf
	products map[string]int // Of how many products a word is.
	known    map[string]bool
}

func newSearchShop() *searchShop {
	r := rand.New(rand.NewPCG(2026, 11))
	return &searchShop{
		r: r, words: language(r), zipf: rand.NewZipf(r, 1.1, 8, searchWords-1), types: rand.NewZipf(r, 1.1, 8, searchTypes-1),
		brands: rand.NewZipf(r, 1.1, 20, searchBrands-1), products: map[string]int{}, known: map[string]bool{},
	}
}

func (s *searchShop) some(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = s.words[s.zipf.Uint64()]
	}
	return strings.Join(out, " ")
}

// brand is the name of the n-th brand: a word that is in no title.
func (s *searchShop) brand(n uint64) string { return "Qu" + s.words[n] }

// product makes the n-th.
func (s *searchShop) product(n int) (catalog.Product, catalog.Brand) {
	brand := s.brands.Uint64()
	kind := s.words[s.types.Uint64()]
	p := catalog.Product{
		ID: searchID[ref.ProductKind](n), Slug: "p" + strconv.Itoa(n), Title: s.some(3) + " " + kind + " " + strconv.Itoa(10*(1+s.r.IntN(50))) + "ml", Type: kind,
		Description: "<p class=\"description\">" + s.some(30) + "</p><p>" + s.some(30) + "</p>", Tags: []string{s.some(1), s.some(2)},
		Status: catalog.Active, Featured: n%20 == 0, CreatedAt: searchStart.Add(time.Duration(n) * time.Minute),
		Variants: []catalog.Variant{{ID: searchID[ref.VariantKind](n), SKU: ref.SKU(fmt.Sprintf("QX-%06d", n)), Barcode: fmt.Sprintf("50%011d", n)}},
	}
	b := catalog.Brand{ID: searchID[ref.BrandKind](int(brand) + 1), Slug: "b" + strconv.FormatUint(brand, 10), Text: catalog.Text{Name: s.brand(brand)}}
	return p, b
}

func searchID[K ref.Kind](n int) ref.ID[K] {
	return ref.NewID[K]([16]byte{0x02, 6: 0x70, 8: 0x80, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)})
}

// fill copies the catalogue, with the rows of lists as the store makes them.
func (s *searchShop) fill(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	var products, variants, prices, listings, brands, words [][]any
	for n := range uint64(searchBrands) {
		brands = append(brands, []any{1, uuidOf(searchID[ref.BrandKind](int(n) + 1)), 1, "b" + strconv.FormatUint(n, 10), s.brand(n), strings.ToLower(s.brand(n)), "", "{}", "{}", searchStart, searchStart})
	}
	for n := 1; n <= searched; n++ {
		p, b := s.product(n)
		id, price := uuidOf(p.ID), int64(1+s.r.IntN(9999))*10_000
		products = append(products, []any{1, id, 1, p.Slug, p.Title, p.Description, b.Name, uuidOf(b.ID), p.Type, jsonOf(t, p.Tags), "active", p.Featured, "[]", "[]", p.CreatedAt, p.CreatedAt})
		v := p.Variants[0]
		variants = append(variants, []any{1, uuidOf(v.ID), id, 0, string(v.SKU), "[]", v.Barcode, 0})
		prices = append(prices, []any{1, uuidOf(v.ID), "web", "GBP", 1, price})
		listings = append(listings, []any{
			1, id, "web", "GBP", "-infinity", "infinity", p.CreatedAt, catalog.NameKey(p.Title), p.Featured, uuidOf(b.ID), "{}", s.vector(p.Words(), b.Words()), proseOf(p.Words()),
			price, "{" + string(v.SKU) + "}", []string{"infinity", "-infinity"}[n%2],
		})
		for word := range p.Words().All() {
			s.products[word]++
		}
		for word := range b.Words().All() {
			s.products[word]++
		}
	}
	for _, word := range slices.Sorted(maps.Keys(s.known)) {
		words = append(words, []any{1, word})
	}
	exec := func(sql string) {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("DROP INDEX commerce.listings_text") // Made at once it takes a tenth of the time.
	s.copy(t, conn, "brands", "shop, id, version, slug, name, name_key, description, seo, translations, created_at, updated_at", brands)
	s.copy(t, conn, "products", "shop, id, version, slug, title, description, brand, brand_id, type, tags, status, featured, options, media, created_at, updated_at", products)
	s.copy(t, conn, "variants", "shop, id, product_id, position, sku, options, barcode, grams", variants)
	s.copy(t, conn, "prices", "shop, variant_id, channel, currency, version, amount", prices)
	s.copy(t, conn, "listing_words", "shop, word", words)
	s.copy(t, conn, "listings", `shop, product_id, channel, currency, shown_from, shown_until, created_at, name_key, featured, brand_id, categories, search, prose, price, skus, in_stock_until`, listings)
	exec("CREATE INDEX listings_text ON commerce.listings USING gin (search, prose) WITH (fastupdate = off)")
	exec("VACUUM ANALYZE")
}

// copy copies rows as text, which the server reads as what the columns are.
func (s *searchShop) copy(t *testing.T, conn *pgx.Conn, table, columns string, rows [][]any) {
	t.Helper()
	var text strings.Builder
	for _, row := range rows {
		for i, v := range row {
			if i > 0 {
				text.WriteByte('\t')
			}
			if at, ok := v.(time.Time); ok {
				v = at.Format(time.RFC3339Nano)
			}
			fmt.Fprint(&text, v)
		}
		text.WriteByte('\n')
	}
	if _, err := conn.PgConn().CopyFrom(t.Context(), strings.NewReader(text.String()), "COPY commerce."+table+" ("+columns+") FROM STDIN"); err != nil {
		t.Fatalf("copying %s: %v", table, err)
	}
}

// vector writes words as the store does, and keeps them for the vocabulary.
func (s *searchShop) vector(of ...catalog.Words) string {
	at := map[string][]string{}
	for _, words := range of {
		for word, classes := range words.All() {
			for _, c := range classes {
				if c != catalog.ProseWord {
					at[word] = append(at[word], strconv.Itoa(int(c)+1)+string("ABCD"[c]))
					if catalog.Misspellable(word) {
						s.known[word] = true
					}
				}
			}
		}
	}
	var out []string
	for word, places := range at {
		out = append(out, "'"+word+"':"+strings.Join(places, ","))
	}
	return strings.Join(out, " ")
}

func proseOf(words catalog.Words) string {
	var out []string
	for word, classes := range words.All() {
		if classes[0] == catalog.ProseWord {
			out = append(out, "'"+word+"'")
		}
	}
	return strings.Join(out, " ")
}

// common gives the word that is of the given share of products as nearly as any.
func (s *searchShop) common(share float64) string {
	wanted := int(share * searched)
	off := func(word string) int { d := s.products[word] - wanted; return max(d, -d) }
	return slices.MinFunc(slices.DeleteFunc(slices.Sorted(maps.Keys(s.products)), func(w string) bool { return len(w) < 6 }), func(a, b string) int { return off(a) - off(b) })
}
