package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// A cell holds the settings that the recurrent layers have in common.
type cell struct {
	units, gates, states                int
	kernelInit, recurrentInit, biasInit graph.Initializer
	dropout, recurrentDropout           float64
	sequences, reverse                  bool
	initial, final                      []string

	s *graph.Scope
	x graph.Node // (batch, time, features)
}

// A cellStep returns the new states, of which the first is the output, from the states and z = x·weight + bias at one time. h is
// the first state for products with recurrent weights, after dropout.
type cellStep func(c cell, z, h graph.Node, state []graph.Node) []graph.Node

// matrix returns the parameter that multiplies the state.
func (c cell) matrix(name string) graph.Node {
	return c.s.Param(name, or(c.recurrentInit, graph.FanInUniform), c.units, c.gates*c.units)
}

// vector returns a bias.
func (c cell) vector(name string) graph.Node { return c.s.Param(name, c.biasInit, c.gates*c.units) }

// gate returns the columns of gate i.
func (c cell) gate(z graph.Node, i int) graph.Node { return z.Slice(-1, i*c.units, (i+1)*c.units) }

// run applies the cell to a sequence, and returns the output and the final states. One matrix product computes z for all times;
// time is its leading dimension, so that the rows of one time are contiguous in memory. Where the mask of x says that a step is
// padding, the states keep their values.
func (c cell) run(s *graph.Scope, x graph.Node, initial []graph.Node, step cellStep) (y graph.Node, final []graph.Node) {
	c.s, c.x = s, checked(x, settings.Count("Units", c.units, 1), settings.HalfOpen("Dropout", c.dropout, 0, 1),
		settings.HalfOpen("RecurrentDropout", c.recurrentDropout, 0, 1))
	if c.x.Err() == nil && x.Rank() != 3 {
		c.x = x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	state, err := c.begin(initial)
	if err.Err() != nil {
		return err, slices.Repeat([]graph.Node{err}, c.states)
	}
	mask, masked := x.Mask()
	batch, time, features, width := x.Dim(0), x.Dim(1), x.Dim(2), c.gates*c.units
	x = c.drop(x.Masked(graph.Node{}), c.dropout, batch, 1, features)
	weight := s.Param("weight", or(c.kernelInit, graph.GlorotUniform), features, width)
	xs := []graph.Node{x.SwapAxes(0, 1).Reshape(-1, features).MatMul(weight).Add(c.vector("bias")).Reshape(time, batch, width)}
	if masked {
		xs = append(xs, mask.Transpose().Reshape(time, batch, 1))
	}
	if len(state) == 0 {
		state = slices.Repeat([]graph.Node{s.Scalar(0).BroadcastTo(batch, c.units)}, c.states)
	}
	final, outs := graph.Loop{Reverse: c.reverse}.Scan(s, state, xs, func(_ *graph.Scope, state, x []graph.Node) (next, out []graph.Node) {
		next = step(c, x[0], c.drop(state[0], c.recurrentDropout, batch, c.units), state)
		for i := range next {
			if masked {
				next[i] = next[i].Where(x[1], state[i])
			}
		}
		if c.sequences {
			out = next[:1]
		}
		return next, out
	})
	for i, name := range c.final {
		s.Output(name, final[i])
	}
	if !c.sequences {
		return final[0], final
	}
	if y = outs[0].SwapAxes(0, 1); masked {
		y = y.Masked(mask)
	}
	return y, final
}

// drop applies dropout with one mask for all times.
func (c cell) drop(x graph.Node, rate float64, shape ...int) graph.Node {
	if rate == 0 || !c.s.Training() {
		return x
	}
	return x.Mul(c.s.Noise(graph.Noise{Keep: 1 - rate}, shape...).Scale(1 / (1 - rate)))
}

// begin returns the initial states, or a node with an error.
func (c cell) begin(initial []graph.Node) (state []graph.Node, err graph.Node) {
	x := c.x
	for i, name := range c.initial {
		if len(initial) > 0 && i == 0 {
			return nil, x.Errorf("InitialState: got %q and also nodes for the states, want one of them", c.initial)
		}
		state = append(state, c.s.Input(name))
	}
	state = append(state, initial...)
	want := []int{x.Dim(0), c.units}
	if n := len(state); n != 0 && n != c.states {
		return nil, x.Errorf("got %d initial states, want none or %d", n, c.states)
	}
	if n := len(c.final); n != 0 && n != c.states {
		return nil, x.Errorf("FinalState: got %d names, want none or %d", n, c.states)
	}
	for i, h := range state {
		switch {
		case h.Err() != nil:
			return nil, h
		case !slices.Equal(h.Shape(), want):
			return nil, x.Errorf("initial state %d: got shape %v, want (batch, Units), %v", i, h.Shape(), want)
		}
	}
	return state, x
}
