package cli_test

import (
	"go/ast"
	exact "go/constant"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const limitsPage = "../../../docs/limits.md"

var limitRow = regexp.MustCompile("^\\| (.+) \\| `([^`]+)` \\| `([^`]+)` in `([^`]+)` \\| (.+) \\|$")

// TestLimitsPage holds each row of docs/limits.md against the constant that it names.
func TestLimitsPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(limitsPage)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| what") {
			continue
		}
		row := limitRow.FindStringSubmatch(line)
		if row == nil {
			t.Errorf("no row: %s", line)
			continue
		}
		rows++
		if got := limitIn(t, row[4], row[3]); got != row[2] {
			t.Errorf("%s: %s of %s is %s, the page says %s", row[1], row[3], row[4], got, row[2])
		}
	}
	if rows < 40 {
		t.Errorf("only %d rows", rows)
	}
}

// limitIn is the value of a constant: a duration as Go writes it, else a number.
func limitIn(t *testing.T, path, name string) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "..", path), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec)
			for i, id := range spec.Names {
				if id.Name != name || i >= len(spec.Values) {
					continue
				}
				value, timed := evaluated(spec.Values[i])
				n, whole := exact.Int64Val(exact.ToInt(value))
				switch {
				case !whole:
					t.Errorf("%s of %s is no whole number", name, path)
				case timed:
					return time.Duration(n).String()
				}
				return strconv.FormatInt(n, 10)
			}
		}
	}
	t.Errorf("%s has no constant %s", path, name)
	return ""
}

// evaluated computes an expression of numbers and units of time, and tells whether it has one of these.
func evaluated(e ast.Expr) (value exact.Value, timed bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return exact.MakeFromLiteral(e.Value, e.Kind, 0), false
	case *ast.ParenExpr:
		return evaluated(e.X)
	case *ast.SelectorExpr:
		units := map[string]time.Duration{"Millisecond": time.Millisecond, "Second": time.Second, "Minute": time.Minute, "Hour": time.Hour}
		if unit, known := units[e.Sel.Name]; known {
			return exact.MakeInt64(int64(unit)), true
		}
	case *ast.BinaryExpr:
		x, timedX := evaluated(e.X)
		y, timedY := evaluated(e.Y)
		if e.Op == token.SHL {
			n, _ := exact.Uint64Val(y)
			return exact.Shift(x, e.Op, uint(n)), timedX
		}
		return exact.BinaryOp(x, e.Op, y), timedX || timedY
	}
	return exact.MakeUnknown(), false
}
