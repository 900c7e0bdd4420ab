package judge

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// An Exercise is a question to the reader, whose answer is a value of type A, usually a function.
type Exercise[A any] struct {
	Number int
	Answer A                            // the reader's answer; nil means that there is none yet, and the test is skipped
	Judge  func(t testing.TB, answer A) // fails t if the answer is wrong
	Right  []A                          // answers that Judge must accept
	Wrong  []Wrong[A]                   // answers that Judge must reject
}

// A Wrong is a typical mistake.
type Wrong[A any] struct {
	Name   string
	Answer A
	Says   string // a part of what Judge reports
}

// Test judges the reader's answer, and then the judge itself by the answers whose verdict is known.
func (e Exercise[A]) Test(t *testing.T) {
	t.Run("answer", func(t *testing.T) {
		if answer := reflect.ValueOf(&e.Answer).Elem(); answer.IsZero() {
			t.Skipf("exercise %d: not answered yet", e.Number)
		}
		if report := verdict(t, e.Judge, e.Answer); report != "" {
			t.Errorf("exercise %d: %s", e.Number, report)
		}
	})
	if len(e.Right) == 0 || len(e.Wrong) == 0 {
		t.Error("got no right or no wrong answers to test the judge with")
	}
	for i, answer := range e.Right {
		t.Run(fmt.Sprintf("solution %d", i+1), func(t *testing.T) {
			if report := verdict(t, e.Judge, answer); report != "" {
				t.Errorf("got %q, want no error", report)
			}
		})
	}
	for _, w := range e.Wrong {
		t.Run("mistake, "+w.Name, func(t *testing.T) {
			if report := verdict(t, e.Judge, w.Answer); report == "" || !strings.Contains(report, w.Says) {
				t.Errorf("got %q, want an error with %q", report, w.Says)
			}
		})
	}
}

// verdict returns what a judge reports about an answer, "" if that is right.
func verdict[A any](t *testing.T, judge func(testing.TB, A), answer A) string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() { // of its own, since FailNow ends the goroutine
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("the answer panics: %v", p)
			}
		}()
		judge(r, answer)
	}()
	<-done
	return strings.Join(r.reports, "\n")
}
