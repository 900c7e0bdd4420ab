package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Reduce is the sum, or with Max the maximum, over the dimensions [From, To), which become 1.
type Reduce struct {
	Max      bool
	From, To int
}

// String implements Def.
func (r Reduce) String() string {
	name := "Sum"
	if r.Max {
		name = "Max"
	}
	return fmt.Sprintf("%s[%d:%d]", name, r.From, r.To)
}

// Infer implements Def.
func (r Reduce) Infer(in [][]int) ([]int, error) {
	out := slices.Clone(in[0])
	for i := r.From; i < r.To; i++ {
		out[i] = 1
	}
	return out, nil
}

// Diff implements Def. Several equal maxima share the gradient equally.
func (r Reduce) Diff(g *Graph, n, grad *Node) []*Node {
	x := Of(n).In[0]
	if r.Max {
		mask := g.m2(Equal, x, n)
		count := g.Must(Reduce{From: r.From, To: r.To}, mask)
		return []*Node{g.m2(Mul, mask, g.m2(Div, grad, count))}
	}
	d, err := g.BroadcastTo(grad, Shape(x))
	if err != nil {
		panic(err)
	}
	return []*Node{d}
}

// Bind implements Def.
func (r Reduce) Bind(o *Op) Kernel {
	return Kernel{F32: bindReduce[float32](r, o), F64: bindReduce[float64](r, o)}
}

// bindReduce sees the input as (outer, middle, inner) and reduces the middle.
func bindReduce[T kernels.Float](r Reduce, o *Op) func(out []T, in [][]T) {
	s := o.InShape(0)
	outer, mid, inner := tensors.Size(s[:r.From]), tensors.Size(s[r.From:r.To]), tensors.Size(s[r.To:])
	switch {
	case r.Max:
		return inPieces(o, outer, max(1, perWorker/(mid*inner)), func(out []T, in [][]T, lo, hi int) {
			maxOver(out[lo*inner:hi*inner], in[0][lo*mid*inner:hi*mid*inner], hi-lo, mid, inner)
		})
	case inner == 1 && mid > perWorker:
		return longRowSum[T](o, outer, mid)
	case inner == 1:
		return inPieces(o, outer, max(1, perWorker/mid), func(out []T, in [][]T, lo, hi int) {
			kernels.RowSum(out[lo:hi], in[0][lo*mid:hi*mid], hi-lo, mid, mid)
		})
	case outer == 1: // columns are independent of each other, so workers divide them
		return inPieces(o, inner, max(64, perWorker/mid), func(out []T, in [][]T, lo, hi int) {
			columnSum(out[lo:hi], in[0][lo:], mid, inner)
		})
	}
	return inPieces(o, outer, max(1, perWorker/(mid*inner)), func(out []T, in [][]T, lo, hi int) {
		for i := lo; i < hi; i++ {
			columnSum(out[i*inner:(i+1)*inner], in[0][i*mid*inner:(i+1)*mid*inner], mid, inner)
		}
	})
}

// columnSum sets out to the sums of the columns of x, whose rows are stride apart.
func columnSum[T kernels.Float](out, x []T, rows, stride int) {
	if rows == 2 { // as in RowSum
		kernels.Add(out, x[:len(out)], x[stride:][:len(out)])
	} else {
		kernels.ColSum(out, x, rows, len(out), stride)
	}
}

// longRowSum sums each row, in pieces of fixed size, so that the bits depend neither on the number of workers nor on that of rows.
func longRowSum[T kernels.Float](o *Op, rows, cols int) func(out []T, in [][]T) {
	var sums []float64
	var x []T
	n := (cols + perWorker - 1) / perWorker // pieces of a row
	piece := func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row, from := x[i/n*cols:][:cols], i%n*perWorker
			sums[i] = kernels.SumFloat64(row[from:min(from+perWorker, cols)])
		}
	}
	return func(out []T, in [][]T) {
		if sums == nil {
			sums = make([]float64, rows*n)
		}
		x = in[0]
		o.env.Pool.For(rows*n, 1, piece)
		x = nil
		for i := range out {
			out[i] = T(kernels.SumFloat64(sums[i*n : (i+1)*n]))
		}
	}
}

func maxOver[T kernels.Float](out, x []T, outer, mid, inner int) {
	if inner == 1 {
		for i := range outer {
			out[i] = kernels.MaxOf(x[i*mid : (i+1)*mid])
		}
		return
	}
	for i := range outer {
		row := out[i*inner : (i+1)*inner]
		copy(row, x[i*mid*inner:])
		for j := 1; j < mid; j++ {
			kernels.Max(row, row, x[(i*mid+j)*inner:][:inner])
		}
	}
}

// Reduced returns x reduced over the given axes, which must be in range and different; they become 1 if keep is set, and are
// removed otherwise.
func (g *Graph) Reduced(x *Node, axes []int, maximum, keep bool) *Node {
	shape := Shape(x)
	axes = slices.Sorted(slices.Values(axes))
	to := slices.Clone(shape)
	for _, a := range axes {
		to[a] = 1
	}
	if !keep {
		to = nil
		for i, d := range shape {
			if !slices.Contains(axes, i) {
				to = append(to, d)
			}
		}
	}
	if n := len(axes); maximum && n > 0 && axes[n-1]-axes[0] >= n {
		return g.Reshaped(g.maxApart(x, axes), to)
	}
	for i := len(axes); i > 0; {
		to := i // a run of neighbouring axes is one reduction
		for i--; i > 0 && axes[i-1] == axes[i]-1; i-- {
		}
		x = g.Must(Reduce{Max: maximum, From: axes[i], To: axes[to-1] + 1}, x)
	}
	return g.Reshaped(x, to)
}

// maxApart returns the maximum over axes that are not neighbours, in ascending order. They are moved to the last one: of a maximum of
// maxima, each step would share the gradient by itself, and equal elements would get different shares. The dimensions behind the last
// axis stay, so that whole rows are moved.
func (g *Graph) maxApart(x *Node, axes []int) *Node {
	var perm []int
	last := axes[len(axes)-1]
	for i := range last {
		if !slices.Contains(axes, i) {
			perm = append(perm, i)
		}
	}
	from := len(perm)
	perm = append(perm, axes...)
	for i := last + 1; i < len(Shape(x)); i++ {
		perm = append(perm, i)
	}
	return g.Must(Reduce{Max: true, From: from, To: last + 1}, g.Must(Transpose{Encode(perm)}, x))
}

// SumTo sums x to the given shape, over the dimensions in which that shape would be repeated to broadcast to x's.
func (g *Graph) SumTo(x *Node, shape []int) *Node {
	from := Shape(x)
	if slices.Equal(from, shape) {
		return x
	}
	var axes []int
	for i, d := range from {
		if d != 1 && dimFromEnd(shape, len(from)-i) == 1 {
			axes = append(axes, i)
		}
	}
	return g.Reshaped(g.Reduced(x, axes, false, true), shape)
}
