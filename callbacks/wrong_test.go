package callbacks_test

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestWrongNumbers: NaN, infinities and negative numbers in the fields of callbacks are errors before the first step.
func TestWrongNumbers(t *testing.T) {
	dir := t.TempDir()
	settingstest.Wrong(t, []graph.Callback{
		callbacks.TimeDecay{}, callbacks.ExponentialDecay{}, callbacks.StepDecay{}, callbacks.PiecewiseConstant{After: []int{1}, Rates: []float64{1}},
		callbacks.PiecewiseConstant{After: []int{1}}, &callbacks.PolynomialDecay{}, &callbacks.Warmup{}, &callbacks.CosineDecay{Restarts: true},
		&callbacks.OneCycle{}, &callbacks.Live{Addr: "localhost:0", Writer: io.Discard}, &callbacks.GradientNorms{}, &callbacks.RateFinder{},
		&callbacks.EarlyStopping{}, &callbacks.ReduceOnPlateau{}, &callbacks.Progress{Writer: io.Discard},
		&callbacks.TensorBoard{Dir: filepath.Join(dir, "board")}, &callbacks.Checkpoint{Dir: filepath.Join(dir, "checkpoints")},
	}, func(c graph.Callback) error {
		s := script{rate: 1, steps: 12, logs: losses(1, 1, 1)}
		return s.play(c)
	}, map[string]string{
		"EarlyStopping.Best":       settingstest.Result,
		"EarlyStopping.BestEpoch":  settingstest.Result,
		"Progress.Every":           "none",
		"ReduceOnPlateau.Patience": "none",
	})
}
