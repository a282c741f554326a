package decorate

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// method is a port's method in the words of the decorator.
type method struct {
	name    string
	context bool // Whether it takes a context first.
	fails   bool // Whether its last result is an error.
	params  []string
	results []string // Without the error.
}

// writer knows what the generated file imports.
type writer struct {
	pkg     string
	imports map[string]string // By local name.
}

// block is the import block: the standard library first.
func (w *writer) block() string {
	var std, ours []string
	for _, name := range slices.Sorted(maps.Keys(w.imports)) {
		spec := strconv.Quote(w.imports[name])
		if path.Base(w.imports[name]) != name {
			spec = name + " " + spec
		}
		if strings.HasPrefix(w.imports[name], archtest.Module) {
			ours = append(ours, spec)
		} else {
			std = append(std, spec)
		}
	}
	return "import (\n\t" + strings.Join(std, "\n\t") + "\n\n\t" + strings.Join(ours, "\n\t") + "\n)\n\n"
}

// methods reads an interface.
func (w *writer) methods(f *archtest.File, i *ast.InterfaceType) ([]method, error) {
	var out []method
	for _, field := range i.Methods.List {
		fn, ok := field.Type.(*ast.FuncType)
		if !ok {
			return nil, errors.New("a port lists its methods and embeds nothing, so that its contract is in one place")
		}
		m := method{name: field.Names[0].Name}
		var err error
		if m.params, err = w.list(f, fn.Params); err != nil {
			return nil, err
		}
		if m.results, err = w.list(f, fn.Results); err != nil {
			return nil, err
		}
		if len(m.params) > 0 && m.params[0] == "context.Context" {
			m.context, m.params = true, m.params[1:]
		}
		if n := len(m.results); n > 0 && m.results[n-1] == "error" {
			m.fails, m.results = true, m.results[:n-1]
		}
		out = append(out, m)
	}
	return out, nil
}

// list gives the types of parameters or results, one for each.
func (w *writer) list(f *archtest.File, fields *ast.FieldList) ([]string, error) {
	if fields == nil {
		return nil, nil
	}
	var out []string
	for _, field := range fields.List {
		text, err := w.text(f, field.Type)
		if err != nil {
			return nil, err
		}
		for range max(len(field.Names), 1) {
			out = append(out, text)
		}
	}
	return out, nil
}

// text writes a type as another package does.
func (w *writer) text(f *archtest.File, e ast.Expr) (string, error) {
	of := func(format string, parts ...ast.Expr) (string, error) {
		args := make([]any, len(parts))
		for i, p := range parts {
			text, err := w.text(f, p)
			if err != nil {
				return "", err
			}
			args[i] = text
		}
		return fmt.Sprintf(format, args...), nil
	}
	switch e := e.(type) {
	case *ast.Ident:
		if types.Universe.Lookup(e.Name) != nil {
			return e.Name, nil
		}
		return w.pkg + "." + e.Name, nil
	case *ast.SelectorExpr:
		return w.selector(f, e)
	case *ast.StarExpr:
		return of("*%s", e.X)
	case *ast.Ellipsis:
		return "", errors.New("a port's method is not variadic: take a list")
	case *ast.ArrayType:
		if e.Len == nil {
			return of("[]%s", e.Elt)
		}
		if n, ok := e.Len.(*ast.BasicLit); ok {
			return of("["+n.Value+"]%s", e.Elt)
		}
		return of("[%s]%s", e.Len, e.Elt)
	case *ast.MapType:
		return of("map[%s]%s", e.Key, e.Value)
	case *ast.ChanType:
		return of(map[ast.ChanDir]string{ast.RECV: "<-chan %s", ast.SEND: "chan<- %s"}[e.Dir], e.Value)
	case *ast.IndexExpr:
		return of("%s[%s]", e.X, e.Index)
	case *ast.StructType:
		if e.Fields.NumFields() == 0 {
			return "struct{}", nil
		}
	case *ast.InterfaceType:
		if e.Methods.NumFields() == 0 {
			return "any", nil
		}
	}
	return "", fmt.Errorf("a type that the generator of decorators does not know: %T", e)
}

// selector writes a type of another package and imports it.
func (w *writer) selector(f *archtest.File, e *ast.SelectorExpr) (string, error) {
	id, ok := e.X.(*ast.Ident)
	if !ok {
		return "", errors.New("a selector of a selector is no type")
	}
	for _, spec := range f.AST.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return "", err
		}
		local := path.Base(imported)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if local == id.Name {
			w.imports[local] = imported
			return id.Name + "." + e.Sel.Name, nil
		}
	}
	return "", fmt.Errorf("%s is not imported", id.Name)
}
