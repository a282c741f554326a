package cli

import (
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// warnings are what an operator should know of the settings before the command runs.
func (s *sources) warnings(ctx *kong.Context) *warnings {
	out := &warnings{}
	if s.environ != nil {
		out.lines = unknownVariables(s.environ(), ctx.Model.Node)
	}
	for _, flag := range ctx.Flags() {
		if production, _ := ctx.FlagValue(flag).(bool); flag.Name == "production" && production {
			for _, name := range readableByAll(s.secret) {
				out.lines = append(out.lines, fmt.Sprintf("every user of this machine may read the secret in %s: chmod 600, or 640 with a group", name))
			}
		}
	}
	return out
}

// warnings are lines that are told once.
type warnings struct{ lines []string }

// take gives them to whoever tells them.
func (w *warnings) take() []string {
	out := w.lines
	w.lines = nil
	return out
}

// print writes what was not told yet.
func (w *warnings) print(to io.Writer) {
	for _, line := range w.take() {
		fmt.Fprintln(to, "shop: warning:", line)
	}
}
