// Package statemachine holds state machines as data.
//
// One Table per machine is all there is: it decides in code which event leads where, gives documents their enums and
// diagrams and screens their buttons, and is checked by one test for states that nothing reaches or nothing leaves. A
// table is a value that a package declares once and nobody changes; all methods are safe for concurrent use.
package statemachine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// IllegalTransition is the error of an event that the present state does not take.
var IllegalTransition = fault.Define(fault.Conflict, "illegal_transition", "What was asked for is not possible in the present state; state and allowed tell what is.")

// Edge says that in state From the event On leads to state To.
type Edge[S, E ~string] struct {
	From S
	On   E
	To   S
}

// Table is a state machine.
type Table[S, E ~string] struct {
	Name     string // Of what has the states, such as "order".
	Initial  S
	Terminal []S // The states in which it may rest for ever; they may have ways out all the same.
	Edges    []Edge[S, E]
}

// Next gives the state that the event leads to, and whether the present one takes it.
func (t Table[S, E]) Next(from S, on E) (S, bool) {
	for _, e := range t.Edges {
		if e.From == from && e.On == on {
			return e.To, true
		}
	}
	var none S
	return none, false
}

// Apply is Next for those who refuse. Errors: IllegalTransition with the details state and allowed.
func (t Table[S, E]) Apply(from S, on E) (S, error) {
	to, ok := t.Next(from, on)
	if !ok {
		return to, IllegalTransition.Newf("%s is not possible while the %s is %s", words(string(on)), t.Name, words(string(from))).
			With("state", string(from)).With("allowed", t.Allowed(from))
	}
	return to, nil
}

// Allowed lists the events that the state takes, in the table's order; empty and not nil for none.
func (t Table[S, E]) Allowed(from S) []E {
	out := []E{}
	for _, e := range t.Edges {
		if e.From == from {
			out = append(out, e.On)
		}
	}
	return out
}

// States lists the states, the initial one first, then in the order of the edges.
func (t Table[S, E]) States() []S {
	out := []S{t.Initial}
	for _, e := range t.Edges {
		for _, s := range [2]S{e.From, e.To} {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// Knows tells whether the machine has the state.
func (t Table[S, E]) Knows(s S) bool { return slices.Contains(t.States(), s) }

// Rests tells whether the state is one of the terminal ones.
func (t Table[S, E]) Rests(s S) bool { return slices.Contains(t.Terminal, s) }

// Check lists what is wrong with the table: a state that the initial one does not reach, one from which no terminal
// state is reached, one that takes an event twice, a terminal state that no edge names. Nil when all is well.
func (t Table[S, E]) Check() []string {
	var found []string
	forth, back := map[S][]S{}, map[S][]S{}
	type key struct {
		from S
		on   E
	}
	seen := map[key]bool{}
	for _, e := range t.Edges {
		forth[e.From], back[e.To] = append(forth[e.From], e.To), append(back[e.To], e.From)
		if seen[key{e.From, e.On}] {
			found = append(found, fmt.Sprintf("%s: %s takes %s twice", t.Name, e.From, e.On))
		}
		seen[key{e.From, e.On}] = true
	}
	reached, ends := reach(forth, t.Initial), reach(back, t.Terminal...)
	for _, s := range t.States() {
		if !reached[s] {
			found = append(found, fmt.Sprintf("%s: nothing leads to %s", t.Name, s))
		}
		if !ends[s] {
			found = append(found, fmt.Sprintf("%s: %s leads to no terminal state", t.Name, s))
		}
	}
	for _, s := range t.Terminal {
		if !t.Knows(s) {
			found = append(found, fmt.Sprintf("%s: the terminal state %s stands in no edge", t.Name, s))
		}
	}
	return found
}

// reach gives all states that can be reached from some, themselves included.
func reach[S comparable](edges map[S][]S, from ...S) map[S]bool {
	out := map[S]bool{}
	for len(from) > 0 {
		s := from[0]
		from = from[1:]
		if !out[s] {
			out[s] = true
			from = append(from, edges[s]...)
		}
	}
	return out
}

// Mermaid draws the machine as a state diagram in Mermaid's language, the same text for the same table.
func (t Table[S, E]) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	fmt.Fprintf(&b, "    [*] --> %s\n", t.Initial)
	for _, e := range t.Edges {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", e.From, e.To, words(string(e.On)))
	}
	for _, s := range t.Terminal {
		fmt.Fprintf(&b, "    %s --> [*]\n", s)
	}
	return b.String()
}

// words reads a name in snake case as words.
func words(name string) string { return strings.ReplaceAll(name, "_", " ") }
