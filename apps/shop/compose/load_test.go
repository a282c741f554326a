package compose_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/apps/shop/compose"
)

func TestLoadSettings(t *testing.T) {
	t.Parallel()
	for _, v := range []compose.LoadSettings{{}, {MaxRequests: 8, MaxConnections: 16}, {MaxRequests: 100_000, MaxConnections: 1_000_000}} {
		if err := v.Check(); err != nil {
			t.Errorf("%+v: %v", v, err)
		}
	}
	for _, v := range []compose.LoadSettings{{MaxRequests: 7}, {MaxRequests: -1}, {MaxRequests: 100_001}, {MaxConnections: 15}, {MaxConnections: 1_000_001}} {
		if len(compose.SettingErrors(v.Check())) != 1 {
			t.Errorf("%+v: %v", v, v.Check())
		}
	}
}
