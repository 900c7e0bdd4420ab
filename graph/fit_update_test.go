package graph_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// frozen is an optimizer that leaves the weights as they are.
type frozen struct{}

func (frozen) Rate() float64                  { return 0.5 }
func (frozen) Slots() int                     { return 0 }
func (frozen) Update32(graph.Update[float32]) {}
func (frozen) Update64(graph.Update[float64]) {}

// signSGD is a user's own rule: one generic function for both element types.
type signSGD struct{ LearningRate float64 }

func (o signSGD) Rate() float64                    { return o.LearningRate }
func (o signSGD) Slots() int                       { return 0 }
func (o signSGD) Update32(u graph.Update[float32]) { sign(u) }
func (o signSGD) Update64(u graph.Update[float64]) { sign(u) }

func sign[T graph.Float](u graph.Update[T]) {
	for i, g := range u.Grad {
		switch {
		case g > 0:
			u.Weights[i] -= T(u.Rate)
		case g < 0:
			u.Weights[i] += T(u.Rate)
		}
	}
}

// TestUsersOptimizer: a rule defined outside the library trains in both element types.
func TestUsersOptimizer(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) {
			m, data := regression(t, graph.Config{DType: dt, Optimizer: signSGD{1e-3}})
			h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 30, BatchSize: 8})
			require.NoError(t, err)
			require.Less(t, h.Logs[29]["train_loss"], h.Logs[0]["train_loss"])
		})
	}
}

// TestClipping: the step of SGD with rate 1 and a clipped gradient has the norm of the limit, whether or not the optimizer is
// a GradScaler.
func TestClipping(t *testing.T) {
	for name, rule := range map[string]graph.Optimizer{"a GradScaler": optimizers.SGD{LearningRate: 1}, "not a GradScaler": plainSGD{}} {
		t.Run(name, func(t *testing.T) {
			m, data := regression(t, graph.Config{DType: tensor.Float64, Optimizer: optimizers.Clip{Optimizer: rule, GlobalNorm: 1e-3}})
			before := m.Weights()
			_, err := m.Fit(context.Background(), data, graph.FitConfig{})
			require.NoError(t, err)
			sum := 0.0
			for name, w := range m.Weights() {
				for i, v := range w.Float64s() {
					sum += math.Pow(v-before[name].Float64s()[i], 2)
				}
			}
			require.InDelta(t, 1e-3, math.Sqrt(sum), 1e-12)
		})
	}
}

// plainSGD is SGD with rate 1, in float64, without the method of a GradScaler.
type plainSGD struct{ frozen }

func (plainSGD) Rate() float64 { return 1 }
func (plainSGD) Update64(u graph.Update[float64]) {
	for i, g := range u.Grad {
		u.Weights[i] -= u.Rate * g
	}
}

// TestGradientPenaltyTrains: a penalty on the derivative of the network, which training differentiates again.
func TestGradientPenaltyTrains(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Apply(layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, layers.Dense{Units: 1}}, x)
		if s.Training() {
			slope := graph.Grad(y.Sum(), x)[0]
			s.Penalty(slope.Square().Sum(1).Mean().Scale(10))
		}
		return y
	})
	slope := func(penalty bool) float64 {
		l := graph.Layer(net)
		if !penalty {
			l = layers.Sequential{layers.Dense{Units: 8}, layers.Tanh{}, layers.Dense{Units: 1}}
		}
		m, err := graph.Compile(l, graph.Config{Input: []int{5}, DType: tensor.Float64, Loss: losses.MeanSquaredError{},
			Optimizer: optimizers.Adam{LearningRate: 0.05}})
		require.NoError(t, err)
		x := random(1, 40, 5)
		_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: random(2, 40, 1)}, graph.FitConfig{Epochs: 200})
		require.NoError(t, err)
		moved := x.Clone().(*tensor.Dense)
		for i := range moved.Float64s() {
			moved.Float64s()[i] += 1e-3
		}
		a, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		b, err := m.Predict(context.Background(), moved)
		require.NoError(t, err)
		sum := 0.0
		for i, v := range a.Float64s() {
			sum += math.Abs(b.Float64s()[i]-v) / 1e-3
		}
		return sum
	}
	require.Less(t, slope(true), slope(false)/5)
}
