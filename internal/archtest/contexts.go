package archtest

import (
	"go/ast"
	"path"
	"strings"
)

// Contexts checks that within a business context only what does input and output knows context.Context: the Service,
// and the interfaces of ports and capabilities. All else decides, and a decision needs no deadline.
func Contexts(t *Tree) []string {
	var found []string
	for _, f := range t.Files {
		if f.Test || !matches([]string{"/domain/*"}, "/"+f.Folder()) || isServiceFile(f) {
			continue
		}
		local, imported := importName(f, "context")
		if !imported {
			continue
		}
		if local == "." {
			found = append(found, t.finding(f.AST.Package, "import context by its name"))
			continue
		}
		walkOutsideIO(f, func(n ast.Node) {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return
			}
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == local {
				found = append(found, t.finding(sel.Pos(),
					"context.%s outside Service and the interfaces of ports; let the Service load and hand in values", sel.Sel.Name))
			}
		})
	}
	return found
}

// walkOutsideIO visits what is no method of Service and, in a file of ports, no interface.
func walkOutsideIO(f *File, visit func(ast.Node)) {
	ast.Inspect(f.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if receiver(n) == "Service" {
				return false
			}
		case *ast.InterfaceType:
			if isPortFile(f) {
				return false
			}
		case nil:
			return false
		}
		visit(n)
		return true
	})
}

// receiver is the name of the type whose method the function is, or "".
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func isServiceFile(f *File) bool { return strings.HasPrefix(f.Base(), "service") }

// importName is the name under which a file knows a package, and whether it imports it at all.
func importName(f *File, pkg string) (string, bool) {
	for _, spec := range f.AST.Imports {
		if strings.Trim(spec.Path.Value, `"`+"`") != pkg {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name, true
		}
		return path.Base(pkg), true
	}
	return "", false
}
