package cli_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// constant is a constant with the comment behind it.
type constant struct{ name, value, comment string }

// constants reads the constants of a file that have a value.
func constants(tree *archtest.Tree, path string) []constant {
	var out []constant
	for _, f := range tree.Files {
		if f.Path != path {
			continue
		}
		for _, decl := range f.AST.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, s := range gen.Specs {
				spec, ok := s.(*ast.ValueSpec)
				if !ok || len(spec.Values) != 1 {
					continue
				}
				if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
					out = append(out, constant{spec.Names[0].Name, unquoted(literal), spec.Comment.Text()})
				}
			}
		}
	}
	return out
}

func unquoted(literal *ast.BasicLit) string {
	if text, err := strconv.Unquote(literal.Value); err == nil {
		return text
	}
	return literal.Value
}

// text is the value of an expression that is a text in quotes.
func text(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	return unquoted(literal), true
}

// ours are the files that the program is made of.
func ours(tree *archtest.Tree) []*archtest.File {
	return slices.DeleteFunc(slices.Clone(tree.Files), func(f *archtest.File) bool {
		return f.Test || !strings.HasPrefix(f.Path, "adapters/") && !strings.HasPrefix(f.Path, "apps/")
	})
}

// metric is a metric as the code describes it.
type metric struct{ name, labels, help string }

var metricName = regexp.MustCompile(`^(shop|http)_[a-z_]+[a-z]$`)

// metrics finds what describes a metric: a call that begins with its name and its help, such as NewDesc; or options with
// Name and Help, which stand in a call with the labels.
func metrics(tree *archtest.Tree) []metric {
	var out []metric
	for _, f := range ours(tree) {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if name, named := text(call.Args[0]); named && len(call.Args) > 1 && metricName.MatchString(name) {
				if help, ok := text(call.Args[1]); ok {
					out = append(out, metric{name, labels(call.Args[2:]), help})
				}
			}
			if name, help := named(call.Args[0]); metricName.MatchString(name) {
				out = append(out, metric{name, labels(call.Args[1:]), help})
			}
			return true
		})
	}
	return out
}

// named reads Name and Help of options.
func named(e ast.Expr) (name, help string) {
	literal, ok := e.(*ast.CompositeLit)
	if !ok {
		return "", ""
	}
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := pair.Key.(*ast.Ident)
		value, isText := text(pair.Value)
		switch {
		case key == nil || !isText:
		case key.Name == "Name":
			name = value
		case key.Name == "Help":
			help = value
		}
	}
	return name, help
}

// labels reads texts, or a list of them.
func labels(args []ast.Expr) string {
	var out []string
	for _, a := range args {
		if list, ok := a.(*ast.CompositeLit); ok {
			for _, e := range list.Elts {
				if label, ok := text(e); ok {
					out = append(out, "`"+label+"`")
				}
			}
		} else if label, ok := text(a); ok {
			out = append(out, "`"+label+"`")
		}
	}
	return strings.Join(out, " ")
}

// productionRules are what a start refuses in production, by setting: the rules that begin with that word.
func productionRules(tree *archtest.Tree) map[string][]string {
	out := map[string][]string{}
	for _, f := range ours(tree) {
		ast.Inspect(f.AST, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			if function, ok := call.Fun.(*ast.Ident); !ok || function.Name != "wrong" {
				return true
			}
			flag, _ := text(call.Args[0])
			rule, _ := text(call.Args[1])
			if rest, found := strings.CutPrefix(rule, "production "); found {
				flag = strings.TrimPrefix(flag, "--")
				out[flag] = append(out[flag], rest)
			}
			return true
		})
	}
	return out
}
