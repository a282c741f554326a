package ref_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestParseEmail(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]ref.Email{
		"ada@example.org":                      "ada@example.org",
		" Ada.Byron@Example.ORG\t\n":           "ada.byron@example.org",
		"a+shop@x.co":                          "a+shop@x.co",
		"ÉVE@exämple.org":                      "Éve@exämple.org",  // Beyond ASCII nothing is folded.
		"k@\u212a.example":                     "k@\u212a.example", // The Kelvin sign is no k.
		strings.Repeat("a", 245) + "@b.cd.org": ref.Email(strings.Repeat("a", 245) + "@b.cd.org"),
	} {
		got, err := ref.ParseEmail(text)
		if err != nil || got != want || got.String() != string(want) || got.IsZero() {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
}

func TestParseEmailRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "  ", "ada", "@example.org", "ada@", "ada@example", "ada@.org", "ada@org.", "a@b@c.org", "a b@c.org", "a@b .org",
		"a\n@b.org", "a\x00@b.org", "a\xff@b.org", strings.Repeat("a", 246) + "@b.cd.org",
	} {
		got, err := ref.ParseEmail(text)
		if !fault.Is(err, ref.MalformedEmail) || !got.IsZero() {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, seed := range []string{"ada@example.org", " Ada@Example.org ", "a@b@c.d", "", "\xff@x.y", "K@\u212a.x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		canonical := ref.CanonicalEmail(text)
		if again := ref.CanonicalEmail(canonical); again != canonical {
			t.Errorf("%q becomes %q and then %q", text, canonical, again)
		}
		e, err := ref.ParseEmail(text)
		if err != nil {
			return
		}
		if back, err := ref.ParseEmail(e.String()); err != nil || back != e {
			t.Errorf("%q parses to %q, that to %q, %v", text, e, back, err)
		}
		if len(e) > ref.EmailMax || !utf8.ValidString(string(e)) || strings.ContainsAny(string(e), " \t\r\n\x00ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			t.Errorf("%q parses to %q", text, e)
		}
	})
}
