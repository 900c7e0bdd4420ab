package losses_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	. "github.com/nndiy/nndiy/internal/extremes"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestExtremesOfPairs compares the losses of two numbers with references, for predictions of every size.
func TestExtremesOfPairs(t *testing.T) {
	all := func(c float64) func(p, t float64) float64 { return func(_, _ float64) float64 { return c } }
	const w = 3
	extreme("BinaryCrossEntropy with PosWeight", losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{w}}, 8,
		func(z, t float64) float64 { return Choose(t == 1, w*Softplus(-z), Softplus(z)) },
		func(z, t float64) float64 { return Choose(t == 1, -w*Sigmoid(-z), Sigmoid(z)) },
		func(z, t float64) float64 { return Choose(t == 1, w, 1) * SigmoidSlope(z) }, 0, 0, 2*w).CheckPairs(t, signed(sizes), []float64{0, 1})
	extreme("a masked logit with PosWeight", losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{w}}, 8, all(0), all(0), all(0)).
		CheckPairs(t, []float64{math.Inf(-1)}, []float64{0})

	ranking := extreme("MarginRanking", nil, 4, func(p, t float64) float64 { return math.Max(0, 1-p*t) }, func(p, t float64) float64 { return Choose(p*t < 1, -t, 0) }, all(0))
	ranking.F = func(x ...graph.Node) graph.Node {
		return losses.MarginRanking{Margin: 1}.PerSample(graph.Concat(1, x[0].Expand(1), x[0].Scale(0).Expand(1)), x[1])
	}
	ranking.CheckPairs(t, signed(sizes), []float64{1, -1})

	variance := func(s float64) float64 { return math.Max(1e-6, math.Exp(s)) }
	gaussian := func(f func(x ...graph.Node) graph.Node) func(x ...graph.Node) graph.Node {
		return func(x ...graph.Node) graph.Node {
			return losses.GaussianNLL{}.PerSample(f(x...), x[0].StopGradient().Scale(0).Expand(1))
		}
	}
	mean := extreme("GaussianNLL, mean", nil, 20, func(m, s float64) float64 { return 0.5 * (math.Log(variance(s)) + m*m/variance(s)) },
		func(m, s float64) float64 { return m / variance(s) }, func(_, s float64) float64 { return 1 / variance(s) }, 4, 0, 0)
	mean.F = gaussian(func(x ...graph.Node) graph.Node { return graph.Concat(1, x[0].Expand(1), x[1].Expand(1)) })
	mean.Keep = func(x ...float64) bool { return x[0]*x[0]/variance(x[1]) < 1e38 }
	mean.CheckPairs(t, signed(sizes), []float64{-30, -13, -1, 0, 2})
	spread := extreme("GaussianNLL, variance", nil, 120, func(s, m float64) float64 { return 0.5 * (math.Log(variance(s)) + m*m/variance(s)) },
		func(s, m float64) float64 { return 0.5 * (1 - m*m/variance(s)) }, func(s, m float64) float64 { return 0.5 * m * m / variance(s) }, 4, 1, 0)
	spread.F = gaussian(func(x ...graph.Node) graph.Node { return graph.Concat(1, x[1].Expand(1), x[0].Expand(1)) })
	spread.CheckPairs(t, []float64{-1e10, -100, -14, -13, -1, 0, 1e-20, 1, 10, 50}, []float64{0, 0.5, 1, -3})
}

// TestBatchesOfVectors: the losses that compare the samples of a batch do not depend on the vectors' sizes, except Triplet, which
// does not overflow; equal vectors, vectors of zeros, one sample and one class give finite losses and derivatives.
func TestBatchesOfVectors(t *testing.T) {
	pairs, classes := []int{2, 2, 2}, []int{4, 2}
	pointed := []float64{1, 0, 1, 1, 0, 1, -1, 1}
	for _, c := range []struct {
		name   string
		loss   graph.Loss
		shape  []int
		labels []float64
	}{
		{"info nce", losses.InfoNCE{}, pairs, []float64{0, 0}},
		{"nt-xent", losses.NTXent{}, pairs, []float64{0, 0}},
		{"supervised", losses.SupervisedContrastive{}, classes, []float64{0, 0, 1, 1}},
		{"supervised, one class", losses.SupervisedContrastive{}, classes, []float64{5, 5, 5, 5}},
		{"supervised, all alone", losses.SupervisedContrastive{}, classes, []float64{0, 1, 2, 3}},
		{"triplet", losses.Triplet{}, classes, []float64{0, 0, 1, 1}},
		{"triplet, one class", losses.Triplet{}, classes, []float64{5, 5, 5, 5}},
		{"triplet, all alone", losses.Triplet{}, classes, []float64{0, 1, 2, 3}},
		{"all triplets", losses.Triplet{All: true}, classes, []float64{0, 0, 1, 1}},
		{"all triplets, one class", losses.Triplet{All: true}, classes, []float64{5, 5, 5, 5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				y := c.loss.Loss(x[0], x[1])
				return []graph.Node{y, graph.Grad(y, x[0])[0]}
			}, c.shape, []int{len(c.labels)})
			require.NoError(t, err)
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				call := func(x []float64) (y float64, d []float64) {
					out, err := f.Call(context.Background(), Tensor(dt, x, c.shape...), Tensor(dt, c.labels, len(c.labels)))
					require.NoError(t, err)
					y, d = Floats(out[0])[0], Floats(out[1])
					for _, v := range append([]float64{y}, d...) {
						require.False(t, math.IsNaN(v) || math.IsInf(v, 0), "of %v: loss %v, derivative %v", x, y, d)
					}
					return y, d
				}
				want, slope := call(pointed)
				for _, size := range []float64{1e-30, 1e-10, 1e10, 1e30} {
					x := make([]float64, len(pointed))
					for i, v := range pointed {
						x[i] = size * v
					}
					y, d := call(x)
					if _, ok := c.loss.(losses.Triplet); ok {
						continue
					}
					require.InDelta(t, want, y, 1e-5*want+1e-6)
					for i := range d {
						require.InDelta(t, slope[i], d[i]*size, 1e-4)
					}
				}
				call(make([]float64, len(pointed)))
				call([]float64{3, 4, 3, 4, 3, 4, 3, 4})
			}
		})
	}
}

// TestOneSample: a last batch of one sample has nothing to compare.
func TestOneSample(t *testing.T) {
	for _, c := range []struct {
		loss  graph.Loss
		shape []int
	}{
		{losses.InfoNCE{}, []int{1, 2, 3}}, {losses.NTXent{}, []int{1, 2, 3}}, {losses.SupervisedContrastive{}, []int{1, 3}},
		{losses.Triplet{}, []int{1, 3}}, {losses.Triplet{All: true}, []int{1, 3}},
	} {
		t.Run(fmt.Sprintf("%T", c.loss), func(t *testing.T) {
			x := dense([]float64{1, 2, 3, 4, 5, 6}[:tensor.Shape(c.shape).TotalSize()], c.shape...)
			loss, grad := value(t, c.loss, x, dense([]float64{0}, 1))
			require.InDelta(t, 0, loss, 1e-15)
			require.InDeltaSlice(t, make([]float64, len(grad)), grad, 1e-15)
		})
	}
}

// TestLargeClasses: float32 cannot tell apart large class numbers, and a class is an integer.
func TestLargeClasses(t *testing.T) {
	for _, l := range []graph.Loss{losses.Triplet{}, losses.SupervisedContrastive{}} {
		m, err := graph.Compile(layers.Dense{Units: 3}, graph.Config{Input: []int{2}, Loss: l})
		require.NoError(t, err)
		x := dense([]float64{1, 2, 3, 4, 5, 6}, 3, 2)
		_, _, err = m.Gradients(x, tensor.New(tensor.WithShape(3), tensor.WithBacking([]int64{1 << 24, 1 << 24, -1 << 24})))
		require.NoError(t, err)
		_, _, err = m.Gradients(x, tensor.New(tensor.WithShape(3), tensor.WithBacking([]int64{0, 1<<24 + 1, 0})))
		require.ErrorContains(t, err, "target: sample 1: got class 1.6777217e+07, want an integer from -16777216 to 16777216")
		_, _, err = m.Gradients(x, dense([]float64{0, 1, 0.5}, 3, 1))
		require.ErrorContains(t, err, "target: sample 2: got class 0.5")
	}
}

// TestFitByComparison trains small networks: two views of a sample find each other, and classes come apart.
func TestFitByComparison(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := tensor.New(tensor.WithShape(90, 8), tensor.Of(tensor.Float64)), tensor.New(tensor.WithShape(90), tensor.Of(tensor.Float64))
	for i := range x.Float64s() {
		class := i / 8 % 3
		y.Float64s()[i/8] = float64(class)
		x.Float64s()[i] = 0.3*rng.NormFloat64() + Choose(i%4 == class, 1, 0)
	}
	vectors := layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dense{Units: 4}}
	views := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		a, b := s.ApplyAs("view", vectors, x.Slice(1, 0, 4).Pad(1, 0, 4)), s.ApplyAs("view", vectors, x.Slice(1, 4, 8).Pad(1, 0, 4))
		return graph.Concat(1, a.Expand(1), b.Expand(1))
	})
	for _, c := range []struct {
		name string
		net  graph.Layer
		loss graph.Loss
		data graph.Arrays
	}{
		{"info nce", views, losses.InfoNCE{}, graph.Arrays{X: x}},
		{"nt-xent", views, losses.NTXent{Temperature: 0.5}, graph.Arrays{X: x}},
		{"supervised", vectors, losses.SupervisedContrastive{}, graph.Arrays{X: x, Y: y}},
		{"triplet", vectors, losses.Triplet{}, graph.Arrays{X: x, Y: y}},
		{"all triplets", vectors, losses.Triplet{All: true, Margin: 0.5}, graph.Arrays{X: x, Y: y}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.net, graph.Config{Input: []int{8}, Loss: c.loss, Optimizer: optimizers.Adam{LearningRate: 0.01}, Seed: 1})
			require.NoError(t, err)
			before, err := m.Evaluate(context.Background(), c.data)
			require.NoError(t, err)
			_, err = m.Fit(context.Background(), c.data, graph.FitConfig{Epochs: 40, BatchSize: 32, Valid: c.data})
			require.NoError(t, err)
			after, err := m.Evaluate(context.Background(), c.data)
			require.NoError(t, err)
			require.Less(t, after["loss"], 0.9*before["loss"])
			t.Logf("%.3f to %.3f", before["loss"], after["loss"])
		})
	}
}
