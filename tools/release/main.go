// Command release cuts releases of the repository's modules, and checks that the tree can be released.
//
//	release check                 consume the tree from a file:// proxy, as strangers would a release
//	release cut [-dry] v0.1.0     commit the modules without replaces and tag them: core, adapters, apps
//
// Between releases every nested module points at its neighbours by replace directives, with which `go install
// …/apps/shop@version` is refused. A release is therefore a commit beside the branch whose go.mod files name the version
// instead. Nothing is pushed; the commands for that are printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

var errUsage = errors.New("usage: release check | release cut [-dry] vX.Y.Z")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "check":
		return check(ctx)
	case "cut":
		flags := flag.NewFlagSet("cut", flag.ContinueOnError)
		dry := flags.Bool("dry", false, "tell what would be done and do nothing")
		if err := flags.Parse(args[1:]); err != nil || flags.NArg() != 1 {
			return errUsage
		}
		return cut(ctx, ".", flags.Arg(0), *dry)
	default:
		return errUsage
	}
}
