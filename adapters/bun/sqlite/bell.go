package sqlite

import "sync"

// bell wakes everyone who waits. The zero value is ready; safe for concurrent use.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // nil while nobody listens.
}

// listen gives a channel that the next ring closes.
func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

// ring wakes those who listen.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}
