//go:build unix

package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const (
	superuser    = "postgres"
	dataName     = "data"
	readyLimit   = time.Minute          // Recovery after a kill included.
	readyPoll    = 5 * time.Millisecond // Short: a start takes about a tenth of a second.
	portTries    = 20                   // Free ports are plentiful; another process may be quicker once or twice.
	lowestPort   = 15000                // Ports from here to highestPort lie below those that systems hand to clients
	highestPort  = 30000                // (32768 and up), so that no client takes the port of a server that is down.
	readyLine    = 8                    // The line of postmaster.pid that tells the state, since PostgreSQL 10.
	pidFileName  = "postmaster.pid"
	stateReady   = "ready"
	pidFileLines = 16 // More than any version writes.
)

// initialise makes the cluster. Collation and encoding are those of the Docker image, whatever the machine's are.
func (s *Server) initialise(ctx context.Context) error {
	if err := s.account.makeFolder(s.data()); err != nil {
		return err
	}
	s.password = rand.Text()
	secret := filepath.Join(s.lease.Dir(), "password")
	if err := s.account.writeFile(secret, s.password+"\n"); err != nil {
		return err
	}
	locale := "C.UTF-8"
	if runtime.GOOS != "linux" {
		locale = "C" // C.UTF-8 is not everywhere; in UTF8 databases both sort by code point.
	}
	// The password is asked for in plain text: it keeps other users of the machine out, costs nothing per connection,
	// and never leaves the loopback device. --no-sync: a cluster that a power cut may ruin is made anew anyway.
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "--pgdata="+s.data(), "--username="+superuser,
		"--auth=password", "--pwfile="+secret, "--encoding=UTF8", "--locale="+locale, "--no-sync")
	s.account.prepare(cmd, s.data())
	out, err := runBound(cmd)
	if err != nil {
		return fmt.Errorf("initdb failed (is %s reachable for %s?): %w\n%s", s.lease.Dir(), s.account, err, out)
	}
	if err := os.Remove(secret); err != nil {
		return fmt.Errorf("containers: password file: %w", err)
	}
	return nil
}

// startOnFreePort tries ports until the server could take one: between the check and the start another may be quicker.
func (s *Server) startOnFreePort(ctx context.Context) error {
	var last error
	for range portTries {
		s.port = lowestPort + mathrand.IntN(highestPort-lowestPort) //nolint:gosec // A port is no secret.
		if !free(ctx, s.port) {
			continue
		}
		last = s.start(ctx)
		if last == nil || !strings.Contains(last.Error(), "could not bind") {
			return last
		}
	}
	return errors.Join(errors.New("containers: no free port on 127.0.0.1"), last)
}

func free(ctx context.Context, port int) bool {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:"+strconv.Itoa(port))
	return err == nil && listener.Close() == nil
}

// start runs the postmaster and waits until it is ready. The caller holds the lock or is the only one to know s.
func (s *Server) start(ctx context.Context) error {
	args := []string{"-D", s.data()}
	for _, setting := range append([]string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(s.port), "unix_socket_directories=",
		// In files in the data folder, which go with it: in /dev/shm they would outlive a server that is killed.
		"dynamic_shared_memory_type=mmap",
	}, s.settings...) {
		args = append(args, "-c", setting)
	}
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("containers: log file: %w", err)
	}
	defer func() { _ = log.Close() }() // The server has its own handle.
	// The server outlives the test that asked for it first.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), filepath.Join(s.bin, "postgres"), args...)
	cmd.Stdout, cmd.Stderr = log, log
	s.account.prepare(cmd, s.data())
	if s.process, err = run(cmd); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	if err := s.awaitReady(limited); err != nil {
		err = fmt.Errorf("containers: PostgreSQL did not start: %w%s", err, s.logTail())
		if s.process.ended() {
			return err
		}
		return errors.Join(err, killTree(context.WithoutCancel(ctx), s.process.pid()))
	}
	return nil
}

// awaitReady follows postmaster.pid. After a kill the old file is still there, so the process id in it has to be ours.
func (s *Server) awaitReady(ctx context.Context) error {
	ticker := time.NewTicker(readyPoll)
	defer ticker.Stop()
	for {
		if pid, state := readPIDFile(s.data()); pid == s.process.pid() && state == stateReady {
			return nil
		}
		select {
		case <-s.process.done:
			return fmt.Errorf("its process ended: %w", s.process.reason())
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// readPIDFile returns 0 and "" for what it cannot read: the file appears and grows while the server starts.
func readPIDFile(data string) (pid int, state string) {
	text, err := os.ReadFile(filepath.Join(data, pidFileName))
	if err != nil {
		return 0, ""
	}
	lines := strings.SplitN(string(text), "\n", pidFileLines)
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return 0, ""
	}
	if len(lines) >= readyLine {
		state = strings.TrimSpace(lines[readyLine-1])
	}
	return pid, state
}
