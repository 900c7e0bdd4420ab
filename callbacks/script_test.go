package callbacks_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/graph"
)

// A script is a run without training: callbacks get its events and its invented values.
type script struct {
	rate   float64      // of the optimizer
	steps  int          // in an epoch; 0 means 1
	logs   []graph.Logs // one for each epoch
	cancel int          // the epoch within which the run is cancelled; 0 means none
	from   int          // epochs before the checkpoint from which the run resumes

	run   graph.Run // state after play
	rates []float64 // rate during each step
	ended int       // epochs that ended
}

// losses returns logs of the given training losses.
func losses(values ...float64) []graph.Logs {
	logs := make([]graph.Logs, len(values))
	for i, v := range values {
		logs[i] = graph.Logs{"train_loss": v}
	}
	return logs
}

// scores returns logs with the values as the training loss, which is better when it is smaller, and as a score, whose direction
// is not known.
func scores(values ...float64) []graph.Logs {
	logs := losses(values...)
	for i, v := range values {
		logs[i]["score"] = v
	}
	return logs
}

// play sends the events of the script as graph.Model.Fit does, and returns what Fit would.
func (s *script) play(callbacks ...graph.Callback) error {
	r := &s.run
	r.Rate, r.Config.Epochs, r.Steps = s.rate, len(s.logs), max(s.steps, 1)
	r.Size = 10 * r.Steps
	s.rates, s.ended, r.Epoch, r.Step = nil, 0, 0, 0
	send := func(e graph.Event) error {
		var first error
		for _, c := range callbacks {
			err := c.Handle(r, e)
			if err != nil && (first == nil || errors.Is(first, graph.Stop)) {
				first = err
			}
		}
		return first
	}
	err := send(graph.TrainBegin)
	for i := s.from; err == nil && i < len(s.logs); i++ {
		r.Epoch, r.Step, r.Samples = i+1, 0, 0
		err = send(graph.EpochBegin)
		for err == nil && r.Step < r.Steps {
			s.rates = append(s.rates, r.Rate)
			r.Step++
			r.Samples += 10
			r.Total++
			r.Loss = s.logs[i]["train_loss"]
			err = send(graph.StepEnd)
			if r.Epoch == s.cancel {
				err = errors.New("cancelled")
			}
		}
		if err == nil {
			r.Logs = s.logs[i]
			r.History.Logs = append(r.History.Logs, r.Logs)
			s.ended++
			err = send(graph.EpochEnd)
			if last := s.rates[len(s.rates)-1]; r.Rate != last {
				return fmt.Errorf("end of epoch %d: got rate %v, want %v as in its last step", r.Epoch, r.Rate, last)
			}
		}
	}
	if errors.Is(err, graph.Stop) {
		err = nil
	}
	r.Err = err
	return errors.Join(err, send(graph.TrainEnd))
}

// equal reports whether two lists agree up to a relative error.
func equal(got, want []float64, tolerance float64) bool {
	return slices.EqualFunc(got, want, func(g, w float64) bool {
		return math.Abs(g-w) <= tolerance*math.Abs(w)
	})
}

// wantError fails the test unless the error contains a string; "" means no error.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("got error %v, want none", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("got error %v, want %q", err, want)
	}
}
