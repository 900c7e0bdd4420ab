package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// A recurrence is a kind of recurrent operator.
type recurrence struct {
	gates, states int
	activations   []string // by default
	peepholes     int      // vectors of weights of the memory
	apart         bool     // step adds the bias of the recurrent product; otherwise z includes it
	// step returns the new states from z = x·w + bias and the states at one time. The first state is the output.
	step func(l cell, z graph.Node, state []graph.Node) []graph.Node
}

const recurrentAttributes = "activations activation_alpha activation_beta clip direction hidden_size layout "

// recurrent returns an operator that goes through a sequence. Its inputs are x, the weights w and r, the biases, the lengths of the
// sequences, the initial states, and peepholes.
func recurrent(k recurrence, attributes string) operator {
	most := 5 + k.states + min(k.peepholes, 1)
	return operator{least: 3, most: most, outputs: 1 + k.states, attributes: recurrentAttributes + attributes, emit: func(c *call) []*value {
		r := c.sequence(k)
		if c.err != nil {
			return nil
		}
		outputs := make([][]graph.Node, 1+k.states) // for each direction: the outputs at all times, and the last states
		for d := range r.dirs {
			for i, n := range r.direction(d) {
				outputs[i] = append(outputs[i], n)
			}
		}
		if c.err != nil {
			return nil
		}
		var all []graph.Node
		for i, list := range outputs {
			y := list[0]
			if len(list) > 1 {
				y = graph.Concat(r.axis(i), list...)
			}
			all = append(all, r.outer(y, i))
		}
		return nodes(all...)
	}}
}

// A sequence is a recurrent node with its inputs, where time comes before the batch.
type sequence struct {
	recurrence
	*call
	x, w, r           graph.Node // (time, batch, features), (directions, gates·hidden, features), (directions, gates·hidden, hidden)
	mask              graph.Node // (time, batch, 1), if there are lengths
	dirs, batchFirst  int
	hidden            int
	functions         []func(x graph.Node) graph.Node // of all directions
	clip              func(x graph.Node) graph.Node
	backward, lengths bool
}

// axis returns the axis of the directions in output i.
func (r *sequence) axis(i int) int { return max(0, 1-i) }

// outer returns output i, or an input of the shape of the states, in the layout of the node, and the other way round.
func (r *sequence) outer(x graph.Node, i int) graph.Node {
	switch {
	case r.batchFirst == 0:
		return x
	case i == 0: // (time, directions, batch, hidden)
		return x.Transpose(2, 0, 1, 3)
	}
	return x.SwapAxes(0, 1)
}

// sequence returns the node with checked inputs and attributes.
func (c *call) sequence(k recurrence) *sequence {
	r := &sequence{recurrence: k, call: c, x: c.x(0), w: c.x(1), r: c.x(2), batchFirst: c.int("layout", 0), lengths: c.has(4)}
	direction := c.string("direction", "forward")
	r.dirs, r.backward = map[string]int{"forward": 1, "reverse": 1, "bidirectional": 2}[direction], direction == "reverse"
	if c.err != nil {
		return nil
	}
	if r.batchFirst != 0 && r.x.Rank() == 3 {
		r.x = r.x.SwapAxes(0, 1)
	}
	r.hidden = r.r.Dim(-1)
	width := k.gates * r.hidden
	switch {
	case r.dirs == 0 || r.batchFirst != 0 && r.batchFirst != 1:
		c.fail("got direction %.32q and layout %d, want forward, reverse or bidirectional, and 0 or 1", direction, r.batchFirst)
	case r.x.Rank() != 3 || !slices.Equal(r.w.Shape(), []int{r.dirs, width, r.x.Dim(2)}) || !slices.Equal(r.r.Shape(), []int{r.dirs, width, r.hidden}):
		c.fail("got shapes %v, %v, %v in %d directions, want a sequence of features and matching weights", c.x(0).Shape(), r.w.Shape(), r.r.Shape(), r.dirs)
	case c.int("hidden_size", r.hidden) != r.hidden:
		c.fail("attribute hidden_size: got %d, want %d as in input 3", c.int("hidden_size", 0), r.hidden)
	}
	r.functions, r.clip = c.activations(slices.Repeat(k.activations, max(r.dirs, 1))), c.clipping()
	if c.err == nil && r.lengths {
		r.mask = c.valid(r.x)
	}
	return r
}

// valid returns the mask of x for the lengths that are input 5: 1 for the first steps of each sequence, as many as its length.
func (c *call) valid(x graph.Node) graph.Node {
	lengths, time, batch := c.whole(4), x.Dim(0), x.Dim(1)
	if c.err == nil && !slices.Equal(lengths.Shape(), []int{batch}) {
		return c.fail("input 5: got lengths of shape %v, want [%d], one for each sequence", lengths.Shape(), batch)
	}
	if c.err != nil {
		return lengths
	}
	place := c.s.Scalar(1).BroadcastTo(time, 1, 1).CumSum(0, true, false)
	return lengths.Floor().Reshape(1, batch, 1).Greater(place)
}

// of returns the part of input i that belongs to direction d. Its shape must be that shape for each direction.
func (r *sequence) of(i, d int, shape ...int) graph.Node {
	x := r.call.x(i)
	if x.Err() == nil && len(shape) == 2 {
		x = r.outer(x, 1)
	}
	if want := append([]int{r.dirs}, shape...); x.Err() == nil && !slices.Equal(x.Shape(), want) {
		return r.fail("input %d: got shape %v, want %v", i+1, x.Shape(), want)
	}
	if r.dirs == 1 || x.Err() != nil {
		return x.Reshape(shape...)
	}
	return x.Slice(0, d, d+1).Reshape(shape...)
}

// direction applies direction d. It returns the outputs at all times, (time, 1, batch, hidden), and the last states, each (1, batch,
// hidden).
func (r *sequence) direction(d int) []graph.Node {
	time, batch, width := r.x.Dim(0), r.x.Dim(1), r.gates*r.hidden
	part := func(w graph.Node) graph.Node {
		if r.dirs > 1 {
			w = w.Slice(0, d, d+1)
		}
		return w.Reshape(width, -1).Transpose()
	}
	functions := len(r.functions) / r.dirs
	l := cell{hidden: r.hidden, r: part(r.r), clip: r.clip, activations: r.functions[d*functions:], coupled: r.int("input_forget", 0) != 0,
		before: r.int("linear_before_reset", 0) == 0}
	z := r.x.MatMul(part(r.w))
	if r.has(3) {
		both := r.of(3, d, 2*width)
		z = z.Add(both.Slice(0, 0, width))
		if l.bias = both.Slice(0, width, 2*width); !r.apart {
			z = z.Add(l.bias)
		}
	} else {
		l.bias = r.s.Scalar(0)
	}
	if i := 5 + r.states; r.has(i) {
		p := r.of(i, d, r.peepholes*r.hidden)
		for k := range r.peepholes {
			l.peepholes = append(l.peepholes, p.Slice(0, k*r.hidden, (k+1)*r.hidden))
		}
	}
	state := make([]graph.Node, r.states)
	for i := range state {
		if state[i] = r.s.Scalar(0).BroadcastTo(batch, r.hidden); r.has(5 + i) {
			state[i] = r.of(5+i, d, batch, r.hidden)
		}
	}
	xs := []graph.Node{z}
	if r.lengths {
		xs = append(xs, r.mask)
	}
	r.loop(time)
	if r.err != nil {
		return nil
	}
	final, outs := graph.Loop{Reverse: r.backward || d == 1}.Scan(r.s, state, xs, func(_ *graph.Scope, state, x []graph.Node) (next, out []graph.Node) {
		next = r.step(l, x[0], state)
		for i := range next {
			if r.lengths {
				next[i] = next[i].Where(x[1], state[i])
			}
		}
		return next, next[:1]
	})
	y := outs[0]
	if r.lengths {
		y = y.Mul(r.mask)
	}
	list := []graph.Node{y.Reshape(time, 1, batch, r.hidden)}
	for _, s := range final {
		list = append(list, s.Reshape(1, batch, r.hidden))
	}
	return list
}
