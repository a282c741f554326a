package money_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

// clf is a currency of four digits, the most there are.
var clf = money.MustCurrency("CLF")

// must takes what a function answers, must(f())(t), and fails the test on an error.
func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatalf("unexpected error: %v", err)
		}
		return value
	}
}

// wantClass fails the test unless err is of the class, Invalid, and has something to say.
func wantClass(t *testing.T, err error, class fault.Class) {
	t.Helper()
	if !fault.Is(err, class) {
		t.Fatalf("error %v, want one of class %s", err, class.Code())
	}
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("kind %v, want invalid", fault.KindOf(err))
	}
	if fault.Of(err).Message() == "" {
		t.Error("the error has no message")
	}
}
