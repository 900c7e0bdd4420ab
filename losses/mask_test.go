package losses_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
)

// masked is a linear layer of three classes, of which the last one is excluded.
type masked struct{}

func (masked) Emit(s *graph.Scope, x graph.Node) graph.Node {
	mask := tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{0, 0, math.Inf(-1)}))
	return x.MatMul(s.Param("weight", graph.GlorotUniform, x.Dim(-1), 3)).Add(s.Constant(mask)).Softmax()
}

// sgd is gradient descent.
type sgd struct{}

func (sgd) Rate() float64 { return 0.5 }
func (sgd) Slots() int    { return 0 }
func (sgd) Update32(u graph.Update[float32]) {
	for i, g := range u.Grad {
		u.Weights[i] -= float32(u.Rate) * g
	}
}
func (sgd) Update64(graph.Update[float64]) {}

// TestFitWithAMask trains a network with an excluded class.
func TestFitWithAMask(t *testing.T) {
	x := tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float32{1, 0, 2, 0, 0, 1, 0, 3}))
	y := tensor.New(tensor.WithShape(4), tensor.WithBacking([]int{0, 0, 1, 1}))
	for _, l := range []graph.Loss{losses.SparseCategoricalCrossEntropy{}, losses.SparseCategoricalFocal{}} {
		m, err := graph.Compile(masked{}, graph.Config{Input: []int{2}, Loss: l, Optimizer: sgd{}})
		require.NoError(t, err)
		_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: 30})
		require.NoError(t, err)
		p, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		got := p.Float32s()
		require.Greater(t, got[0], float32(0.8))
		require.Greater(t, got[10], float32(0.8))
		require.Equal(t, float32(0), got[2])
	}
}
