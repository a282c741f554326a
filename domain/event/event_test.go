package event_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ref"
)

type moved struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (moved) EventName() string { return "test.moved" }

type broken struct{ C chan int }

func (broken) EventName() string { return "test.broken" }

func TestNew(t *testing.T) {
	t.Parallel()
	id := ref.NewID[ref.EventKind](ref.UUID{1})
	at := time.Date(2026, 3, 2, 10, 30, 0, 123456789, time.FixedZone("CET", 3600))
	e := event.New(id, "ord_1", at, moved{From: "a", To: "b"})
	if e.ID != id || e.Name != "test.moved" || e.Aggregate != "ord_1" || string(e.Data) != `{"from":"a","to":"b"}` {
		t.Errorf("got %+v with %s", e, e.Data)
	}
	if want := time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC); e.At != want {
		t.Errorf("at %v, want %v", e.At, want)
	}
}

func TestNewPanicsForADefect(t *testing.T) {
	t.Parallel()
	defer func() {
		if text, ok := recover().(string); !ok || !strings.Contains(text, "test.broken") {
			t.Errorf("got %q, want a panic that names the payload", text)
		}
	}()
	event.New(ref.EventID{}, "x", time.Time{}, broken{})
}
