// Package cli is the command line of the shop: what an operator types, and the exit codes that scripts rely on.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// The exit codes. They are part of the public contract.
const (
	ExitDone        = 0   // Done.
	ExitFailed      = 1   // The database or the disk failed.
	ExitUsage       = 2   // A flag or setting is wrong.
	ExitFindings    = 3   // Finished, with rejected rows or findings.
	ExitRefused     = 4   // The input was refused and nothing was written.
	ExitInterrupted = 130 // Interrupted; run it again to go on.
)

// Process is what a command needs of the world around it.
type Process struct {
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	// Signals delivers each request to stop; the second one means at once.
	Signals func() (signals <-chan os.Signal, stop func())
}

// NotifySignals delivers SIGINT and SIGTERM.
func NotifySignals() (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	return c, func() { signal.Stop(c) }
}

// Version is the version of the program; releases set it by the linker, else that of the module is taken.
var Version string

// version tells what this program is.
func version() string {
	if Version != "" {
		return Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}

// commands are all commands with their flags; kong reads the tags.
type commands struct {
	Config kong.ConfigFlag `help:"A JSON file of settings by flag name; flags and environment go before it." env:"SHOP_CONFIG" placeholder:"FILE"`

	Serve   serveCmd   `cmd:"" default:"withargs" help:"Serve the shop over HTTP (the command when none is named)."`
	Migrate migrateCmd `cmd:"" help:"Bring the database's schema up, take the last step down, or show how it stands."`
	Import  importCmd  `cmd:"" help:"Read a file into the shop."`
	Openapi openapiCmd `cmd:"" help:"Print the OpenAPI 3.1 document of the HTTP API."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// usageError is a flag or setting that is wrong.
type usageError struct{ error }

// usagef makes a usageError.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// refusedError is input that was refused whole.
type refusedError struct{ error }

// exitCode carries the code of a kong hook that ends the program, such as --help.
type exitCode int

// Run runs the command that the arguments name and gives the exit code.
func Run(args []string, p Process) (code int) {
	defer func() {
		if r := recover(); r != nil {
			if c, ok := r.(exitCode); ok {
				code = int(c)
				return
			}
			panic(r)
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("shop"),
		kong.Description("A whole shop in one binary: HTTP API, health and metrics. Settings are taken from flags, then from the "+
			"environment, then from --config."),
		kong.UsageOnError(),
		kong.Writers(p.Stdout, p.Stderr),
		kong.Exit(func(code int) { panic(exitCode(code)) }),
		kong.Configuration(kong.JSON),
		kong.Vars(compose.Defaults()),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Bind(p),
	)
	if err != nil {
		fmt.Fprintln(p.Stderr, "shop:", err)
		return ExitFailed
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(p.Stderr, "shop: %v\nRun \"shop --help\" for all commands and settings.\n", err)
		return ExitUsage
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	command.BindTo(ctx, (*context.Context)(nil))
	return report(command.Run(), p)
}

// report turns the outcome of a command into words and a code.
func report(err error, p Process) int {
	var usage usageError
	var refused refusedError
	var setting *compose.SettingError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &usage), errors.As(err, &setting):
		fmt.Fprintln(p.Stderr, "shop:", err)
		return ExitUsage
	case errors.As(err, &refused):
		fmt.Fprintln(p.Stderr, "shop:", err)
		return ExitRefused
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(p.Stderr, "shop: interrupted")
		return ExitInterrupted
	default:
		fmt.Fprintln(p.Stderr, "shop:", err)
		return ExitFailed
	}
}
