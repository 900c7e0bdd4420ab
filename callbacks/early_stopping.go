package callbacks

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// EarlyStopping ends training after Patience epochs in a row without an improvement of a log value. NaN is not an improvement.
//
// A smaller loss is an improvement, and for a metric the value that is better by graph.Run.LargerIsBetter: a larger
// valid_accuracy, a smaller valid_mse. If that is not known, as for a metric that is not a graph.DirectedMetric and for a value
// that a callback adds, a smaller value is an improvement unless Maximize is set. Maximize is an error for a log that is better
// when it is smaller.
type EarlyStopping struct {
	Monitor     string  // log name; default valid_loss, or train_loss without validation
	MinDelta    float64 // an improvement is a change by more than this
	Patience    int     // epochs without improvement that end training; default 1
	Maximize    bool    // a larger value is better; only for logs whose metric does not know
	StartFrom   int     // first epoch to compare, counted from 1; default 1
	RestoreBest bool    // at the end give the model the weights of BestEpoch, also after an error or a cancelled context

	// The results of the last run. BestEpoch is 0 if no epoch improved; RestoreBest then leaves the weights as they are.
	BestEpoch int
	Best      float64 // value of the log in BestEpoch

	monitor monitor
	waited  int
	weights graph.Weights
}

var _ graph.Stateful = (*EarlyStopping)(nil)

// Handle implements graph.Callback.
func (s *EarlyStopping) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		s.BestEpoch, s.Best, s.waited, s.weights = 0, 0, 0, nil
		var err error
		if s.monitor, err = newMonitor(r, "EarlyStopping", s.Monitor, s.Maximize); err != nil {
			return err
		}
		return settings.CheckIn("callbacks: EarlyStopping",
			settings.AtLeast("MinDelta", s.MinDelta, 0), settings.Count("Patience", s.Patience, 0),
			settings.Count("StartFrom", s.StartFrom, 0))
	case graph.EpochEnd:
		return s.look(r)
	case graph.TrainEnd:
		return s.restore(r)
	}
	return nil
}

// look compares the epoch that has ended with the best epoch.
func (s *EarlyStopping) look(r *graph.Run) error {
	v, err := s.monitor.value(r, "EarlyStopping")
	if err != nil || r.Epoch < s.StartFrom {
		return err
	}
	if s.monitor.improve(v, s.MinDelta) {
		s.BestEpoch, s.Best, s.waited = r.Epoch, v, 0
		if s.RestoreBest {
			s.weights = nil // free the old copy before the new one is made
			s.weights = r.Model.Weights()
		}
		return nil
	}
	if s.waited++; s.waited >= settings.Or(s.Patience, 1) {
		return graph.Stop
	}
	return nil
}

// restore gives the model the weights of the best epoch.
func (s *EarlyStopping) restore(r *graph.Run) error {
	if s.weights == nil {
		return nil
	}
	err := r.Model.SetWeights(s.weights)
	s.weights = nil
	if err != nil {
		return fmt.Errorf("callbacks: EarlyStopping: RestoreBest: %w", err)
	}
	return nil
}

// State implements graph.Stateful.
func (s *EarlyStopping) State() graph.Saved {
	return graph.Saved{
		"best_epoch": &s.BestEpoch, "best": &s.Best, "record": &s.monitor.best, "waited": &s.waited, "weights": &s.weights,
	}
}
