package optimizers_test

import (
	"fmt"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/optimizers"
)

// TestDefaults holds the default in each field's comment against the weight and the state after enough steps for the decay of
// EMA to reach its default.
func TestDefaults(t *testing.T) {
	settingstest.Defaults(t, []graph.Optimizer{
		optimizers.Adadelta{}, optimizers.Adagrad{}, optimizers.Adam{}, optimizers.AdamW{}, optimizers.Adamax{}, optimizers.Lion{},
		optimizers.Nadam{}, optimizers.RMSProp{}, optimizers.SGD{}, optimizers.EMA{Optimizer: optimizers.SGD{}},
		optimizers.Muon{},
	}, func(t *testing.T, o graph.Optimizer) string {
		w, slots := []float64{0.7}, newSlots[float64](o, 1)
		for step := 1; step <= 10000; step++ {
			g := []float64{w[0] + 0.1/float64(step)}
			o.Update64(graph.Update[float64]{Weights: w, Grad: g, Slots: slots, Rate: o.Rate(), Step: step, Scale: 1, Shape: []int{1, 1}})
		}
		return fmt.Sprintf("%x %x", w, slots)
	})
}
