package cli

import (
	"encoding/json"
	"errors"

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
