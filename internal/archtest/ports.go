package archtest

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// Port is an exported interface that adapters implement: a port or a capability.
type Port struct {
	Name   string // As others write it: ordering.Committer.
	Folder string
	Doc    string // Its comment, which is its contract.
	Pos    token.Pos
}

// Ports collects the ports: the interfaces of ports/ (apart from as.go, which serves decorators) and those in ports.go
// and capability*.go of a context. Constraints of type parameters are none.
func Ports(t *Tree) []Port {
	var out []Port
	for _, f := range t.Files {
		if !isPortFile(f) || f.Path == asFile {
			continue
		}
		for _, i := range interfaces(f) {
			if ast.IsExported(i.spec.Name.Name) && !isConstraint(i.spec.Type.(*ast.InterfaceType)) {
				out = append(out, Port{
					Name:   path.Base(f.Folder()) + "." + i.spec.Name.Name,
					Folder: f.Folder(), Doc: i.doc, Pos: i.spec.Pos(),
				})
			}
		}
	}
	return out
}

// asFile is where the one permitted assertion on ports stands.
const asFile = "ports/as.go"

// isPortFile tells whether interfaces in the file are ports.
func isPortFile(f *File) bool {
	if f.Test {
		return false
	}
	if f.Folder() == "ports" {
		return true
	}
	inContext, _ := path.Match("domain/*", f.Folder())
	return inContext && (f.Base() == "ports.go" || strings.HasPrefix(f.Base(), "capability"))
}

type declared struct {
	spec *ast.TypeSpec
	doc  string
}

// interfaces gives the interface types that the file declares, with their comments.
func interfaces(f *File) []declared {
	var out []declared
	for _, decl := range f.AST.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		for _, s := range gen.Specs {
			spec, ok := s.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if _, ok := spec.Type.(*ast.InterfaceType); ok {
				out = append(out, declared{spec: spec, doc: gen.Doc.Text() + spec.Doc.Text()})
			}
		}
	}
	return out
}

// isConstraint tells whether the interface lists types, so that no value can be of it.
func isConstraint(i *ast.InterfaceType) bool {
	return slices.ContainsFunc(i.Methods.List, func(field *ast.Field) bool {
		switch field.Type.(type) {
		case *ast.BinaryExpr, *ast.UnaryExpr:
			return true
		default:
			return false
		}
	})
}
