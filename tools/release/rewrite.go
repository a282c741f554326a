package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// sums are the go.sum lines of released modules, by module path.
type sums map[string][]string

// rewrite turns the go.mod and go.sum of a staged module into those of the release: the neighbours by version instead
// of by replace, with their sums, so that the tagged commit builds by itself too.
func rewrite(root string, m aModule, version string, known sums) error {
	for _, replaced := range slices.Clone(m.mod.Replace) {
		if !strings.HasPrefix(replaced.Old.Path, core) {
			return fmt.Errorf("%s replaces %s, which users would not; require a version that exists", m.path, replaced.Old.Path)
		}
		if err := m.mod.DropReplace(replaced.Old.Path, replaced.Old.Version); err != nil {
			return err
		}
	}
	lines, err := sumLines(filepath.Join(root, m.dir, "go.sum"))
	if err != nil {
		return err
	}
	for _, required := range slices.Clone(m.mod.Require) {
		name := required.Mod.Path
		if name != core && !strings.HasPrefix(name, core+"/") {
			continue
		}
		if known[name] == nil {
			return fmt.Errorf("%s requires %s, which is not released", m.path, name)
		}
		if err := m.mod.AddRequire(name, version); err != nil {
			return err
		}
		lines = append(lines, known[name]...)
	}
	m.mod.Cleanup()
	if err := os.WriteFile(filepath.Join(root, m.dir, "go.mod"), modfile.Format(m.mod.Syntax), 0o644); err != nil {
		return err
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	text := strings.Join(slices.Compact(lines), "\n") + "\n"
	return os.WriteFile(filepath.Join(root, m.dir, "go.sum"), []byte(text), 0o644)
}

// sumLines reads a go.sum, which may be absent.
func sumLines(name string) ([]string, error) {
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return nil, nil
	}
	return slices.DeleteFunc(strings.Split(string(text), "\n"), func(s string) bool { return s == "" }), err
}
