package containers_test

import (
	"fmt"
	"runtime"
	"testing"
)

// recorder is a test that may fail without the real one failing. What it does not override goes to the real test.
type recorder struct {
	testing.TB
	fatal string
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	return &recorder{TB: t}
}

// run calls f until it returns or ends the recorded test.
func (r *recorder) run(f func()) {
	r.fatal = ""
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func (r *recorder) Fatal(args ...any) {
	r.fatal = fmt.Sprint(args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.fatal = fmt.Sprintf(format, args...)
	runtime.Goexit()
}
