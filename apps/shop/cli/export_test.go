package cli

import (
	"io"
	"time"

	"github.com/alecthomas/kong"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// ReadConfig lets a fuzz target in.
var ReadConfig = readConfig

// What docs/operations.md lists of the settings.
var (
	Variables = variables
	IsSecret  = isSecret
	Groups    = groups
	FlagsOf   = flagsOf
	GroupOf   = groupOf
	FlagsOnly = flagsOnly
)

// Model is what kong made of the commands.
func Model() (*kong.Application, error) {
	s := &sources{getenv: func(string) string { return "" }}
	k, err := kong.New(&commands{}, append(mappers(s), kong.Name("shop"), kong.Vars(compose.Defaults()), kong.Bind(Process{}))...)
	if err != nil {
		return nil, err
	}
	return k.Model, nil
}

// Progress is how far a file is, as a terminal shows it.
func Progress(w io.Writer, size int64, now func() time.Time) (show func(phase string, rows int, bytes int64, products int), end func()) {
	p := &progress{to: w, size: size, now: now, start: now()}
	return p.show, p.end
}

// GarbagePercent is what the collector is told.
var GarbagePercent = garbagePercent
