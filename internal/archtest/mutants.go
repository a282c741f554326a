package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// neverOwes are the ports whose mutants stand since they do.
var neverOwes = []string{"ordering.Committer"}

// Mutants checks the list of the ports that still owe mutants: it names ports that exist, each once, none of
// neverOwes. A port that is not on it must have them, in a file whose name says mutant and which calls the suite that
// docs/adapters.md names for it, or stands in the suite's package.
func Mutants(t *Tree, owing []string) []string {
	var found []string
	ports := Ports(t)
	for i, name := range owing {
		switch {
		case slices.Contains(neverOwes, name):
			found = append(found, name+" may not owe mutants")
		case slices.Contains(owing[:i], name):
			found = append(found, name+" is listed twice as owing mutants")
		case !slices.ContainsFunc(ports, func(p Port) bool { return p.Name == name }):
			found = append(found, name+" is listed as owing mutants and is no port")
		}
	}
	suites := suiteOf(t)
	for _, p := range ports {
		if !slices.Contains(owing, p.Name) && !hasMutants(t, suites[p.Name]) {
			found = append(found, t.finding(p.Pos, "%s has no mutants and is not listed as owing them", p.Name))
		}
	}
	return found
}

// suiteOf gives the suite of each port, such as orderingtest.TestCommitter, as docs/adapters.md has it.
func suiteOf(t *Tree) map[string]string {
	out := map[string]string{}
	for line := range strings.SplitSeq(t.Texts[IndexFile], "\n") {
		if m := indexRow.FindStringSubmatch(line); m != nil {
			out[m[1]] = strings.Trim(m[2], " `")
		}
	}
	return out
}

func hasMutants(t *Tree, suite string) bool {
	pkg, name, ok := strings.Cut(suite, ".")
	if !ok {
		return false
	}
	return slices.ContainsFunc(t.Files, func(f *File) bool {
		if !strings.Contains(f.Base(), "mutant") {
			return false
		}
		own := f.Folder() == "testing/"+pkg
		return own || calls(f, fmt.Sprintf("%s/testing/%s", Module, pkg), name)
	})
}

// calls tells whether the file mentions the function of the package.
func calls(f *File, pkg, name string) bool {
	local, imported := importName(f, pkg)
	if !imported {
		return false
	}
	seen := false
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == name {
			id, ok := sel.X.(*ast.Ident)
			seen = seen || ok && id.Name == local
		}
		return !seen
	})
	return seen
}
