package callbacks_test

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
)

func TestReduceOnPlateau(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		why     string
		plateau callbacks.ReduceOnPlateau
		values  []float64 // of train_loss and score
		want    []float64 // rate of each epoch, from 1
	}{
		{"no patience", callbacks.ReduceOnPlateau{Patience: -1}, []float64{2, 1, 1, 0.5, 0.6}, []float64{1, 1, 1, 0.1, 0.1}},
		{"one epoch of patience", callbacks.ReduceOnPlateau{Patience: 1, Factor: 0.5}, []float64{1, 1, 1, 1, 1, 1},
			[]float64{1, 1, 1, 0.5, 0.5, 0.25}},
		{"ten by default", callbacks.ReduceOnPlateau{}, make([]float64, 13), []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.1}},
		{"less than a ten-thousandth is not an improvement", callbacks.ReduceOnPlateau{Patience: -1}, []float64{1, 0.99995, 0.9},
			[]float64{1, 1, 0.1}},
		{"a fraction of a negative loss", callbacks.ReduceOnPlateau{Patience: -1, MinDelta: 0.1}, []float64{-1, -1.05, -1.2, -1.5},
			[]float64{1, 1, 0.1, 0.1}},
		{"an absolute change", callbacks.ReduceOnPlateau{Patience: -1, MinDelta: 1, Absolute: true}, []float64{9, 8.5, 7, 6.5},
			[]float64{1, 1, 0.1, 0.1}},
		{"larger is better", callbacks.ReduceOnPlateau{Patience: -1, Monitor: "score", Maximize: true}, []float64{0.5, 0.6, 0.5, 0.5},
			[]float64{1, 1, 1, 0.1}},
		{"NaN is not an improvement", callbacks.ReduceOnPlateau{Patience: -1}, []float64{nan, nan, 1, 0.5}, []float64{1, 0.1, 0.01, 0.01}},
		{"epochs of a cooldown do not count", callbacks.ReduceOnPlateau{Patience: -1, Cooldown: 2}, []float64{1, 1, 1, 1, 1, 1},
			[]float64{1, 1, 0.1, 0.1, 0.1, 0.01}},
		{"never below MinRate", callbacks.ReduceOnPlateau{Patience: -1, MinRate: 0.05}, []float64{1, 1, 1, 1},
			[]float64{1, 1, 0.1, 0.05}},
		{"a rate below MinRate stays", callbacks.ReduceOnPlateau{Patience: -1, MinRate: 2}, []float64{1, 1, 1}, []float64{1, 1, 1}},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := script{rate: 1, logs: scores(c.values...)}
			for range 2 { // the second run must equal the first
				if err := s.play(&c.plateau); err != nil {
					t.Fatal(err)
				}
				if !equal(s.rates, c.want, 1e-14) {
					t.Errorf("got rates %v, want %v", s.rates, c.want)
				}
			}
		})
	}
}
