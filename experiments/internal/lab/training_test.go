package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/nndiy/nndiy/graph"
)

// train sends the events of a run of two epochs of 10 samples and one step of a third epoch.
func train(t *testing.T) *Stopwatch {
	s := &Stopwatch{samples: 99, epochs: 99} // left from an earlier run
	r := &graph.Run{}
	send := func(e graph.Event, samples int) {
		r.Samples = samples
		if err := s.Handle(r, e); err != nil {
			t.Fatal(err)
		}
	}
	send(graph.TrainBegin, 0)
	for range 2 {
		send(graph.EpochBegin, 0)
		send(graph.StepEnd, 6)
		send(graph.StepEnd, 10)
		send(graph.EpochEnd, 10)
	}
	send(graph.EpochBegin, 0)
	send(graph.StepEnd, 6)
	send(graph.TrainEnd, 6)
	return s
}

func TestFinish(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	failure := errors.New("failure")
	for _, c := range []struct {
		name        string
		context     context.Context
		watch       *Stopwatch
		err         error
		interrupted bool
		want        error
	}{
		{"ended", context.Background(), train(t), nil, false, nil},
		{"interrupted", canceled, train(t), fmt.Errorf("wrapped: %w", context.Canceled), true, nil},
		{"interrupted before the first step", canceled, &Stopwatch{}, context.Canceled, true, nil},
		{"failed", context.Background(), train(t), failure, false, failure},
		{"failed, then interrupted", canceled, train(t), failure, false, failure},
		{"interrupted after the last step", canceled, train(t), nil, false, nil},
	} {
		l := &Lab{Context: c.context, Stdout: io.Discard}
		got, err := l.Finish(c.watch, 1, c.err)
		if !errors.Is(err, c.want) || got.Interrupted != c.interrupted {
			t.Errorf("%s: got %v, interrupted %v, want %v, %v", c.name, err, got.Interrupted, c.want, c.interrupted)
		}
		if err == nil && l.Context.Err() != nil {
			t.Errorf("%s: got context error %v, want a context to continue with", c.name, l.Context.Err())
		}
		if c.watch.samples > 0 && (got.Epochs != 2 || got.BestEpoch != 1 || c.watch.samples != 26 || got.SamplesS <= 0) {
			t.Errorf("%s: got %+v and %d samples, want 2 epochs and 26 samples", c.name, got, c.watch.samples)
		}
	}
}
