package cli

import (
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Process is what a command needs of the world around it. The writers are used by several goroutines at once.
type Process struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Environ        func() []string // All variables, to find slips in their names; nil to look for none.
	// Signals delivers each request to stop until it is told to end; a second SIGINT means at once.
	Signals func() (signals <-chan os.Signal, stop func())
}

// NotifySignals delivers SIGINT and SIGTERM.
func NotifySignals() (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	return c, func() { signal.Stop(c) }
}

// buildVersion is set by the linker where the build knows better than the module: images are built from a commit.
var buildVersion string

// version is that of the build, else of the module that the program was built from.
func version() string {
	if buildVersion != "" {
		return buildVersion
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}
