package optimizers_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestZero calls each method of the zero value of each exported struct, and of no Groups. An Update has the slots that a rule needs.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&optimizers.Adadelta{}, &optimizers.Adagrad{}, &optimizers.Adam{}, &optimizers.AdamW{}, &optimizers.Adamax{}, &optimizers.Clip{},
		&optimizers.EMA{}, &optimizers.Group{}, &optimizers.Groups{}, &optimizers.LBFGS{}, &optimizers.Lion{}, &optimizers.Muon{},
		&optimizers.Nadam{}, &optimizers.RMSProp{}, &optimizers.SGD{},
	}, []any{
		graph.Update[float32]{Weights: []float32{1}, Grad: []float32{1}, Slots: [][]float32{{0}, {0}, {0}}},
		graph.Update[float64]{Weights: []float64{1}, Grad: []float64{1}, Slots: [][]float64{{0}, {0}, {0}}},
	})
}

// TestNoRule: a wrapper without a rule is an error of Compile, also inside another one, and changes no weight.
func TestNoRule(t *testing.T) {
	for name, r := range map[string]struct {
		optimizer graph.Optimizer
		want      string
	}{
		"Clip":            {optimizers.Clip{}, "optimizers: Clip: Optimizer: got nil, want the rule that gets the clipped gradients"},
		"EMA":             {optimizers.EMA{}, "optimizers: EMA: Optimizer: got nil, want the rule that trains"},
		"Clip in EMA":     {optimizers.EMA{Optimizer: optimizers.Clip{}}, "Clip: Optimizer: got nil"},
		"EMA in Clip":     {optimizers.Clip{Optimizer: optimizers.EMA{}}, "EMA: Optimizer: got nil"},
		"Groups":          {optimizers.Groups{}, "optimizers: Groups: got no last group with an Optimizer"},
		"Groups in Clip":  {optimizers.Clip{Optimizer: optimizers.Groups{}}, "Groups: got no last group with an Optimizer"},
		"Group":           {optimizers.Groups{{}}, "optimizers: Groups: got no last group with an Optimizer"},
		"Clip in a group": {optimizers.Groups{{Match: "*", Optimizer: optimizers.Clip{}}}, "group 0: Clip: Optimizer: got nil"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: r.optimizer})
			require.ErrorContains(t, err, r.want)
			require.Zero(t, r.optimizer.Rate())
			weights, slots := []float32{1}, slices.Repeat([][]float32{{0}}, r.optimizer.Slots())
			r.optimizer.Update32(graph.Update[float32]{Weights: weights, Grad: []float32{1}, Rate: 1, Scale: 0.5, Step: 1, Slots: slots})
			require.Equal(t, []float32{1}, weights)
		})
	}
}
