package archtest

import (
	"path"
	"slices"
	"strings"
)

// emptyNames say nothing of what a package is for, so everything ends up in them.
var emptyNames = []string{
	"common", "util", "utils", "model", "models", "type", "types", "helper", "helpers", "misc", "shared",
}

// Names checks the names of packages and of their folders.
func Names(t *Tree) []string {
	var found []string
	seen := map[string]bool{}
	for _, f := range t.Files {
		name := strings.TrimSuffix(f.AST.Name.Name, "_test")
		key := f.Folder() + " " + name
		if seen[key] {
			continue
		}
		seen[key] = true
		switch folder := path.Base(f.Folder()); {
		case slices.Contains(emptyNames, name), slices.Contains(emptyNames, folder):
			found = append(found, t.finding(f.AST.Name.Pos(), "package %s in %s: name what it is about", name, f.Folder()))
		case name == "testing":
			found = append(found, t.finding(f.AST.Name.Pos(), "package testing hides the standard one; name it <subject>test"))
		}
	}
	return found
}
