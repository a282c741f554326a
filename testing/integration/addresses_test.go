package integration_test

import (
	"context"
	"net"
	"net/url"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
)

// address makes the URL of the database that the DSN names, in whatever form it does.
func address(t testing.TB, dsn string) *url.URL {
	t.Helper()
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatalf("the address of a database: %v", err)
	}
	u := &url.URL{Scheme: "postgres", User: url.UserPassword(cfg.User, cfg.Password), Path: "/" + cfg.Database}
	query := url.Values{}
	port := strconv.Itoa(int(cfg.Port))
	if network, _ := networkOf(cfg); network == "unix" {
		query.Set("host", cfg.Host)
		query.Set("port", port)
	} else {
		u.Host = net.JoinHostPort(cfg.Host, port)
	}
	if cfg.TLSConfig == nil {
		query.Set("sslmode", "disable")
	}
	u.RawQuery = query.Encode()
	return u
}

// withParameter adds a setting of the session to the address of a database.
func withParameter(t testing.TB, dsn, name, value string) string {
	t.Helper()
	u := address(t, dsn)
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u.String()
}

// anew is the context of a cleanup: that of the test has ended.
func anew(t testing.TB) context.Context {
	t.Helper()
	return context.WithoutCancel(t.Context())
}

// connectAnew is connect for a cleanup.
func connectAnew(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(anew(t), dsn)
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(anew(t)) })
	return conn
}
