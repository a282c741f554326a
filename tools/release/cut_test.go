package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a git repository of the small house with a changelog.
func repository(t *testing.T) string {
	t.Helper()
	root := plant(t, map[string]string{
		"CHANGELOG.md": "# Changelog\n\n## [0.1.0] – 2026-01-02\n", "docs/openapi.json": "{}\n", "docs/openapi.released.json": "{}\n",
	})
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch", "main"},
		{"config", "user.name", "Test"},
		{"config", "user.email", "test@example.com"},
		{"add", "--all"},
		{"commit", "--quiet", "--message", "House"},
	} {
		if _, err := git(t.Context(), root, args...); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func inGit(t *testing.T, root string, args ...string) string {
	t.Helper()
	out, err := git(t.Context(), root, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCut(t *testing.T) {
	t.Parallel()
	root := repository(t)
	before := inGit(t, root, "rev-parse", "HEAD")
	if err := cut(t.Context(), root, "v0.1.0", true); err != nil {
		t.Fatal(err)
	}
	if tags := inGit(t, root, "tag"); tags != "" {
		t.Errorf("a dry run tagged %q", tags)
	}
	if err := cut(t.Context(), root, "v0.1.0", false); err != nil {
		t.Fatal(err)
	}
	if tags, want := inGit(t, root, "tag"), "adapters/x/v0.1.0\napps/v0.1.0\nv0.1.0"; tags != want {
		t.Errorf("tags %q, want %q", tags, want)
	}
	if text := inGit(t, root, "show", "apps/v0.1.0:apps/go.mod"); strings.Contains(text, "replace") {
		t.Errorf("the tagged go.mod has replaces:\n%s", text)
	}
	if sums := inGit(t, root, "show", "apps/v0.1.0:apps/go.sum"); strings.Count(sums, " h1:") != 4 {
		t.Errorf("the tagged go.sum is not that of the release:\n%s", sums)
	}
	if parent := inGit(t, root, "rev-parse", "v0.1.0^{commit}~1"); parent != before {
		t.Errorf("the release stands on %s, not on %s", parent, before)
	}
	if head, trees := inGit(t, root, "rev-parse", "HEAD"), inGit(t, root, "worktree", "list"); head != before || strings.Contains(trees, "\n") {
		t.Errorf("the branch moved to %s or a worktree was left:\n%s", head, trees)
	}
	if err := cut(t.Context(), root, "v0.1.0", false); err == nil || !strings.Contains(err.Error(), "released already") {
		t.Errorf("a second time: %v", err)
	}
}

func TestCutRefuses(t *testing.T) {
	t.Parallel()
	root := repository(t)
	if err := cut(t.Context(), root, "v0.2.0", false); err == nil || !strings.Contains(err.Error(), "CHANGELOG.md has no heading") {
		t.Errorf("a version without changes: %v", err)
	}
	if err := os.WriteFile(filepath.Join(root, "new"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := cut(t.Context(), root, "v0.1.0", false); err == nil || !strings.Contains(err.Error(), "git status") {
		t.Errorf("uncommitted work: %v", err)
	}
	changed := repository(t)
	if err := os.WriteFile(filepath.Join(changed, "docs", "openapi.json"), []byte("{\"paths\":{}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inGit(t, changed, "commit", "--quiet", "--all", "--message", "Change the API")
	if err := cut(t.Context(), changed, "v0.1.0", false); err == nil || !strings.Contains(err.Error(), "openapi.released.json") {
		t.Errorf("another document than was kept: %v", err)
	}
}
