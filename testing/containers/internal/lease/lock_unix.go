//go:build unix

package lease

import (
	"io/fs"
	"os"
	"syscall"
)

// tryLock takes the file's lock unless another process, or another open file of this one, holds it.
func tryLock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// own guards against folders that somebody else put under our name.
func own(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
