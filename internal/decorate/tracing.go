package decorate

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/internal/archtest"
)

// Where the decorators that make spans stand, and the file that puts them before the ports of a shop.
const (
	TracingFolder = "adapters/otel/traced"
	TracingFx     = "adapters/otel/otelfx/ports_gen.go"
)

// TracingFiles gives the text of each generated file of the decorators that make spans, by its path from the repository's
// root. A port that takes no context has none: nobody knows whose call it is, and it waits for nothing.
func TracingFiles(t *archtest.Tree) (map[string]string, error) {
	byFolder := map[string][]archtest.Port{}
	for _, p := range archtest.Ports(t) {
		byFolder[p.Folder] = append(byFolder[p.Folder], p)
	}
	out := map[string]string{}
	var all []archtest.Port
	for folder, ports := range byFolder {
		text, traced, err := tracedFile(t, folder, ports)
		if err != nil {
			return nil, err
		}
		if len(traced) == 0 {
			continue
		}
		out[path.Join(TracingFolder, path.Base(folder)+"_gen.go")] = text
		all = append(all, traced...)
	}
	text, err := tracingFx(all)
	out[TracingFx] = text
	return out, err
}

// tracedFile writes the decorators of one package, and gives the ports that have one.
func tracedFile(t *archtest.Tree, folder string, ports []archtest.Port) (string, []archtest.Port, error) {
	pkg := path.Base(folder)
	w := &writer{pkg: pkg, imports: map[string]string{
		"context": "context", "ports": archtest.Module + "/ports", "observe": archtest.Module + "/ports/observe", pkg: archtest.Module + "/" + folder,
	}}
	var body strings.Builder
	var traced []archtest.Port
	for _, p := range ports {
		src, iface := find(t, p)
		methods, err := w.methods(src, iface)
		if err != nil {
			return "", nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		if !slices.ContainsFunc(methods, func(m method) bool { return m.context }) {
			continue
		}
		traced = append(traced, p)
		tracingDecorator(&body, pkg, strings.TrimPrefix(p.Name, pkg+"."), methods)
	}
	if len(traced) == 0 {
		return "", nil, nil
	}
	tracingCapabilities(&body, pkg, traced)
	text, err := gofmt(mark + "package traced\n\n" + w.block() + body.String())
	return text, traced, err
}

// tracingDecorator writes the type, its constructor and its methods.
func tracingDecorator(b *strings.Builder, pkg, port string, methods []method) {
	exported := title(pkg) + port
	typ := lower(exported)
	fmt.Fprintf(b, "// %s is the port %s.%s, each call of which is a span of a request that is traced.\nfunc %s(next %s.%s, trace observe.Trace) %s.%s {\n\treturn &%s{next: next, trace: trace, rest: %sCapabilities(next, trace, %q)}\n}\n\n",
		exported, pkg, port, exported, pkg, port, pkg, port, typ, pkg, pkg+"."+port)
	fmt.Fprintf(b, "type %s struct {\n\tnext %s.%s\n\ttrace observe.Trace\n\trest any\n}\n\n", typ, pkg, port)
	fmt.Fprintf(b, "// Unwrap leads to the other ports of what is decorated, with spans too, and to itself.\nfunc (d *%s) Unwrap() any { return d.rest }\n\n", typ)
	for _, m := range methods {
		m.trace(b, typ, pkg+"."+port)
	}
}

// trace writes one method: a span around the call, if there is a context to put it into.
func (m method) trace(b *strings.Builder, typ, port string) {
	var params, args, named, assigned []string
	if m.context {
		params, args = append(params, "ctx context.Context"), append(args, "ctx")
	}
	for i, p := range m.params {
		name := fmt.Sprintf("a%d", i+1)
		params, args = append(params, name+" "+p), append(args, name)
	}
	for i, r := range m.results {
		name := fmt.Sprintf("r%d", i+1)
		named, assigned = append(named, name+" "+r), append(assigned, name)
	}
	end := "end(nil)"
	if m.fails {
		named, assigned, end = append(named, "err error"), append(assigned, "err"), "func() { end(err) }()"
	}
	call := fmt.Sprintf("d.next.%s(%s)", m.name, strings.Join(args, ", "))
	fmt.Fprintf(b, "func (d *%s) %s(%s) (%s) {\n", typ, m.name, strings.Join(params, ", "), strings.Join(named, ", "))
	switch {
	case m.context:
		fmt.Fprintf(b, "\tctx, end := begin(ctx, d.trace, %q)\n\tdefer %s\n", port+"."+m.name, end)
		if len(assigned) > 0 {
			call = strings.Join(assigned, ", ") + " = " + call + "\n\treturn " + strings.Join(assigned, ", ")
		}
	case len(assigned) > 0:
		call = "return " + call
	}
	b.WriteString("\t" + call + "\n}\n\n")
}

// tracingCapabilities writes the function that finds and decorates the other ports of a value.
func tracingCapabilities(b *strings.Builder, pkg string, all []archtest.Port) {
	fmt.Fprintf(b, "// %sCapabilities puts decorators of the package's ports that the value has, but for one, in front of it.\nfunc %sCapabilities(v any, trace observe.Trace, but string) any {\n\trest := v\n", pkg, pkg)
	for _, p := range all {
		exported := title(pkg) + strings.TrimPrefix(p.Name, pkg+".")
		fmt.Fprintf(b, "\tif next, ok := ports.As[%s](v); ok && but != %q {\n\t\trest = &%s{next: next, trace: trace, rest: rest}\n\t}\n",
			p.Name, p.Name, lower(exported))
	}
	b.WriteString("\treturn rest\n}\n")
}

// tracingFx writes what puts the decorators before the ports of a shop that fx composes.
func tracingFx(all []archtest.Port) (string, error) {
	w := &writer{imports: map[string]string{"fx": "go.uber.org/fx", "traced": archtest.Module + "/" + TracingFolder}}
	slices.SortFunc(all, func(a, b archtest.Port) int { return strings.Compare(a.Name, b.Name) })
	var body strings.Builder
	body.WriteString("// ports puts spans around every port that a shop provides.\nfunc ports() fx.Option {\n\treturn fx.Options(\n")
	for _, p := range all {
		pkg := path.Base(p.Folder)
		fmt.Fprintf(&body, "\t\tdecorate(traced.%s),\n", title(pkg)+strings.TrimPrefix(p.Name, pkg+"."))
	}
	body.WriteString("\t)\n}\n")
	return gofmt(mark + "package otelfx\n\n" + w.block() + body.String())
}
