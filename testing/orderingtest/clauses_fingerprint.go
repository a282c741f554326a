package orderingtest

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/ordering"
)

// fingerprintClauses prove [commit-fingerprint].
func fingerprintClauses() []Clause[Harness] {
	const id = "commit-fingerprint"
	return []Clause[Harness]{
		{ID: id, Case: "on every step", Run: otherFingerprint},
		{ID: id, Case: "in a race", Run: racingFingerprints},
	}
}

func otherFingerprint(t TB, open func(TB) Harness) {
	w := begin(t, open)
	w.seed("A", 5)
	cmd := *w.order(want{"A", 1}).commit.Command
	for i := range cmd.Fingerprint {
		other := cmd
		other.Fingerprint[i] ^= 0x80
		c := ordering.Commit{At: w.at, Command: &other}
		w.refuses(c, ordering.IdempotencyMismatch)
	}
	other := cmd
	other.Fingerprint[31]++
	w.refuses(w.take(other, cmd.Lease.Add(time.Hour)), ordering.IdempotencyMismatch)
	w.refuses(w.finish(other), ordering.IdempotencyMismatch)
	p := w.place(w.cart(want{"A", 1}))
	p.commit.Command = &other
	w.refuses(p.commit, ordering.IdempotencyMismatch)
	w.levels("A", 5, 1)
}

func racingFingerprints(t TB, open func(TB) Harness) {
	w := begin(t, open)
	cmd := w.command()
	commits := make([]ordering.Commit, racers)
	for i := range commits {
		mine := cmd
		mine.Fingerprint[30], mine.Owner = byte(i), w.id()
		commits[i] = ordering.Commit{At: w.at, Command: &mine}
	}
	if accepted, _, refused := w.count(w.race(commits...), ordering.IdempotencyMismatch); accepted != 1 || refused != racers-1 {
		w.Errorf("%d accepted and %d refused, want 1 and %d", accepted, refused, racers-1)
	}
}
