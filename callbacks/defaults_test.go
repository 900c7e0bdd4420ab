package callbacks_test

import (
	"fmt"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestDefaults holds the default in each field's comment against the rates of a run and its end.
func TestDefaults(t *testing.T) {
	values := make([]float64, 40)
	for i := range values {
		values[i] = 0.99993 // an improvement by less than the default of ReduceOnPlateau, and by more than half of it
	}
	values[0], values[1] = 1, 1
	settingstest.Defaults(t, []graph.Callback{
		callbacks.ExponentialDecay{}, callbacks.StepDecay{}, callbacks.PiecewiseConstant{After: []int{3}}, &callbacks.PolynomialDecay{},
		&callbacks.CosineDecay{Epochs: 3, Restarts: true}, &callbacks.OneCycle{}, &callbacks.ReduceOnPlateau{},
		&callbacks.Warmup{PerStep: true}, &callbacks.EarlyStopping{},
	}, func(t *testing.T, c graph.Callback) string {
		s := script{rate: 1, steps: 2, logs: losses(values...)}
		if err := s.play(c); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("rates %v in %d epochs", s.rates, s.ended)
	})
}
