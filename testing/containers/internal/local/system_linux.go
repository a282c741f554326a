package local

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// bindToParent has the system tell the child to end at once when its parent is gone, even by SIGKILL; the postmaster then
// ends its children.
func bindToParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }

// childrenOf reads /proc instead of calling ps, which small images lack.
func childrenOf(parent int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var children []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if state, ppid := status(pid); ppid == parent && state != "Z" {
			children = append(children, pid)
		}
	}
	return children, nil
}

// alive counts a zombie as gone: it holds nothing but its number.
func alive(pid int) bool {
	state, _ := status(pid)
	return state != "" && state != "Z" && state != "X"
}

// status reads a process's state letter and parent; "" and 0 if there is none. The name before them, in parentheses, may
// hold anything, parentheses too.
func status(pid int) (state string, parent int) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", 0
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 2 {
		return "", 0
	}
	parent, err = strconv.Atoi(string(fields[1]))
	if err != nil {
		return "", 0
	}
	return string(fields[0]), parent
}

// serves tells whether the process is the server of this data folder and not a later one with the same number.
func serves(pid int, data string) bool {
	target, err := filepath.EvalSymlinks(data)
	if err != nil {
		return false
	}
	folder, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	return err == nil && folder == target
}
