//go:build !unix

package local

import (
	"context"
	"errors"
)

var errUnsupported = errors.New("local PostgreSQL binaries are used on Unix systems only")

// Server cannot exist here: Launch refuses.
type Server struct{}

// Launch refuses: a server can be bound to its test's life on Unix systems only.
func Launch(context.Context, string, []string) (*Server, error) { return nil, errUnsupported }

// DSN is never called.
func (s *Server) DSN() string { return "" }

// Start is never called.
func (s *Server) Start(context.Context) error { return errUnsupported }

// Running is never called.
func (s *Server) Running() bool { return false }

// Stop is never called.
func (s *Server) Stop(context.Context) error { return errUnsupported }

// Kill is never called.
func (s *Server) Kill(context.Context) error { return errUnsupported }

// Suspend is never called.
func (s *Server) Suspend(context.Context) error { return errUnsupported }

// Resume is never called.
func (s *Server) Resume(context.Context) error { return errUnsupported }

// PIDs is never called.
func (s *Server) PIDs() ([]int, error) { return nil, errUnsupported }

// Close is never called.
func (s *Server) Close(context.Context) error { return errUnsupported }
