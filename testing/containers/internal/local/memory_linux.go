package local

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// segments are the ids of the System V segments that a server shares among its processes. A server that ends by itself
// gives them back; after SIGKILL they stay in the system until it restarts.
type segments []int

// segmentsOf reads the maps of a process that still lives; of one that does not, there is nothing to tell.
func segmentsOf(pid int) segments {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/maps")
	if err != nil {
		return nil
	}
	var found segments
	for line := range strings.Lines(string(text)) {
		// Address, permissions, offset, device, inode, path; the inode of a System V segment is its id.
		fields := strings.Fields(line)
		if len(fields) < 6 || !strings.HasPrefix(fields[5], "/SYSV") {
			continue
		}
		if id, err := strconv.Atoi(fields[4]); err == nil && !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found
}

// remove gives the segments back; the processes that used them have ended.
func (s segments) remove() error {
	var problems []error
	for _, id := range s {
		if _, err := unix.SysvShmCtl(id, unix.IPC_RMID, nil); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.EIDRM) {
			problems = append(problems, fmt.Errorf("containers: shared memory segment %d: %w", id, err))
		}
	}
	return errors.Join(problems...)
}
