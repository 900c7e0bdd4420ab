package graph

import (
	"sync"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// gathers keeps the memory of passes over data for the next pass: each epoch is one.
var gathers sync.Pool

// A gather is the memory of one pass: the order of the rows, and the batch.
type gather struct {
	order   []int
	columns []rowBuffer // in the order of Arrays.each
}

// begin makes the memory fit the data.
func (g *gather) begin(a Arrays, size int) {
	n := a.Len()
	if cap(g.order) < n {
		g.order = make([]int, n)
	}
	g.order = g.order[:n]
	for i := range g.order {
		g.order[i] = i
	}
	at := 0
	a.each(func(_ string, t *Tensor) *Tensor {
		if at == len(g.columns) {
			g.columns = append(g.columns, rowBuffer{})
		}
		g.columns[at].begin(t, size)
		at++
		return t
	})
}

// take returns the rows with the given numbers, in memory that the next call changes.
func (g *gather) take(a Arrays, rows []int) Batch {
	at := 0
	return a.each(func(string, *Tensor) *Tensor {
		at++
		return g.columns[at-1].take(rows)
	})
}

func (g *gather) forget() {
	for i := range g.columns {
		g.columns[i].from = nil
	}
}

// A rowBuffer copies chosen rows of a tensor into memory that it uses again.
type rowBuffer struct {
	from   *Tensor
	buffer *Tensor
	last   *Tensor // the view of the buffer that was returned last
}

func (b *rowBuffer) begin(t *Tensor, rows int) {
	b.from = t
	if t.RequiresIterator() || !t.DataOrder().IsRowMajor() {
		b.from = t.Materialize().(*Tensor)
	}
	shape := append([]int{rows}, t.Shape()[1:]...)
	if b.buffer == nil || b.buffer.Dtype() != t.Dtype() || !sameShape(b.buffer, shape) {
		b.buffer = tensor.New(tensor.Of(t.Dtype()), tensor.WithShape(shape...))
		b.last = b.buffer
	}
}

// take returns the rows with the given numbers, in memory that the next call changes.
func (b *rowBuffer) take(index []int) *Tensor {
	if b.last.Shape()[0] != len(index) {
		b.last = rowsOf(b.buffer, 0, len(index))
	}
	width := ops.Size(b.from.Shape()[1:])
	switch b.from.Dtype() {
	case tensor.Float32:
		gatherRows(ops.Data[float32](b.last), ops.Data[float32](b.from), width, index)
	case tensor.Float64:
		gatherRows(ops.Data[float64](b.last), ops.Data[float64](b.from), width, index)
	default:
		bytes := int(b.from.Dtype().Size()) * width
		dst, src := rawBytes(b.last), rawBytes(b.from)
		for i, row := range index {
			copy(dst[i*bytes:(i+1)*bytes], src[row*bytes:])
		}
	}
	return b.last
}

func gatherRows[T Float](dst, src []T, width int, index []int) {
	kernels.Default().For(len(index), max(1, 8192/max(width, 1)), func(lo, hi int) {
		kernels.GatherRows(dst[lo*width:hi*width], src, width, index[lo:hi])
	})
}
