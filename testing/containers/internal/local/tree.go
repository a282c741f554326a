//go:build unix

package local

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

const (
	gonePoll  = 5 * time.Millisecond
	goneLimit = 20 * time.Second
)

// tree returns root and the processes that it started and that still live; PostgreSQL's tree is one level deep.
func tree(root int) ([]int, error) {
	children, err := childrenOf(root)
	if err != nil {
		return nil, fmt.Errorf("containers: processes of PostgreSQL: %w", err)
	}
	return append([]int{root}, children...), nil
}

// stopTree stops the root first, so that it starts nothing more, then its children.
func stopTree(root int) ([]int, error) {
	if err := send(root, syscall.SIGSTOP); err != nil {
		return nil, err
	}
	pids, err := tree(root)
	if err != nil {
		return nil, err
	}
	for _, pid := range pids[1:] {
		if err := send(pid, syscall.SIGSTOP); err != nil {
			return nil, err
		}
	}
	return pids, nil
}

// continueTree wakes the children first: the root would take a silent child for a hung one.
func continueTree(root int) error {
	pids, err := tree(root)
	if err != nil {
		return err
	}
	slices.Reverse(pids)
	var problems []error
	for _, pid := range pids {
		problems = append(problems, send(pid, syscall.SIGCONT))
	}
	return errors.Join(problems...)
}

// killTree kills the root and its children, waits until none runs any more, and gives back the memory that they shared.
func killTree(ctx context.Context, root int) error {
	pids, err := stopTree(root)
	if err != nil {
		return err
	}
	shared := segmentsOf(root)
	for _, pid := range pids {
		if err := send(pid, syscall.SIGKILL); err != nil {
			return err
		}
	}
	limited, cancel := context.WithTimeout(ctx, goneLimit)
	defer cancel()
	ticker := time.NewTicker(gonePoll)
	defer ticker.Stop()
	for slices.ContainsFunc(pids, alive) {
		select {
		case <-limited.Done():
			return fmt.Errorf("containers: PostgreSQL's processes %v did not end after SIGKILL: %w", pids, limited.Err())
		case <-ticker.C:
		}
	}
	return shared.remove()
}

// send treats a process that is gone as served.
func send(pid int, signal syscall.Signal) error {
	if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("containers: signal process %d: %w", pid, err)
	}
	return nil
}

// endLeftOver ends the server that an ended test process may have left in its folder: on systems that cannot bind a
// child's life to its parent's, and where the server was suspended when its parent was killed.
func endLeftOver(ctx context.Context, dir string) error {
	data := filepath.Join(dir, dataName)
	pid, _ := readPIDFile(data)
	if pid <= 0 || !serves(pid, data) {
		return nil
	}
	return killTree(ctx, pid)
}
