package containers

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// Template is a prepared database that others are copied from, far quicker than they could be prepared.
type Template struct {
	server *PostgresServer
	name   string
	once   sync.Once
	err    error
}

// errUnfinished stands when prepare never returned, because it ended the test that called it.
var errUnfinished = errors.New("prepare did not return; it must return its error and not end the test")

// Template returns the template of that key, made with its first use: prepare gets the DSN of an empty database and brings
// it to where every test starts, with migrations and perhaps a seed. It runs once per server and key, so that one key must
// always come with the same function. Sessions that it leaves open are ended. An error of prepare fails every test that
// asks for the template. The template is valid as long as its server.
func (s *PostgresServer) Template(t testing.TB, key string, prepare func(ctx context.Context, dsn string) error) *Template {
	t.Helper()
	s.mu.Lock()
	template, found := s.templates[key]
	if !found {
		template = &Template{server: s, name: s.nextName()}
		s.templates[key] = template
	}
	s.mu.Unlock()
	ctx := context.WithoutCancel(t.Context()) // Other tests wait for the result, whatever becomes of this one.
	template.once.Do(func() {
		template.err = errUnfinished
		template.err = template.build(ctx, prepare)
	})
	if template.err != nil {
		t.Fatalf("containers: template %q: %v", key, template.err)
	}
	return template
}

// Clone copies the template into a database of the test's own and returns its DSN. It is dropped when the test ends, open
// connections or not.
func (d *Template) Clone(t testing.TB) string {
	t.Helper()
	return d.server.database(t, d.name)
}

func (d *Template) build(ctx context.Context, prepare func(ctx context.Context, dsn string) error) error {
	if err := d.server.create(ctx, d.name, pristine); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, prepareLimit)
	defer cancel()
	if err := prepare(limited, withDatabase(d.server.DSN(), d.name)); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	// A database with a session in it cannot be copied: close the door, then clear the room.
	return d.server.exec(ctx,
		"ALTER DATABASE "+quote(d.name)+" WITH ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+d.name+"'")
}
