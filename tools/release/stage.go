package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

const core = "github.com/ipswich-retail/commerce"

// notReleased are modules that nobody imports or installs.
var notReleased = []string{"testing/integration", "tools", "examples"}

// aModule is a module of the repository.
type aModule struct {
	dir  string // From the root, with slashes; "." is the core.
	path string
	mod  *modfile.File
}

// tag is the name of a version in git: that of a nested module starts with its folder.
func (m aModule) tag(version string) string {
	if m.dir == "." {
		return version
	}
	return m.dir + "/" + version
}

// stage copies what git knows, or would take up, of the repository into an empty folder, so that what is ignored plays
// no part.
func stage(ctx context.Context, root, into string) error {
	out, err := command(ctx, root, nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		if err := copyFile(filepath.Join(root, name), filepath.Join(into, name)); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("stage %s: %w", name, err)
		}
	}
	return nil
}

func copyFile(from, to string) (err error) {
	info, err := os.Lstat(from)
	if err != nil || !info.Mode().IsRegular() {
		return err // A module holds no links.
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, info.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}

// modules reads the released modules of a tree, each after those of the repository that it requires.
func modules(root string) ([]aModule, error) {
	byPath := map[string]aModule{}
	err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != "go.mod" {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil || slices.Contains(notReleased, filepath.ToSlash(rel)) {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		mod, err := modfile.Parse(path.Join(filepath.ToSlash(rel), "go.mod"), text, nil)
		if err != nil {
			return err
		}
		byPath[mod.Module.Mod.Path] = aModule{dir: filepath.ToSlash(rel), path: mod.Module.Mod.Path, mod: mod}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read modules: %w", err)
	}
	return ordered(byPath)
}
