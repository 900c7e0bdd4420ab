package ops

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A RowNorm is (x - mean)/√(variance + Epsilon)·weight + bias with the mean and the variance of each row, as of a layer normalization.
// Lower makes it from the operations that others write for it.
type RowNorm struct{ Epsilon float64 }

// String implements Def.
func (d RowNorm) String() string { return fmt.Sprintf("RowNorm(%v)", d.Epsilon) }

// Infer implements Def.
func (d RowNorm) Infer(in [][]int) ([]int, error) { return in[0], nil }

// Diff implements Def. Lower makes a RowNorm after derivatives.
func (d RowNorm) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (d RowNorm) Bind(o *Op) Kernel {
	return Kernel{F32: bindRowNorm[float32](d, o), F64: bindRowNorm[float64](d, o)}
}

func bindRowNorm[T kernels.Float](d RowNorm, o *Op) func(out []T, in [][]T) {
	const together = 16 // rows that stay in the first-level cache between the two passes
	cols := o.Shape[len(o.Shape)-1]
	rows := tensors.Size(o.Shape) / max(cols, 1)
	mean, variance := make([]T, rows), make([]T, rows)
	return inPieces(o, rows, max(1, perWorker/4/max(cols, 1)), func(out []T, in [][]T, lo, hi int) {
		x, weight, bias := in[0], in[1], in[2]
		for ; lo < hi; lo += together {
			end := min(lo+together, hi)
			kernels.Moments(mean, variance, x, 1, rows, cols, lo, end)
			for r := lo; r < end; r++ {
				scale := 1 / T(math.Sqrt(float64(variance[r]+T(d.Epsilon))))
				kernels.NormalizeRow(out[r*cols:(r+1)*cols], x[r*cols:(r+1)*cols], weight, bias, mean[r], scale)
			}
		}
	})
}

// rowNorm matches d/√(mean(d²) + ε)·weight + bias with d = x - mean(x), over the last dimension, when nothing else uses what is inside.
func (l *lowering) rowNorm(n *Node) *fusion {
	f := fusion{where: Of(n).Where}
	scaled, bias := l.withRow(n, Add)
	if scaled == nil || !l.takes(&f, scaled) {
		return nil
	}
	quotient, weight := l.withRow(scaled, Mul)
	if quotient == nil || !l.takes(&f, quotient) || mapOf(quotient).Code != Div {
		return nil
	}
	d, root := Of(quotient).In[0], Of(quotient).In[1]
	if mapOf(d).Code != Sub || mapOf(root).Code != Sqrt || !l.takes(&f, root) {
		return nil
	}
	shifted := Of(root).In[0]
	if mapOf(shifted).Code != Shift || !l.takes(&f, shifted) {
		return nil
	}
	square, ok := l.rowMean(&f, Of(shifted).In[0])
	if !ok || !l.takes(&f, square) || !squares(square, d) {
		return nil
	}
	x := Of(d).In[0]
	if again, ok := l.rowMean(&f, Of(d).In[1]); !ok || again != x || !slices.Equal(Shape(x), Shape(d)) || !slices.Equal(Shape(x), Shape(n)) {
		return nil
	}
	for _, u := range l.readers[d] { // the quotient and the square, and nothing else
		if u != quotient && u != square {
			return nil
		}
	}
	if l.kept[d] || l.inside[l.source(x)] || l.settled[d] != l.settled[n] {
		return nil
	}
	f.inside = append(f.inside, d)
	f.def, f.in = RowNorm{mapOf(shifted).A}, []*Node{x, weight, bias}
	return &f
}

// withRow returns the operand of the size of n of a sum or product, and the other one, which is a row; nil if n is not that.
func (l *lowering) withRow(n *Node, c Code) (whole, row *Node) {
	o, s := Of(n), Shape(n)
	if mapOf(n).Code != c || len(s) == 0 {
		return nil, nil
	}
	for i, x := range o.In {
		row := l.source(o.In[1-i])
		if cols := s[len(s)-1]; slices.Equal(Shape(x), s) && !l.inside[row] && sizeOf(row) == cols && dimFromEnd(Shape(row), 1) == cols {
			return x, row
		}
	}
	return nil, nil
}

// rowMean returns the node whose mean over the last dimension is n.
func (l *lowering) rowMean(f *fusion, n *Node) (x *Node, ok bool) {
	scale := 1.0
	for Of(n) != nil && l.takes(f, n) {
		o := Of(n)
		switch d := o.Def.(type) {
		case Reshape:
		case Map:
			if d.Code != Scale {
				return nil, false
			}
			scale *= d.A
		case Reduce:
			s := Shape(o.In[0])
			last := len(s) - 1
			mean := !d.Max && d.From == last && d.To == last+1 && s[last] > 0 && scale == 1/float64(s[last])
			return o.In[0], mean
		default:
			return nil, false
		}
		n = o.In[0]
	}
	return nil, false
}

// squares reports whether n is d².
func squares(n, d *Node) bool {
	m, o := mapOf(n), Of(n)
	if o == nil || len(o.In) == 0 || o.In[0] != d {
		return false
	}
	return m.Code == Square || m.Code == Power && m.A == 2 || m.Code == Mul && o.In[1] == d
}
