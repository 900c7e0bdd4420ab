package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// Bidirectional applies a layer to a sequence, (batch, time, features), and a second copy of the layer, with its own
// parameters, to the reversed sequence. It concatenates the two outputs along the last axis, the forward one first. If the
// outputs are sequences, the backward one is reversed again, so that both are in the order of the input. With a mask, the
// reversed sequence begins at its own last valid step. The parameters are those of the layer, under the names forward and
// backward.
//
// The names in InitialState and FinalState of a recurrent layer are divided: there are twice as many as the layer has states, and the
// first half belongs to the forward copy.
type Bidirectional struct {
	Layer graph.Layer // such as LSTM
}

// A recurrent layer can run from the last time to the first, and from given states.
type recurrent interface {
	graph.Layer
	// direction returns the forward copy, 0, or the backward one, 1, for Bidirectional.
	direction(i int) recurrent
	// named returns the names in InitialState and FinalState, and the number of states.
	named() (initial, final []string, states int)
	Run(s *graph.Scope, x graph.Node, states ...graph.Node) (y graph.Node, final []graph.Node)
}

var (
	_ recurrent = SimpleRNN{}
	_ recurrent = LSTM{}
	_ recurrent = GRU{}
)

// Emit implements graph.Layer.
func (b Bidirectional) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if err := b.check(x, nil); err.Err() != nil {
		return err
	}
	if l, ok := b.Layer.(recurrent); ok {
		return graph.Concat(-1, s.ApplyAs("forward", l.direction(0), x), s.ApplyAs("backward", l.direction(1), x))
	}
	forward := s.ApplyAs("forward", b.Layer, x)
	mask, _ := x.Mask()
	backward := s.ApplyAs("backward", b.Layer, backwards(s, x, mask))
	if own, ok := backward.Mask(); ok || backward.Dim(1) != x.Dim(1) {
		mask = own
	}
	if backward.Rank() == 3 {
		backward = backwards(s, backward, mask)
	}
	return graph.Concat(-1, forward, backward)
}

// backwards returns a sequence from its last step to the first. With a mask, the zero Node for none, a row begins at its last valid
// step, and the padding behind that stays where it is.
func backwards(s *graph.Scope, x, mask graph.Node) graph.Node {
	if mask.Rank() == 0 || x.Err() != nil {
		return x.Reverse(1)
	}
	step := s.Table(func(i int) float64 { return float64(i) }, 1, x.Dim(1))
	length := mask.Mul(step.Shift(1)).Max(1).Expand(1) // up to the last valid step
	index := length.Shift(-1).Sub(step).Where(length.Greater(step), step)
	take := func(x graph.Node) graph.Node {
		return x.GatherElements(1, index.Reshape(append(index.Shape(), slices.Repeat([]int{1}, x.Rank()-2)...)...).BroadcastTo(x.Shape()...))
	}
	y := take(x.Masked(graph.Node{}))
	if _, masked := x.Mask(); masked {
		y = y.Masked(take(mask))
	}
	return y
}

// Run is Emit for a SimpleRNN, LSTM or GRU with given initial states, which also returns the final states: in both, the states
// of the forward copy come first. Without states, those of InitialState apply, or zeros.
func (b Bidirectional) Run(s *graph.Scope, x graph.Node, states ...graph.Node) (y graph.Node, final []graph.Node) {
	l, ok := b.Layer.(recurrent)
	err := b.check(x, states)
	if err.Err() == nil && !ok {
		err = x.Errorf("Run: got a Layer of type %T, want SimpleRNN, LSTM or GRU", b.Layer)
	}
	if err.Err() != nil {
		n := 4 // the most there are
		if ok {
			_, _, each := l.named()
			n = 2 * each
		}
		return err, slices.Repeat([]graph.Node{err}, n)
	}
	outs := make([]graph.Node, 2)
	for i, name := range []string{"forward", "backward"} {
		run := &running{recurrent: l.direction(i), states: half(states, i)}
		outs[i] = s.ApplyAs(name, run, x)
		final = append(final, run.final...)
	}
	return graph.Concat(-1, outs...), final
}

// check returns x, or an error: also if states cannot be divided among the copies.
func (b Bidirectional) check(x graph.Node, states []graph.Node) graph.Node {
	if b.Layer == nil {
		return x.Errorf("Layer: got nil, want a layer")
	}
	if x.Rank() != 3 {
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	l, ok := b.Layer.(recurrent)
	if !ok {
		return x
	}
	initial, final, each := l.named()
	for _, n := range []int{len(initial), len(states)} {
		if n != 0 && n != 2*each {
			return x.Errorf("got %d initial states, want none or %d", n, 2*each)
		}
	}
	if n := len(final); n != 0 && n != 2*each {
		return x.Errorf("FinalState: got %d names, want none or %d", n, 2*each)
	}
	return x
}

// running is a recurrent layer that is given its initial states and keeps the final ones.
type running struct {
	recurrent
	states, final []graph.Node
}

// Emit implements graph.Layer.
func (r *running) Emit(s *graph.Scope, x graph.Node) (y graph.Node) {
	y, r.final = r.Run(s, x, r.states...)
	return y
}

// Unwrap returns the layer itself, whose settings are compared when parameters are shared.
func (r *running) Unwrap() graph.Layer { return r.recurrent }

// half returns the first half of a list, or the second one.
func half[T any](list []T, i int) []T {
	if n := len(list) / 2; i == 0 {
		return list[:n:n]
	} else {
		return list[n:]
	}
}
