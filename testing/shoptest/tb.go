package shoptest

import (
	"context"
	"fmt"

	"github.com/ipswich-retail/commerce/testing/clausetest"
)

// TB is what this package needs of a test; *testing.T and *testing.B are one.
type TB = clausetest.TB

// Outside is a TB for where there is no test, such as an example or a program: what would end a test panics.
func Outside() TB { return outside{} }

type outside struct{}

func (outside) Helper()                  {}
func (outside) Name() string             { return "outside" }
func (outside) Context() context.Context { return context.Background() }
func (outside) Cleanup(func())           {}
func (outside) Logf(string, ...any)      {}

// Errorf panics.
func (outside) Errorf(format string, args ...any) { panic(fmt.Sprintf("shoptest: "+format, args...)) }

// Fatalf panics.
func (outside) Fatalf(format string, args ...any) { panic(fmt.Sprintf("shoptest: "+format, args...)) }
