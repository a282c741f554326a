package sqlite

import (
	"context"
	"slices"
	"strconv"
	"strings"

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

// The expressions of the index. Words hold letters, digits and marks, so none ends its quotes.

// exactly is the expression for a word itself, begins that for words which it begins.
func exactly(word string) string { return `"` + word + `"` }
func begins(word string) string  { return `"` + word + `" *` }

// anyOf is the expression for one of the words.
func anyOf(words []string) string { return `("` + strings.Join(words, `" OR "`) + `")` }

// within looks for an expression in the words of classes alone.
func within(expression string, classes ...catalog.WordClass) string {
	names := make([]string, len(classes))
	for i, c := range classes {
		names[i] = wordColumns[c]
	}
	return "({" + strings.Join(names, " ") + "} : " + expression + ")"
}

// expression finds the documents that have all words.
func expression(words []soughtWord) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = "(" + begins(w.word) + ")"
		if len(w.near) > 0 {
			all[i] = "(" + begins(w.word) + " OR " +
				within(anyOf(w.near), catalog.TitleWord, catalog.BrandWord, catalog.CodeWord, catalog.DetailWord) + ")"
		}
	}
	return strings.Join(all, " AND ")
}

// rank is what catalog.Search gives for a row that has all words; found demands of a document that it is among those that
// may be on the page. It asks what counts most first; the rest has a word that begins so in a description, or one that is
// nearly so among details, and both count the same.
func (b *listingSQL) rank(found string) string {
	if len(b.words) == 0 {
		return "0"
	}
	each := make([]string, len(b.words))
	for i, w := range b.words {
		exact, begins := b.arg(" "+w.word+" "), b.arg(" "+w.word)
		each[i] = "CASE"
		ask := func(condition string, c catalog.WordClass, m catalog.Match) {
			each[i] += " WHEN " + condition + " THEN " + strconv.Itoa(catalog.Score(c, m))
		}
		has := func(column, word string) string { return "instr(l." + column + ", " + word + ")" }
		in := func(expression string) string { return "l.doc IN (SELECT " + docsWith(b.arg(expression)) + found + ")" }
		ask(has("title_words", exact), catalog.TitleWord, catalog.Exact)
		ask(has("title_words", begins), catalog.TitleWord, catalog.Begins)
		ask(has("name_words", exact), catalog.BrandWord, catalog.Exact)
		ask(has("name_words", begins), catalog.BrandWord, catalog.Begins)
		if len(w.near) > 0 {
			ask(in(within(anyOf(w.near), catalog.TitleWord)), catalog.TitleWord, catalog.Typo)
		}
		ask(has("detail_words", exact), catalog.DetailWord, catalog.Exact)
		ask(has("detail_words", begins), catalog.DetailWord, catalog.Begins)
		if len(w.near) > 0 {
			ask(in(within(anyOf(w.near), catalog.BrandWord, catalog.CodeWord)), catalog.BrandWord, catalog.Typo)
		}
		ask(in(within(exactly(w.word), catalog.ProseWord)), catalog.ProseWord, catalog.Exact)
		each[i] += " ELSE " + strconv.Itoa(catalog.Score(catalog.ProseWord, catalog.Begins)) + " END"
	}
	return strings.Join(each, " + ")
}

// misspelling gives the words of a text with those that they may be misspellings of; ok is false when a product that the
// scope sees has all of them as they are written, or none is near any.
func misspelling(ctx context.Context, db asked, scope ref.Scope, text string) (words []soughtWord, ok bool, err error) {
	words = sought(text)
	if !slices.ContainsFunc(words, func(w soughtWord) bool { return catalog.Typos(w.word) > 0 }) {
		return words, false, nil
	}
	b := newListingSQL(scope, catalog.ListingQuery{}, words)
	var written bool
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM (SELECT `+b.wordsSought()[0].docs+`) f CROSS JOIN listings l ON l.doc = f.doc
		WHERE `+b.conditions()+`)`, b.args...).Scan(&written)
	if err != nil || written {
		return words, false, err
	}
	for i, w := range words {
		v, some := catalog.VicinityOf(w.word)
		if !some {
			continue
		}
		var found []string
		var word string
		// char(1114111) is the last character of all.
		err := eachRow(ctx, db, `SELECT word FROM listing_words WHERE word >= ?1 AND word < ?1 || char(1114111) AND length(word) BETWEEN ?2 AND ?3
			UNION ALL SELECT word FROM listing_words WHERE word IN (SELECT value FROM json_each(?4))
			UNION ALL SELECT word FROM listing_words WHERE substr(word, 2) IN (SELECT value FROM json_each(?5))`,
			[]any{v.First, v.Least, v.Most, jsonText(v.Words), jsonText(v.Tails)}, []any{&word}, func() { found = append(found, word) })
		if err != nil {
			return words, false, err
		}
		words[i].near = catalog.Near(w.word, found)
		ok = ok || len(words[i].near) > 0
	}
	return words, ok, nil
}
