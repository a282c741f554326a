package cli_test

import (
	"go/ast"
	"os"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// TestLogsUseTheirVocabulary demands that every message and field of a log line is a constant of ports/observe, where it is
// explained and whence docs/operations.md has it: whoever searches and alerts counts on names.
func TestLogsUseTheirVocabulary(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range ours(tree) {
		if !logs(f) {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			function, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			literal, isText := text(call.Args[0])
			on, _ := function.X.(*ast.Ident)
			switch {
			case isText && (on != nil && on.Name == "zap" || levels[function.Sel.Name]):
				t.Errorf("%s: %q is no name of ports/observe", tree.Fset.Position(call.Pos()), literal)
			case on != nil && on.Name == "zap" && function.Sel.Name == "Error":
				t.Errorf("%s: say zap.String(observe.Error, observe.Reason(err)): the text of an error may hold a line break or an address", tree.Fset.Position(call.Pos()))
			}
			return true
		})
	}
}

// levels are the methods of a logger.
var levels = map[string]bool{"Debug": true, "Info": true, "Warn": true, "Error": true, "DPanic": true, "Panic": true, "Fatal": true}

// logs tells whether a file knows the logger.
func logs(f *archtest.File) bool {
	for _, i := range f.AST.Imports {
		if strings.Contains(i.Path.Value, "go.uber.org/zap") {
			return true
		}
	}
	return false
}
