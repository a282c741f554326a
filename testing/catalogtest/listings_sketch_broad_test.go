package catalogtest_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// undescribed is the product without descriptions.
func undescribed(p catalog.Product) catalog.Product {
	p.Description, p.Translations = "", maps.Clone(p.Translations)
	for l, t := range p.Translations {
		t.Description = ""
		p.Translations[l] = t
	}
	return p
}

// found tells whether a candidate has the words of the text as they are written.
func (s *shelves) found(q catalog.ListingQuery, tree catalog.Tree, candidates []catalog.Candidate) bool {
	filter := catalog.NewFilter(catalog.ListingQuery{Text: q.Text}, tree)
	return slices.ContainsFunc(candidates, func(c catalog.Candidate) bool {
		_, ok := filter.Passes(c)
		return ok
	})
}

// searched gives the candidates that a search is to see so that it looks for words in another way.
func (s *shelves) searched(q *catalog.ListingQuery, candidates []catalog.Candidate) []catalog.Candidate {
	text := catalog.WordsOf(q.Text)
	if !slices.Contains([]listingFlaw{wholeWords, anyWord, noBrandWords, noDescriptions, marksCount}, s.flaw) || len(text) == 0 {
		return candidates
	}
	for _, typos := range []bool{false, true} {
		found := slices.DeleteFunc(slices.Clone(candidates), func(c catalog.Candidate) bool {
			n := 0
			for _, word := range text {
				if s.has(c, *q, word, typos) {
					n++
				}
			}
			return n < len(text) && (s.flaw != anyWord || n == 0)
		})
		if len(found) == 0 {
			continue
		}
		if s.flaw == anyWord && len(text) > 1 {
			q.Text = ""
		}
		return found
	}
	return nil
}

// has tells whether a search finds the candidate by the word.
func (s *shelves) has(c catalog.Candidate, q catalog.ListingQuery, word string, typos bool) bool {
	switch s.flaw {
	case noDescriptions:
		c.Product = undescribed(c.Product)
	case marksCount:
		c.Product = unmarked(c.Product, q.Text)
	default:
	}
	of := []catalog.Words{c.Product.Words()}
	if s.flaw != noBrandWords {
		of = append(of, c.BrandWords())
	}
	if s.flaw != wholeWords {
		_, ok := catalog.NewSearch(word, typos).Rank(of...)
		return ok
	}
	return slices.ContainsFunc(of, func(w catalog.Words) bool {
		for known, classes := range w.All() {
			if known == word || typos && classes[0] != catalog.ProseWord && catalog.Nearly(word, known) {
				return true
			}
		}
		return false
	})
}

// unmarked is the product without the values that have a ß, unless the text has one.
func unmarked(p catalog.Product, text string) catalog.Product {
	p.Translations = maps.Clone(p.Translations)
	for l, t := range p.Translations {
		t.Options = slices.Clone(t.Options)
		for i, o := range t.Options {
			t.Options[i].Values = maps.Clone(o.Values)
			maps.DeleteFunc(t.Options[i].Values, func(_, v string) bool { return strings.Contains(v, "ß") && !strings.Contains(text, "ß") })
		}
		p.Translations[l] = t
	}
	return p
}

// mistyped gives the candidates that a search is to see so that it knows typos in another way.
func (s *shelves) mistyped(q catalog.ListingQuery, tree catalog.Tree, candidates []catalog.Candidate) []catalog.Candidate {
	switch s.flaw {
	case noTypos:
		if !s.found(q, tree, candidates) {
			return nil
		}
	case alwaysTypos: // Who is nearly found is made to be found, as well as a typo is.
		strict, typos := catalog.NewSearch(q.Text, false), catalog.NewSearch(q.Text, true)
		for i, c := range candidates {
			_, found := strict.Rank(c.Product.Words(), c.BrandWords())
			if _, ok := typos.Rank(c.Product.Words(), c.BrandWords()); ok && !found {
				candidates[i].Product.Tags = append(slices.Clone(c.Product.Tags), q.Text)
			}
		}
	case filteredTypos:
		bare := q
		bare.Text = ""
		filter := catalog.NewFilter(bare, tree)
		return slices.DeleteFunc(candidates, func(c catalog.Candidate) bool {
			_, ok := filter.Passes(c)
			return !ok
		})
	case proseTypos:
		if !s.found(q, tree, candidates) {
			for i, c := range candidates {
				candidates[i].Product.Tags = append(slices.Clone(c.Product.Tags), catalog.Prose(c.Product.Description))
			}
		}
	default:
	}
	return candidates
}

// bounded gives the candidates of which a list is made that ranks others than it should.
func (s *shelves) bounded(q *catalog.ListingQuery, tree catalog.Tree, candidates []catalog.Candidate) []catalog.Candidate {
	filter := catalog.NewFilter(*q, tree).Among(candidates)
	switch s.flaw {
	case rankEverything:
		q.Breadth = 0
		return candidates
	case rankOldest:
		if !q.Ranks() {
			return candidates
		}
	case cutsAnyOrder:
		if q.Ranks() || q.Text == "" {
			return candidates
		}
	case cutsFirst:
		if !q.Ranks() {
			return candidates
		}
		filter = catalog.NewFilter(catalog.ListingQuery{Text: q.Text}, tree).Among(candidates)
	default:
		return candidates
	}
	passed := slices.DeleteFunc(slices.Clone(candidates), func(c catalog.Candidate) bool {
		_, ok := filter.Passes(c)
		return !ok
	})
	slices.SortFunc(passed, func(a, b catalog.Candidate) int {
		if s.flaw == rankOldest {
			return a.Product.CreatedAt.Compare(b.Product.CreatedAt)
		}
		return b.Product.CreatedAt.Compare(a.Product.CreatedAt)
	})
	return passed[:min(len(passed), q.BreadthOrMax())]
}
