package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// The columns of help texts: they are read in terminals of 100 columns, in logs and in pull requests.
const (
	helpWidth  = 100
	helpIndent = 27
)

// groups are the titles of the flags, in the order in which they are shown.
var groups = []string{"Server", "Shop", "Store", "Orders", "Checkout", "People", "Observability", "Report", "General"}

// help prints a command with its settings; for the program itself, all commands and the settings of all of them.
func help(_ kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		node = ctx.Model.Node
	}
	var b strings.Builder
	usage := "shop [COMMAND] [FLAGS]"
	if node.Type != kong.ApplicationNode {
		usage = node.FullPath() + " [FLAGS]"
		if len(node.Positional) > 0 { // No command takes more than one argument.
			usage += " " + strings.ToUpper(node.Positional[0].Name)
		}
		if len(node.Children) > 0 {
			usage = node.FullPath() + " COMMAND [FLAGS]"
		}
	}
	fmt.Fprintf(&b, "Usage: %s\n\n%s\n", usage, strings.Join(wrap(node.Help, helpWidth), "\n"))
	if len(node.Children) > 0 {
		b.WriteString("\nCommands\n")
		for _, leaf := range node.Leaves(true) {
			row(&b, strings.TrimPrefix(leaf.FullPath(), "shop "), leaf.Help)
		}
	}
	for i, arg := range node.Positional {
		if i == 0 {
			b.WriteString("\nArguments\n")
		}
		row(&b, strings.ToUpper(arg.Name), arg.Help)
	}
	flags := flagsOf(node)
	for _, group := range groups {
		title := "\n" + group + "\n"
		for _, flag := range flags {
			if groupOf(flag) == group {
				b.WriteString(title)
				row(&b, flagName(flag), flagHelp(flag))
				title = ""
			}
		}
	}
	b.WriteString("\n" + strings.Join(wrap("A setting is taken from its flag, else from the environment variable behind it, else from the file "+
		"of --config, else it has its default, which stands behind the flag or in brackets.", helpWidth), "\n") + "\n")
	if node.Type == kong.ApplicationNode {
		b.WriteString("\nExit codes: 0 done, 1 failed, 2 wrong flag or setting, 3 finished with findings, 4 input refused and\nnothing written, 130 interrupted.\n")
	}
	_, err := io.WriteString(ctx.Stdout, b.String())
	return err
}
