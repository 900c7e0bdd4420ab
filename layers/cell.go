package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// A cell holds the settings that the recurrent layers have in common.
type cell struct {
	s                                   *graph.Scope
	units, gates                        int
	kernelInit, recurrentInit, biasInit graph.Initializer
}

// matrix returns a function that creates the parameter which multiplies the state. It is called in the first step, when the
// settings have been checked.
func (c cell) matrix(name string) func() graph.Node {
	return func() graph.Node {
		return c.s.Param(name, or(c.recurrentInit, graph.FanInUniform), c.units, c.gates*c.units)
	}
}

// vector returns a function that creates a bias.
func (c cell) vector(name string) func() graph.Node {
	return func() graph.Node { return c.s.Param(name, c.biasInit, c.gates*c.units) }
}

// gate returns the columns of gate i.
func (c cell) gate(z graph.Node, i int) graph.Node { return z.Slice(-1, i*c.units, (i+1)*c.units) }

// unroll calls step for each time step with z = x·weight + bias at that time and the state, a list of nodes that starts at 0
// and whose first node is the output. One matrix product computes z for all times; time is its leading dimension, so that the
// rows of one time step are contiguous in memory.
func (c cell) unroll(x graph.Node, states int, sequences bool, step func(z graph.Node, state []graph.Node) []graph.Node) graph.Node {
	x = checked(x, settings.Count("Units", c.units, 1))
	if x.Rank() != 3 {
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	batch, width := x.Dim(0), c.gates*c.units
	weight := c.s.Param("weight", or(c.kernelInit, graph.GlorotUniform), x.Dim(2), width)
	z := x.SwapAxes(0, 1).Reshape(-1, x.Dim(2)).MatMul(weight).Add(c.vector("bias")())
	state := slices.Repeat([]graph.Node{c.s.Scalar(0).BroadcastTo(batch, c.units)}, states)
	var outputs []graph.Node
	for t := range x.Dim(1) {
		state = step(z.Slice(0, t*batch, (t+1)*batch), state)
		if state[0].Err() != nil {
			return state[0]
		}
		if sequences {
			outputs = append(outputs, state[0])
		}
	}
	if sequences {
		return graph.Concat(0, outputs...).Reshape(-1, batch, c.units).SwapAxes(0, 1)
	}
	return state[0]
}

// Bidirectional applies a layer to a sequence, (batch, time, features), and a second copy of the layer, with its own
// parameters, to the reversed sequence. It concatenates the two outputs along the last axis, the forward one first. If the
// outputs are sequences, the backward one is reversed again, so that both are in the order of the input. The parameters are
// those of the layer, under the names forward and backward.
type Bidirectional struct {
	Layer graph.Layer // such as LSTM
}

// Emit implements graph.Layer.
func (b Bidirectional) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if b.Layer == nil {
		return x.Errorf("Layer: got nil, want a layer")
	}
	if x.Rank() != 3 {
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	forward := s.ApplyAs("forward", b.Layer, x)
	backward := s.ApplyAs("backward", b.Layer, x.Reverse(1))
	if backward.Rank() == 3 {
		backward = backward.Reverse(1)
	}
	return graph.Concat(-1, forward, backward)
}
