package shoptest

import (
	"slices"
	"strings"
)

// Behaviour is what comes of a charge at Provider. It is the token of the charge too, so that a buyer's request says
// what happens to it.
type Behaviour string

// The behaviours.
const (
	Captures      Behaviour = "captures"       // The money is taken.
	Authorizes    Behaviour = "authorizes"     // The money is held.
	Declines      Behaviour = "declines"       // Nothing is taken, and that is final.
	TimesOut      Behaviour = "times_out"      // The first call is lost before anything happened; the next one captures.
	LosesAnswer   Behaviour = "loses_answer"   // The money is taken and the first answer is lost.
	LosesDecline  Behaviour = "loses_decline"  // The charge is declined and the first answer is lost.
	CapturesLater Behaviour = "captures_later" // Nothing is decided until Provider.Settle; then the money is taken.
	DeclinesLater Behaviour = "declines_later" // Nothing is decided until Provider.Settle; then it is declined.
)

// Behaviours lists the behaviours in order.
func Behaviours() []Behaviour {
	return []Behaviour{Captures, Authorizes, Declines, TimesOut, LosesAnswer, LosesDecline, CapturesLater, DeclinesLater}
}

// known tells whether a token is a behaviour.
func (b Behaviour) known() bool { return slices.Contains(Behaviours(), b) }

// later tells whether the provider decides at once.
func (b Behaviour) later() bool { return b == CapturesLater || b == DeclinesLater }

// tokenRule is the rule that a token breaks that is none.
func tokenRule(token string) string {
	if Behaviour(token).known() {
		return ""
	}
	names := make([]string, 0, len(Behaviours()))
	for _, b := range Behaviours() {
		names = append(names, string(b))
	}
	return "the tokens of the provider " + ProviderName + " are: " + strings.Join(names, ", ")
}
