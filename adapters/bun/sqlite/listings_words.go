package sqlite

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// wordColumns are the columns of the index of words, by the class of the words that stand there.
var wordColumns = map[catalog.WordClass]string{catalog.TitleWord: "title", catalog.BrandWord: "brand", catalog.DetailWord: "detail"}

// writeWords writes the words of products.
func writeWords(ctx context.Context, tx *sql.Tx, h *shelf) error {
	columns := slices.Sorted(maps.Keys(wordColumns))
	names, places := make([]string, len(columns)), strings.Repeat(", ?", len(columns))
	for i, c := range columns {
		names[i] = wordColumns[c]
	}
	var rows [][]any
	for _, p := range h.products {
		texts := map[catalog.WordClass][]string{}
		for _, words := range []catalog.Words{p.Product.Words(), p.BrandWords()} {
			for word, classes := range words.All() {
				for _, c := range classes {
					texts[c] = append(texts[c], word)
				}
			}
		}
		row := []any{p.doc}
		for _, c := range columns {
			row = append(row, strings.Join(texts[c], " "))
		}
		rows = append(rows, row)
	}
	return each(ctx, tx, `INSERT OR REPLACE INTO product_words (rowid, `+strings.Join(names, ", ")+`) VALUES (?`+places+`)`, rows, itself)
}

// matching is the expression of the index for documents that have words which begin so, all of them.
func matching(words ...string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = `"` + w + `" *`
	}
	return strings.Join(all, " AND ")
}

// matchingIn is matching for words of a class.
func matchingIn(c catalog.WordClass, word string) string {
	return wordColumns[c] + " : " + matching(word)
}
