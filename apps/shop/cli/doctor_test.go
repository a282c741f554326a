package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/bridge/doctor"
	"github.com/ipswich-retail/commerce/apps/shop/cli"
)

func TestDoctorOfTheDemoShop(t *testing.T) {
	t.Parallel()
	code, out, _ := run(t, nil, "doctor", "--store", "memory")
	if code != cli.ExitDone || !strings.HasPrefix(out, "examined 0 orders, 0 carts, ") || !strings.Contains(out, "nothing found") {
		t.Errorf("exit %d: %s", code, out)
	}
	code, out, _ = run(t, nil, "doctor", "--store", "memory", "--format", "json")
	var r doctor.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != cli.ExitDone {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if !r.Clean() || r.Examined["levels"] == 0 || len(r.Checks) != len(doctor.Checks()) || !strings.Contains(out, `"findings": []`) {
		t.Errorf("got %s", out)
	}
}

func TestDoctorRefusesSettings(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--format", "xml"}, {"--sqlite-file", ""}, {"--store", "postgres"}, {"--production"}} {
		if code, out, err := run(t, nil, append([]string{"doctor"}, args...)...); code != cli.ExitUsage || out != "" || err == "" {
			t.Errorf("%v: exit %d: %s%s", args, code, out, err)
		}
	}
}
