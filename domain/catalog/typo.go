package catalog

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much may be wrong in a word of a search: nothing in a short one, for the next short word is another word.
const (
	typoFrom  = 4  // Letters from which a word may have one typo,
	typosFrom = 8  // and two.
	typosTo   = 40 // Longer ones are no words that somebody typed, and cost much to compare.
)

// NearMax bounds how many words a store takes for one that is sought. Languages have some dozens.
const NearMax = 256

// Typos gives how many typos a word of a search may have: none below 4 letters, above 40 and in a word with a digit, for
// the next code is another thing; 1 below 8; else 2.
func Typos(sought string) int {
	n := 0
	for _, r := range sought {
		if unicode.IsDigit(r) {
			return 0
		}
		n++
	}
	switch {
	case n < typoFrom, n > typosTo:
		return 0
	case n < typosFrom:
		return 1
	default:
		return 2
	}
}

// Nearly tells whether a word is the sought one but for as many typos as it may have: letters that are wrong, missing,
// too many, or exchanged with their neighbours. Of two typos none is in the first letter, which people seldom get wrong
// and by which a vocabulary is looked up.
func Nearly(sought, word string) bool {
	most := Typos(sought)
	if most == 0 {
		return false
	}
	a, b := []rune(sought), []rune(word)
	if len(b) < len(a)-most || len(b) > len(a)+most || slices.ContainsFunc(b, unicode.IsDigit) {
		return false
	}
	if a[0] != b[0] {
		most = 1
	}
	return distance(a, b) <= most
}

// Misspellable tells whether Nearly may take the word for another one: those that a store keeps in a vocabulary.
func Misspellable(word string) bool {
	n := utf8.RuneCountInString(word)
	return n >= typoFrom-1 && n <= typosTo+2 && strings.IndexFunc(word, unicode.IsDigit) < 0
}

// distance is how many letters must be changed, put in, left out or exchanged with their neighbours to make one word of
// another, no letter twice.
func distance(a, b []rune) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	older, old, row := rows[0], rows[1], rows[2]
	for j := range row {
		row[j] = j
	}
	for i := range a {
		older, old, row = old, row, older
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, old[j+1]+1, old[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// Vicinity tells a store that keeps a vocabulary where in it the words are that Nearly takes for a sought one: among
// those that begin with the letter First and have Least to Most letters, those that are one of Words, and those of which
// all but the first letter is one of Tails. There are others among them.
type Vicinity struct {
	First       string
	Least, Most int
	Words       []string
	Tails       []string
}

// VicinityOf gives the vicinity of a sought word; ok is false when it may have no typo.
func VicinityOf(sought string) (v Vicinity, ok bool) {
	most := Typos(sought)
	if most == 0 {
		return Vicinity{}, false
	}
	letters := []rune(sought)
	tail := string(letters[1:])
	exchanged := string(letters[1]) + string(letters[0]) + string(letters[2:])
	return Vicinity{
		First: string(letters[0]), Least: len(letters) - most, Most: len(letters) + most,
		Words: []string{tail, exchanged}, Tails: []string{tail, sought},
	}, true
}

// Near picks the words that Nearly takes for the sought one, itself aside: the NearMax that differ least in length, of
// these the first in the order of bytes.
func Near(sought string, vocabulary []string) []string {
	var out []string
	for _, w := range vocabulary {
		if w != sought && Nearly(sought, w) {
			out = append(out, w)
		}
	}
	n := utf8.RuneCountInString(sought)
	apart := func(w string) int { d := utf8.RuneCountInString(w) - n; return max(d, -d) }
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(apart(a), apart(b)), cmp.Compare(a, b)) })
	out = slices.Compact(out)
	return out[:min(len(out), NearMax)]
}
