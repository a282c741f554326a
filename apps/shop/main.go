// Command shop is the reference server of the toolkit and its operator commands, in one binary.
package main

import (
	"os"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], cli.Process{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Environ: os.Environ, Signals: cli.NotifySignals,
	}))
}
