package archtest

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// Imports checks every import of every file against the table.
func Imports(t *Tree) []string {
	var found []string
	for _, f := range t.Files {
		from := "/" + f.Folder()
		i := slices.IndexFunc(table, func(r row) bool { return matches(r.folders, from) })
		if i < 0 {
			found = append(found, t.finding(f.AST.Package, "folder %s has no row in the import table", f.Folder()))
			continue
		}
		for _, spec := range f.AST.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil || !table[i].allows(from, rooted(imported), f.Test) {
				found = append(found, t.finding(spec.Pos(), "%s may not import %s", f.Folder(), imported))
			}
		}
	}
	return found
}

// allows tells whether a file in the folder may import the package; both are rooted.
func (r row) allows(from, imported string, test bool) bool {
	switch {
	case imported == "C":
		return false // One static binary needs no C compiler.
	case test && matches(r.testsMay, imported):
		return true
	case matches(r.never, imported):
		return false
	case isStandard(imported), matches(r.may, imported):
		return true
	case isWiring(imported) && imported != from && !isWiring(from):
		return false // It would pull fx into a package that works without.
	default:
		return matches([]string{strings.Join(elements(from, r.unit), "/")}, imported)
	}
}

// rooted gives a package of this repository as a path from its root, and any other as it is.
func rooted(imported string) string {
	if imported == Module {
		return "/."
	}
	if rest, ours := strings.CutPrefix(imported, Module+"/"); ours {
		return "/" + rest
	}
	return imported
}

// isStandard tells whether the package is of the standard library: its first element has no dot.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return first != "" && !strings.Contains(first, ".")
}

// isWiring tells whether a package of this repository is a skin that knows fx.
func isWiring(imported string) bool {
	return strings.HasPrefix(imported, "/adapters/") && strings.HasSuffix(path.Base(imported), "fx")
}

// matches tells whether an entry covers the name: all of it or its first elements.
func matches(entries []string, name string) bool {
	return slices.ContainsFunc(entries, func(entry string) bool {
		ok, err := path.Match(entry, strings.Join(elements(name, strings.Count(entry, "/")+countUnrooted(entry)), "/"))
		return entry == "*" || err == nil && ok
	})
}

// elements gives the first n path elements; the slash of a rooted name stays with the first.
func elements(name string, n int) []string {
	prefix, rest := "", name
	if strings.HasPrefix(name, "/") {
		prefix, rest = "/", name[1:]
	}
	parts := strings.Split(rest, "/")
	parts = parts[:min(n, len(parts))]
	parts[0] = prefix + parts[0]
	return parts
}

// countUnrooted is 1 for an entry without a leading slash, which has one element more than slashes.
func countUnrooted(entry string) int {
	if strings.HasPrefix(entry, "/") {
		return 0
	}
	return 1
}
