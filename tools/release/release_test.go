package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house is a small repository: a core, an adapter that requires it, an app that requires both, and what is not
// released.
var house = map[string]string{
	"LICENSE":               "all rights given\n",
	"go.mod":                "module " + core + "\n\ngo 1.26.0\n",
	"domain/a/a.go":         "package a\n",
	"adapters/x/go.mod":     "module " + core + "/adapters/x\n\ngo 1.26.0\n\nrequire " + core + " v0.0.0\n\nreplace " + core + " => ../..\n",
	"adapters/x/x.go":       "package x\n",
	"adapters/x/go.sum":     "example.com/b v1.0.0/go.mod h1:b\n",
	"apps/go.mod":           "module " + core + "/apps\n\ngo 1.26.0\n\nrequire (\n\t" + core + " v0.0.0\n\t" + core + "/adapters/x v0.0.0\n)\n\nreplace (\n\t" + core + " => ../\n\t" + core + "/adapters/x => ../adapters/x\n)\n",
	"apps/shop/main.go":     "package main\n",
	"tools/go.mod":          "module " + core + "/tools\n\ngo 1.26.0\n",
	"testing/containers/in": "no module\n",
}

func plant(t *testing.T, changes map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for _, files := range []map[string]string{house, changes} {
		for name, text := range files {
			full := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func TestPublish(t *testing.T) {
	t.Parallel()
	root, proxy := plant(t, nil), t.TempDir()
	published, err := publish(root, proxy, "v0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, m := range published {
		tags = append(tags, m.tag("v0.1.0"))
	}
	if want := []string{"v0.1.0", "adapters/x/v0.1.0", "apps/v0.1.0"}; !slices.Equal(tags, want) {
		t.Errorf("tags %q, want %q", tags, want)
	}
	goMod, err := os.ReadFile(filepath.Join(proxy, core, "apps", "@v", "v0.1.0.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(goMod); strings.Contains(text, "replace") || strings.Count(text, " v0.1.0\n") != 2 {
		t.Errorf("apps' go.mod is not that of a release:\n%s", text)
	}
	goSum, err := os.ReadFile(filepath.Join(root, "apps", "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(goSum), " h1:"); n != 4 {
		t.Errorf("apps' go.sum has %d sums, want 4:\n%s", n, goSum)
	}
	if got, want := packed(t, proxy, ""), []string{"LICENSE", "domain/a/a.go", "go.mod", "testing/containers/in"}; !slices.Equal(got, want) {
		t.Errorf("the core's zip holds %q, want %q", got, want)
	}
	if got, want := packed(t, proxy, "/adapters/x"), []string{"LICENSE", "go.mod", "go.sum", "x.go"}; !slices.Equal(got, want) {
		t.Errorf("the adapter's zip holds %q, want %q", got, want)
	}
}

// packed lists what a module's zip holds, from the module's root.
func packed(t *testing.T, proxy, below string) []string {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(proxy, core+below, "@v", "v0.1.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var out []string
	for _, f := range archive.File {
		out = append(out, strings.TrimPrefix(f.Name, core+below+"@v0.1.0/"))
	}
	slices.Sort(out)
	return out
}

func TestPublishRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		changes map[string]string
		want    string
	}{
		"a foreign replace": {
			map[string]string{"adapters/x/go.mod": house["adapters/x/go.mod"] + "\nreplace example.com/b => ../b\n"},
			"replaces example.com/b",
		},
		"a require of what is not released": {
			map[string]string{"adapters/x/go.mod": "module " + core + "/adapters/x\n\nrequire " + core + "/tools v0.0.0\n"},
			"is not released",
		},
		"a circle": {
			map[string]string{"adapters/x/go.mod": "module " + core + "/adapters/x\n\nrequire " + core + "/apps v0.0.0\n"},
			"in a circle",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := publish(plant(t, c.changes), t.TempDir(), "v0.1.0")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"what"}, {"cut"}, {"cut", "v0.1.0", "v0.2.0"}} {
		if err := run(t.Context(), args); err == nil || !strings.HasPrefix(err.Error(), "usage") {
			t.Errorf("%q: %v", args, err)
		}
	}
	for _, version := range []string{"0.1.0", "v0.1", "v2.0.0", "v0.1.0+x"} {
		if err := run(t.Context(), []string{"cut", "-dry", version}); err == nil || !strings.Contains(err.Error(), "no version") {
			t.Errorf("%s: %v", version, err)
		}
	}
}
