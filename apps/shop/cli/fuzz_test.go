package cli_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

// FuzzConfig: whatever is in a file of settings, what is wrong is told by line, and what is taken is a known setting.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		``, `{}`, `[]`, `{"listen": ":1"}`, `{"listen": ":1", "listen": ":2"}`, "{\n\"a\": 1}", `{"payments": ["a","b"]}`, `{"listen": {"a": [[[]]]}}`,
		`{"conns": 1e999}`, `{"seed": null}`, `{} {}`, "{\"listen\": \"\\ud800\"}", `{"listen"`, "\xff",
	} {
		f.Add([]byte(text))
	}
	known := map[string]bool{"listen": true, "payments": true, "conns": true, "seed": true}
	line := regexp.MustCompile(`^[1-9][0-9]*: `)
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 1
		for _, b := range data {
			if b == '\n' {
				lines++
			}
		}
		values, problems := cli.ReadConfig(data, known)
		for name, v := range values {
			if at := fmt.Sprint(v); !known[name] || at == "" {
				t.Errorf("%q was taken as %v", name, v)
			}
		}
		for _, p := range problems {
			var at int
			if _, err := fmt.Sscanf(p.Error(), "%d:", &at); err != nil || at < 1 || at > lines || !line.MatchString(p.Error()) {
				t.Errorf("%q: line %d of %d: %v", data, at, lines, p)
			}
		}
		if len(data) == 0 && len(problems) == 0 {
			t.Error("nothing is a file of settings")
		}
	})
}
