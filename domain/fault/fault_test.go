package fault_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
)

var (
	short = fault.Define(fault.Conflict, "out_of_stock", "Not enough stock for a line.")
	rule  = fault.Define(fault.Invalid, "rule", "A rule.")
)

func TestClass(t *testing.T) {
	t.Parallel()
	if short.Kind() != fault.Conflict || short.Code() != "out_of_stock" || short.Meaning() != "Not enough stock for a line." {
		t.Errorf("got %v, %q, %q", short.Kind(), short.Code(), short.Meaning())
	}
	e := short.Newf("only %d left", 3)
	if e.Class() != short || e.Kind() != fault.Conflict || e.Code() != "out_of_stock" || e.Message() != "only 3 left" {
		t.Errorf("got %+v", e)
	}
}

func TestErrorIsImmutable(t *testing.T) {
	t.Parallel()
	base := short.New("only 3 left")
	full := base.At("quantity").With("sku", "A").With("available", 3).Because(io.EOF).Listing(rule.New("one"), rule.New("two"))
	if base.Field() != "" || len(base.Details()) != 0 || base.Unwrap() != nil || len(base.Violations()) != 0 {
		t.Errorf("the first error changed: %+v", base)
	}
	if full.Field() != "quantity" || !errors.Is(full, io.EOF) || len(full.Violations()) != 2 {
		t.Errorf("got %+v", full)
	}
	if want := map[string]any{"sku": "A", "available": 3}; !reflect.DeepEqual(full.Details(), want) {
		t.Errorf("got details %v, want %v", full.Details(), want)
	}
	full.Details()["sku"] = "B"
	full.Violations()[0] = nil
	if full.Details()["sku"] != "A" || full.Violations()[0] == nil {
		t.Error("what an error gives away is its own memory")
	}
	one := base.Listing(rule.New("one"))
	left, right := one.Listing(rule.New("left")), one.Listing(rule.New("right"))
	if left.Violations()[1].Message() != "left" || right.Violations()[1].Message() != "right" {
		t.Error("two errors made of one share their violations")
	}
}

func TestUnder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ field, prefix, want string }{
		{"", "lines[0]", "lines[0]"},
		{"quantity", "lines[0]", "lines[0].quantity"},
		{"[1].sku", "lines", "lines[1].sku"},
	} {
		e := rule.New("x").At(tc.field).Listing(rule.New("y").At(tc.field)).Under(tc.prefix)
		if e.Field() != tc.want || e.Violations()[0].Field() != tc.want {
			t.Errorf("%q under %q: got %q and %q, want %q", tc.field, tc.prefix, e.Field(), e.Violations()[0].Field(), tc.want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{short.New(""), "out_of_stock"},
		{short.New("only 3 left"), "out_of_stock: only 3 left"},
		{short.New("only 3 left").At("quantity").Because(io.EOF), "out_of_stock (quantity): only 3 left: EOF"},
		{fault.Bad.New("two").Listing(rule.New("a").At("x"), rule.New("b")), "invalid: two; rule (x): a; rule: b"},
	} {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

func TestFinding(t *testing.T) {
	t.Parallel()
	inner := rule.New("inner")
	outer := short.New("outer").Because(inner)
	wrapped := fmt.Errorf("while ordering: %w", outer)
	if fault.Of(wrapped) != outer || fault.Of(io.EOF) != nil || fault.Of(nil) != nil {
		t.Error("Of does not find the outermost error")
	}
	if !fault.Is(wrapped, short) || fault.Is(wrapped, rule) || fault.Is(io.EOF, rule) || fault.Is(nil, rule) {
		t.Error("Is looks at the outermost error alone")
	}
	if !errors.Is(wrapped, rule.New("another")) || errors.Is(wrapped, fault.Bad.New("")) || errors.Is(outer, io.EOF) {
		t.Error("errors.Is compares codes through the chain")
	}
	if fault.KindOf(wrapped) != fault.Conflict || fault.KindOf(io.EOF) != fault.Internal {
		t.Error("KindOf takes the outermost error's")
	}
	if fault.CodeOf(wrapped) != "out_of_stock" || fault.CodeOf(io.EOF) != "internal" {
		t.Error("CodeOf takes the outermost error's")
	}
}

func TestKindOfNothingPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("KindOf(nil) gave a kind")
		}
	}()
	fault.KindOf(nil)
}

func TestCollect(t *testing.T) {
	t.Parallel()
	if err := fault.Collect(nil); err != nil {
		t.Errorf("nothing wrong is %v", err)
	}
	for n, want := range map[int]string{1: "one field breaks a rule", 3: "3 fields break a rule"} {
		violations := make([]*fault.Error, n)
		for i := range violations {
			violations[i] = rule.New("x")
		}
		err := fault.Collect(violations)
		if e := fault.Of(err); !fault.Is(err, fault.Bad) || e.Message() != want || len(e.Violations()) != n {
			t.Errorf("%d: got %v", n, err)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	retryable := map[fault.Kind]bool{fault.Exhausted: true, fault.Unavailable: true, fault.Unknown: true}
	seen := map[string]bool{}
	kinds := fault.Kinds()
	if len(kinds) != 10 || kinds[0] != fault.Internal || kinds[9] != fault.Unknown {
		t.Fatalf("got %v", kinds)
	}
	for _, k := range kinds {
		if seen[k.String()] || k.String() == "" {
			t.Errorf("the name %q is taken or empty", k)
		}
		seen[k.String()] = true
		if k.Retryable() != retryable[k] {
			t.Errorf("%s: retryable is %v", k, k.Retryable())
		}
	}
	if got := fault.Kind(200).String(); got != "internal" {
		t.Errorf("an unknown kind is %q, want internal", got)
	}
	var zero fault.Kind
	if zero != fault.Internal {
		t.Error("a forgotten kind is a client's error")
	}
}
