package archtest

import (
	"go/ast"
	"path"
	"strings"
)

// portTypes are the interfaces of ports by folder and name, exported or not, Unwrapper included.
type portTypes map[[2]string]bool

func declaredPorts(t *Tree) portTypes {
	out := portTypes{}
	for _, f := range t.Files {
		if !isPortFile(f) {
			continue
		}
		for _, i := range interfaces(f) {
			if !isConstraint(i.spec.Type.(*ast.InterfaceType)) {
				out[[2]string{f.Folder(), i.spec.Name.Name}] = true
			}
		}
	}
	return out
}

// of names the port that a type expression means, or gives "".
func (p portTypes) of(f *File, expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.ParenExpr:
		return p.of(f, e.X)
	case *ast.IndexExpr:
		return p.of(f, e.X)
	case *ast.Ident:
		folder := f.Folder()
		if p[[2]string{folder, e.Name}] && !strings.HasSuffix(f.AST.Name.Name, "_test") {
			return path.Base(folder) + "." + e.Name
		}
	case *ast.SelectorExpr:
		id, ok := e.X.(*ast.Ident)
		if !ok {
			return ""
		}
		for folderAndName := range p {
			local, imported := importName(f, Module+"/"+folderAndName[0])
			if imported && local == id.Name && folderAndName[1] == e.Sel.Name {
				return path.Base(folderAndName[0]) + "." + e.Sel.Name
			}
		}
	}
	return ""
}

// fields gives, by folder and name, the struct fields that are declared with a port's type; a name that another struct
// of the package uses for something else is left out.
func (p portTypes) fields(t *Tree) map[[2]string]string {
	out := map[[2]string]string{}
	for _, f := range t.Files {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			s, ok := n.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range s.Fields.List {
				for _, name := range field.Names {
					key, port := [2]string{f.Folder(), name.Name}, p.of(f, field.Type)
					if before, seen := out[key]; seen && before != port {
						port = ""
					}
					out[key] = port
				}
			}
			return true
		})
	}
	return out
}

// ofValue names the port that the value is declared with, or gives "".
func (p portTypes) ofValue(f *File, fields map[[2]string]string, value ast.Expr) string {
	switch v := value.(type) {
	case *ast.ParenExpr:
		return p.ofValue(f, fields, v.X)
	case *ast.CallExpr: // any(x), which only exists to assert on x.
		if id, ok := v.Fun.(*ast.Ident); ok && id.Name == "any" && len(v.Args) == 1 {
			return p.ofValue(f, fields, v.Args[0])
		}
	case *ast.SelectorExpr:
		return fields[[2]string{f.Folder(), v.Sel.Name}]
	case *ast.Ident:
		return p.ofVariable(f, v)
	}
	return ""
}
