package postgres

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// soughtWord is a word of a search, with the words of the vocabulary that it may be a misspelling of.
type soughtWord struct {
	word string
	near []string
}

// sought are the words of a text, as they are written.
func sought(text string) []soughtWord {
	var out []soughtWord
	for _, w := range catalog.WordsOf(text) {
		out = append(out, soughtWord{word: w})
	}
	return out
}

// indexedWords are looked for in the index, the longest of a search; the others in the rows that these find. Looking for
// a short one takes longer than looking at rows does.
const indexedWords = 3

// text demands all words, each of them of the product or of its description.
func (b *listingSQL) text() []string {
	words := slices.Clone(b.words)
	slices.SortStableFunc(words, func(x, y soughtWord) int { return cmp.Compare(len(y.word), len(x.word)) })
	var out []string
	for i, w := range words {
		begins := b.arg("'" + w.word + "':*")
		search, prose := "l.search @@ "+begins+"::tsquery", "l.prose @@ "+begins+"::tsquery"
		if len(w.near) > 0 {
			search = "l.search @@ " + b.arg("'"+w.word+"':* | '"+strings.Join(w.near, "' | '")+"'") + "::tsquery"
		}
		if i >= indexedWords { // An index knows the operator alone.
			search, prose = unindexed(search), unindexed(prose)
		}
		out = append(out, "("+search+" OR "+prose+")")
	}
	return out
}

// unindexed asks the same of each row.
func unindexed(condition string) string {
	column, query, _ := strings.Cut(condition, " @@ ")
	return "ts_match_vq(" + column + ", " + query + ")"
}

// rank is what catalog.Search gives for a row that has all words.
func (b *listingSQL) rank() string {
	if len(b.words) == 0 {
		return "0"
	}
	each := make([]string, len(b.words))
	for i, w := range b.words {
		each[i] = b.written(w.word, len(w.near) > 0)
		if len(w.near) > 0 {
			each[i] = "greatest(" + each[i] + ", " + b.misspelt(w.near) + ")"
		}
	}
	return "(" + strings.Join(each, " + ") + ")"
}

// written is the score of a word as it is written. It asks first whether more than the description has the word, for of
// most rows it does not, and of the classes the best first; classes of one weight share their questions.
func (b *listingSQL) written(word string, misspelt bool) string {
	in := func(column, match, classes string) string {
		if match+classes != "" {
			match = ":" + match
		}
		return "l." + column + " @@ " + b.arg("'"+word+"'"+match+classes) + "::tsquery"
	}
	prose := " ELSE " + score(catalog.ProseWord, catalog.Begins)
	if misspelt { // Then a row need not have it at all.
		prose = " WHEN " + in("prose", "*", "") + " THEN " + score(catalog.ProseWord, catalog.Begins) + " ELSE 0"
	}
	return "CASE WHEN " + in("search", "*", "") +
		" THEN CASE WHEN " + in("search", "*", "ABC") +
		" THEN CASE WHEN " + in("search", "", "A") + " THEN " + score(catalog.TitleWord, catalog.Exact) +
		" WHEN " + in("search", "*", "A") + " THEN " + score(catalog.TitleWord, catalog.Begins) +
		" WHEN " + in("search", "", "BC") + " THEN " + score(catalog.BrandWord, catalog.Exact) +
		" ELSE " + score(catalog.BrandWord, catalog.Begins) + " END" +
		" WHEN " + in("search", "", "D") + " THEN " + score(catalog.DetailWord, catalog.Exact) +
		" ELSE " + score(catalog.DetailWord, catalog.Begins) + " END" +
		" WHEN " + in("prose", "", "") + " THEN " + score(catalog.ProseWord, catalog.Exact) + prose + " END"
}

// misspelt is the score of words that one may be a misspelling of.
func (b *listingSQL) misspelt(near []string) string {
	in := func(classes string) string {
		return "l.search @@ " + b.arg("'"+strings.Join(near, "':"+classes+" | '")+"':"+classes) + "::tsquery"
	}
	return "CASE WHEN " + in("A") + " THEN " + score(catalog.TitleWord, catalog.Typo) + " WHEN " + in("BC") + " THEN " + score(catalog.BrandWord, catalog.Typo) +
		" WHEN " + in("D") + " THEN " + score(catalog.DetailWord, catalog.Typo) + " ELSE 0 END"
}

func score(c catalog.WordClass, m catalog.Match) string { return strconv.Itoa(catalog.Score(c, m)) }

// misspelling gives the words of a text of which nothing was found, with those that they may be misspellings of; ok is
// false when a product that the scope sees has all of them as they are written, or none is near any.
func (l Listings) misspelling(ctx context.Context, scope ref.Scope, q catalog.ListingQuery) (words []soughtWord, ok bool, err error) {
	words = sought(q.Text)
	vicinities := newNamesSQL(l.s.cfg.Shop, scope)
	var where []string
	for i, w := range words {
		v, some := catalog.VicinityOf(w.word)
		if !some {
			continue
		}
		from := "SELECT " + strconv.Itoa(i) + ", word FROM commerce.listing_words WHERE shop = $1 AND "
		where = append(where,
			from+"word LIKE "+vicinities.arg(v.First+"%")+" AND char_length(word) BETWEEN "+strconv.Itoa(v.Least)+" AND "+strconv.Itoa(v.Most),
			from+"word = ANY("+vicinities.arg(v.Words)+"::text[])", from+"substr(word, 2) = ANY("+vicinities.arg(v.Tails)+"::text[])")
	}
	if len(where) == 0 {
		return words, false, nil
	}
	if q.After != nil || len(q.Categories)+len(q.Brands) > 0 || q.PriceMin != nil || q.PriceMax != nil || q.InStock != nil || q.Featured != nil {
		// As many as are ranked, for one alone would be looked for in all rows rather than in the index of words.
		there := newListingSQL(l.s.cfg.Shop, scope, catalog.ListingQuery{}, words)
		var written bool
		err = l.s.pool.QueryRow(ctx, "WITH f AS MATERIALIZED (SELECT l.product_id"+there.newest(catalog.BreadthMax+1)+") SELECT EXISTS (SELECT FROM f)", there.args...).Scan(&written)
		if err != nil || written {
			return words, false, err
		}
	}
	rows, err := l.s.pool.Query(ctx, strings.Join(where, " UNION ALL "), vicinities.args...)
	if err != nil {
		return words, false, err
	}
	found := make([][]string, len(words))
	var i int
	var word string
	if _, err = pgx.ForEachRow(rows, []any{&i, &word}, func() error {
		found[i] = append(found[i], word)
		return nil
	}); err != nil {
		return words, false, err
	}
	for i := range words {
		words[i].near = catalog.Near(words[i].word, found[i])
		ok = ok || len(words[i].near) > 0
	}
	return words, ok, nil
}
