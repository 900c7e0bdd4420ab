package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

// CumSum is the sum of the elements of its input along one axis up to each element, or with Exclusive before it. With Reverse
// the sums begin at the end of the axis.
type CumSum struct {
	Axis               int
	Exclusive, Reverse bool
}

// String implements Def.
func (s CumSum) String() string {
	text := fmt.Sprintf("CumSum(axis %d", s.Axis)
	if s.Exclusive {
		text += ", exclusive"
	}
	if s.Reverse {
		text += ", reverse"
	}
	return text + ")"
}

// Infer implements Def.
func (s CumSum) Infer(in [][]int) ([]int, error) { return in[0], nil }

// Diff implements Def: the sums from the other end.
func (s CumSum) Diff(g *Graph, _, grad *Node) []*Node {
	s.Reverse = !s.Reverse
	return []*Node{g.Must(s, grad)}
}

// Bind implements Def.
func (s CumSum) Bind(o *Op) Kernel {
	return Kernel{F32: bindCumSum[float32](s, o), F64: bindCumSum[float64](s, o)}
}

func bindCumSum[T kernels.Float](s CumSum, o *Op) func(out []T, in [][]T) {
	a := alongAxis(o.Shape, s.Axis)
	if a.width == 1 {
		return inRows(o, a, func(out []T, in [][]T, lo, hi int) {
			kernels.CumSumRows(out[lo*a.rows:hi*a.rows], in[0][lo*a.rows:hi*a.rows], a.rows, s.Exclusive, s.Reverse)
		})
	}
	return inColumns(o, a, func(out []T, in [][]T, i, lo, hi int) {
		kernels.CumSum(blockOf(out, a, i), blockOf(in[0], a, i), a.width, lo, hi, s.Exclusive, s.Reverse)
	})
}

// Recurrence of inputs a and b of the same shape is y[i] = a[i]·y[i-1] + b[i] along one axis, which begins with y[0] = b[0]. With
// Reverse it begins at the end: y[i] = a[i]·y[i+1] + b[i]. Cumulative products are one, without a division, so their derivative
// holds for zeros too.
type Recurrence struct {
	Axis    int
	Reverse bool
}

// String implements Def.
func (r Recurrence) String() string {
	if r.Reverse {
		return fmt.Sprintf("Recurrence(axis %d, reverse)", r.Axis)
	}
	return fmt.Sprintf("Recurrence(axis %d)", r.Axis)
}

// Infer implements Def.
func (r Recurrence) Infer(in [][]int) ([]int, error) {
	if !slices.Equal(in[0], in[1]) {
		return nil, fmt.Errorf("got shapes %v and %v, want equal shapes", in[0], in[1])
	}
	return in[0], nil
}

// Diff implements Def: for s, the recurrence of g with the next factors from the other end, it is s·y[i-1], and s.
func (r Recurrence) Diff(g *Graph, n, grad *Node) []*Node {
	back := Recurrence{r.Axis, !r.Reverse}
	s := g.Must(back, g.Shifted(Of(n).In[0], r.Axis, !r.Reverse), grad)
	return []*Node{g.m2(Mul, s, g.Shifted(n, r.Axis, r.Reverse)), s}
}

// Shifted returns x with each element moved to the next place along an axis, or with back to the one before, and a 0 in the
// place that gets none.
func (g *Graph) Shifted(x *Node, axis int, back bool) *Node {
	n := Shape(x)[axis]
	switch {
	case n == 1:
		return g.Fill(0, Shape(x))
	case back:
		return g.Must(Pad{Axis: axis, After: 1}, g.Must(Slice{axis, 1, n}, x))
	}
	return g.Must(Pad{Axis: axis, Before: 1}, g.Must(Slice{axis, 0, n - 1}, x))
}

// Bind implements Def.
func (r Recurrence) Bind(o *Op) Kernel {
	return Kernel{F32: bindRecurrence[float32](r, o), F64: bindRecurrence[float64](r, o)}
}

func bindRecurrence[T kernels.Float](r Recurrence, o *Op) func(out []T, in [][]T) {
	a := alongAxis(o.Shape, r.Axis)
	if a.width == 1 {
		return inRows(o, a, func(out []T, in [][]T, lo, hi int) {
			kernels.RecurrenceRows(blocksOf(out, a, lo, hi), blocksOf(in[0], a, lo, hi), blocksOf(in[1], a, lo, hi), a.rows, r.Reverse)
		})
	}
	return inColumns(o, a, func(out []T, in [][]T, i, lo, hi int) {
		kernels.Recurrence(blockOf(out, a, i), blockOf(in[0], a, i), blockOf(in[1], a, i), a.width, lo, hi, r.Reverse)
	})
}
