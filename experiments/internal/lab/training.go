package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// Training is what every experiment's JSON says about its training.
type Training struct {
	Epochs      int     `json:"epochs"`                // that ended
	BestEpoch   int     `json:"best_epoch"`            // the one whose weights are kept; 0 if none ended
	Seconds     float64 `json:"seconds"`               // validation included
	SamplesS    float64 `json:"samples_s"`             // samples trained in a second, validation apart
	Interrupted bool    `json:"interrupted,omitempty"` // by Ctrl-C
}

// Finish tells what a training came to, whose end was err. An end by Ctrl-C is no error: the lab goes on with a context
// that does not end, to show what has been learned.
func (l *Lab) Finish(s *Stopwatch, best int, err error) (Training, error) {
	t := Training{Epochs: s.epochs, BestEpoch: best, Seconds: s.total.Seconds()}
	if s.steps > 0 {
		t.SamplesS = float64(s.samples) / s.steps.Seconds()
	}
	cause := l.Context.Err()
	if cause != nil && errors.Is(err, cause) {
		t.Interrupted, err = true, nil
		fmt.Fprintln(l.Stdout, "interrupted; what has been learned follows (Ctrl-C again ends the program)")
	}
	if cause != nil && err == nil {
		l.Context = context.WithoutCancel(l.Context)
	}
	return t, err
}

// A Stopwatch is a callback that measures how long training takes.
type Stopwatch struct {
	began, resumed  time.Time
	steps, total    time.Duration // steps: without validation
	samples, before int           // before: in the epochs before this one
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
