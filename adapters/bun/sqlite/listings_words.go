package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// wordColumns are the columns of the index of words, by the class of the words that stand there.
var wordColumns = map[catalog.WordClass]string{
	catalog.TitleWord: "title", catalog.BrandWord: "brand", catalog.CodeWord: "code", catalog.DetailWord: "detail", catalog.ProseWord: "prose",
}

// classed are words by their classes. One that a description has among others does not count as a word of it.
func classed(of ...catalog.Words) map[catalog.WordClass][]string {
	out := map[catalog.WordClass][]string{}
	for _, words := range of {
		for word, classes := range words.All() {
			for _, c := range classes {
				if c != catalog.ProseWord || len(classes) == 1 {
					out[c] = append(out[c], word)
				}
			}
		}
	}
	return out
}

// spaced are words in a row of the projection: each between spaces.
func spaced(lists ...[]string) string { return " " + strings.Join(slices.Concat(lists...), " ") + " " }

// writeWords writes the words of products into the index, and adds them to the vocabulary.
func writeWords(ctx context.Context, tx *sql.Tx, h *shelf) error {
	columns := slices.Sorted(maps.Keys(wordColumns))
	names, places := make([]string, len(columns)), strings.Repeat(", ?", len(columns))
	for i, c := range columns {
		names[i] = wordColumns[c]
	}
	vocabulary := map[string]bool{}
	var rows [][]any
	// In order: the index writes what it gathered each time a number comes that is lower than the one before.
	for _, p := range slices.SortedFunc(maps.Values(h.products), func(a, b *shelved) int { return cmp.Compare(a.doc, b.doc) }) {
		row := []any{p.doc}
		for _, c := range columns {
			row = append(row, strings.Join(p.words[c], " "))
			for _, word := range p.words[c] {
				if c != catalog.ProseWord && catalog.Misspellable(word) {
					vocabulary[word] = true
				}
			}
		}
		rows = append(rows, row)
	}
	return inTurn(
		func() error {
			return each(ctx, tx, `INSERT OR REPLACE INTO product_words (rowid, `+strings.Join(names, ", ")+`) VALUES (?`+places+`)`, rows, itself)
		},
		func() error {
			return each(ctx, tx, `INSERT INTO listing_words (word) VALUES (?1) ON CONFLICT DO NOTHING`, slices.Sorted(maps.Keys(vocabulary)),
				func(word string) []any { return []any{word} })
		},
	)
}
