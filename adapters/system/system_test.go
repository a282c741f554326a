package system_test

import (
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/ports"
	"github.com/ipswich-retail/commerce/testing/catalogtest"
	"github.com/ipswich-retail/commerce/testing/portstest"
)

func TestClock(t *testing.T) {
	t.Parallel()
	portstest.TestClock(t, func(t *testing.T) ports.Clock {
		t.Helper()
		return system.NewClock()
	})
}

func TestIDs(t *testing.T) {
	t.Parallel()
	portstest.TestIDs(t, func(t *testing.T) ports.IDs {
		t.Helper()
		return system.NewIDs()
	})
}

func TestSlugger(t *testing.T) {
	t.Parallel()
	catalogtest.TestSlugger(t, func(t *testing.T) catalog.Slugger {
		t.Helper()
		return system.NewSlugger()
	})
	for text, want := range map[string]string{
		"Crème brûlée": "creme-brulee", "GRÖSSE 42 ½": "groesse-42", "Mum's the word": "mums-the-word", "Łódź & Ærø": "lodz-aeroe",
		"日本": "", "e\u0301te\u0301": "ete", "Straße": "strasse",
	} {
		if got := system.NewSlugger().Slug(text); got != want {
			t.Errorf("the slug of %q is %q, want %q", text, got, want)
		}
	}
}

func TestClockIsThePresent(t *testing.T) {
	t.Parallel()
	before := time.Now()
	now := system.NewClock().Now()
	if now.Before(before.Add(-time.Minute)) || now.After(time.Now().Add(time.Minute)) {
		t.Errorf("got %v, the machine says %v", now, before)
	}
}

func TestClockStandsStillWhileTheMachinesGoesBack(t *testing.T) {
	t.Parallel()
	clock := system.NewClock()
	for _, step := range [][2]int64{{100, 100}, {40, 100}, {99, 100}, {101, 101}} {
		if got := clock.Forward(step[0]); got != step[1] {
			t.Errorf("at %d: got %d, want %d", step[0], got, step[1])
		}
	}
}

func TestIDHoldsItsTime(t *testing.T) {
	t.Parallel()
	before := time.Now().UnixMilli()
	id := system.NewIDs().New()
	var millis int64
	for _, b := range id[:6] {
		millis = millis<<8 | int64(b)
	}
	if after := time.Now().UnixMilli(); millis < before || millis > after {
		t.Errorf("the id is of %d, made between %d and %d", millis, before, after)
	}
}
