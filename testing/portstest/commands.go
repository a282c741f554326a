package portstest

import (
	"reflect"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports"
)

// TestCommands proves an adapter of ports.Commands. Open gives an empty store for each subtest.
func TestCommands(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	s := storeSuite{open}
	t.Run("commands-find gives nil for a key without a record", s.commandNone)
	t.Run("commands-find gives the record at each step", s.commandSteps)
	t.Run("commands-find keeps keys apart by actor and route", s.commandScopes)
	t.Run("commands-find knows nothing of a refused commit", s.commandRefused)
	t.Run("commands-find gives what nobody else can change", s.commandCopies)
	t.Run("commands-find gives the record after a restart", s.commandReopened)
	t.Run("commands-find tells when the caller is gone", s.commandGone)
}

// begin is the first step of a command.
func begin(key ports.CommandKey) ports.Command {
	return ports.Command{
		Step: ports.CommandBegin, Key: key, Fingerprint: [32]byte{1, 2, 3, 31: 255}, Owner: uuid(1), Subject: "ord_1",
		At: base, Lease: base.Add(15 * time.Second),
	}
}

// key is the key that most subtests use.
func key() ports.CommandKey {
	return ports.CommandKey{Actor: "cart:1", Route: "checkout", Key: "naïve key"}
}

// commit makes one step true.
func (h Harness) commit(t *testing.T, c ports.Command) {
	t.Helper()
	out, err := h.Committer.Commit(t.Context(), ordering.Commit{At: c.At, Command: &c})
	if err != nil || out.Replay != nil {
		t.Fatalf("Commit of step %d: %+v, %v", c.Step, out.Replay, err)
	}
}

// wantRecord fails unless the record of the key is this one.
func (h Harness) wantRecord(t *testing.T, k ports.CommandKey, want *ports.CommandRecord) {
	t.Helper()
	got, err := h.Commands.Find(t.Context(), k)
	if err != nil {
		t.Fatalf("Find: %v", err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got record %+v, want %+v", got, want)
	}
}

// begun is the record of a command that was begun and no more.
func begun(c ports.Command) *ports.CommandRecord {
	return &ports.CommandRecord{
		Key: c.Key, Fingerprint: c.Fingerprint, Owner: c.Owner, Subject: c.Subject, CreatedAt: c.At, Lease: c.Lease, Answer: c.Answer,
	}
}

func (s storeSuite) commandNone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	h.wantRecord(t, key(), nil)
	h.wantRecord(t, ports.CommandKey{}, nil)
}

func (s storeSuite) commandSteps(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	c := begin(key())
	h.commit(t, c)
	want := begun(c)
	h.wantRecord(t, c.Key, want)

	take := c
	take.Step, take.Owner = ports.CommandTake, uuid(2)
	take.At, take.Lease = c.Lease, c.Lease.Add(time.Minute)
	h.commit(t, take)
	want.Owner, want.Lease = take.Owner, take.Lease
	h.wantRecord(t, c.Key, want)

	finish := take
	finish.Step, finish.Answer = ports.CommandFinish, &ports.Answer{Code: "payment_declined", Detail: "the card was declined"}
	h.commit(t, finish)
	want.Answer = finish.Answer
	h.wantRecord(t, c.Key, want)
}

func (s storeSuite) commandScopes(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	other := key()
	other.Actor = "cart:2"
	route := key()
	route.Route = "refund"
	for i, k := range []ports.CommandKey{key(), other, route} {
		c := begin(k)
		c.Owner, c.Answer = uuid(10+i), &ports.Answer{} // Begun and answered at once.
		h.commit(t, c)
	}
	for i, k := range []ports.CommandKey{key(), other, route} {
		c := begin(k)
		c.Owner, c.Answer = uuid(10+i), &ports.Answer{}
		h.wantRecord(t, k, begun(c))
	}
}

func (s storeSuite) commandRefused(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	c := begin(key())
	bad := refused()
	bad.Command = &c
	if _, err := h.Committer.Commit(t.Context(), bad); err == nil {
		t.Fatal("the commit was accepted")
	}
	h.wantRecord(t, key(), nil)
}

func (s storeSuite) commandCopies(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	c := begin(key())
	c.Answer = &ports.Answer{Detail: "as it was"}
	h.commit(t, c)
	c.Answer.Detail = "spoilt"
	for range 2 {
		got, err := h.Commands.Find(t.Context(), key())
		if err != nil || got == nil || got.Answer == nil {
			t.Fatalf("Find: %+v, %v", got, err)
		}
		if got.Answer.Detail != "as it was" {
			t.Errorf("got %q, want what was committed", got.Answer.Detail)
		}
		got.Answer.Detail = "spoilt"
	}
}

func (s storeSuite) commandReopened(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	c := begin(key())
	h.commit(t, c)
	h.Reopen(t).wantRecord(t, key(), begun(c))
}

func (s storeSuite) commandGone(t *testing.T) {
	t.Parallel()
	h := s.open(t)
	_, err := h.Commands.Find(gone(t), key())
	wantGone(t, err)
}
