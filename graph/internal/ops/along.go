package ops

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// An along is the view of a tensor as blocks of rows and columns: the axis has the rows, the dimensions after it the columns.
type along struct{ blocks, rows, width int }

func alongAxis(shape []int, axis int) along {
	return along{tensors.Size(shape[:axis]), shape[axis], tensors.Size(shape[axis+1:])}
}

// inColumns returns a kernel that calls f for the columns lo to hi of each block. The workers divide the columns, so f must treat each
// alone.
func inColumns[T kernels.Float](o *Op, a along, f func(out []T, in [][]T, block, lo, hi int)) func(out []T, in [][]T) {
	return inPieces(o, a.blocks*a.width, max(1, perWorker/4/a.rows), func(out []T, in [][]T, lo, hi int) {
		block, from := lo/a.width, lo%a.width
		for left := hi - lo; left > 0; block, from = block+1, 0 {
			n := min(a.width-from, left)
			f(out, in, block, from, from+n)
			left -= n
		}
	})
}

// inRows returns a kernel that calls f for the blocks lo to hi, for an axis that is the last one. The workers divide the blocks.
func inRows[T kernels.Float](o *Op, a along, f func(out []T, in [][]T, lo, hi int)) func(out []T, in [][]T) {
	return inPieces(o, a.blocks, max(1, perWorker/4/a.rows), f)
}

// blockOf returns the elements of a block.
func blockOf[T kernels.Float](x []T, a along, block int) []T { return blocksOf(x, a, block, block+1) }

// blocksOf returns the elements of the blocks lo to hi.
func blocksOf[T kernels.Float](x []T, a along, lo, hi int) []T {
	n := a.rows * a.width
	return x[lo*n : hi*n]
}

// A firstBad is the position of the first wrong index, whichever worker finds it.
type firstBad struct{ n atomic.Int64 }

// found records the position at of a piece that begins at the position first; a negative at stands for none.
func (b *firstBad) found(first, at int) {
	if at < 0 {
		return
	}
	for n := int64(first + at + 1); ; {
		old := b.n.Load()
		if old != 0 && old <= n || b.n.CompareAndSwap(old, n) {
			return
		}
	}
}

// position returns the first position, or -1 if there is none.
func (b *firstBad) position() int { return int(b.n.Load()) - 1 }

// GatherElements selects elements of the first input along one axis by the indices in the second input, which has the
// output's shape: all its dimensions except the axis are those of the first input. An index that is not an integer within the
// axis is an error when the graph runs.
type GatherElements struct{ Axis int }

// String implements Def.
func (e GatherElements) String() string { return fmt.Sprintf("GatherElements(axis %d)", e.Axis) }

// Infer implements Def.
func (e GatherElements) Infer(in [][]int) ([]int, error) {
	return in[1], sameExcept(in[0], in[1], e.Axis)
}

// sameExcept returns an error unless an index has the dimensions of x except along the axis.
func sameExcept(x, index []int, axis int) error {
	if len(x) == len(index) {
		want := slices.Clone(x)
		want[axis] = index[axis]
		if slices.Equal(want, index) {
			return nil
		}
	}
	return fmt.Errorf("got shape %v and an index of shape %v, want equal dimensions except axis %d", x, index, axis)
}

// Diff implements Def.
func (e GatherElements) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.Must(ScatterElements{e.Axis, Of(n).InShape(0)[e.Axis]}, grad, Of(n).In[1]), nil}
}

// Bind implements Def.
func (e GatherElements) Bind(o *Op) Kernel {
	return Kernel{F32: bindGatherElements[float32](e, o), F64: bindGatherElements[float64](e, o)}
}

func bindGatherElements[T kernels.Float](e GatherElements, o *Op) func(out []T, in [][]T) {
	x, y := alongAxis(o.InShape(0), e.Axis), alongAxis(o.Shape, e.Axis)
	var bad firstBad
	run := inColumns(o, y, func(out []T, in [][]T, i, lo, hi int) {
		at := kernels.GatherElements(blockOf(out, y, i), blockOf(in[0], x, i), blockOf(in[1], y, i), y.width, lo, hi)
		bad.found(i*y.rows*y.width, at)
	})
	if y.width == 1 {
		run = inRows(o, y, func(out []T, in [][]T, lo, hi int) {
			at := kernels.GatherElementsRows(blocksOf(out, y, lo, hi), blocksOf(in[0], x, lo, hi), blocksOf(in[1], y, lo, hi), y.rows, x.rows)
			bad.found(lo*y.rows, at)
		})
	}
	return func(out []T, in [][]T) {
		bad.n.Store(0)
		run(out, in)
		checkRow(bad.position(), in[1], x.rows)
	}
}

// indices implements indexer.
func (e GatherElements) indices(in [][]int) int { return in[0][e.Axis] }

// ScatterElements adds the elements of the first input to zeros, along one axis at the indices in the second input, which has
// the same shape. The axis gets Size elements.
type ScatterElements struct{ Axis, Size int }

// String implements Def.
func (e ScatterElements) String() string {
	return fmt.Sprintf("ScatterAdd(axis %d, %d)", e.Axis, e.Size)
}

// Infer implements Def.
func (e ScatterElements) Infer(in [][]int) ([]int, error) {
	if !slices.Equal(in[0], in[1]) {
		return nil, fmt.Errorf("got values of shape %v and an index of shape %v, want equal shapes", in[0], in[1])
	}
	out := slices.Clone(in[0])
	out[e.Axis] = e.Size
	return out, nil
}

// Diff implements Def.
func (e ScatterElements) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.Must(GatherElements{e.Axis}, grad, Of(n).In[1]), nil}
}

// Bind implements Def.
func (e ScatterElements) Bind(o *Op) Kernel {
	return Kernel{F32: bindScatterElements[float32](e, o), F64: bindScatterElements[float64](e, o)}
}

func bindScatterElements[T kernels.Float](e ScatterElements, o *Op) func(out []T, in [][]T) {
	x, y := alongAxis(o.InShape(0), e.Axis), alongAxis(o.Shape, e.Axis)
	var bad firstBad
	run := inColumns(o, x, func(out []T, in [][]T, i, lo, hi int) {
		at := kernels.ScatterElements(blockOf(out, y, i), blockOf(in[0], x, i), blockOf(in[1], x, i), x.width, lo, hi)
		bad.found(i*x.rows*x.width, at)
	})
	if x.width == 1 {
		run = inRows(o, x, func(out []T, in [][]T, lo, hi int) {
			at := kernels.ScatterElementsRows(blocksOf(out, y, lo, hi), blocksOf(in[0], x, lo, hi), blocksOf(in[1], x, lo, hi), x.rows, y.rows)
			bad.found(lo*x.rows, at)
		})
	}
	return func(out []T, in [][]T) {
		bad.n.Store(0)
		run(out, in)
		checkRow(bad.position(), in[1], y.rows)
	}
}

// indices implements indexer.
func (e ScatterElements) indices([][]int) int { return e.Size }
