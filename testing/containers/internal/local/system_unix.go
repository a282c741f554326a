//go:build unix && !linux

package local

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// bindToParent does nothing: these systems cannot tell a child that its parent was killed. A server that outlives a killed
// test is ended by the next process that starts one.
func bindToParent(*syscall.SysProcAttr) {}

func childrenOf(parent int) ([]int, error) {
	out, err := exec.Command("ps", "-axo", "pid=,ppid=,stat=").Output() //nolint:noctx // It ends by itself at once.
	if err != nil {
		return nil, fmt.Errorf("ps: %w", err)
	}
	var children []int
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != strconv.Itoa(parent) || strings.HasPrefix(fields[2], "Z") {
			continue
		}
		pid, err := strconv.Atoi(fields[0])
		if err != nil {
			return nil, fmt.Errorf("ps: %w", err)
		}
		children = append(children, pid)
	}
	return children, nil
}

// alive asks ps rather than the kernel, to which a zombie is still there.
func alive(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	state := describe(pid, "stat=")
	return state != "" && !strings.HasPrefix(state, "Z")
}

// serves tells whether the process is the server of this data folder and not a later one with the same number.
func serves(pid int, data string) bool { return strings.Contains(describe(pid, "command="), data) }

func describe(pid int, column string) string {
	out, err := exec.Command("ps", "-ww", "-o", column, "-p", strconv.Itoa(pid)).Output() //nolint:noctx // It ends by itself at once.
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// segments cannot be found on these systems: a server that was killed leaves a System V segment of 56 bytes behind.
type segments struct{}

func segmentsOf(int) segments { return segments{} }

func (segments) remove() error { return nil }
