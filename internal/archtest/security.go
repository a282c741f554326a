package archtest

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// SecurityFile is the page that says of each requirement of OWASP ASVS 5.0, level 2, how the shop stands to it, one table
// row each or one for several:
//
//	| V7.2.3, V11.5.1 | met | where it is met | `TestTokensAreRandom` |
const SecurityFile = "docs/security.md"

// standings are how the shop may stand to a requirement. What is met names the tests that show it; everything else says
// why in its third column.
var standings = []string{"met", "partly", "operator", "not met", "no such part"}

var (
	requirementRow = regexp.MustCompile(`^\| *(V\d[^|]*?) *\| *([^|]*?) *\| *([^|]*?) *\| *([^|]*?) *\|$`)
	namedTest      = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
)

// reasonMin is how long a reason is at least, in bytes: shorter ones say nothing.
const reasonMin = 20

// Security checks that each of the required ids has exactly one row, that each row has a standing and a reason or tests,
// and that each test that the page names exists. An id that ends in ".*" stands for all that begin so.
func Security(t *Tree, required []string) []string {
	var found []string
	tests, seen := testNames(t), map[string]int{}
	for i, line := range strings.Split(t.Texts[SecurityFile], "\n") {
		at := fmt.Sprintf("%s:%d", SecurityFile, i+1)
		for _, m := range namedTest.FindAllStringSubmatch(line, -1) {
			if !tests[m[1]] {
				found = append(found, fmt.Sprintf("%s: there is no test %s", at, m[1]))
			}
		}
		row := requirementRow.FindStringSubmatch(line)
		if row == nil {
			continue
		}
		for id := range strings.SplitSeq(row[1], ",") {
			ids := expand(strings.TrimSpace(id), required)
			if len(ids) == 0 {
				found = append(found, fmt.Sprintf("%s: %s is no requirement of the level", at, id))
			}
			for _, id := range ids {
				seen[id]++
			}
		}
		switch {
		case !slices.Contains(standings, row[2]):
			found = append(found, fmt.Sprintf("%s: the standing %q is none of %q", at, row[2], standings))
		case row[2] == "met" && !namedTest.MatchString(row[4]):
			found = append(found, at+": what is met names the test that shows it")
		case len(row[3]) < reasonMin:
			found = append(found, at+": the third column says where, or why not")
		}
	}
	for _, id := range required {
		if seen[id] != 1 {
			found = append(found, fmt.Sprintf("%s: %s has %d rows, not one", SecurityFile, id, seen[id]))
		}
	}
	return found
}

// expand gives the required ids that a cell names.
func expand(id string, required []string) []string {
	prefix, all := strings.CutSuffix(id, "*")
	var out []string
	for _, r := range required {
		if r == id || all && strings.HasPrefix(r, prefix) {
			out = append(out, r)
		}
	}
	return out
}

// testNames are the names of all tests and fuzz targets, those that suites export among them.
func testNames(t *Tree) map[string]bool {
	out := map[string]bool{}
	for _, f := range t.Files {
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && (strings.HasPrefix(fn.Name.Name, "Test") || strings.HasPrefix(fn.Name.Name, "Fuzz")) {
				out[fn.Name.Name] = true
			}
		}
	}
	return out
}
