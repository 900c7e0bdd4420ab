package callbacks_test

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

func TestEarlyStopping(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		why       string
		stop      callbacks.EarlyStopping
		values    []float64 // of train_loss and score
		ended     int       // number of epochs trained
		bestEpoch int
		best      float64
	}{
		{"all epochs improve", callbacks.EarlyStopping{}, []float64{3, 2, 1}, 3, 3, 1},
		{"the first epoch without an improvement ends it", callbacks.EarlyStopping{}, []float64{3, 2, 2, 1}, 3, 2, 2},
		{"two in a row end it", callbacks.EarlyStopping{Patience: 2}, []float64{3, 4, 2, 4, 4, 1}, 5, 3, 2},
		{"an improvement in time continues training", callbacks.EarlyStopping{Patience: 3}, []float64{3, 4, 4, 2, 4, 4, 1}, 7, 7, 1},
		{"a negative loss is better than a positive loss", callbacks.EarlyStopping{}, []float64{1, -1, -2, -1.5}, 4, 3, -2},
		{"a change of MinDelta or less is not an improvement", callbacks.EarlyStopping{MinDelta: 0.5}, []float64{3, 2, 1.5, 0}, 3, 2, 2},
		{"small changes add up to an improvement", callbacks.EarlyStopping{MinDelta: 0.5, Patience: 3}, []float64{3, 2.75, 2.25, 2, 2, 2, 2}, 6, 3, 2.25},
		{"larger is better", callbacks.EarlyStopping{Monitor: "score", Maximize: true, Patience: 2}, []float64{0.1, 0.3, 0.2, 0.3, 0.9}, 4, 2, 0.3},
		{"larger by more than MinDelta is better", callbacks.EarlyStopping{Monitor: "score", Maximize: true, MinDelta: 0.25}, []float64{0, 0.5, 0.75, 2}, 3, 2, 0.5},
		{"NaN is not an improvement", callbacks.EarlyStopping{Patience: 2}, []float64{3, nan, nan, 1}, 3, 1, 3},
		{"NaN is not the best value", callbacks.EarlyStopping{Patience: 2}, []float64{nan, 2, 1, 0.5}, 4, 4, 0.5},
		{"NaN is not an improvement where larger is better", callbacks.EarlyStopping{Monitor: "score", Maximize: true}, []float64{1, nan, 2}, 2, 1, 1},
		{"an infinite loss is not an improvement", callbacks.EarlyStopping{Patience: 2}, []float64{inf, inf, 1}, 2, 0, 0},
		{"epochs before StartFrom do not count", callbacks.EarlyStopping{StartFrom: 4}, []float64{1, 2, 3, 5, 4, 6}, 6, 5, 4},
		{"StartFrom 1 is the first epoch", callbacks.EarlyStopping{StartFrom: 1}, []float64{1, 2, 3}, 2, 1, 1},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := script{logs: scores(c.values...)}
			for range 2 { // the second run must equal the first
				if err := s.play(&c.stop); err != nil {
					t.Fatal(err)
				}
				if s.ended != c.ended || c.stop.BestEpoch != c.bestEpoch || c.stop.Best != c.best {
					t.Errorf("got %d epochs, best epoch %d with %v, want %d, %d with %v",
						s.ended, c.stop.BestEpoch, c.stop.Best, c.ended, c.bestEpoch, c.best)
				}
			}
		})
	}
}

// set is a Dataset for FitConfig.Valid; nothing reads it.
type set struct{ graph.Dataset }

func TestMonitor(t *testing.T) {
	logs := []graph.Logs{
		{"train_loss": 3, "valid_loss": 1, "valid_accuracy": 0.1},
		{"train_loss": 2, "valid_loss": 2, "valid_accuracy": 0.2},
		{"train_loss": 1, "valid_loss": 3, "valid_accuracy": 0.3},
	}
	for _, c := range []struct {
		why   string
		stop  callbacks.EarlyStopping
		valid graph.Dataset
		best  int
		err   string
	}{
		{"the validation loss by default", callbacks.EarlyStopping{}, set{}, 1, ""},
		{"the training loss without validation", callbacks.EarlyStopping{}, nil, 3, ""},
		{"another log by its name", callbacks.EarlyStopping{Monitor: "train_loss"}, set{}, 3, ""},
		{"a larger accuracy is better", callbacks.EarlyStopping{Monitor: "valid_accuracy", Maximize: true}, set{}, 3, ""},
		{"an unknown name", callbacks.EarlyStopping{Monitor: "val_loss"}, set{}, 0,
			`callbacks: EarlyStopping: Monitor: got log name "val_loss", want one of train_loss, valid_accuracy, valid_loss`},
		{"an unknown name before StartFrom", callbacks.EarlyStopping{Monitor: "val_loss", StartFrom: 9}, set{}, 0,
			`got log name "val_loss"`},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := script{logs: logs}
			s.run.Config.Valid = c.valid
			wantError(t, s.play(&c.stop), c.err)
			if c.stop.BestEpoch != c.best {
				t.Errorf("got best epoch %d, want %d", c.stop.BestEpoch, c.best)
			}
		})
	}
	s := script{logs: logs}
	wantError(t, s.play(&callbacks.ReduceOnPlateau{Monitor: "loss"}), `callbacks: ReduceOnPlateau: Monitor: got log name "loss"`)
}
