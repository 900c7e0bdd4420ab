package eval

import (
	"strings"

	"github.com/nndiy/nndiy/internal/kernels"
)

// usual reports whether the node is an LSTM or a GRU with the usual functions, in the form that the kernels compute.
func (n *recurrence) usual() bool {
	functions := map[int][]string{3: {"sigmoid", "tanh"}, 4: {"sigmoid", "tanh", "tanh"}}[n.gates]
	names := n.strs("activations")
	if functions == nil || names != nil && len(names) != n.directions*len(functions) || n.x.Size()*n.units == 0 {
		return false
	}
	for i, f := range names {
		if !strings.EqualFold(f, functions[i%len(functions)]) {
			return false
		}
	}
	for _, i := range []int{1, 2, 3, 5, 6} {
		if t := n.opt(i); t != nil && t.Type() != n.x.Type() {
			return false
		}
	}
	return n.opt(7) == nil && n.float("clip", 0) == 0 && !n.flag("input_forget") && (n.gates == 4 || n.flag("linear_before_reset"))
}

// cells are the states of one direction of a recurrence, and the memory of a step.
type cells[T kernels.Float] struct {
	u, all int // units, and all gates of them
	h, c   []T // (batch, units)
	step   []T
}

// quickly computes a usual recurrence by the kernels. A step has one product for the whole batch.
func quickly[T kernels.Float](n *recurrence) []*Tensor {
	s := &cells[T]{u: n.units, all: n.gates * n.units, step: make([]T, 6*n.units)}
	y := n.made(n.x.Type(), n.steps, n.directions, n.batch, s.u)
	h := n.started(5)
	c := n.started(6)
	bias := n.part(3, 2, s.all).data.(list[T])
	w, r := packed[T](n.call, 1, s.all, n.features, true), packed[T](n.call, 2, s.all, s.u, true)
	xw, hr := n.made(n.x.Type(), n.steps*n.batch, s.all).data.(list[T]), n.made(n.x.Type(), n.batch, s.all).data.(list[T])
	x := kernels.Dense([]T(n.x.data.(list[T])), n.steps*n.batch, n.features)
	for d := range n.directions {
		b := bias[d*2*s.all:][:2*s.all]
		kernels.MatMulPacked(pool(), kernels.Dense([]T(xw), x.Rows, s.all), x, w[d], 1, 0, &kernels.Epilogue[T]{Bias: b[:s.all]})
		s.h, s.c = h.data.(list[T])[d*n.batch*s.u:][:n.batch*s.u], c.data.(list[T])[d*n.batch*s.u:][:n.batch*s.u]
		for t := range n.steps {
			kernels.MatMulPacked(pool(), kernels.Dense([]T(hr), n.batch, s.all), kernels.Dense(s.h, n.batch, s.u), r[d], 1, 0, &kernels.Epilogue[T]{Bias: b[s.all:]})
			for i, length := range n.lengths {
				if t >= length {
					continue
				}
				at := t
				if n.back(d) {
					at = length - 1 - t
				}
				copy(y.data.(list[T])[((at*n.directions+d)*n.batch+i)*s.u:], s.next(i, xw[(at*n.batch+i)*s.all:][:s.all], hr[i*s.all:][:s.all]))
			}
		}
	}
	return []*Tensor{y, h, c}
}

// started returns a copy of the states at the start, input i; a GRU has no input 7.
func (n *recurrence) started(i int) *Tensor {
	if i == 6 && n.gates != 4 {
		return n.made(n.x.Type(), n.directions, n.batch, n.units)
	}
	return n.state(i).clone()
}

// next computes a step of row i from what the input and the state give to its gates, and returns the new state. ONNX's order of the gates
// is i, o, f, c in an LSTM and z, r, h in a GRU.
func (s *cells[T]) next(i int, x, hr []T) []T {
	u, h := s.u, s.h[i*s.u:][:s.u]
	part := func(v []T, i int) []T { return v[i*u:][:u] }
	if s.all == 4*u {
		c := s.c[i*u:][:u]
		kernels.Add(x, x, hr)
		kernels.LSTMCell([][]T{part(x, 0), part(x, 2), part(x, 3), part(x, 1), c,
			part(s.step, 0), part(s.step, 1), part(s.step, 2), part(s.step, 3), part(s.step, 4), part(s.step, 5), h})
		copy(c, part(s.step, 4))
		return h
	}
	kernels.GRUCell([][]T{part(x, 1), part(x, 0), part(x, 2), part(hr, 1), part(hr, 0), part(hr, 2), h,
		part(s.step, 0), part(s.step, 1), part(s.step, 2), part(s.step, 3)})
	copy(h, part(s.step, 3))
	return h
}
