package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// TestExpression: expression returns the operations of inference and the parameters that they use.
func TestExpression(t *testing.T) {
	net := LayerFunc(func(s *Scope, x Node) Node {
		y := x.MatMul(s.Param("weight", Ones, 3, 2)).Add(s.State("offset", Zeros, 2))
		if s.Training() {
			return y.Mul(s.Noise(Noise{}, y.Shape()...))
		}
		return y.Tanh()
	})
	m, err := Compile(net, Config{Input: []int{3}})
	require.NoError(t, err)
	e, _, err := m.expression(5, m.probes[0], false)
	require.NoError(t, err)
	require.Equal(t, []int{5, 3}, ops.Shape(e.Inputs[0].Node))
	require.Equal(t, []int{5, 2}, ops.Shape(e.Outputs[0].Node))
	require.Equal(t, "Tanh", ops.Of(e.Outputs[0].Node).Def.String())
	require.Len(t, e.Params, 2)
	require.Equal(t, "weight", e.Params[0].Name)
	require.True(t, e.Params[0].Trained)
	require.Equal(t, "offset", e.Params[1].Name)
	require.False(t, e.Params[1].Trained)
	nodes := e.Nodes()
	require.Len(t, nodes, 6, "three inputs and three operations")
	require.Equal(t, e.Outputs[0].Node, nodes[5])
	_, _, err = m.expression(0, m.probes[0], false)
	require.ErrorContains(t, err, "got a batch of 0")
}

// TestAt: an error names the place that friend.At sets.
func TestAt(t *testing.T) {
	_, err := Compile(LayerFunc(func(s *Scope, x Node) Node {
		return s.b.within(s.join("fourth node"), func() Node { return x.MatMul(x) })
	}), Config{Input: []int{3}})
	require.ErrorContains(t, err, "graph: fourth node: MatMul: got shapes [2 3] and [2 3], want equal inner dimensions")
}

// TestPlaceOfSources: an operation without operands belongs to the layer that emitted it, not to the layer before.
func TestPlaceOfSources(t *testing.T) {
	m, err := Compile(LayerFunc(func(s *Scope, x Node) Node {
		x = s.ApplyAs("before", LayerFunc(func(_ *Scope, x Node) Node { return x.Tanh() }), x)
		return s.ApplyAs("this", LayerFunc(func(s *Scope, x Node) Node {
			one := s.Constant(tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{1})))
			return s.Noise(Noise{}, 2, 3).Add(one).Add(s.Scalar(2).BroadcastTo(2, 3)).Add(x)
		}), x)
	}), Config{Input: []int{3}})
	require.NoError(t, err)
	e, _, err := m.expression(2, m.probes[0], false)
	require.NoError(t, err)
	for _, n := range e.Nodes() {
		if o := ops.Of(n); o != nil && len(o.In) == 0 {
			require.Equal(t, "this", o.Where, o.Def)
		}
	}
}
