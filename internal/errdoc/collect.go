package errdoc

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

const faultPackage = "github.com/ipswich-retail/commerce/domain/fault"

// notOurs are folders whose cases, if any, are no part of the toolkit's interface.
var notOurs = []string{"testdata", "node_modules", "vendor", "examples", "internal", "tools"}

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// Collect finds the cases below the root of fsys, in order of their codes. It fails, naming every place, when a code
// is defined twice or a definition cannot be read off the source: it must be a package variable with a kind of package
// fault and texts in quotes.
func Collect(fsys fs.FS) ([]Case, error) {
	c := &collector{fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (slices.Contains(notOurs, name) || slices.Contains(notOurs, d.Name()) || strings.ContainsAny(d.Name()[:1], "._")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		default:
			return c.file(fsys, name)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("errdoc: collect: %w", err)
	}
	slices.SortFunc(c.cases, func(a, b Case) int {
		return strings.Compare(a.Code+" "+a.Place, b.Code+" "+b.Place)
	})
	for i := 1; i < len(c.cases); i++ {
		if before, it := c.cases[i-1], c.cases[i]; before.Code == it.Code {
			c.wrong = append(c.wrong, fmt.Errorf("%s: code %s is defined at %s already; use %s", it.Place, it.Code, before.Place, before.Where))
		}
	}
	return c.cases, errors.Join(c.wrong...)
}

type collector struct {
	fset  *token.FileSet
	cases []Case
	wrong []error
}

func (c *collector) file(fsys fs.FS, name string) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(c.fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	s := source{file: file, inFault: path.Dir(name) == "domain/fault", local: faultName(file)}
	read := map[*ast.CallExpr]bool{}
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			values, ok := spec.(*ast.ValueSpec)
			if !ok || len(values.Names) != len(values.Values) {
				continue
			}
			for i, value := range values.Values {
				if call := s.define(value); call != nil {
					read[call] = true
					c.add(s, call, file.Name.Name+"."+values.Names[i].Name)
				}
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if call := s.define(e); call != nil && !read[call] {
				c.wrong = append(c.wrong, fmt.Errorf("%s: fault.Define outside a package variable", c.place(call)))
			}
		}
		return true
	})
	return nil
}

func (c *collector) add(s source, call *ast.CallExpr, where string) {
	it, err := s.read(call)
	if err != nil {
		c.wrong = append(c.wrong, fmt.Errorf("%s: %s: %w", c.place(call), where, err))
		return
	}
	it.Where, it.Place = where, c.place(call)
	c.cases = append(c.cases, it)
}

func (c *collector) place(n ast.Node) string {
	p := c.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}
