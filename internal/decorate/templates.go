package decorate

import (
	"fmt"
	"strings"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// decorator writes the type, its constructor and its methods.
func decorator(b *strings.Builder, pkg, port string, methods []method) {
	exported := title(pkg) + port
	typ := lower(exported)
	fmt.Fprintf(b, "// %s is the port %s.%s with faults.\nfunc %s(next %s.%s, f *Faults) %s.%s {\n\treturn &%s{next: next, faults: f, rest: %sCapabilities(next, f, %q)}\n}\n\n",
		exported, pkg, port, exported, pkg, port, pkg, port, typ, pkg, pkg+"."+port)
	fmt.Fprintf(b, "type %s struct {\n\tnext %s.%s\n\tfaults *Faults\n\trest any\n}\n\n", typ, pkg, port)
	fmt.Fprintf(b, "// Unwrap leads to the other ports of what is decorated, with faults too, and to itself.\nfunc (d *%s) Unwrap() any { return d.rest }\n\n", typ)
	for _, m := range methods {
		m.write(b, typ, pkg+"."+port)
	}
}

// write writes one method: it wraps the call and hands it to Faults.
func (m method) write(b *strings.Builder, typ, port string) {
	var params, args, pointers, results, named, assigned []string
	if m.context {
		params, args = append(params, "ctx context.Context"), append(args, "ctx")
	}
	for i, p := range m.params {
		name := fmt.Sprintf("a%d", i+1)
		params, args, pointers = append(params, name+" "+p), append(args, name), append(pointers, "&"+name)
	}
	for i, r := range m.results {
		name := fmt.Sprintf("r%d", i+1)
		named, results, assigned = append(named, name+" "+r), append(results, "&"+name), append(assigned, name)
	}
	if m.fails {
		named, assigned = append(named, "err error"), append(assigned, "err")
	}
	ctx := "ctx"
	if !m.context {
		ctx = "nil"
	}
	fmt.Fprintf(b, "func (d *%s) %s(%s) (%s) {\n", typ, m.name, strings.Join(params, ", "), strings.Join(named, ", "))
	inner := fmt.Sprintf("d.next.%s(%s)", m.name, strings.Join(args, ", "))
	if len(assigned) > 0 {
		inner = strings.Join(assigned, ", ") + " = " + inner
	}
	errArg := "nil"
	if m.fails {
		errArg = "&err"
	}
	fmt.Fprintf(b, "\td.faults.around(%s, Call{Port: %q, Method: %q, Args: []any{%s}}, []any{%s}, %s, func(%s context.Context) {\n\t\t%s\n\t})\n",
		ctx, port, m.name, strings.Join(pointers, ", "), strings.Join(results, ", "), errArg, map[bool]string{true: "ctx", false: "_"}[m.context], inner)
	if len(assigned) > 0 {
		fmt.Fprintf(b, "\treturn %s\n", strings.Join(assigned, ", "))
	}
	b.WriteString("}\n\n")
}

// capabilities writes the functions that find and decorate the other ports of a value.
func capabilities(b *strings.Builder, pkg string, all []archtest.Port) {
	fmt.Fprintf(b, "// %sCapabilities puts decorators of the package's ports that the value has, but for one, in front of it.\nfunc %sCapabilities(v any, f *Faults, but string) any {\n\trest := v\n", pkg, pkg)
	for _, p := range all {
		exported := title(pkg) + strings.TrimPrefix(p.Name, pkg+".")
		fmt.Fprintf(b, "\tif next, ok := ports.As[%s](v); ok && but != %q {\n\t\trest = &%s{next: next, faults: f, rest: rest}\n\t}\n",
			p.Name, p.Name, lower(exported))
	}
	b.WriteString("\treturn rest\n}\n\n")
	fmt.Fprintf(b, "// %sDecorators lists the decorators of the package's ports.\nfunc %sDecorators() decorators {\n\treturn decorators{\n", pkg, pkg)
	for _, p := range all {
		exported := title(pkg) + strings.TrimPrefix(p.Name, pkg+".")
		fmt.Fprintf(b, "\t\treflect.TypeFor[%s](): decorating(%s),\n", p.Name, exported)
	}
	b.WriteString("\t}\n}\n")
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }
