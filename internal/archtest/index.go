package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
)

// IndexFile is the page that lists every port with its suite and its adapters, one table row each:
//
//	| `ordering.Committer` | `orderingtest.TestCommitter` | memory, bun/postgres |
const IndexFile = "docs/adapters.md"

var indexRow = regexp.MustCompile("^\\| `([a-z]+\\.[A-Z]\\w*)` *\\|([^|]*)\\|([^|]*)\\|")

var suiteName = regexp.MustCompile("^`([a-z]+test)\\.(Test\\w+)`$")

// Index checks that every port has a row, that every row names a port, a suite that stands under testing/ and at
// least one adapter.
func Index(t *Tree) []string {
	var found []string
	known := map[string]bool{}
	for _, p := range Ports(t) {
		known[p.Name] = true
	}
	rows := map[string]int{}
	for i, line := range strings.Split(t.Texts[IndexFile], "\n") {
		m := indexRow.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		at := fmt.Sprintf("%s:%d: %s", IndexFile, i+1, m[1])
		rows[m[1]]++
		if !known[m[1]] {
			found = append(found, at+" is no port")
		}
		if rows[m[1]] > 1 {
			found = append(found, at+" has a row already")
		}
		if s := suiteName.FindStringSubmatch(strings.TrimSpace(m[2])); s == nil || !hasSuite(t, s[1], s[2]) {
			found = append(found, fmt.Sprintf("%s names no suite `<subject>test.Test…(t *testing.T, …)` of testing/: %s", at, m[2]))
		}
		if strings.Trim(m[3], " -–—") == "" {
			found = append(found, at+" names no adapter; a port comes with its first one")
		}
	}
	for _, p := range Ports(t) {
		if rows[p.Name] == 0 {
			found = append(found, t.finding(p.Pos, "%s has no row in %s", p.Name, IndexFile))
		}
	}
	return found
}

// hasSuite tells whether testing/<pkg> exports the function, importable by others and taking a *testing.T first.
func hasSuite(t *Tree, pkg, name string) bool {
	for _, f := range t.Files {
		if f.Test || f.Folder() != path.Join("testing", pkg) {
			continue
		}
		for _, decl := range f.AST.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.Name == name && takesT(fn) {
				return true
			}
		}
	}
	return false
}

func takesT(fn *ast.FuncDecl) bool {
	if fn.Type.Params.NumFields() == 0 {
		return false
	}
	star, ok := fn.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := star.X.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "T"
}
