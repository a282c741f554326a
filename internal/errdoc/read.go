package errdoc

import (
	"errors"
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"
	"unicode"
)

// source is a file with what it calls package fault.
type source struct {
	file    *ast.File
	inFault bool
	local   string // "" when it does not import the package.
}

// faultName is the name under which the file knows package fault, or "".
func faultName(file *ast.File) string {
	for _, spec := range file.Imports {
		if imported, err := strconv.Unquote(spec.Path.Value); err != nil || imported != faultPackage {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(faultPackage)
	}
	return ""
}

// named gives the name of something of package fault that the expression means, or "".
func (s source) named(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if s.inFault {
			return e.Name
		}
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok && s.local != "" && id.Name == s.local {
			return e.Sel.Name
		}
	}
	return ""
}

// define gives the call of fault.Define that the expression is, or nil.
func (s source) define(e ast.Expr) *ast.CallExpr {
	call, ok := e.(*ast.CallExpr)
	if !ok || s.named(call.Fun) != "Define" {
		return nil
	}
	return call
}

// read takes the case off the arguments of fault.Define.
func (s source) read(call *ast.CallExpr) (Case, error) {
	if len(call.Args) != 3 {
		return Case{}, errors.New("fault.Define takes a kind, a code and a meaning")
	}
	kind := snake(s.named(call.Args[0]))
	if statusOfKind[kind] == 0 {
		return Case{}, errors.New("the kind must be a constant of package fault")
	}
	code, ok := literal(call.Args[1])
	if !ok || !snakeCase.MatchString(code) {
		return Case{}, errors.New("the code must be snake_case in quotes")
	}
	meaning, ok := literal(call.Args[2])
	if !ok || !strings.HasSuffix(meaning, ".") {
		return Case{}, errors.New("the meaning must be a sentence in quotes")
	}
	return Case{Code: code, Kind: kind, Meaning: meaning}, nil
}

// literal gives the text of a string in quotes, or of several that + joins.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, also := literal(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	default:
		return "", false
	}
}

// snake turns NotFound into not_found.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
