package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// A plainLoss is a loss of a user's type, without a target shape.
type plainLoss struct {
	f func(pred, target graph.Node) graph.Node
}

func (l plainLoss) Loss(pred, target graph.Node) graph.Node { return l.f(pred, target) }

// A shapedLoss takes class numbers.
type shapedLoss struct{ plainLoss }

func (shapedLoss) TargetShape(pred []int) []int { return pred[:len(pred)-1] }

// TestTargetOfLoss: a user's loss never broadcasts a target and a prediction to something larger silently.
func TestTargetOfLoss(t *testing.T) {
	type f = func(p, t graph.Node) graph.Node
	squares := func(p, t graph.Node) graph.Node { return p.Sub(t).Square().Mean() }
	reshapes := func(p, t graph.Node) graph.Node { return squares(p, t.Reshape(p.Shape()...)) }
	flattens := func(p, t graph.Node) graph.Node { return squares(p.Reshape(-1), t) }
	flattensBoth := func(p, t graph.Node) graph.Node { return squares(p.Reshape(-1), t.Reshape(-1)) }
	ignores := func(p, _ graph.Node) graph.Node { return p.Square().Mean() }
	pairs := func(p, t graph.Node) graph.Node { // of every two samples
		return squares(p.Reshape(-1, 1).Sub(p.Reshape(1, -1)), t.Expand(1).Sub(t.Expand(0)))
	}
	oneHot := func(p, t graph.Node) graph.Node {
		if t.Rank() == 1 {
			t = t.OneHot(p.Dim(-1))
		}
		return squares(p, t)
	}
	fn := func(f f) graph.Loss { return graph.LossFunc(f) }
	own := func(f f) graph.Loss { return plainLoss{f} }
	const refused = "a loss whose target has another shape than the prediction implements graph.TargetShaper"
	type shape = []int
	for _, r := range []struct {
		name         string
		loss         graph.Loss
		pred, target shape // of a sample
		like         graph.Loss
		want         string // of an error; "" for a loss equal to that of the loss like, with the target in the prediction's shape
	}{
		{"a number", fn(squares), shape{1}, shape{}, losses.MeanSquaredError{}, ""},
		{"a number, other type", own(squares), shape{1}, shape{}, losses.MeanSquaredError{}, ""},
		{"a number, reshaped by itself", fn(reshapes), shape{1}, shape{}, losses.MeanSquaredError{}, ""},
		{"a number, flat prediction", fn(flattens), shape{1}, shape{}, losses.MeanSquaredError{}, ""},
		{"a number, flat prediction, other type", own(flattens), shape{1}, shape{}, losses.MeanSquaredError{}, ""},
		{"a number, both flat", fn(flattensBoth), shape{1}, shape{}, losses.MeanSquaredError{}, ""},
		{"a target with a dimension more", fn(squares), shape{3}, shape{3, 1}, losses.MeanSquaredError{}, ""},
		{"a target with a dimension in between", fn(squares), shape{3}, shape{1, 3}, losses.MeanSquaredError{}, ""},
		{"a target with its dimension of 1 elsewhere", fn(squares), shape{3, 1}, shape{1, 3}, losses.MeanSquaredError{}, ""},
		{"a flat target", fn(squares), shape{2, 3}, shape{6}, losses.MeanSquaredError{}, ""},
		{"a flat prediction", fn(squares), shape{6}, shape{2, 3}, losses.MeanSquaredError{}, ""},
		{"the same shape", fn(squares), shape{2, 3}, shape{2, 3}, losses.MeanSquaredError{}, ""},
		{"pairs of samples", fn(pairs), shape{1}, shape{}, nil, ""},
		{"no use of the target", fn(ignores), shape{3}, shape{2}, nil, ""},
		{"class numbers by a TargetShaper", shapedLoss{plainLoss{oneHot}}, shape{3}, shape{}, nil, ""},
		{"class numbers, other type", own(oneHot), shape{3}, shape{}, nil, ""},

		{"class numbers", fn(oneHot), shape{3}, shape{}, nil, "graph: Gradients: loss: got a target of shape [4] for a prediction of shape [4 3], want the same shape: " + refused},
		{"one number too many", fn(squares), shape{1}, shape{3}, nil, refused},
		{"one number for three", fn(squares), shape{3}, shape{1}, nil, refused},
		{"other sizes", fn(squares), shape{3}, shape{2}, nil, refused},
		{"transposed", fn(squares), shape{2, 3}, shape{3, 2}, nil, refused},
		{"library", losses.MeanSquaredError{}, shape{2, 3}, shape{6}, nil, "want the same"},
	} {
		t.Run(r.name, func(t *testing.T) {
			size := func(s shape) int {
				n := 1
				for _, d := range s {
					n *= d
				}
				return n
			}
			model := func(l graph.Loss) *graph.Model {
				net := layers.Sequential{layers.Dense{Units: size(r.pred)}, layers.Reshape{Shape: r.pred}}
				if c, ok := l.(graph.LossFunc); ok && r.name == "pairs of samples" { // Compile tries the prediction's shape
					return compiledFor(t, net, plainShaper{plainLoss{c}})
				}
				return compiledFor(t, net, l)
			}
			numbers := func(s shape) *graph.Tensor {
				v := make([]float64, 4*size(s))
				for i := range v {
					v[i] = float64(i % 3)
				}
				return tensor.New(tensor.WithShape(append([]int{4}, s...)...), tensor.WithBacking(v))
			}
			m := model(r.loss)
			x, y := random(1, 4, 2), numbers(r.target)
			loss, _, err := m.Gradients(x, y)
			if r.want != "" {
				require.ErrorContains(t, err, r.want)
				_, err = m.Evaluate(context.Background(), graph.Arrays{X: x, Y: y})
				require.ErrorContains(t, err, r.want[max(0, len(r.want)-20):])
				return
			}
			require.NoError(t, err)
			if r.like != nil {
				want, _, err := model(r.like).Gradients(x, numbers(r.pred))
				require.NoError(t, err)
				require.InDelta(t, want, loss, 1e-14)
			}
		})
	}
}

// TestClassNumbersOfLossFunc: a function that works only with class numbers fails in Compile, and the error says what to write.
func TestClassNumbersOfLossFunc(t *testing.T) {
	_, err := graph.Compile(layers.Dense{Units: 3}, graph.Config{Input: []int{2}, Loss: graph.LossFunc(func(p, t graph.Node) graph.Node {
		return p.Sub(t.OneHot(3)).Square().Mean()
	})})
	require.EqualError(t, err, "graph: loss: Sub: got shapes [2 3] and [2 3 3], want dimensions that are equal or 1; the target has shape [2 3] here: "+
		"a loss whose target has another shape than the prediction implements graph.TargetShaper")
}

// A plainShaper takes a target for each sample.
type plainShaper struct{ plainLoss }

func (plainShaper) TargetShape(pred []int) []int { return pred[:1] }

func compiledFor(t *testing.T, net graph.Layer, l graph.Loss) *graph.Model {
	t.Helper()
	m, err := graph.Compile(net, graph.Config{Input: []int{2}, Loss: l, DType: tensor.Float64, Seed: 1})
	require.NoError(t, err)
	return m
}
