package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// configCmd shows the settings of serve.
type configCmd struct {
	compose.Settings
	compose.ServeSettings
	formatFlag
}

// check judges all settings.
func (c *configCmd) check() error {
	return errors.Join(c.ServeSettings.Check(c.Settings), c.formatFlag.check())
}

// setting is a setting in a report.
type setting struct {
	Name   string `json:"name"`
	Value  string `json:"value"` // "" for a secret.
	Secret bool   `json:"secret"`
	Set    bool   `json:"set"`  // Not left at its default.
	From   string `json:"from"` // A variable, a file, a flag, or "default".
	group  string
}

// Run checks and shows.
func (c *configCmd) Run(ctx *kong.Context, p Process, s *sources) error {
	if err := c.check(); err != nil {
		return err
	}
	effective := c.Effective(c.Settings)
	var settings []setting
	for _, flag := range flagsOf(ctx.Selected()) {
		if flag.Name == "help" || flag.Name == "config" || flag.Name == "format" {
			continue
		}
		o, set := s.origins[flag.Name]
		out := setting{Name: flag.Name, Secret: isSecret(flag), Set: set, From: "default", group: groupOf(flag)}
		if set {
			out.From = o.from
		}
		if !out.Secret {
			if out.Value = flagText(ctx, flag); out.Value == "" {
				out.Value = effective[flag.Name]
			}
		}
		settings = append(settings, out)
	}
	if c.Format == "json" {
		out := json.NewEncoder(p.Stdout)
		out.SetEscapeHTML(false)
		return out.Encode(map[string]any{"settings": settings})
	}
	return writeSettings(p.Stdout, settings)
}

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
