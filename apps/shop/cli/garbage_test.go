package cli_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

func TestGarbagePercent(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{0: 300, 10 << 20: 300, 16 << 20: 300, 24 << 20: 200, 48 << 20: 100, 138 << 20: 100, 8 << 30: 100} {
		if got := cli.GarbagePercent(live); got != want {
			t.Errorf("%d MiB live: %d %%, want %d", live>>20, got, want)
		}
	}
}
