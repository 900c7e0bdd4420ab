package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

type nodes = []graph.Node

// TestMistakesOfScan: wrong arguments and results of step are errors of Compile that say where.
func TestMistakesOfScan(t *testing.T) {
	var leaked graph.Node
	stay := func(_ *graph.Scope, h, x nodes) (next, out nodes) { return h, x }
	for _, r := range []struct {
		want string
		f    func(s *graph.Scope, x graph.Node) graph.Node
	}{
		{"got no xs, want at least one, or Loop.Steps", func(s *graph.Scope, x graph.Node) graph.Node {
			final, _ := s.Scan(nodes{x}, nil, stay)
			return final[0]
		}},
		{"Steps: got -1, want 0 or more", func(s *graph.Scope, x graph.Node) graph.Node {
			final, _ := graph.Loop{Steps: -1}.Scan(s, nodes{x}, nil, stay)
			return final[0]
		}},
		{"xs: got length 2, want 5 as in Loop.Steps", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := graph.Loop{Steps: 5}.Scan(s, nil, nodes{x}, stay)
			return outs[0]
		}},
		{"xs: got the lengths 2 and 3, want equal ones", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan(nil, nodes{x, x.Transpose()}, stay)
			return outs[1]
		}},
		{"xs: got a scalar, want (time, ...)", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan(nil, nodes{x.Sum()}, stay)
			return outs[0]
		}},
		{"state 0: got shape [2 1] after a step, want [2 3] as before it", func(s *graph.Scope, x graph.Node) graph.Node {
			final, _ := s.Scan(nodes{x}, nodes{x}, func(_ *graph.Scope, h, x nodes) (next, out nodes) { return nodes{h[0].Slice(1, 0, 1)}, nil })
			return final[0]
		}},
		{"got 2 states from step, want 1 as in init", func(s *graph.Scope, x graph.Node) graph.Node {
			final, _ := s.Scan(nodes{x}, nodes{x}, func(_ *graph.Scope, h, x nodes) (next, out nodes) { return nodes{h[0], h[0]}, nil })
			return final[0]
		}},
		{"result 1 of step: got a Node that is not in this graph", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan(nodes{x}, nodes{x}, func(_ *graph.Scope, h, x nodes) (next, out nodes) { return h, nodes{{}} })
			return outs[0]
		}},
		{"MatMul: got shapes [2 3] and [2 3], want equal inner dimensions", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan(nodes{x}, nodes{x}, func(_ *graph.Scope, h, x nodes) (next, out nodes) { return h, nodes{h[0].MatMul(h[0])} })
			return outs[0]
		}},
		{"Reshape: got shape [2 3] with 6 elements, want one that fits [4]", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan(nodes{x.Reshape(4)}, nodes{x}, stay)
			return outs[0]
		}},
		{"got a node of step in use outside of it", func(s *graph.Scope, x graph.Node) graph.Node {
			s.Scan(nil, nodes{x}, func(_ *graph.Scope, h, x nodes) (next, out nodes) { leaked = x[0].Exp(); return h, nil })
			return x.Add(leaked)
		}},
		{"got a node of step in use outside of it", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan(nil, nodes{x}, func(s *graph.Scope, h, x nodes) (next, out nodes) { s.Penalty(x[0].Sum()); return h, x })
			return outs[0]
		}},
		{"got a node of step in use outside of it", func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan(nil, nodes{x}, func(s *graph.Scope, h, x nodes) (next, out nodes) { s.Output("x", x[0]); return h, x })
			return outs[0]
		}},
	} {
		t.Run(r.want, func(t *testing.T) {
			layer := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
				return s.ApplyAs("loop", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return r.f(s, x) }), x)
			})
			_, err := graph.Compile(layer, graph.Config{Input: []int{3}})
			require.ErrorContains(t, err, "graph: loop: ")
			require.ErrorContains(t, err, r.want)
		})
	}
}

// TestErrorOfAStep: an operation of a step that fails in a run is named as outside of a loop.
func TestErrorOfAStep(t *testing.T) {
	m, err := graph.Compile(graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		_, outs := s.Scan(nodes{s.Scalar(0).BroadcastTo(x.Dim(0))}, nodes{x.Transpose()}, func(s *graph.Scope, h, x nodes) (next, out nodes) {
			return nodes{s.Apply(layers.Embedding{Vocabulary: 4, Units: 1}, h[0].Add(x[0])).Reshape(-1).Scale(0).Add(h[0]).Add(x[0])}, h
		})
		return outs[0].Transpose()
	}), graph.Config{Input: []int{3}})
	require.NoError(t, err)
	_, err = m.Predict(context.Background(), tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float32{1, 2, 3})))
	require.ErrorContains(t, err, "rows 0 to 0: embedding1: Gather: element 0: got 6, want an integer from 0 to 3")
}

// TestNoiseInALoop: noise that a step draws is the same at all times, and each row has its own.
func TestNoiseInALoop(t *testing.T) {
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		_, outs := s.Scan(nil, x, func(s *graph.Scope, _, x nodes) (next, out nodes) {
			return nil, nodes{x[0].Mul(s.Noise(graph.Noise{}, x[0].Shape()...))}
		})
		return outs
	}, []int{3, 4})
	require.NoError(t, err)
	x := graphtest.Check{}.Random(3, 4)
	for i := range x.Float64s() {
		x.Float64s()[i] = 1
	}
	got, err := f.Call(context.Background(), x)
	require.NoError(t, err)
	y := got[0].Float64s()
	require.Equal(t, y[:4], y[4:8])
	require.Equal(t, y[:4], y[8:])
	require.NotEqual(t, y[0], y[1])
}

// TestLongLoops: the graph of a loop of 5,000 steps is as large as that of 5 steps, and so are its derivative and its picture.
func TestLongLoops(t *testing.T) {
	var sizes []int
	for _, steps := range []int{5, 5000} {
		m, err := graph.Compile(layers.Sequential{layers.LSTM{Units: 3, ReturnSequences: true}, layers.Bidirectional{Layer: layers.GRU{Units: 2}}},
			graph.Config{Input: []int{steps, 1}, Loss: losses.MeanSquaredError{}})
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, m.WriteExpressionDOT(&b))
		require.NoError(t, m.WriteDOT(&bytes.Buffer{}))
		require.Contains(t, b.String(), fmt.Sprintf("Scan(%d steps, 2 states, 1 stacks", steps))
		sizes = append(sizes, bytes.Count(b.Bytes(), []byte("\n")))
		x := tensor.New(tensor.WithShape(3, steps, 1), tensor.Of(tensor.Float32))
		_, _, err = m.Gradients(x, tensor.New(tensor.WithShape(3, 4), tensor.Of(tensor.Float32)))
		require.NoError(t, err)
	}
	require.Equal(t, sizes[0], sizes[1])
}
