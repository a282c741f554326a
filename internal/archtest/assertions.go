package archtest

import (
	"go/ast"
)

// Assertions checks that nobody asserts to a port, or on a value of one: a decorator around it would make the
// assertion fail and the capability vanish. ports.As looks through decorators and is the only place that may.
//
// Without type checking, a value counts as one of a port when its parameter, variable or struct field is declared with
// the port's type in the same package.
func Assertions(t *Tree) []string {
	kinds := declaredPorts(t)
	fields := kinds.fields(t)
	var found []string
	for _, f := range t.Files {
		if f.Path == asFile {
			continue
		}
		check := func(assertion ast.Expr, subject, to ast.Expr) {
			if name := kinds.of(f, to); name != "" {
				found = append(found, t.finding(assertion.Pos(), "assertion to the port %s; use ports.As[%s]", name, name))
			} else if name := kinds.ofValue(f, fields, subject); name != "" {
				found = append(found, t.finding(assertion.Pos(), "assertion on a value of the port %s; use ports.As", name))
			}
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeAssertExpr:
				if n.Type != nil {
					check(n, n.X, n.Type)
				}
			case *ast.TypeSwitchStmt:
				subject := switched(n)
				for _, clause := range n.Body.List {
					for _, to := range clause.(*ast.CaseClause).List {
						check(to, subject, to)
					}
				}
			}
			return true
		})
	}
	return found
}

// switched is the expression whose type a type switch asks for.
func switched(s *ast.TypeSwitchStmt) ast.Expr {
	var e ast.Expr
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		e = a.X
	case *ast.AssignStmt:
		e = a.Rhs[0]
	}
	if assertion, ok := e.(*ast.TypeAssertExpr); ok {
		return assertion.X
	}
	return e
}
