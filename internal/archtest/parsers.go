package archtest

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
)

// fuzzed names the fuzz target of every parser: of what reads text or bytes that come from outside. The target stands
// in the tests of the parser's own folder.
var fuzzed = map[string]string{
	"domain/money.Parse": "FuzzParse", "domain/money.ParseUnitPrice": "FuzzParseUnitPrice", "domain/money.ParseRate": "FuzzParseRate", "domain/money.ParseRounding": "FuzzNames",
	"domain/money.parseScaled": "FuzzParse", "domain/money.Money.UnmarshalJSON": "FuzzMoneyJSON", "domain/money.UnitPrice.UnmarshalJSON": "FuzzMoneyJSON",
	"domain/money.Currency.UnmarshalText": "FuzzNames", "domain/money.Rate.UnmarshalText": "FuzzParseRate",
	"domain/ref.ParseID": "FuzzParseID", "domain/ref.ParseCartID": "FuzzParseCartID", "domain/ref.ParseSKU": "FuzzParseSKU", "domain/ref.ParseEmail": "FuzzParseEmail",
	"domain/ref.decode": "FuzzParseID", "domain/ref.ID.UnmarshalText": "FuzzParseID",
	"adapters/fiberhttp.parseUpload": "FuzzUpload", "adapters/fiberhttp.parseUUID": "FuzzUUID",
	"adapters/fiberhttp.Scan": "FuzzScan", "adapters/fiberhttp.parseCursor": "FuzzCursor", "adapters/fiberhttp.parsePoint": "FuzzCursor", "adapters/fiberhttp.parsePlace": "FuzzPlace",
	"adapters/fiberhttp.clearable.UnmarshalJSON": "FuzzPatch", "adapters/fiberhttp.stated.UnmarshalJSON": "FuzzPatch",
	"adapters/exchange.ParseOrderMap": "FuzzOrders",
	"adapters/exchange.ReadShopify":   "FuzzReadShopify", "adapters/exchange.ReadWooCommerce": "FuzzReadWooCommerce", "adapters/exchange.ReadCSV": "FuzzReadCSV",
	"adapters/exchange.ReadJSONL": "FuzzReadJSONL", "adapters/system.parsePHC": "FuzzPasswordHash",
	"adapters/argon2.parse": "FuzzPasswordHash", "adapters/argon2.parseParams": "FuzzPasswordHash", "adapters/argon2.parseParam": "FuzzPasswordHash",
}

// parserNames are how the names of parsers begin.
var parserNames = []string{"Parse", "parse", "Read", "Decode", "decode", "Unmarshal", "Scan"}

// Parsers checks that whatever in the domain and the adapters reads text from outside has a fuzz target, and that the
// list of them names nothing that is not there.
func Parsers(t *Tree, fuzzed map[string]string) []string {
	found, seen := []string(nil), make(map[string]bool)
	targets := fuzzTargets(t)
	for _, f := range t.Files {
		if f.Test || f.Generated || !strings.HasPrefix(f.Folder(), "domain/") && !strings.HasPrefix(f.Folder(), "adapters/") {
			continue
		}
		for _, decl := range f.AST.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !isParser(fn) {
				continue
			}
			name := parserName(f.Folder(), fn)
			seen[name] = true
			switch target, listed := fuzzed[name]; {
			case !listed:
				found = append(found, t.finding(fn.Pos(), "%s reads what comes from outside and names no fuzz target in internal/archtest/parsers.go", name))
			case !targets[path.Join(f.Folder(), target)]:
				found = append(found, t.finding(fn.Pos(), "%s is to be fuzzed by %s, which does not stand in its folder", name, target))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fuzzed)) {
		if !seen[name] {
			found = append(found, name+" is listed as a parser and is none")
		}
	}
	return found
}

// ParsersOfHouse is Parsers with the list of this repository.
func ParsersOfHouse(t *Tree) []string { return Parsers(t, fuzzed) }

// fuzzTargets are the fuzz targets of the repository, by folder and name.
func fuzzTargets(t *Tree) map[string]bool {
	out := make(map[string]bool)
	for _, f := range t.Files {
		for _, decl := range f.AST.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && f.Test && strings.HasPrefix(fn.Name.Name, "Fuzz") {
				out[path.Join(f.Folder(), fn.Name.Name)] = true
			}
		}
	}
	return out
}

// isParser tells whether a function has the name of a parser and takes text, bytes or a reader.
func isParser(fn *ast.FuncDecl) bool {
	if fn.Recv != nil && fn.Name.Name == "Read" {
		return false // An io.Reader, which fills what it is given.
	}
	if !slices.ContainsFunc(parserNames, func(prefix string) bool { return strings.HasPrefix(fn.Name.Name, prefix) }) {
		return false
	}
	return slices.ContainsFunc(fn.Type.Params.List, func(field *ast.Field) bool {
		switch kind := field.Type.(type) {
		case *ast.Ident:
			return kind.Name == "string"
		case *ast.ArrayType:
			element, ok := kind.Elt.(*ast.Ident)
			return ok && element.Name == "byte"
		case *ast.SelectorExpr:
			return kind.Sel.Name == "Reader" || kind.Sel.Name == "RawMessage"
		}
		return false
	})
}

// parserName is the folder, the type of a method, and the name.
func parserName(folder string, fn *ast.FuncDecl) string {
	name := fn.Name.Name
	if fn.Recv != nil && len(fn.Recv.List) == 1 {
		kind := fn.Recv.List[0].Type
		if pointer, ok := kind.(*ast.StarExpr); ok {
			kind = pointer.X
		}
		if generic, ok := kind.(*ast.IndexExpr); ok {
			kind = generic.X
		}
		if typed, ok := kind.(*ast.Ident); ok {
			name = typed.Name + "." + name
		}
	}
	return folder + "." + name
}
