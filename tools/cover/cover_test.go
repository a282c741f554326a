package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// house writes files into a folder and gives it.
func house(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestGate(t *testing.T) {
	t.Parallel()
	const code = "package x\n\nfunc F() int { return 1 }\n"
	root := house(t, map[string]string{
		"domain/a/a.go": code, "adapters/b/b.go": code, "adapters/c/c.go": code, "ports/ports.go": "package ports\n\ntype P interface{ F() }\n\nfunc none() {}\n",
		"ports/ports_test.go": code,
	})
	list := func(folders ...string) string {
		var lines strings.Builder
		for _, f := range folders {
			lines.WriteString("m/" + f + " " + filepath.Join(root, f) + "\n")
		}
		return lines.String()
	}
	all := list("domain/a", "adapters/b", "ports")
	for _, test := range []struct {
		name, list string
		profiles   []string
		want       []string // In what is said; "" for no error.
		table      string
	}{
		{"good", all, []string{"mode: set\nm/domain/a/a.go:1.1,2.2 9 1\nm/domain/a/a.go:3.1,4.2 1 0\nm/adapters/b/b.go:1.1,2.2 4 1\n"}, nil, " 92.8 %      14  all"},
		{"a domain that is just too low", all, []string{"mode: atomic\nm/domain/a/a.go:1.1,2.2 8999 7\nm/domain/a/a.go:3.1,4.2 1001 0\n"}, []string{"m/domain/a has 89.9 %", "needs 90"}, "89.9 %   10000  m/domain/a"},
		{"all too low", all, []string{"mode: set\nm/domain/a/a.go:1.1,2.2 10 1\nm/adapters/b/b.go:1.1,2.2 10 0\n"}, []string{"all together have 50.0 %, and need 75"}, ""},
		{"two profiles that reach different things", all, []string{
			"mode: set\nm/domain/a/a.go:1.1,2.2 1 1\nm/domain/a/a.go:3.1,4.2 1 0\nm/adapters/b/b.go:1.1,2.2 1 0\n",
			"mode: set\nm/domain/a/a.go:1.1,2.2 1 0\nm/domain/a/a.go:3.1,4.2 1 1\nm/adapters/b/b.go:1.1,2.2 1 1\n",
		}, nil, "100.0 %       2  m/domain/a"},
		{"a package that no test contains", list("domain/a", "adapters/b", "adapters/c"), []string{"mode: set\nm/domain/a/a.go:1.1,2.2 9 1\nm/adapters/b/b.go:1.1,2.2 9 1\n"}, []string{"m/adapters/c is in no test"}, ""},
		{"what does not count", list("domain/a"), []string{"mode: set\nm/domain/a/a.go:1.1,2.2 9 1\nm/testing/z/z.go:1.1,2.2 900 0\n"}, nil, "100.0 %       9  all"},
		{"no profile", all, nil, []string{"name the profiles"}, ""},
		{"no profile's text", all, []string{"hello\n"}, []string{"line 1 is none of a profile"}, ""},
		{"no list", "", []string{"mode: set\n"}, []string{"lists no package"}, ""},
		{"no list's text", "hello\n", []string{"mode: set\n"}, []string{"is no import path with its folder"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"list": test.list}
			var profiles []string
			for i, text := range test.profiles {
				files[string(rune('a'+i))] = text
			}
			work := house(t, files)
			for i := range test.profiles {
				profiles = append(profiles, filepath.Join(work, string(rune('a'+i))))
			}
			table, err := run(filepath.Join(work, "list"), profiles, floors{domain: 90, all: 75})
			if (err == nil) != (len(test.want) == 0) {
				t.Fatalf("%v\n%s", err, table)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in %v", want, err)
				}
			}
			if !strings.Contains(table, test.table) {
				t.Errorf("no %q in\n%s", test.table, table)
			}
		})
	}
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := run("/nowhere", []string{"x"}, floors{}); err == nil {
		t.Error("no list was missed")
	}
	root := house(t, map[string]string{"list": "m/a " + t.TempDir() + "\n"})
	if _, err := run(filepath.Join(root, "list"), []string{"/nowhere"}, floors{}); err == nil {
		t.Error("no profile was missed")
	}
}
