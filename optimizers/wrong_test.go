package optimizers_test

import (
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/optimizers"
)

// TestWrongNumbers: NaN, infinities and negative numbers in the fields of optimizers are errors of Validate.
func TestWrongNumbers(t *testing.T) {
	settingstest.Wrong(t, []graph.Validator{
		optimizers.Adadelta{}, optimizers.Adagrad{}, optimizers.Adam{}, optimizers.AdamW{}, optimizers.Adamax{}, optimizers.Lion{}, optimizers.Muon{},
		optimizers.Nadam{}, optimizers.RMSProp{}, optimizers.SGD{Momentum: 0.9},
		optimizers.Clip{Optimizer: optimizers.SGD{}, Norm: 1}, optimizers.EMA{Optimizer: optimizers.SGD{}},
	}, func(v graph.Validator) error { return v.Validate() }, nil)
	settingstest.Wrong(t, []optimizers.Group{{Match: "*", Optimizer: optimizers.SGD{}, Factor: 1}},
		func(g optimizers.Group) error { return optimizers.Groups{g}.Validate() }, nil)
}
