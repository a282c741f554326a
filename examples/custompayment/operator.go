package custompayment

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// What the line to the operator can do to a call. An adapter has to tell these two apart, for on one of them money may
// have moved.
var (
	errNoLine   = errors.New("no connection to the operator")
	errNoAnswer = errors.New("the operator did not answer in time")
)

// Operator keeps the purses. It knows each thing that it was asked for by a key of the caller's, and answers a key that it
// knows as it did the first time: what every payment service worth using offers. Safe for concurrent use.
type Operator struct {
	mu      sync.Mutex
	purses  map[string]int64 // What is in them, in pence.
	debits  map[string]*Debit
	answers map[string]string
	broken  error // What the line does to the next call.
}

// Debit is money that was put aside in a purse for a caller. The amounts are in pence.
type Debit struct {
	purse                          string
	atOnce                         bool // Taken when it was put aside.
	Aside, Taken, LetGo, GivenBack int64
	refused                        string
}

// NewOperator has purses with money in them.
func NewOperator(purses map[string]int64) *Operator {
	o := &Operator{purses: map[string]int64{}, debits: map[string]*Debit{}, answers: map[string]string{}}
	maps.Copy(o.purses, purses)
	return o
}

// Break breaks the line for the next call: before it reaches the operator, or behind that.
func (o *Operator) Break(behind bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.broken = errNoLine
	if behind {
		o.broken = errNoAnswer
	}
}

// Debit gives a copy of the debit of a key.
func (o *Operator) Debit(key string) (Debit, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d, known := o.debits[key]
	if !known {
		return Debit{}, false
	}
	return *d, true
}

// Keys lists the keys of all debits.
func (o *Operator) Keys() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(maps.Keys(o.debits))
}

// Balance is what is in a purse.
func (o *Operator) Balance(purse string) int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.purses[purse]
}

// aside puts money aside, and takes it at once if that is wanted. It gives why not, or "".
func (o *Operator) aside(key, purse string, pence int64, take bool) (refused string, err error) {
	return o.once(key, func() string {
		d := &Debit{purse: purse, atOnce: take}
		o.debits[key] = d
		if o.purses[purse] < pence {
			d.refused = "there is not enough in the purse"
			return d.refused
		}
		o.purses[purse] -= pence
		d.Aside = pence
		if take {
			d.Taken = pence
		}
		return ""
	})
}

// take takes money that was put aside.
func (o *Operator) take(key, debit string, pence int64) (refused string, err error) {
	return o.once(key, func() string {
		d := o.debits[debit]
		if d == nil || pence > d.Aside-d.Taken-d.LetGo {
			return "so much is not put aside"
		}
		d.Taken += pence
		return ""
	})
}

// letGo gives up what was put aside and not taken. It needs no key: the second time there is nothing left to let go.
func (o *Operator) letGo(debit string) (refused string, err error) {
	return o.call(func() string {
		d := o.debits[debit]
		if d == nil || d.Aside == d.Taken {
			return "nothing is put aside"
		}
		rest := d.Aside - d.Taken - d.LetGo
		d.LetGo += rest
		o.purses[d.purse] += rest
		return ""
	})
}

// giveBack puts money back that was taken.
func (o *Operator) giveBack(key, debit string, pence int64) (refused string, err error) {
	return o.once(key, func() string {
		d := o.debits[debit]
		if d == nil || pence > d.Taken-d.GivenBack {
			return "so much was not taken"
		}
		d.GivenBack += pence
		o.purses[d.purse] += pence
		return ""
	})
}

// once does a thing unless its key is known.
func (o *Operator) once(key string, do func() string) (string, error) {
	return o.call(func() string {
		answer, known := o.answers[key]
		if !known {
			answer = do()
			o.answers[key] = answer
		}
		return answer
	})
}

// call is the line.
func (o *Operator) call(do func() string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	broken := o.broken
	o.broken = nil
	if errors.Is(broken, errNoLine) {
		return "", broken
	}
	return do(), broken
}
