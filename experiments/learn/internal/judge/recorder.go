package judge

import (
	"fmt"
	"runtime"
	"testing"
)

// A recorder is a testing.TB that notes failures instead of failing the test.
type recorder struct {
	testing.TB
	reports []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.reports = append(r.reports, fmt.Sprintf(format, args...))
}
func (r *recorder) Error(args ...any)                 { r.reports = append(r.reports, fmt.Sprint(args...)) }
func (r *recorder) Fail()                             { r.Error("failed") }
func (r *recorder) Failed() bool                      { return len(r.reports) > 0 }
func (r *recorder) FailNow()                          { r.Fail(); runtime.Goexit() }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); runtime.Goexit() }
