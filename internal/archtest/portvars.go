package archtest

import (
	"go/ast"
	"go/token"
)

// ofVariable names the port that the nearest declaration of the variable gives as its type, or gives "". A declaration
// without a written type hides those around it.
func (p portTypes) ofVariable(f *File, use *ast.Ident) string {
	port := ""
	at := token.NoPos
	declare := func(name *ast.Ident, scope ast.Node, typ ast.Expr) {
		inScope := scope.Pos() <= use.Pos() && use.End() <= scope.End()
		if name.Name == use.Name && inScope && name.Pos() < use.Pos() && name.Pos() >= at {
			at, port = name.Pos(), ""
			if typ != nil {
				port = p.of(f, typ)
			}
		}
	}
	inBlocks(f.AST, func(n, scope ast.Node) {
		switch n := n.(type) {
		case *ast.FuncType:
			for _, field := range n.Params.List {
				for _, name := range field.Names {
					declare(name, scope, field.Type)
				}
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				declare(name, scope, n.Type)
			}
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				if name, ok := left.(*ast.Ident); ok && n.Tok == token.DEFINE {
					declare(name, scope, nil)
				}
			}
		}
	})
	return port
}

// inBlocks visits every node together with the innermost function, block or clause that holds it.
func inBlocks(file *ast.File, visit func(n, scope ast.Node)) {
	stack := []ast.Node{file}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		scope := stack[len(stack)-1]
		visit(n, scope)
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit, *ast.BlockStmt, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt,
			*ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.CaseClause, *ast.CommClause:
			scope = n
		}
		stack = append(stack, scope)
		return true
	})
}
