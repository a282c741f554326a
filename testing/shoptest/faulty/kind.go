package faulty

import "time"

// Kind is what goes wrong with a call.
type Kind uint8

// The kinds of faults. A method that gives no error cannot fail, so of those it meets Delay, Duplicate, Partial and the
// crashes alone.
const (
	None        Kind = iota
	Before           // Nothing is done; the error is fault.Down.
	After            // It is done and its answer is lost; the error is fault.Lost.
	Delay            // It is done after Fault.Wait.
	Duplicate        // It is done twice; the second answer is given.
	Reorder          // Its answer is lost and it is done later, by Faults.Deliver or behind the next call that has no fault.
	Partial          // Of the lists that are sent one loses its latter half; if nothing can be cut, those that come back do.
	CrashBefore      // The caller dies and nothing is done.
	CrashAfter       // It is done and the caller dies.
)

// kindNames are for histories and messages.
var kindNames = [...]string{"none", "before", "after", "delay", "duplicate", "reorder", "partial", "crash before", "crash after"}

// String names the kind in words.
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return "unknown"
	}
	return kindNames[k]
}

// Kinds lists the kinds but for None, in order.
func Kinds() []Kind {
	return []Kind{Before, After, Delay, Duplicate, Reorder, Partial, CrashBefore, CrashAfter}
}

// Fault is what one call meets. The zero value is none.
type Fault struct {
	Kind Kind
	Err  error         // In place of the kind's own error, of Before, After and Reorder.
	Wait time.Duration // Of Delay.
}

// Call is one call of a port.
type Call struct {
	Port   string // Such as "ordering.Committer".
	Method string // Such as "Commit".
	// Args are pointers to what is handed over, but for the context: who chooses a fault may look, and a planted defect
	// may change it. What they lead to is the caller's and stays as it is.
	Args []any
}

// Moment tells where a call is when Options.Seen is told of it.
type Moment uint8

// The moments.
const (
	Entered Moment = iota // Nothing is done yet.
	Left                  // It is done, or has failed; the answer is not handed back yet.
)
