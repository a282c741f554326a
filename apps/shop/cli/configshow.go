package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// flagText is the value of a flag as one would write it.
func flagText(ctx *kong.Context, flag *kong.Flag) string {
	switch value := ctx.FlagValue(flag).(type) {
	case []string:
		return strings.Join(value, ",")
	case interface{ String() string }:
		if flag.Target.Kind().String() == "ptr" && flag.Target.IsNil() {
			return ""
		}
		return value.String()
	default:
		return fmt.Sprint(value)
	}
}

// writeSettings writes them by group in three columns.
func writeSettings(w io.Writer, settings []setting) error {
	shown := func(s setting) string {
		switch {
		case s.Secret && s.Set:
			return "(not shown)"
		case s.Value == "":
			return "-"
		}
		return s.Value
	}
	name, value := 0, 0
	for _, s := range settings {
		name, value = max(name, len(s.Name)), max(value, min(utf8.RuneCountInString(shown(s)), 40))
	}
	var b strings.Builder
	for _, group := range groups {
		title := group + "\n"
		for _, s := range settings {
			if s.group == group {
				fmt.Fprintf(&b, "%s  %-*s  %-*s  %s\n", title, name, s.Name, value, shown(s), s.From)
				title = ""
			}
		}
		if title == "" {
			b.WriteString("\n")
		}
	}
	b.WriteString("All settings are good.\n")
	_, err := io.WriteString(w, b.String())
	return err
}
