package figures_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// clockTick is the unit of times in /proc, USER_HZ; it is 100 on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// cpuOf adds up user and system time of processes; one that has ended counts nothing.
func cpuOf(pids []int) time.Duration {
	var sum time.Duration
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		// The second field, the name, may hold anything: count behind its closing parenthesis.
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		for _, i := range []int{11, 12, 13, 14} { // utime, stime, and those of children that were waited for
			n, err := strconv.ParseInt(string(fields[i]), 10, 64)
			if err == nil {
				sum += time.Duration(n) * clockTick
			}
		}
	}
	return sum
}

// machineCPU is the busy time of the whole machine.
func machineCPU(t *testing.T) time.Duration {
	t.Helper()
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	var busy time.Duration
	for i, f := range bytes.Fields(line)[1:] {
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err == nil && i != 3 && i != 4 { // idle, iowait
			busy += time.Duration(n) * clockTick
		}
	}
	return busy
}
