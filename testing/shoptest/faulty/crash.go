package faulty

import "fmt"

// CrashError is what a caller panics with that died at a call. Survive takes it up again.
type CrashError struct{ Call Call }

// Error tells where it died.
func (c CrashError) Error() string {
	return fmt.Sprintf("the caller died at %s.%s", c.Call.Port, c.Call.Method)
}

// die ends the caller: this call panics with CrashError, and so does each one after it, whoever recovers in between, until
// Revive. What was put off by Reorder is on its way already and is not lost.
func (f *Faults) die(c Call) {
	f.Kill()
	f.alive(c)
}

// alive panics when the caller is dead.
func (f *Faults) alive(c Call) {
	f.mu.Lock()
	dead := f.dead
	f.mu.Unlock()
	if dead {
		panic(CrashError{c})
	}
}

// Kill makes every further call panic with CrashError, as if the process of the callers had ended.
func (f *Faults) Kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = true
}

// Dead tells whether the caller died.
func (f *Faults) Dead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

// Revive lets calls through again. What the caller knew should be gone: make its services anew.
func (f *Faults) Revive() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = false
}

// Survive runs do, and tells whether it died of a crash. Any other panic goes on.
func Survive(do func()) (crashed bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(CrashError); !ok {
				panic(p)
			}
			crashed = true
		}
	}()
	do()
	return false
}
