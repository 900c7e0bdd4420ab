package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Distances are the Euclidean distances of the rows of a, (..., n, k), from the rows of b, (..., m, k): (..., n, m). Dimensions before
// the last two must be equal. Differences of rows are not stored.
type Distances struct{}

// String implements Def.
func (Distances) String() string { return "Distances" }

// Infer implements Def.
func (Distances) Infer(in [][]int) ([]int, error) {
	a, b := in[0], in[1]
	if len(a) < 2 || len(b) < 2 {
		return nil, fmt.Errorf("got shapes %v and %v, want matrices", a, b)
	}
	last := len(a) - 1
	if len(b) != len(a) || a[last] != b[last] || !slices.Equal(a[:last-1], b[:last-1]) {
		return nil, fmt.Errorf("got shapes %v and %v, want rows of one size and equal dimensions before the last two", a, b)
	}
	return append(slices.Clone(a[:last]), b[last-1]), nil
}

// Diff implements Def: for the weights w = g/y, 0 where y is 0, the gradient of row i of a is Σⱼ wᵢⱼ·(aᵢ - bⱼ), a product. Rows are
// measured from the mean of b's rows, so that the difference of the sums does not cancel more than need be.
func (Distances) Diff(g *Graph, n, grad *Node) []*Node {
	a, b := Of(n).In[0], Of(n).In[1]
	s := Shape(b)
	rows := len(s) - 2
	w := g.m2(ReLUGrad, g.m2(Div, grad, g.orOne(n, n)), n)
	mean := g.Must(Stop{}, g.mc(Scale, g.Must(Reduce{From: rows, To: rows + 1}, b), 1/float64(s[rows])))
	a, b = g.m2(Sub, a, mean), g.m2(Sub, b, mean)
	ofA := g.m2(Mul, g.Must(Reduce{From: rows + 1, To: rows + 2}, w), a)
	columns := g.Must(Reduce{From: rows, To: rows + 1}, w)
	ofB := g.m2(Mul, g.Reshaped(columns, append(slices.Clone(s[:rows+1]), 1)), b)
	return []*Node{g.m2(Sub, ofA, g.Must(MatMul{}, w, b)), g.m2(Sub, ofB, g.Must(MatMul{TA: true}, w, a))}
}

// Bind implements Def.
func (Distances) Bind(o *Op) Kernel {
	return Kernel{F32: bindDistances[float32](o), F64: bindDistances[float64](o)}
}

func bindDistances[T kernels.Float](o *Op) func(out []T, in [][]T) {
	a, b := o.InShape(0), o.InShape(1)
	last := len(a) - 1
	n, m, k := a[last-1], b[last-1], a[last]
	matrix := func(x []T, i, size int) []T { return x[i*size : (i+1)*size] }
	worth := max(1, perWorker/max(1, m*k))
	if o.In[0] == o.In[1] { // each two rows once; a unit is a long and a short row of the triangle
		half := (n + 1) / 2
		return inPieces(o, tensors.Size(a[:last-1])*half, worth, func(out []T, in [][]T, lo, hi int) {
			for ; lo < hi; lo++ {
				x, dst := matrix(in[0], lo/half, n*k), matrix(out, lo/half, n*n)
				i := lo % half
				kernels.OwnDistances(dst, x, i, i+1, n, k)
				if j := n - 1 - i; j > i {
					kernels.OwnDistances(dst, x, j, j+1, n, k)
				}
			}
		})
	}
	return inPieces(o, tensors.Size(a[:last]), worth, func(out []T, in [][]T, lo, hi int) {
		for lo < hi {
			i, from := lo/n, lo%n
			to := min(n, from+hi-lo)
			kernels.Distances(matrix(out, i, n*m), matrix(in[0], i, n*k), matrix(in[1], i, m*k), from, to, m, k)
			lo += to - from
		}
	})
}
