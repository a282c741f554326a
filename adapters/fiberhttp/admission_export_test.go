package fiberhttp

import "context"

// Turnstile lets tests stand at the turnstile.
type Turnstile struct{ t *turnstile }

func NewTurnstile(places int) Turnstile { return Turnstile{newTurnstile(places)} }

func (t Turnstile) Enter(ctx context.Context, c Class) (func(), error) { return t.t.enter(ctx, c) }

func (t Turnstile) Now(c Class) (working, waiting int) { return t.t.now(c) }

// Lent is how many of the common places are in use, and how many there are.
func (t Turnstile) Lent() (lent, common int) {
	t.t.mu.Lock()
	defer t.t.mu.Unlock()
	return t.t.lent, t.t.common
}

func (r Route) ClassOf() Class { return r.class() }
