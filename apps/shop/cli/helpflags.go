package cli

import (
	"github.com/alecthomas/kong"
)

// flagsOf are the flags of a command, its parents and those below it, each once.
func flagsOf(node *kong.Node) []*kong.Flag {
	var out []*kong.Flag
	seen := map[string]bool{}
	add := func(flags []*kong.Flag) {
		for _, f := range flags {
			if !f.Hidden && !seen[f.Name] {
				seen[f.Name] = true
				out = append(out, f)
			}
		}
	}
	var below func(*kong.Node)
	below = func(n *kong.Node) {
		add(n.Flags)
		for _, child := range n.Children {
			below(child)
		}
	}
	below(node)
	for n := node.Parent; n != nil; n = n.Parent {
		add(n.Flags)
	}
	return out
}

func groupOf(flag *kong.Flag) string {
	if flag.Group == nil {
		return "General"
	}
	return flag.Group.Key
}
