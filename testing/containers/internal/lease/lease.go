// Package lease gives a process a temporary folder that tells whether its owner still lives.
//
// The owner holds a lock on a file in the folder; the system lets go of it when the process ends, however it ends. Whoever
// finds the lock free may clear up what the owner left behind.
package lease

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	prefix   = "commerce-test-postgres-"
	lockName = "lock"
	attempts = 10 // A sweep may take a new folder away before it is locked; that it happens twice in a row is unlikely.
)

// Lease is a folder that belongs to this process until Release. It is safe for concurrent use.
type Lease struct {
	dir  string
	lock *os.File
}

// New makes a folder of the kind, a word of the name, in the system's temporary folder and locks it.
// Its permissions let other users pass through it to a folder they own, and no more.
func New(kind string) (*Lease, error) {
	for range attempts {
		l, err := create(kind)
		if err != nil {
			return nil, err
		}
		if l != nil {
			return l, nil
		}
	}
	return nil, errors.New("containers: no temporary folder could be locked: every one was swept at once")
}

// create returns nil without an error when a sweep was quicker.
func create(kind string) (*Lease, error) {
	dir, err := os.MkdirTemp("", prefix+kind+"-")
	if err != nil {
		return nil, fmt.Errorf("containers: temporary folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("containers: lock file: %w", err), os.RemoveAll(dir))
	}
	if !tryLock(lock) || !present(dir, lock) {
		return nil, lock.Close()
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // The server's user has to pass through.
		return nil, errors.Join(fmt.Errorf("containers: temporary folder: %w", err), lock.Close(), os.RemoveAll(dir))
	}
	return &Lease{dir: dir, lock: lock}, nil
}

// present tells whether the locked file is still the one that the folder shows.
func present(dir string, lock *os.File) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}
	shown, err := os.Stat(filepath.Join(dir, lockName))
	return err == nil && os.SameFile(held, shown)
}

// Dir is the folder's absolute path.
func (l *Lease) Dir() string { return l.dir }

// Release removes the folder with everything in it and gives up the lock.
func (l *Lease) Release() error {
	return errors.Join(os.RemoveAll(l.dir), l.lock.Close())
}

// Abandoned tells whether the process that made the folder has ended, or has released it.
func Abandoned(dir string) bool {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	free := tryLock(lock)
	return lock.Close() == nil && free
}

// Sweep removes this user's folders of the kind whose processes ended without releasing them. For each, clean is called
// first, while nobody else can take it. A folder that cannot be cleaned is left for the next sweep; its error is returned.
func Sweep(kind string, clean func(dir string) error) error {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), prefix+kind+"-*"))
	if err != nil {
		return fmt.Errorf("containers: left-over folders: %w", err)
	}
	var problems []error
	for _, dir := range dirs {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && own(info) {
			problems = append(problems, sweep(dir, clean))
		}
	}
	return errors.Join(problems...)
}

func sweep(dir string, clean func(dir string) error) error {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		// Only an empty folder goes: its owner may be about to make the lock, and makes another folder then.
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) && !occupied(dir) {
			return fmt.Errorf("containers: left-over folder: %w", err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("containers: left-over folder: %w", err)
	}
	defer func() { _ = lock.Close() }() // Nothing was written; closing only lets go of the lock.
	if !tryLock(lock) {
		return nil
	}
	if err := clean(dir); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("containers: left-over folder: %w", err)
	}
	return nil
}

func occupied(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && len(entries) > 0
}
