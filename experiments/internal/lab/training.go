package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// Training is the part of every experiment's JSON about its training.
type Training struct {
	Epochs      int     `json:"epochs"`                // number of completed epochs
	BestEpoch   int     `json:"best_epoch"`            // epoch whose weights are kept, from 1; 0 if no epoch was completed
	Seconds     float64 `json:"seconds"`               // total time, validation included
	SamplesS    float64 `json:"samples_s"`             // training samples per second, without the time for validation
	Interrupted bool    `json:"interrupted,omitempty"` // Ctrl-C ended the training
}

// Finish summarizes a run that ended with err. An end by Ctrl-C is not an error: the lab continues with a context that is not
// canceled, to show the results so far.
func (l *Lab) Finish(s *Stopwatch, best int, err error) (Training, error) {
	t := Training{Epochs: s.epochs, BestEpoch: best, Seconds: s.total.Seconds()}
	if s.steps > 0 {
		t.SamplesS = float64(s.samples) / s.steps.Seconds()
	}
	cause := l.Context.Err()
	if cause != nil && errors.Is(err, cause) {
		t.Interrupted, err = true, nil
		fmt.Fprintln(l.Stdout, "interrupted; the results so far follow (Ctrl-C again ends the program)")
	}
	if cause != nil && err == nil {
		l.Context = context.WithoutCancel(l.Context)
	}
	return t, err
}

// A Stopwatch is a callback that measures how long training takes.
type Stopwatch struct {
	began, resumed  time.Time     // resumed: start of the current step
	steps, total    time.Duration // steps: without validation
	samples, before int           // before: samples in the previous epochs
	epochs          int
}

var _ graph.Callback = (*Stopwatch)(nil)

// Handle implements graph.Callback.
func (s *Stopwatch) Handle(r *graph.Run, e graph.Event) error {
	now := time.Now()
	switch e {
	case graph.TrainBegin:
		*s = Stopwatch{began: now}
	case graph.EpochBegin:
		s.resumed, s.before = now, s.samples
	case graph.StepEnd:
		s.steps += now.Sub(s.resumed)
		s.resumed, s.samples = now, s.before+r.Samples
	case graph.EpochEnd:
		s.epochs++
	case graph.TrainEnd:
		s.total = now.Sub(s.began)
	}
	return nil
}
