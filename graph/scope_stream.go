package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// The methods below are for layers that look back in time, so that they work in a Stream, where the graph is that of a piece of
// the sequence. In other graphs, which have the whole sequence, they do the same without earlier pieces. A Scan needs none of
// them.

// Streaming reports whether the graph is that of a Stream.
func (s *Scope) Streaming() bool {
	s.begin()
	return s.b.stream != nil
}

// Past returns x with n steps in front, along an axis that is the time: those before x in a Stream, and zeros before the start. So
// a window of n+1 steps that moves over the result ends at each step of x once. The result has no mask.
func (s *Scope) Past(x Node, axis, n int) Node {
	s.begin()
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	switch {
	case err != nil:
		return x.fail("Past", err)
	case x.b != s.b:
		return x.fail("Past", errNoNode)
	case n < 0:
		return x.fail("Past", fmt.Errorf("got %d steps, want 0 or more", n))
	case n == 0:
		return x.Masked(Node{})
	}
	x = x.Masked(Node{})
	st, y := s.b.stream, x.apply("Past", ops.Pad{Axis: a, Before: n})
	if y.err == nil && st.ask(request{}) {
		y = st.past(s.b, x, y, a, n)
	}
	return y
}

// History returns x, (batch, time, ...), with all steps before it in a Stream in front; they and the steps of x are valid in its
// mask, except padding, and places that are not in use yet are padding. most limits the number of steps of a Stream, as
// StreamLimit does; 0 means no limit. The last step of x is always the last one of the result.
func (s *Scope) History(x Node, most int) Node {
	s.begin()
	switch {
	case x.err != nil:
		return x
	case x.b != s.b:
		return x.fail("History", errNoNode)
	case x.Rank() < 2:
		return x.fail("History", fmt.Errorf("got shape %v, want (batch, time, ...)", x.Shape()))
	case most < 0:
		return x.fail("History", fmt.Errorf("got a limit of %d steps, want 0 or more", most))
	}
	st := s.b.stream
	s.StreamLimit(x, 1, most)
	if !st.ask(request{}) {
		return x
	}
	mask, ok := x.Mask()
	if !ok {
		mask = Node{b: s.b, n: s.b.g.Fill(1, x.Shape()[:2])}
	}
	all, known := st.masks[mask.n]
	if !known {
		all = st.history(s.b, mask)
		st.masks[mask.n] = all
	}
	y := st.history(s.b, x.Masked(Node{}))
	if st.first {
		return x
	}
	return y.Masked(all)
}

// StreamLimit makes more than the given number of steps since the start of a Stream an error, if the given axis of x is the time of
// the stream. A layer calls it that knows a limited number of places in time. 0 means no limit.
func (s *Scope) StreamLimit(x Node, axis, steps int) {
	s.begin()
	switch a, err := x.axis(axis); {
	case x.err != nil || steps == 0:
	case err != nil || x.b != s.b || steps < 0:
		s.b.fail("StreamLimit", fmt.Errorf("got axis %d of shape %v and %d steps, want an axis of a node of this graph, and 0 steps or more", axis, x.Shape(), steps))
	default:
		s.b.stream.ask(request{limited: x.n, axis: a, steps: steps, where: s.b.g.Where})
	}
}

// TimeTable returns a constant, (time, shape...), whose element i at time t, in row-major order, is f(t, i). In a Stream t continues
// from the calls before. The time must be that of the sequence. If it is Any, the network cannot be written as an ONNX file, which
// cannot hold f; see Waves.
func (s *Scope) TimeTable(f func(t, i int) float64, time int, shape ...int) Node {
	s.begin()
	all := append([]int{time}, shape...)
	err := ops.CheckSize(all)
	if f == nil {
		err = errNilFunction
	}
	if err != nil {
		return s.b.fail("TimeTable", err)
	}
	if n, ok := s.timed(f, all); ok {
		return n
	}
	width := tensors.Size(shape)
	return s.table("TimeTable", func(i int) float64 { return f(i/width, i%width) }, all)
}

// timed returns a table as an input that a Stream fills, and whether the graph is that of a Stream.
func (s *Scope) timed(f func(t, i int) float64, shape []int) (Node, bool) {
	st := s.b.stream
	if !st.table(shape[0]) {
		return Node{}, false
	}
	n := s.b.input("TimeTable", shape)
	st.tables = append(st.tables, timeTable{n, f, shape[1:]})
	return n, true
}
