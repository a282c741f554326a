// Package containers gives test suites a real PostgreSQL, and each test a database of its own.
//
//	func TestMain(m *testing.M) { os.Exit(containers.Main(m)) }
//
//	func TestOrders(t *testing.T) {
//		t.Parallel()
//		dsn := containers.Postgres(t).Template(t, "shop", migrate).Clone(t)
//		// connect to dsn with pgx; the database is dropped when the test ends
//	}
//
// # Where the server comes from
//
// The first of these that is there:
//
//   - COMMERCE_TEST_DSN names a server that runs already, version 13 or later. Its role needs CREATEDB (SUPERUSER if the
//     migrations need it), the connection has to be direct (no PgBouncer in transaction mode), and the database it names is
//     only connected to, never written.
//   - PostgreSQL's binaries on this machine (Unix), on the PATH, where packages put them, or in the folder
//     COMMERCE_TEST_POSTGRES_BIN. The server runs in a temporary folder, on a free port of 127.0.0.1, as the user postgres
//     or nobody when the test runs as root. It is ready in about half a second.
//   - A Docker engine, through testcontainers-go, with the image postgres:15-bookworm or the one that
//     COMMERCE_TEST_POSTGRES_IMAGE names. Where testcontainers' own reaper image cannot be pulled, set
//     TESTCONTAINERS_RYUK_DISABLED=true: this package does not rely on it.
//
// COMMERCE_TEST_POSTGRES=dsn, local or docker asks for that one and no other. When there is none the test fails and says how
// to get one; it is never skipped.
//
// Servers are durable (fsync on): measured, switching that off gains a start nothing, and a test against a server that
// forgets proves less.
//
// # What is left behind
//
// Nothing. With Main the shared server lives until the last test has run; without it, as long as a test holds it, which is
// right as well but starts a server more than once when tests run one after the other. When the process is killed, on
// Linux the system ends a local server with it; what then remains (its folder, a container, databases in the server of
// COMMERCE_TEST_DSN, on other systems the local server too) is recognised by a lock that its owner no longer holds, and
// removed by the next process that asks for a server of the same source.
//
// All functions are safe for parallel tests. Those that take a testing.TB end the test when they cannot do their work, so
// they belong on the test's own goroutine.
package containers
