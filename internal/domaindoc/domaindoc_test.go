package domaindoc_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/internal/domaindoc"
)

func TestPageShowsTheMachines(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", domaindoc.File))
	if err != nil {
		t.Fatal(err)
	}
	filled, err := domaindoc.Fill(string(page), domaindoc.Machines())
	if err != nil {
		t.Fatal(err)
	}
	if filled != string(page) {
		t.Errorf("%s is not what the code says; run: make generate", domaindoc.File)
	}
}

// TestMachinesAreSound checks that every state can be reached and left towards rest.
func TestMachinesAreSound(t *testing.T) {
	t.Parallel()
	for _, m := range domaindoc.Machines() {
		for _, fault := range m.Faults {
			t.Errorf("%s: %s", m.Name, fault)
		}
	}
}

// TestEveryMachineIsListed looks for exported variables of the domain that are tables.
func TestEveryMachineIsListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "domain", "*", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var listed, found []string
	for _, m := range domaindoc.Machines() {
		listed = append(listed, m.Name)
	}
	for _, name := range files {
		if !strings.HasSuffix(name, "_test.go") {
			found = append(found, tables(t, name)...)
		}
	}
	slices.Sort(listed)
	slices.Sort(found)
	if !slices.Equal(listed, found) {
		t.Errorf("domaindoc.Machines lists %q and the domain has %q", listed, found)
	}
}

// tables names the exported tables of a file.
func tables(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			value := spec.(*ast.ValueSpec)
			for i, v := range value.Values {
				lit, ok := v.(*ast.CompositeLit)
				if !ok || !isTable(lit.Type) || !value.Names[i].IsExported() {
					continue
				}
				out = append(out, file.Name.Name+"."+value.Names[i].Name)
			}
		}
	}
	return out
}

// isTable tells whether a type is statemachine.Table of something.
func isTable(e ast.Expr) bool {
	index, ok := e.(*ast.IndexListExpr)
	if !ok {
		return false
	}
	sel, ok := index.X.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Table" {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "statemachine"
}

func TestFillRefuses(t *testing.T) {
	t.Parallel()
	machines := []domaindoc.Machine{{Name: "a.M", Diagram: "x\n"}}
	place := "<!-- machine a.M -->\nold\n<!-- end -->\n"
	for name, page := range map[string]string{
		"none": "nothing", "two": place + place, "one of nothing": place + strings.ReplaceAll(place, "a.M", "b.M"),
	} {
		if _, err := domaindoc.Fill(page, machines); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	got, err := domaindoc.Fill("# A\n"+place+"more\n", machines)
	if want := "# A\n<!-- machine a.M -->\n```mermaid\nx\n```\n<!-- end -->\nmore\n"; err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
}
