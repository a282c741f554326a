package access_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func TestMachines(t *testing.T) {
	t.Parallel()
	for _, found := range append(access.AccountMachine.Check(), access.SessionMachine.Check()...) {
		t.Error(found)
	}
}

// A walk over an account that a model follows: what its owner proved, and what was mailed.
func TestAccountWalk(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		walkAccount(t, seed)
	}
}

// accountModel is what a walk knows without the account.
type accountModel struct {
	state         access.AccountState
	verify, reset access.Digest
	until         map[access.Digest]time.Time
	epoch         int64
	version       ref.Version
}

func walkAccount(t *testing.T, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	at := day
	a := access.Account{ID: ref.NewID[ref.AccountKind](ref.UUID{1}), Version: 1, Kind: access.ForCustomer, State: access.Unverified, Email: "ada@example.org"}
	m := accountModel{state: access.Unverified, version: 1, until: map[access.Digest]time.Time{}}
	var mailed []access.Digest
	for step := range 400 {
		at = at.Add(time.Duration(r.IntN(40)) * time.Minute)
		shown := access.NewSecret("never mailed").Digest()
		if len(mailed) > 0 && r.IntN(5) > 0 {
			shown = mailed[len(mailed)-1-r.IntN(min(3, len(mailed)))]
		}
		var next access.Account
		var err error
		allowed := true
		switch op := r.IntN(12); {
		case op < 4:
			purpose := []access.Purpose{access.ForVerify, access.ForReset}[r.IntN(2)]
			digest := access.NewSecret(string(rune(step)) + string(rune(seed))).Digest()
			mailed = append(mailed, digest)
			next = a.Issue(purpose, digest, at)
			if purpose == access.ForVerify {
				m.verify, m.until[digest] = digest, at.Add(access.VerifyTTL)
			} else {
				m.reset, m.until[digest] = digest, at.Add(access.ResetTTL)
			}
		case op < 6:
			allowed = m.verify == shown && at.Before(m.until[shown]) && (m.state == access.Unverified || m.state == access.Active)
			if next, err = a.Proven(shown, at); allowed {
				m.state, m.verify = access.Active, access.Digest{}
			}
		case op < 8:
			allowed = m.reset == shown && at.Before(m.until[shown]) && (m.state == access.Unverified || m.state == access.Active)
			if next, err = a.Recovered(shown, "hash", at); allowed {
				m.state, m.verify, m.reset, m.epoch = access.Active, access.Digest{}, access.Digest{}, m.epoch+1
			}
		default:
			on := []access.AccountEvent{access.Disable, access.Enable, access.Enable, access.Close}[r.IntN(4)]
			if on == access.Close && r.IntN(20) > 0 {
				continue
			}
			switch on {
			case access.Disable:
				if allowed = m.state == access.Active; allowed {
					m.state, m.verify, m.reset, m.epoch = access.Disabled, access.Digest{}, access.Digest{}, m.epoch+1
				}
			case access.Enable:
				if allowed = m.state == access.Disabled; allowed {
					m.state = access.Active
				}
			case access.Verify: // By a token alone.
			case access.Close:
				if allowed = m.state != access.Closed; allowed {
					m.state, m.verify, m.reset, m.epoch = access.Closed, access.Digest{}, access.Digest{}, m.epoch+1
				}
			}
			next, err = a.Apply(on, at)
		}
		if (err == nil) != allowed {
			t.Fatalf("seed %d, step %d: %v, and the model allows it: %t", seed, step, err, allowed)
		}
		if err != nil {
			continue
		}
		a = next
		m.version++
		got := accountModel{state: a.State, verify: a.Verify.Digest, reset: a.Reset.Digest, epoch: a.Epoch, version: a.Version}
		if got.state != m.state || got.verify != m.verify || got.reset != m.reset || got.epoch != m.epoch || got.version != m.version {
			t.Fatalf("seed %d, step %d: the account is %+v, and the model %+v", seed, step, got, m)
		}
	}
}

// A walk over a session whose tokens are shown by anybody at any time. The model knows the tokens by heart, in their
// order, and when each was replaced.
func TestSessionWalk(t *testing.T) {
	t.Parallel()
	ends := map[string]int{}
	for seed := range uint64(200) {
		walkSession(t, seed, ends)
	}
	for _, way := range []string{"reused", "idle", "whole", "signed out", "account"} {
		if ends[way] == 0 {
			t.Errorf("no walk ended by %s: %v", way, ends)
		}
	}
}

func walkSession(t *testing.T, seed uint64, ends map[string]int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	lasts := access.Lifetimes{Access: 15 * time.Minute, Idle: 10 * time.Hour, Whole: 48 * time.Hour, Grace: 30 * time.Second}
	at := day
	account := access.Account{ID: ref.NewID[ref.AccountKind](ref.UUID{1}), State: access.Active, Version: 1, Epoch: 3}
	tokens := []access.Secret{access.NewSecret("srt_first")}
	s := access.Session{
		ID: ref.NewID[ref.SessionKind](ref.UUID{2}), Version: 1, Account: account.ID, State: access.SessionActive, Epoch: 3,
		Refresh: tokens[0].Digest(), RefreshedAt: at, IdleUntil: at.Add(lasts.Idle), Until: at.Add(lasts.Whole),
	}
	rotated, over := at, ""
	for step := range 400 {
		at = at.Add([]time.Duration{time.Second, 10 * time.Second, 20 * time.Minute, time.Hour}[r.IntN(4)])
		if r.IntN(200) == 0 {
			at = at.Add(lasts.Idle)
		}
		if over == "" && !at.Before(rotated.Add(lasts.Idle)) {
			over = "idle"
		}
		if over == "" && !at.Before(day.Add(lasts.Whole)) {
			over = "whole"
		}
		switch r.IntN(300) {
		case 0:
			next, err := s.Apply(access.SignOut)
			if (err == nil) != (s.State == access.SessionActive) {
				t.Fatalf("seed %d, step %d: signing out a session that is %s: %v", seed, step, s.State, err)
			}
			if err == nil {
				s = next
				over = orElse(over, "signed out")
			}
			continue
		case 1:
			account, _ = account.Apply(access.Disable, at)
			over = orElse(over, "account")
			continue
		}
		shown := len(tokens) - 1
		switch back := r.IntN(400); {
		case back == 0:
			shown = r.IntN(len(tokens))
		case back < 200 && at.Before(rotated.Add(lasts.Grace)):
			shown = max(shown-1, 0)
		}
		present := len(tokens) - 1
		want := access.Reused
		switch {
		case over != "":
			want = access.Over
		case shown == present:
			want = access.Rotated
		case shown == present-1 && at.Before(rotated.Add(lasts.Grace)):
			want = access.Replayed
		}
		next, got, rotation := s.Rotate(account, tokens[shown], [ref.SecretSize]byte{byte(step), byte(step >> 8), 1}, lasts, at)
		if rotation != want {
			t.Fatalf("seed %d, step %d: token %d of %d gives %s, want %s", seed, step, shown+1, len(tokens), rotation, want)
		}
		switch rotation {
		case access.Rotated:
			tokens, rotated = append(tokens, got.Refresh), at
			if next.Access != got.Access.Digest() || next.Refresh != got.Refresh.Digest() || next.Version != s.Version+1 {
				t.Fatalf("seed %d, step %d: the session keeps other tokens than it gave", seed, step)
			}
		case access.Replayed:
			if got.Refresh != tokens[present] || got.Access.Digest() != s.Access || next != s {
				t.Fatalf("seed %d, step %d: a replay gives other tokens", seed, step)
			}
		case access.Reused:
			over = "reused"
			if next.State != access.SessionRevoked {
				t.Fatalf("seed %d, step %d: after a reuse the session is %s", seed, step, next.State)
			}
		case access.Over:
			if got != (access.Tokens{}) || next != s {
				t.Fatalf("seed %d, step %d: what is over gives tokens", seed, step)
			}
		}
		s = next
		if standing := s.Standing(account, at); (standing == access.SessionActive) != (over == "") {
			t.Fatalf("seed %d, step %d: the session is %s, and over by %q", seed, step, standing, over)
		}
	}
	ends[over]++
}

// orElse is the first way in which it ended.
func orElse(over, way string) string {
	if over != "" {
		return over
	}
	return way
}
