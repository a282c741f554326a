package postgres

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// sqlLearn adds words to the vocabulary, in their order, so that nobody waits in a circle. A word that no product has any
// more stays: it finds nothing.
const sqlLearn = `INSERT INTO commerce.listing_words (shop, word) SELECT $1, w FROM unnest($2::text[]) AS w ON CONFLICT DO NOTHING`

// classLetters are the weights of classes in the column search; words of descriptions have a column of their own, for
// there are many of them, and ranks seldom ask for them.
var classLetters = map[catalog.WordClass]string{catalog.TitleWord: "A", catalog.BrandWord: "B", catalog.CodeWord: "C", catalog.DetailWord: "D"}

// vector writes words, but for those of descriptions, as the text of a tsvector. Words hold letters, digits and marks,
// which need no escape; each class has a position of its own, for a position has one weight.
func vector(of ...catalog.Words) string {
	at := map[string][]string{}
	for _, words := range of {
		for word, classes := range words.All() {
			for _, c := range classes {
				if letter, ok := classLetters[c]; ok {
					at[word] = append(at[word], strconv.Itoa(int(c)+1)+letter)
				}
			}
		}
	}
	var out []string
	for _, word := range slices.Sorted(maps.Keys(at)) {
		out = append(out, "'"+word+"':"+strings.Join(at[word], ","))
	}
	return strings.Join(out, " ")
}

// proseVector writes the words that descriptions alone have.
func proseVector(words catalog.Words) string {
	var out []string
	for word, classes := range words.All() {
		if classes[0] == catalog.ProseWord {
			out = append(out, "'"+word+"'")
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// learn adds the words to a vocabulary that may be meant by others.
func learn(vocabulary map[string]bool, of ...catalog.Words) {
	for _, words := range of {
		for word, classes := range words.All() {
			if classes[0] != catalog.ProseWord && catalog.Misspellable(word) {
				vocabulary[word] = true
			}
		}
	}
}

// queueVocabulary writes words that may be meant by others.
func (s *Store) queueVocabulary(b *pgx.Batch, words map[string]bool) {
	if len(words) > 0 {
		b.Queue(sqlLearn, s.cfg.Shop, slices.Sorted(maps.Keys(words)))
	}
}
