package cli

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

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
