package load

import (
	"encoding/json"
	"io"
	"sync"
	"time"
)

// Entry is a line of the log: one request and what was heard of it.
type Entry struct {
	Request string        `json:"request"` // Its X-Request-Id, under which the shop's own log has it.
	Call    Call          `json:"call"`
	Invoice string        `json:"invoice"`
	Key     string        `json:"key,omitempty"` // Of a checkout.
	At      time.Time     `json:"at"`
	Took    time.Duration `json:"took"`
	Status  int           `json:"status"` // 0 when no answer came.
	Code    string        `json:"code,omitempty"`
	Order   string        `json:"order,omitempty"`
	Error   string        `json:"error,omitempty"`
}

// Call is what a request was for.
type Call string

// The calls of a purchase.
const (
	CallCart     Call = "cart"
	CallLine     Call = "line"
	CallCheckout Call = "checkout"
	CallSettle   Call = "settle" // The checkout again, to learn what became of it.
)

// journal writes entries, one a line.
type journal struct {
	mu    sync.Mutex
	to    *json.Encoder
	wrong error
}

func newJournal(w io.Writer) *journal {
	if w == nil {
		w = io.Discard
	}
	return &journal{to: json.NewEncoder(w)}
}

func (j *journal) write(e Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.to.Encode(e); err != nil && j.wrong == nil {
		j.wrong = err
	}
}
