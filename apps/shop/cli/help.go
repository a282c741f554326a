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
var groups = []string{"Server", "Shop", "Store", "Checkout", "People", "Observability", "Report", "General"}

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

// flagName is a flag with its default, else with the form of its value.
func flagName(flag *kong.Flag) string {
	switch {
	case flag.Short != 0:
		return fmt.Sprintf("-%c, --%s", flag.Short, flag.Name)
	case flag.IsBool():
		return "--" + flag.Name
	case flag.HasDefault && flag.Default != "":
		return "--" + flag.Name + "=" + flag.Default
	}
	return "--" + flag.Name + "=" + flag.PlaceHolder
}

// flagHelp is what a flag means, with its variables.
func flagHelp(flag *kong.Flag) string {
	if flag.Name == "help" {
		return "Show this; behind a command, what it takes."
	}
	var names []string
	for _, name := range variables(flag.Name) {
		names = append(names, "$"+name)
	}
	return flag.Help + " " + strings.Join(names, ", ")
}

// row writes a name and its meaning in two columns.
func row(b *strings.Builder, name, meaning string) {
	lines := wrap(meaning, helpWidth-helpIndent)
	if len(name) > helpIndent-4 {
		fmt.Fprintf(b, "  %s\n", name)
	} else {
		fmt.Fprintf(b, "  %-*s%s\n", helpIndent-2, name, lines[0])
		lines = lines[1:]
	}
	for _, line := range lines {
		fmt.Fprintf(b, "%-*s%s\n", helpIndent, "", line)
	}
}

// wrap breaks a text into lines of at most so many characters, at spaces.
func wrap(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len([]rune(*last))+1+len([]rune(word)) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
