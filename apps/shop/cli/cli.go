// Package cli is the command line of the shop: what an operator types, and the exit codes that scripts rely on.
package cli

import (
	"context"
	"fmt"
	"os"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

// commands are all commands with their flags; kong reads the tags.
type commands struct {
	Config string `help:"JSON file of settings by flag name; flags and the environment go before it." placeholder:"FILE" group:"General"`

	Serve   serveCmd   `cmd:"" default:"withargs" help:"Serve the shop over HTTP; the command when none is named."`
	Check   configCmd  `cmd:"" name:"config" help:"Check the settings that serve would take, and show each with where it comes from; secrets are not shown."`
	Health  healthCmd  `cmd:"" help:"Ask a running shop whether it can serve; exit 0 when it can, else 1. For health checks of containers."`
	Migrate migrateCmd `cmd:"" help:"Change the database's schema, or show how it stands."`
	Import  importCmd  `cmd:"" help:"Read a file into the shop."`
	Report  reportCmd  `cmd:"" help:"Add up what is stored."`
	Export  exportCmd  `cmd:"" help:"Write what the shop has into a file."`
	Copy    copyCmd    `cmd:"" help:"Copy a whole shop from one store into another, empty one: from a file to PostgreSQL, or back. Close the shop first; docs/operations.md tells how."`
	Admin   adminCmd   `cmd:"" help:"Look after those who run the shop."`
	Doctor  doctorCmd  `cmd:"" help:"Look whether the shop's data agree with themselves; exit 3 when something does not."`
	Openapi openapiCmd `cmd:"" help:"Print the OpenAPI 3.1 document of the HTTP API."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// exitCode carries the code of a kong hook that ends the program, such as --help.
type exitCode int

// Run runs the command that the arguments name and gives the exit code. A first signal asks the command to end; at a
// second one of a person, SIGINT, Run returns at once, and what the command was doing ends with the program.
func Run(args []string, p Process) int {
	sources := &sources{getenv: p.Getenv, environ: p.Environ}
	command, code, err := parse(args, p, sources)
	if err != nil {
		for _, line := range sources.refused(problemsError(sources.problems)) {
			fmt.Fprintln(p.Stderr, "shop:", line)
		}
		fmt.Fprintf(p.Stderr, "shop: %s\nRun \"shop --help\" for all commands and settings.\n", oneLine(err))
		return ExitUsage
	}
	if command == nil {
		return code
	}
	sources.arguments(command)
	warnings := sources.warnings(command)
	if problems := sources.check(command); len(problems) > 0 {
		warnings.print(p.Stderr)
		return report(problems, p, sources)
	}
	if command.Command() != "serve" { // Which puts them into its log.
		warnings.print(p.Stderr)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(sources, warnings)
	var signals <-chan os.Signal
	if p.Signals != nil {
		var stop func()
		signals, stop = p.Signals()
		defer stop()
	}
	done := make(chan error, 1)
	go func() { done <- command.Run() }()
	for {
		select {
		case err := <-done:
			warnings.print(p.Stderr)
			return report(err, p, sources)
		case got := <-signals:
			switch {
			case ctx.Err() == nil:
			case got == syscall.SIGTERM: // Orchestrators repeat themselves; the requests in flight still finish.
				continue
			default:
				fmt.Fprintln(p.Stderr, "shop: left at once")
				return ExitInterrupted
			}
			cancel()
		}
	}
}

// parse reads the arguments. Without a command there is nothing more to do than to end with the code.
func parse(args []string, p Process, s *sources) (command *kong.Context, code int, err error) {
	defer func() {
		if r := recover(); r != nil {
			c, ok := r.(exitCode)
			if !ok {
				panic(r)
			}
			command, code, err = nil, int(c), nil
		}
	}()
	parser, err := kong.New(&commands{}, append(mappers(s),
		kong.Name("shop"),
		kong.Description("A whole shop in one program: HTTP API, health, metrics and the commands of its operators."),
		kong.Writers(p.Stdout, p.Stderr),
		kong.Exit(func(code int) { panic(exitCode(code)) }),
		kong.Help(help),
		kong.Resolvers(s),
		kong.Vars(compose.Defaults()),
		kong.Bind(p),
	)...)
	if err != nil {
		return nil, ExitFailed, err
	}
	command, err = parser.Parse(args)
	return command, ExitDone, err
}
