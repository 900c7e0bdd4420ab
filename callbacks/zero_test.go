package callbacks_test

import (
	"io"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&callbacks.CSVLog{}, &callbacks.Checkpoint{}, &callbacks.CosineDecay{}, &callbacks.EarlyStopping{},
		&callbacks.ExponentialDecay{}, &callbacks.GradientNorms{}, &callbacks.JSONL{}, &callbacks.Live{}, &callbacks.OneCycle{},
		&callbacks.PiecewiseConstant{}, &callbacks.PolynomialDecay{}, &callbacks.Progress{}, &callbacks.RateFinder{},
		&callbacks.RatePoint{}, &callbacks.ReduceOnPlateau{}, &callbacks.StepDecay{}, &callbacks.TaggedImage{},
		&callbacks.TensorBoard{}, &callbacks.TimeDecay{}, &callbacks.Waiting{}, &callbacks.Warmup{},
	}, []any{&graph.Run{}, io.Discard})
}
