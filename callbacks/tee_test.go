package callbacks_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestTee lets each of two callbacks return something at the end of the first epoch, and checks what the Tee returns.
func TestTee(t *testing.T) {
	one, two := errors.New("one"), errors.New("two")
	for _, c := range []struct {
		why           string
		first, second error
		want          string
		is            []error
		epochs        int
	}{
		{"nothing", nil, nil, "", nil, 3},
		{"Stop", graph.Stop, nil, "", nil, 1},
		{"Stop of the last", nil, fmt.Errorf("enough: %w", graph.Stop), "", nil, 1},
		{"an error after Stop", graph.Stop, two, "callbacks: Tee: callback 1 (graph.CallbackFunc): two", []error{two}, 1},
		{"an error before Stop", one, graph.Stop, "callbacks: Tee: callback 0 (graph.CallbackFunc): one", []error{one}, 1},
		{"two errors", one, two, "one\ncallbacks: Tee: callback 1", []error{one, two}, 1},
	} {
		t.Run(c.why, func(t *testing.T) {
			var seen [2][]graph.Event
			at := func(i int, result error) graph.Callback {
				return graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					seen[i] = append(seen[i], e)
					if e == graph.EpochEnd {
						return result
					}
					return nil
				})
			}
			s := script{logs: losses(3, 2, 1)}
			err := s.play(callbacks.Tee{at(0, c.first), at(1, c.second)})
			wantError(t, err, c.want)
			for _, e := range c.is {
				if !errors.Is(err, e) {
					t.Errorf("got error %v, want %v within", err, e)
				}
			}
			if s.ended != c.epochs || len(seen[0]) != 2+3*c.epochs || !slices.Equal(seen[0], seen[1]) {
				t.Errorf("got %d epochs, events %v", s.ended, seen)
			}
		})
	}
}

func TestTeeNil(t *testing.T) {
	s := script{logs: losses(1)}
	wantError(t, s.play(callbacks.Tee{&callbacks.EarlyStopping{}, nil}), "callbacks: Tee: callback 1: got nil")
	if err := s.play(callbacks.Tee{}); err != nil || s.ended != 1 {
		t.Errorf("an empty Tee: got %v after %d epochs", err, s.ended)
	}
}
