package integration_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
)

const (
	bombSize   = 300 << 20 // Of a bomb, when it is unpacked.
	bombs      = 30
	bombGrowth = 20 << 10 // The kilobytes by which the shop may grow at most.
)

// TestBombs sends the shop bodies that are a thousand times as large when they are unpacked: it refuses them all, packed
// as they are.
func TestBombs(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	zeros := make([]byte, 1<<20)
	for range bombSize / len(zeros) {
		if _, err := writer.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	shop := startShop(t, "--store", "memory")
	address := strings.TrimPrefix(shop.base, "http://")
	send := func(encoding string) {
		got := exchangeBytes(t, address, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s",
			rawPost, encoding, packed.Len(), packed.Bytes()))
		if len(got) != 1 || got[0].status != http.StatusUnsupportedMediaType {
			t.Fatalf("%s: %+v", encoding, got)
		}
	}
	send("gzip") // What any body of this size takes is there then.
	before := peakMemory(t, shop)
	for range bombs {
		for _, encoding := range []string{"gzip", "br", "zstd", "deflate", "gzip, gzip"} {
			send(encoding)
		}
	}
	if grown := peakMemory(t, shop) - before; grown > bombGrowth {
		t.Errorf("the shop grew by %d kB, %d are allowed", grown, bombGrowth)
	}
}

// peakMemory is the most memory that the process had so far, in kilobytes.
func peakMemory(t *testing.T, p *process) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.Atoi(strings.Fields(value)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kilobytes
		}
	}
	t.Fatal("the kernel does not tell the process's peak of memory")
	return 0
}
