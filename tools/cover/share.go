package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// floors are the percentages that must be reached.
type floors struct{ domain, all int }

// share is how many statements of some there are, and how many of them are reached.
type share struct{ statements, reached int }

// below tells whether the share is less than so many percent. Of nothing everything is reached.
func (s share) below(percent int) bool { return s.reached*100 < s.statements*percent }

// String is the share in percent, rounded down: 89.99 is not 90.
func (s share) String() string {
	if s.statements == 0 {
		return "    -"
	}
	tenths := s.reached * 1000 / s.statements
	return fmt.Sprintf("%3d.%d", tenths/10, tenths%10)
}

// hasCode tells whether a folder's program files have a function with something in it.
func hasCode(folder string) (bool, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return false, err
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return false, err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && len(f.Body.List) > 0 {
				return true, nil
			}
		}
	}
	return false, nil
}
