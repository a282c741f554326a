package catalog

import "strings"

// Match is how close a word comes to one that is searched for.
type Match uint8

// The matches, the best first.
const (
	Exact  Match = iota // It is the word.
	Begins              // The word searched for begins it.
	Typo                // It is the word but for a typo or two, see Nearly.
)

// Weight is what a match counts in a rank, times the weight of the word's class. A longer word of a title counts more
// than the very word among the tags.
func (m Match) Weight() int {
	switch m {
	case Exact:
		return 3
	case Begins:
		return 2
	default:
		return 1
	}
}

// Search is a text made ready to be looked for. Immutable.
type Search struct {
	words []string
	typos bool
}

// NewSearch reads the words of a text; typos says whether words count that are nearly so.
func NewSearch(text string, typos bool) Search { return Search{words: WordsOf(text), typos: typos} }

// Words are what is looked for, each once.
func (s Search) Words() []string { return s.words }

// Rank tells whether each word searched for is, begins, or with typos nearly is, a word of one of these, and how well:
// the sum over the words searched for of their best Score. A typo counts in words of all classes but ProseWord.
func (s Search) Rank(of ...Words) (rank int, ok bool) {
	for _, word := range s.words {
		best := 0
		for _, w := range of {
			best = max(best, w.best(word, s.typos))
		}
		if best == 0 {
			return 0, false
		}
		rank += best
	}
	return rank, true
}

// Score is what a word of a class counts that matches one that is searched for.
func Score(c WordClass, m Match) int { return c.Weight() * m.Weight() }

// RankMax bounds a rank.
const RankMax = QueryWordsMax * 8 * 3

// best is the best score of a word for the one searched for; 0 for none.
func (w Words) best(sought string, typos bool) int {
	best := 0
	for word, classes := range w.classes {
		var m Match
		switch {
		case word == sought:
			m = Exact
		case strings.HasPrefix(word, sought):
			m = Begins
		case typos && Nearly(sought, word):
			m = Typo
		default:
			continue
		}
		for _, c := range classes {
			if m != Typo || c != ProseWord {
				best = max(best, Score(c, m))
			}
		}
	}
	return best
}
