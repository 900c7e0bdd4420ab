package optimizers_test

import (
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

func init() { graph.Register("", own{}) }

// TestStored saves and opens a model with every optimizer, in both element types.
func TestStored(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, 12*3)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	data := graph.Arrays{
		X: tensor.New(tensor.WithShape(12, 3), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(12, 2), tensor.WithBacking(x[:24])),
	}
	for _, r := range rules {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(r.name+"/"+dt.String(), func(t *testing.T) {
				m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 4}, layers.Tanh{}, layers.Dense{Units: 2}},
					graph.Config{Input: []int{3}, Loss: losses.MeanSquaredError{}, Optimizer: r.rule, DType: dt, Seed: 1})
				if err != nil {
					t.Fatal(err)
				}
				graphtest.Stored(t, m, data)
			})
		}
	}
}
