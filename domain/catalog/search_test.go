package catalog_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

func TestProse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "plain": "plain", "<p class=\"x\">a<b>c</b>&amp;caf&eacute;</p>": "a c &café", "1 < 2 & 3 > 2": "1   2", "<": "<", "a<b": "a<b", "&bogus; &": "&bogus; &",
	} {
		if got := strings.TrimSpace(catalog.Prose(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	long := strings.Repeat("é", 2*catalog.ProseMax)
	if got := catalog.Prose(long); utf8.RuneCountInString(got) != catalog.ProseMax {
		t.Errorf("%d letters of a long text", utf8.RuneCountInString(got))
	}
	if got := catalog.Prose(strings.Repeat("<p>", catalog.ProseMax) + "late"); strings.Contains(got, "late") {
		t.Error("tags cost nothing")
	}
}

func TestNearly(t *testing.T) {
	t.Parallel()
	for pair, want := range map[string]bool{
		"mug mgu": false, "mugs mug": true, "mugs mugs": true, "mugs muks": true, "mugs gums": false, "bowl bwol": true, "bowl owl": true, "bowl bowls": true, "bowl xbowl": true,
		"bowl obwl": true, "bowl cowl": true, "bowl xowls": false, "teapots tepot": false, "saucepan sausepam": true, "saucepan suacepna": true, "saucepan tausepan": false,
		"saucepan aucepan": true, "saucepan saucep": true, "saucepan sauce": false, "saucepan saucepanes": true, "abc1 abc2": false, "abcd abc1": false, "тарелка тарелкы": true,
		"größe größen": true, "saucepan s": false, "mugs ": false,
	} {
		sought, word, _ := strings.Cut(pair, " ")
		if got := catalog.Nearly(sought, word); got != want {
			t.Errorf("%s: got %v", pair, got)
		}
	}
}

// misspelt makes a random change of a word.
func misspelt(r *rand.Rand, letters []rune) []rune {
	const alphabet = "aeéж"
	other := []rune(alphabet)[r.IntN(4)]
	i := r.IntN(len(letters))
	out := slices.Clone(letters)
	switch r.IntN(4) {
	case 0:
		out[i] = other
	case 1:
		out = slices.Insert(out, i, other)
	case 2:
		out = slices.Delete(out, i, i+1)
	default:
		if i > 0 {
			out[i-1], out[i] = out[i], out[i-1]
		}
	}
	return out
}

// TestVicinityHasAllThatIsNear misspells random words: whatever Nearly takes is where VicinityOf says.
func TestVicinityHasAllThatIsNear(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	near := 0
	for range 40_000 {
		var letters []rune
		for range 2 + r.IntN(9) {
			letters = append(letters, []rune("aaebж")[r.IntN(5)])
		}
		sought, word := string(letters), letters
		for range r.IntN(3) {
			if len(word) > 1 {
				word = misspelt(r, word)
			}
		}
		v, some := catalog.VicinityOf(sought)
		if !catalog.Nearly(sought, string(word)) {
			continue
		}
		near++
		if !catalog.Misspellable(string(word)) {
			t.Fatalf("%q is near %q and not kept", string(word), sought)
		}
		n, first := len(word), string(word[0])
		if !some || !(first == v.First && n >= v.Least && n <= v.Most) && !slices.Contains(v.Words, string(word)) && !slices.Contains(v.Tails, string(word[1:])) {
			t.Fatalf("%q is near %q and not in %+v", string(word), sought, v)
		}
	}
	if near < 1000 {
		t.Errorf("%d words are near", near)
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	if got := catalog.Near("bowl", []string{"bow", "cowl", "bowl", "bawl", "mug", "bowls", "cowl"}); !slices.Equal(got, []string{"bawl", "cowl", "bow", "bowls"}) {
		t.Errorf("got %v", got)
	}
	var many []string
	for _, a := range "abcdefghijklmnopqrstuvwxyz" {
		for _, b := range "abcdefghijklmnopqrstuvwxyz" {
			many = append(many, fmt.Sprintf("saucep%c%c", a, b))
		}
	}
	if got := catalog.Near("saucepan", many); len(got) != catalog.NearMax || got[0] != "saucepaa" {
		t.Errorf("%d words, the first %v", len(got), got[:1])
	}
}

// A search costs little whatever is typed and whatever a product says.
func BenchmarkSearchOfStrangers(b *testing.B) {
	p := mug()
	p.Description = strings.Repeat("<", 1<<18)
	for i := range catalog.TagsMax {
		p.Tags = append(p.Tags, strings.Repeat("a", i%200+20))
	}
	words := p.Words()
	for name, text := range map[string]string{"one letter": "m", "long": strings.Repeat("a", catalog.QueryTextMax), "many": strings.Repeat("ab cd ", 40)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				catalog.NewSearch(text, true).Rank(words)
			}
		})
	}
}
